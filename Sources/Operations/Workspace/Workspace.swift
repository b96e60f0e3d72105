internal import Glibc
internal import Manifests
internal import Records
internal import Storage

/// A workspace opened for writing by a run: the lock, the catalog, every shard, the dedupe store.
final class Workspace: Sendable {
    let layout: WorkspaceLayout
    let catalog: Catalog
    let shards: [ShardManifest]
    let dedupe: DedupeStore
    private let lock: WorkspaceLock

    /// Opens the workspace at `root`, making it when it does not exist.
    ///
    /// - Throws: ``OperationError``: `.locked` naming the holder, `.configuration` when the workspace
    ///   has another shard count, `.newerVersion`.
    init(
        root: String,
        shardCount: Int,
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
        self.catalog = try Catalog(path: self.layout.catalog, mode: .create)
        try Self.fixShardCount(shardCount, in: self.catalog, root: root)
        try self.layout.createFolders(shardCount: shardCount)
        _ = try self.layout.removeStagedFiles(shardCount: shardCount)
        let dedupe = try DedupeStore(path: self.layout.dedupe, mode: .create)
        // Before the manifests are made: a crash in between leaves them missing, and is repaired.
        try dedupe.forgetMembers(
            ofShards: (0..<shardCount).filter { !fileExists(layout.manifest(shard: $0)) },
            of: shardCount
        )
        self.dedupe = dedupe
        self.shards = try (0..<shardCount).map { shard in
            try ShardManifest(path: layout.manifest(shard: shard), mode: .create)
        }
    }

    func shard(of id: DocumentID) -> ShardManifest { self.shards[id.shard(of: self.shards.count)] }

    private static func fixShardCount(_ count: Int, in catalog: Catalog, root: String) throws {
        guard let stored = try catalog.setting(SettingKey.shardCount) else {
            try catalog.setSetting(SettingKey.shardCount, to: String(count))
            return
        }
        guard stored == String(count) else {
            throw OperationError(
                .configuration,
                "workspace \(root) has \(stored) shards, the pipeline asks for \(count); the count is "
                    + "fixed for the life of a workspace: set 'shards: \(stored)' or name another workspace"
            )
        }
    }
}

extension DedupeStore {
    /// Takes away the documents of shards whose manifests are gone: what they repeated, or what
    /// repeated them, is decided again when they come back.
    fileprivate func forgetMembers(ofShards shards: [Int], of shardCount: Int) throws {
        guard !shards.isEmpty else { return }
        let lost = Set(shards)
        var ids: [DocumentID] = []
        try self.visitMembers { id in
            if lost.contains(id.shard(of: shardCount)) { ids.append(id) }
        }
        guard !ids.isEmpty else { return }
        // A removal compares nothing, so no threshold matters.
        try self.apply(removed: ids, added: [], threshold: 1) { _, _ in 0 }
        // On the disk before a new manifest is: nothing would ask for it again.
        try self.checkpoint()
    }
}
