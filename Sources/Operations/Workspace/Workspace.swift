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
        self.lock = try Self.lock(
            self.layout,
            verb: verb,
            startedMilliseconds: startedMilliseconds,
            waitSeconds: lockWaitSeconds
        )
        self.catalog = try Catalog(path: self.layout.catalog, mode: .create)
        try Self.fixShardCount(shardCount, in: self.catalog, root: root)
        try self.layout.createFolders(shardCount: shardCount)
        _ = try self.layout.removeStagedFiles(shardCount: shardCount)
        self.shards = try (0..<shardCount).map { shard in
            try ShardManifest(path: layout.manifest(shard: shard), mode: .create)
        }
        self.dedupe = try DedupeStore(path: self.layout.dedupe, mode: .create)
    }

    func shard(of id: DocumentID) -> ShardManifest { self.shards[id.shard(of: self.shards.count)] }

    private static func lock(
        _ layout: WorkspaceLayout,
        verb: String,
        startedMilliseconds: Int64,
        waitSeconds: Double
    ) throws -> WorkspaceLock {
        let pause: UInt32 = 200_000
        var rest = waitSeconds
        while true {
            do {
                return try WorkspaceLock.acquire(
                    layout.lock,
                    as: .current(verb: verb, startedMilliseconds: startedMilliseconds)
                )
            } catch {
                guard error.code == .locked, rest > 0 else {
                    let status: ExitStatus = error.code == .locked ? .locked : .fatal
                    throw OperationError(status, error.message)
                }
                usleep(pause)
                rest -= Double(pause) / 1e6
            }
        }
    }

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
