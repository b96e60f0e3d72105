internal import Manifests
internal import Segments
internal import Storage

/// Everything a workspace stores beside its live snapshot and the rows of its manifests: what a scan for
/// values has to look through as well.
struct StoredLeftovers {
    private let layout: WorkspaceLayout
    private let shardCount: Int
    private let live: Set<String>

    init(_ layout: WorkspaceLayout, shardCount: Int, snapshot: Snapshot) {
        self.layout = layout
        self.shardCount = shardCount
        self.live = Set(
            snapshot.indexes.flatMap(\.segments).map { $0.path(workspace: layout.root) }
        )
    }

    /// Segments of earlier snapshots, and those no snapshot names.
    func segments() throws -> [String] {
        try self.files { name, _ in name.hasSuffix(SegmentFormat.fileExtension) }
            .filter { !self.live.contains($0) }
    }

    /// Shard manifests that were set aside as damaged.
    func setAsideManifests() throws -> [String] {
        try self.layout.setAsideFiles(shardCount: self.shardCount)
            .filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
    }

    /// What a writer that was killed left half written.
    func stagedFiles() throws -> [String] {
        try self.files { name, _ in name.hasPrefix(StagedFile.namePrefix) }
    }

    /// The state files with what stands in them beside their rows.
    var stateFiles: [String] {
        ([self.layout.catalog, self.layout.dedupe]
            + (0..<self.shardCount).map { self.layout.manifest(shard: $0) }).filter(fileExists)
    }

    private func files(_ isWanted: (_ name: String, _ folder: String) -> Bool) throws -> [String] {
        var paths: [String] = []
        for folder in try self.layout.folders(shardCount: self.shardCount) {
            for name in try folderEntries(folder).compactMap(\.name) where isWanted(name, folder) {
                paths.append("\(folder)/\(name)")
            }
        }
        return paths.sorted()
    }
}

/// The words of bytes that may be anything: what is no text ends a word.
func printableText(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    for scalar in text.unicodeScalars {
        if scalar.value < 0x20 || scalar == "\u{FFFD}" || scalar.value == 0x7F {
            if output.last != UInt8(ascii: "\n") { output.append(UInt8(ascii: "\n")) }
        } else {
            output.append(contentsOf: scalar.utf8Bytes)
        }
    }
    return output
}

extension Unicode.Scalar {
    fileprivate var utf8Bytes: [UInt8] { Array(String(self).utf8) }
}
