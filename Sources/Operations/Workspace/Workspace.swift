internal import Execution
internal import Glibc
internal import Manifests
internal import Records
internal import Storage
internal import Synchronization

/// A workspace opened for writing by a run: the lock, the catalog, every shard, the dedupe store.
final class Workspace: Sendable {
    let layout: WorkspaceLayout
    let catalog: Catalog
    let shards: [ShardManifest]
    let dedupe: DedupeStore
    private let lock: WorkspaceLock
    private let checksums: Mutex<StateChecksums>

    /// Opens the workspace at `root`, making it when it does not exist.
    ///
    /// - Parameter isForItems: whether a run in items goes on; any other run takes over what that has done,
    ///   and its items are refused from now on.
    /// - Throws: ``OperationError``: `.locked` naming the holder, `.configuration` when the workspace
    ///   belongs to another pipeline or has another shard count, `.newerVersion`.
    init(
        root: String,
        shardCount: Int,
        pipeline: String,
        isAdopting: Bool = false,
        isForItems: Bool = false,
        verb: String,
        startedMilliseconds: Int64,
        lockWaitSeconds: Double = 0
    ) throws {
        let layout = WorkspaceLayout(root: root)
        self.layout = layout
        try createFolder(root)
        self.lock = try acquireWriterLock(
            layout,
            verb: verb,
            startedMilliseconds: startedMilliseconds,
            waitSeconds: lockWaitSeconds
        )
        let shardSwitch = ShardSwitch(layout)
        try shardSwitch.finishExchange()
        let identity = WorkspaceIdentity(pipeline: pipeline, shardCount: shardCount)
        try identity.require(of: layout, isAdopting: isAdopting)
        if !isForItems { try WorkFiles(layout: layout).remove() }
        self.checksums = Mutex(try StateChecksums(taking: layout))
        self.catalog = try Catalog(path: self.layout.catalog, mode: .create)
        try identity.record(in: self.catalog)
        try shardSwitch.forgetCount()
        try self.layout.createFolders(shardCount: shardCount)
        _ = try self.layout.removeStagedFiles(shardCount: shardCount)
        let dedupe = try DedupeStore(path: self.layout.dedupe, mode: .create)
        // Before the manifests are made: a crash in between leaves them missing, and is repaired.
        if !(0..<shardCount).allSatisfy({ fileExists(layout.manifest(shard: $0)) }) {
            try dedupe.forgetDecisions()
        }
        self.dedupe = dedupe
        self.shards = try (0..<shardCount).map { shard in
            try ShardManifest(path: layout.manifest(shard: shard), mode: .create)
        }
    }

    func shard(of id: DocumentID) -> ShardManifest { self.shards[id.shard(of: self.shards.count)] }

    /// Gives back what one phase left in caches and the next has no use for.
    func releaseMemory() throws {
        for shard in self.shards { try shard.releaseMemory() }
        try self.dedupe.releaseMemory()
        returnFreedMemory()
    }

    /// Leaves the workspace to readers and other writers: empties the logs, and says what the files hash to.
    func close() throws {
        if let head = try AuditHead.read(self.layout), head.count > 0,
            try self.catalog.setting(AuditLog.settingKey) != head.hash
        {
            try self.catalog.setSetting(AuditLog.settingKey, to: head.hash)
        }
        let manifests =
            [(self.catalog.path, self.catalog.hasChanged, self.catalog.checkpoint)]
            + [(self.dedupe.path, self.dedupe.hasChanged, self.dedupe.checkpoint)]
            + self.shards.map { ($0.path, $0.hasChanged, $0.checkpoint) }
        for (_, hasChanged, checkpoint) in manifests where hasChanged { try checkpoint() }
        try self.checksums.withLock {
            try $0.putBack(
                shardCount: self.shards.count,
                unchanged: Set(manifests.filter { !$0.1 }.map(\.0))
            )
        }
    }
}

extension DedupeStore {
    /// Has the next run decide about all documents anew, those of a lost manifest not among them.
    fileprivate func forgetDecisions() throws {
        guard try self.fingerprint() != nil else { return }
        try self.forgetFingerprint()
        // On the disk before a new manifest is: nothing would ask for it again.
        try self.checkpoint()
    }
}
