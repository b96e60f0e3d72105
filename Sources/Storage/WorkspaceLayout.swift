/// Where everything in a workspace lies.
package struct WorkspaceLayout: Hashable, Sendable {
    /// Absolute path of the workspace folder, without a slash at the end.
    package let root: String

    package init(root: String) {
        var trimmed = Substring(root)
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.root = String(trimmed)
    }

    package var catalog: String { self.root + "/catalog.sqlite" }
    package var dedupe: String { self.root + "/dedupe.sqlite" }
    package var lock: String { self.root + "/lock" }
    /// Holds the number of the published snapshot.
    package var live: String { self.root + "/LIVE" }
    /// Where the present run stands, for people; see `RunJournal`.
    package var journal: String { self.root + "/run.journal" }
    package var snapshotsFolder: String { self.root + "/snapshots" }
    package var shardsFolder: String { self.root + "/shards" }

    package func snapshot(_ number: Int) -> String {
        "\(self.snapshotsFolder)/\(number).json"
    }

    package func shardFolder(_ shard: Int) -> String {
        "\(self.shardsFolder)/\(Self.shardName(shard))"
    }

    package func manifest(shard: Int) -> String { self.shardFolder(shard) + "/manifest.sqlite" }
    package func segmentsFolder(shard: Int) -> String { self.shardFolder(shard) + "/segments" }

    /// - Parameter name: The file name of the segment, which is its content hash with `.mrs`.
    package func segment(shard: Int, name: String) -> String {
        self.segmentsFolder(shard: shard) + "/" + name
    }

    /// Makes the folders that do not exist yet.
    package func createFolders(shardCount: Int) throws(StorageError) {
        try createFolder(self.snapshotsFolder)
        for shard in 0..<shardCount { try createFolder(self.segmentsFolder(shard: shard)) }
    }

    /// Removes what writers that died left anywhere in the workspace; returns how many files.
    ///
    /// - Precondition: the caller holds the workspace lock.
    @discardableResult
    package func removeStagedFiles(shardCount: Int) throws(StorageError) -> Int {
        var folders = [self.root, self.snapshotsFolder]
        for shard in 0..<shardCount {
            folders += [self.shardFolder(shard), self.segmentsFolder(shard: shard)]
        }
        var count = 0
        for folder in folders where fileExists(folder) {
            count += try Storage.removeStagedFiles(in: folder)
        }
        return count
    }

    /// Four digits at least, so that shards list in order.
    package static func shardName(_ shard: Int) -> String {
        let digits = String(shard)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
