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
    /// The band keys of the dedupe store.
    package var dedupeFolder: String { self.root + "/" + Self.dedupeFolderName }
    package static let dedupeFolderName = "dedupe"
    package static let bandsSuffix = ".bands"
    package var lock: String { self.root + "/lock" }
    /// Holds the number of the published snapshot.
    package var live: String { self.root + "/LIVE" }
    /// Where the present run stands, for people; see `RunJournal`.
    package var journal: String { self.root + "/run.journal" }
    /// What the state files hashed to when the last writer left; absent while one is at work.
    package var checksums: String { self.root + "/CHECKSUMS" }
    /// What was done to the workspace, line by line, and where it ends; see `Operations/AuditLog`.
    package var auditLog: String { self.root + "/audit.log" }
    package var auditHead: String { self.root + "/audit.head" }
    /// What must never be taken up again, the key that names it, and the receipts.
    package var erasureFolder: String { self.root + "/erasure" }
    package var erasureKey: String { self.erasureFolder + "/key" }
    /// The key's path below the root.
    package var keyName: String { String(self.erasureKey.dropFirst(self.root.count + 1)) }
    package var forgotten: String { self.erasureFolder + "/forgotten.json" }
    package var pendingErasure: String { self.erasureFolder + "/pending.json" }
    package var pendingRetention: String { self.erasureFolder + "/retention.json" }
    package var receiptsFolder: String { self.erasureFolder + "/receipts" }
    /// Snapshots by name, and those that are kept on purpose: a file each.
    package var channelsFolder: String { self.root + "/channels" }
    package var pinsFolder: String { self.root + "/pins" }
    /// A copy of the weights that searches of the pipeline use; absent where it has none.
    package var fusionLock: String { self.root + "/fusion.lock" }
    /// What is known of the buckets that the workspace was pushed to or pulled from.
    package var remotes: String { self.root + "/remotes.json" }
    package var snapshotsFolder: String { self.root + "/snapshots" }
    /// What readers have open: see ``ReaderLease``.
    package var leasesFolder: String { self.root + "/leases" }
    package static let leaseSuffix = ".lease.json"
    package var shardsFolder: String { self.root + "/shards" }
    /// How many shards there are, as long as the catalog may say another number; see `ShardSwitch`.
    package var shardCountFile: String { Self.shardCountFile(in: self.shardsFolder) }
    package static func shardCountFile(in folder: String) -> String { folder + "/count" }
    /// Of a run that other engines carry out in items; gone when it has ended.
    package var workFolder: String { self.root + "/work" }
    package var workSession: String { self.workFolder + "/session.json" }

    package func snapshot(_ number: Int) -> String {
        "\(self.snapshotsFolder)/\(number).json"
    }

    package func shardFolder(_ shard: Int) -> String {
        "\(self.shardsFolder)/\(Self.shardName(shard))"
    }

    package static let manifestName = "manifest.sqlite"
    package static let segmentsName = "segments"

    package func manifest(shard: Int) -> String {
        "\(self.shardFolder(shard))/\(Self.manifestName)"
    }
    package func segmentsFolder(shard: Int) -> String {
        "\(self.shardFolder(shard))/\(Self.segmentsName)"
    }

    /// The shards that have a folder, ascending: those of the workspace, and those it had when segments were
    /// written that earlier snapshots name.
    package func shardsWithFolder(shardCount: Int) throws(StorageError) -> [Int] {
        var shards = Set((0..<shardCount).filter { fileExists(self.shardFolder($0)) })
        if fileExists(self.shardsFolder) {
            for name in try folderEntries(self.shardsFolder).compactMap(\.name) {
                guard let shard = Int(name), Self.shardName(shard) == name else { continue }
                shards.insert(shard)
            }
        }
        return shards.sorted()
    }

    /// - Parameter name: The file name of the segment, which is its content hash with `.mrs`.
    package func segment(shard: Int, name: String) -> String {
        self.segmentsFolder(shard: shard) + "/" + name
    }

    /// Names below the root, one of every kind of file: for a listing that must not take them.
    package static let sampleFiles = [
        "catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", "lock", "LIVE", "run.journal",
        "CHECKSUMS", "dedupe/0.bands", "fusion.lock", "remotes.json", "audit.log", "audit.head",
        "channels/canary",
        "pins/1",
        "erasure/key", "erasure/forgotten.json", "erasure/receipts/0.json",
        "work/session.json", "work/inputs/0", "work/done/0.json",
        "snapshots/1.json", "leases/host-1-0-1.lease.json", "shards/0000/manifest.sqlite",
        "shards/0000/manifest.sqlite.damaged-1",
        "shards/0000/segments/0.mrs", "shards/0000/segments/0.mrt", "shards/count",
    ]

    /// The folders that hold files of a workspace with so many shards, as far as they exist.
    package func folders(shardCount: Int) throws(StorageError) -> [String] {
        let shards = try self.shardsWithFolder(shardCount: shardCount).flatMap {
            [self.shardFolder($0), self.segmentsFolder(shard: $0)]
        }
        let own = [
            self.root, self.dedupeFolder, self.snapshotsFolder, self.leasesFolder,
            self.channelsFolder,
            self.pinsFolder, self.erasureFolder,
            self.receiptsFolder,
        ]
        return (own + shards).filter(fileExists)
    }

    /// The state files that were set aside as damaged, with their logs.
    package func setAsideFiles(shardCount: Int) throws(StorageError) -> [String] {
        var paths: [String] = []
        for folder in try self.folders(shardCount: shardCount) {
            for name in try folderEntries(folder).compactMap(\.name)
            where name.contains(".sqlite.damaged-") { paths.append("\(folder)/\(name)") }
        }
        return paths.sorted()
    }

    /// How many shards have a manifest; nil where none has.
    package func shardCountOnDisk() throws(StorageError) -> Int? {
        guard fileExists(self.shardsFolder) else { return nil }
        let numbers = try folderEntries(self.shardsFolder).compactMap {
            $0.name.flatMap { Int($0) }
        }
        .filter { fileExists(self.manifest(shard: $0)) }
        return numbers.max().map { $0 + 1 }
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
        var count = 0
        for folder in try self.folders(shardCount: shardCount) {
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
