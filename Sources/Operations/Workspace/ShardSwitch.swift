internal import Glibc
internal import Manifests
internal import Storage

/// How a workspace comes from one count of shards to another in one step: the folder of all shards is exchanged
/// for another one, in which a file says how many there are.
///
/// The catalog, which has the count otherwise, follows; until it does, the file is right. So a process that is
/// killed leaves the old shards or the new ones, with the count that fits.
struct ShardSwitch {
    private let layout: WorkspaceLayout

    init(_ layout: WorkspaceLayout) { self.layout = layout }

    /// How many shards there are; nil where nothing says it.
    ///
    /// - Throws: ``OperationError`` `.fatal` where the file says nothing that can be read.
    func shardCount(_ catalog: Catalog) throws -> Int? {
        try self.waitingCount() ?? catalog.setting(SettingKey.shardCount).flatMap { Int($0) }
    }

    /// Writes the count into a folder of shards that is to take the place of the present one.
    static func write(_ count: Int, to folder: String) throws {
        try replaceFile(WorkspaceLayout.shardCountFile(in: folder), with: Array("\(count)\n".utf8))
    }

    /// Ends a switch that was cut short: the shards are where they belong, and the catalog has their count.
    ///
    /// - Precondition: the caller holds the workspace lock.
    func finish() throws {
        try self.finishExchange()
        guard let count = try self.waitingCount(), fileExists(self.layout.catalog) else { return }
        let catalog = try Catalog(path: self.layout.catalog, mode: .readWrite)
        try catalog.setSetting(SettingKey.shardCount, to: String(count))
        // Checksums of the file are made next.
        try catalog.checkpoint()
        try self.forgetCount()
    }

    /// Puts the new shards in their place where a file system that knows no exchange was left between two
    /// renames.
    ///
    /// - Precondition: the caller holds the workspace lock.
    func finishExchange() throws {
        guard !fileExists(self.layout.shardsFolder), fileExists(self.layout.root) else { return }
        let prefix = "\(StagedFile.namePrefix)shards-"
        for name in try folderEntries(self.layout.root).compactMap(\.name)
        where name.hasPrefix(prefix) && Int(name.dropFirst(prefix.count)) != nil {
            let staged = "\(self.layout.root)/\(name)"
            // Written last, so that the folder is whole.
            guard fileExists(WorkspaceLayout.shardCountFile(in: staged)) else { continue }
            guard rename(staged, self.layout.shardsFolder) == 0 else {
                throw OperationError(
                    .fatal,
                    "\(staged) cannot be renamed to \(self.layout.shardsFolder): "
                        + String(cString: strerror(errno))
                )
            }
            return try syncFolder(self.layout.root)
        }
    }

    /// - Precondition: the catalog has the count.
    func forgetCount() throws {
        guard fileExists(self.layout.shardCountFile) else { return }
        try removeFile(self.layout.shardCountFile)
        try syncFolder(self.layout.shardsFolder)
    }

    private func waitingCount() throws -> Int? {
        let path = self.layout.shardCountFile
        // A writer removes it at any time: the catalog has the same count then.
        guard fileExists(path), let bytes = try? readFile(path, maximumBytes: 64) else {
            return nil
        }
        guard let count = Int(String(decoding: bytes, as: UTF8.self).prefix { $0 != "\n" }),
            count > 0
        else {
            throw OperationError(
                .fatal,
                "\(path): damaged; write into it how many folders beside it have a manifest"
            )
        }
        return count
    }
}

extension WorkspaceReader {
    /// Whether no shard has a segment of its own, though documents are known: the workspace was resharded, and
    /// no run came since.
    func awaitsSegments() throws -> Bool {
        var hasDocuments = false
        for shard in 0..<self.shardCount {
            guard let manifest = try self.shardIfThere(shard) else { return false }
            guard try manifest.indexes().isEmpty else { return false }
            hasDocuments = try hasDocuments || manifest.documentCount() > 0
        }
        return hasDocuments
    }
}

/// The command that gives a workspace another count of shards.
func reshardCommand(_ shardCount: Int, _ layout: WorkspaceLayout) -> String {
    let path = try? Catalog(path: layout.catalog, mode: .readOnly).runs(limit: 1).first?
        .pipelinePath
    // One that a shell would take apart is left to the reader.
    let isPlain = path.map {
        $0.utf8.allSatisfy { $0 > 0x2C && $0 != 0x3B && $0 != 0x5C && $0 != 0x60 }
    }
    return "millrace reshard \(shardCount) \(isPlain == true ? path ?? "PIPELINE" : "PIPELINE")"
}
