internal import Manifests
internal import Records
internal import Storage
internal import Telemetry

/// A workspace opened to change what its manifests say, without a pipeline: holds the writer's lock.
final class WorkspaceEditor {
    let reader: WorkspaceReader
    let shards: [ShardManifest]
    private var checksums: StateChecksums
    private let lock: WorkspaceLock

    /// - Throws: ``OperationError`` `.noSuchState`, `.locked`.
    init(root: String, verb: String, lockWaitSeconds: Double = 0) throws {
        let layout = try WorkspaceReader(root: root).layout
        self.lock = try acquireWriterLock(
            layout,
            verb: verb,
            startedMilliseconds: WallClock.system.milliseconds(),
            waitSeconds: lockWaitSeconds
        )
        try ShardSwitch(layout).finish()
        // Read under the lock: a reshard may have been at work until now.
        let reader = try WorkspaceReader(root: root)
        self.reader = reader
        self.checksums = try StateChecksums(taking: reader.layout)
        self.shards = try (0..<reader.shardCount).map {
            try ShardManifest(path: reader.layout.manifest(shard: $0), mode: .readWrite)
        }
    }

    deinit {
        // Where that fails there are no checksums, and the next run makes them.
        try? self.close()
    }

    private func close() throws {
        for shard in self.shards where shard.hasChanged { try shard.checkpoint() }
        try self.checksums.putBack(
            shardCount: self.reader.shardCount,
            unchanged: Set(self.shards.filter { !$0.hasChanged }.map(\.path))
                .union([self.reader.layout.dedupe])
        )
    }

    /// Calls `body` with every shard that owns some of `ids`, and those.
    func forEachShard(
        owning ids: [DocumentID],
        _ body: (ShardManifest, [DocumentID]) throws -> Void
    ) rethrows {
        let byShard = Dictionary(grouping: ids) { $0.shard(of: self.shards.count) }
        for (shard, ids) in byShard.sorted(by: { $0.key < $1.key }) {
            try body(self.shards[shard], ids)
        }
    }
}
