internal import Manifests
internal import Records
internal import Segments
internal import Storage

/// Looks for byte strings in every file of a workspace, whatever the file is: rows, free pages, logs, segments,
/// snapshots, files set aside and files half written.
struct ErasureScan {
    struct Result {
        var files = 0
        var bytes = 0
        /// Of the patterns found, the files they stand in.
        var found: [Int: Set<String>] = [:]

        mutating func add(_ other: Result) {
            self.files += other.files
            self.bytes += other.bytes
            self.found.merge(other.found) { $0.union($1) }
        }
    }

    private let patterns: [[UInt8]]
    /// Patterns by their first eight bytes, and whether any begins with two bytes.
    private let byHead: [UInt64: [Int]]
    private let mayBegin: [Bool]
    private let longest: Int

    /// - Precondition: each has eight bytes at least; fewer are found everywhere.
    init(_ patterns: [[UInt8]]) {
        precondition(patterns.allSatisfy { $0.count >= 8 }, "patterns of eight bytes at least")
        self.patterns = patterns
        var byHead: [UInt64: [Int]] = [:]
        var mayBegin = [Bool](repeating: false, count: 1 << 16)
        for (index, pattern) in patterns.enumerated() {
            byHead[Self.head(pattern), default: []].append(index)
            mayBegin[Int(pattern[0]) | Int(pattern[1]) << 8] = true
        }
        self.byHead = byHead
        self.mayBegin = mayBegin
        self.longest = patterns.map(\.count).max() ?? 0
    }

    /// The forms in which a document's id is stored: as a blob, as two little-endian words, in hexadecimal.
    static func patterns(of id: DocumentID) -> [[UInt8]] {
        let bytes = id.bytes
        let words = Array(bytes.prefix(8).reversed()) + Array(bytes.suffix(8).reversed())
        return [bytes, words, Array(id.hex.utf8)]
    }

    static func patterns(of digest: Digest) -> [[UInt8]] {
        [hexBytes(digest.hex) ?? [], Array(digest.hex.utf8)]
    }

    /// Looks through all files below `folder` but those below `excluded`.
    ///
    /// - Complexity: O(bytes).
    func scan(_ folder: String, excluding excluded: [String]) throws -> Result {
        var result = Result()
        try self.scan(folder, excluded, &result)
        return result
    }

    /// Looks through one file.
    func scan(file path: String) throws -> Result {
        var result = Result()
        try self.scanFile(path, &result)
        return result
    }

    private func scan(_ folder: String, _ excluded: [String], _ result: inout Result) throws {
        for entry in try folderEntries(folder) {
            guard let name = entry.name else { continue }
            let path = "\(folder)/\(name)"
            guard !excluded.contains(path) else { continue }
            switch try entry.kind ?? fileStatus(path, followingLinks: false).kind {
            case .folder: try self.scan(path, excluded, &result)
            case .regular: try self.scanFile(path, &result)
            default: continue
            }
        }
    }

    private func scanFile(_ path: String, _ result: inout Result) throws {
        var carried: [UInt8] = []
        var found: Set<Int> = []
        var byteCount = 0
        do {
            try readPieces(path) { piece in
                byteCount += piece.count
                let bytes = carried + Array(piece)
                bytes.withUnsafeBytes { self.match($0, &found) }
                // What begins at the end of one piece ends in the next.
                carried = Array(bytes.suffix(max(0, self.longest - 1)))
            }
        } catch {
            // A log that its writer closed meanwhile.
            if error.code == .notFound { return }
            throw error
        }
        result.files += 1
        result.bytes += byteCount
        for index in found { result.found[index, default: []].insert(path) }
    }

    private func match(_ bytes: UnsafeRawBufferPointer, _ found: inout Set<Int>) {
        guard bytes.count >= 8 else { return }
        self.mayBegin.withUnsafeBufferPointer { mayBegin in
            for start in 0...bytes.count - 8 {
                let two = Int(bytes[start]) | Int(bytes[start + 1]) << 8
                guard mayBegin[two] else { continue }
                let head = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self).littleEndian
                for index in self.byHead[head] ?? [] {
                    let pattern = self.patterns[index]
                    guard start + pattern.count <= bytes.count else { continue }
                    let part = UnsafeRawBufferPointer(
                        rebasing: bytes[start..<start + pattern.count]
                    )
                    if part.elementsEqual(pattern) { found.insert(index) }
                }
            }
        }
    }

    private static func head(_ pattern: [UInt8]) -> UInt64 {
        pattern.prefix(8).enumerated().reduce(0) {
            $0 | UInt64($1.element) << (8 * UInt64($1.offset))
        }
    }
}

/// The files in which `text` stands once what is compressed in them is expanded: the texts of manifests and
/// segments, whether anything names them or not.
func filesHolding(_ text: [UInt8], in reader: WorkspaceReader) throws -> [String] {
    var files: Set<String> = []
    let inflater = Inflater()
    let setAside = try reader.layout.setAsideFiles(shardCount: reader.shardCount)
        .filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
    let manifests =
        try reader.shards() + setAside.compactMap { try? ShardManifest(path: $0, mode: .readOnly) }
    for manifest in manifests {
        try manifest.visitTexts { stored in
            let clean = try inflater.inflate(stored.compressedText, byteCount: stored.textByteCount)
            if clean.firstRange(of: text) != nil { files.insert(manifest.path) }
        }
    }
    for shard in try reader.layout.shardsWithFolder(shardCount: reader.shardCount) {
        let folder = reader.layout.segmentsFolder(shard: shard)
        guard fileExists(folder) else { continue }
        for name in try folderEntries(folder).compactMap(\.name) where name.hasSuffix(".mrs") {
            let segment = try SegmentReader(path: "\(folder)/\(name)")
            for chunk in 0..<segment.chunkCount {
                if try segment.text(ofChunk: chunk).firstRange(of: text) != nil {
                    files.insert(segment.path)
                    break
                }
            }
        }
    }
    return files.sorted()
}
