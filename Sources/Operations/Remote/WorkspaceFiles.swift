internal import Hashing
internal import Manifests
internal import Records
internal import Storage
internal import Telemetry

/// Which files make a workspace elsewhere, and what is in them.
///
/// Left out is what belongs to this machine or to nobody: locks, leases, logs of SQLite, staged files, manifests
/// that were set aside, and a run in items.
struct WorkspaceFiles {
    static let catalogName = "catalog.sqlite"
    static let shardCountMax = 1 << 16
    static let pieceBytesMax = 1 << 26
    /// Choice: a small change of a database sends little.
    private static let statePieceBytes = 1 << 22

    let layout: WorkspaceLayout
    var segmentPieces = SegmentPieces()

    private static let single: Set<String> = [
        catalogName, "dedupe.sqlite", "LIVE", "CHECKSUMS", "audit.log", "audit.head", "fusion.lock",
        "erasure/key", "erasure/forgotten.json", "erasure/pending.json",
    ]

    /// Whether a path below a workspace is that of such a file; it then leads nowhere else.
    static func isPart(_ path: String) -> Bool {
        if self.single.contains(path) { return true }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.last else { return false }
        switch (parts.dropLast().joined(separator: "/"), parts.first) {
        case (WorkspaceLayout.dedupeFolderName, _):
            return isPlainName(name) && name.hasSuffix(WorkspaceLayout.bandsSuffix)
        case ("channels", _): return SnapshotMarks.isChannelName(name)
        case ("pins", _): return isNumber(name)
        case ("snapshots", _): return name.hasSuffix(".json") && isNumber(name.dropLast(5))
        case ("erasure/receipts", _): return isPlainName(name) && name.hasSuffix(".json")
        case (_, "shards") where parts.count == 3:
            return name == "manifest.sqlite" && isShard(parts[1])
        case (_, "shards") where parts.count == 4:
            return parts[2] == "segments" && isShard(parts[1]) && isSegmentName(name)
                && isPlainName(name)
        default: return false
        }
    }

    /// The paths of those that are there, ascending.
    func paths(shardCount: Int) throws -> [String] {
        var folders = [
            "", WorkspaceLayout.dedupeFolderName + "/", "channels/", "pins/", "snapshots/",
            "erasure/", "erasure/receipts/",
        ]
        for shard in try self.layout.shardsWithFolder(shardCount: shardCount) {
            let folder = "shards/\(WorkspaceLayout.shardName(shard))/"
            folders += [folder, folder + "segments/"]
        }
        var paths: [String] = []
        for folder in folders where fileExists("\(self.layout.root)/\(folder)") {
            for entry in try folderEntries("\(self.layout.root)/\(folder)") {
                guard let name = entry.name, Self.isPart(folder + name) else { continue }
                paths.append(folder + name)
            }
        }
        return paths.sorted()
    }

    /// What the files hold, by ascending path.
    ///
    /// - Parameter known: what they held earlier; segments and runs of the same name and size are not read
    ///   again, since their names are never reused.
    /// - Precondition: the caller holds the workspace's lock, and no log is left beside a database.
    func contents(
        shardCount: Int,
        known: [RemoteFile],
        progress: RunProgress
    ) throws -> [RemoteFile] {
        let known = Dictionary(known.map { ($0.path, $0) }) { first, _ in first }
        let paths = try self.paths(shardCount: shardCount)
        progress.begin(phase: "compare", total: paths.count)
        return try paths.map { path in
            let full = "\(self.layout.root)/\(path)"
            defer { progress.finish(1) }
            if isNameOfBytes(path), let file = known[path],
                try fileStatus(full).size == file.byteCount
            {
                return file
            }
            return try self.content(path, full)
        }
    }

    private func content(_ path: String, _ full: String) throws -> RemoteFile {
        let size = isSegmentName(path) ? self.segmentPieces.byteCount : Self.statePieceBytes
        let file = try MappedFile(path: full)
        file.advise(.sequential)
        return file.withBytes { bytes in
            func hash(_ range: Range<Int>) -> String {
                sha256(UnsafeRawBufferPointer(rebasing: bytes[range])).hex
            }
            let hasBlocks = path.hasSuffix(".mrs") && bytes.count > size
            let blockSize = hasBlocks ? self.segmentPieces.blockByteCount : nil
            let pieces = stride(from: 0, to: bytes.count, by: size).map { start in
                let end = min(start + size, bytes.count)
                return RemotePiece(
                    sha256: hash(start..<end),
                    byteCount: end - start,
                    blocks: blockSize.map { blockSize in
                        stride(from: start, to: end, by: blockSize).map {
                            hash($0..<min($0 + blockSize, end))
                        }
                    }
                )
            }
            return RemoteFile(
                path: path,
                byteCount: bytes.count,
                pieces: pieces,
                blockByteCount: blockSize
            )
        }
    }

    /// Moves what writers that were killed left in SQLite's logs into the files.
    ///
    /// - Precondition: the caller holds the workspace's lock.
    func emptyLogs(shardCount: Int) throws {
        func hasLog(_ path: String) -> Bool { ((try? fileStatus(path + "-wal"))?.size ?? 0) > 0 }
        if hasLog(self.layout.catalog) {
            try Catalog(path: self.layout.catalog, mode: .readWrite).checkpoint()
        }
        if hasLog(self.layout.dedupe) {
            try DedupeStore(path: self.layout.dedupe, mode: .readWrite).checkpoint()
        }
        for path in (0..<shardCount).map({ self.layout.manifest(shard: $0) }) where hasLog(path) {
            try ShardManifest(path: path, mode: .readWrite).checkpoint()
        }
    }
}

/// Whether a name stands for the bytes and is never used for others.
private func isNameOfBytes(_ path: String) -> Bool {
    isSegmentName(path) || path.hasSuffix(WorkspaceLayout.bandsSuffix)
}

/// How a segment is cut where it is pushed.
struct SegmentPieces: Hashable, Sendable {
    /// Of an object.
    ///
    /// Choice: large enough that requests do not count.
    var byteCount = 1 << 24
    /// Of what can be read by itself.
    ///
    /// Choice: as long as a request takes, so much comes.
    var blockByteCount = 1 << 20
}

func isSegmentName(_ path: String) -> Bool { path.hasSuffix(".mrs") || path.hasSuffix(".mrt") }

private func isNumber(_ text: some StringProtocol) -> Bool {
    (1...18).contains(text.utf8.count) && text.utf8.allSatisfy { 0x30...0x39 ~= $0 }
}

private func isShard(_ name: String) -> Bool {
    Int(name).map { WorkspaceLayout.shardName($0) == name && $0 < WorkspaceFiles.shardCountMax }
        ?? false
}

private func isPlainName(_ name: String) -> Bool {
    (1...128).contains(name.utf8.count) && !name.hasPrefix(".")
        && name.utf8.allSatisfy {
            0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0
                || [0x2D, 0x2E, 0x5F].contains($0)
        }
}
