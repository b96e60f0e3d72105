internal import Manifests
internal import Storage
internal import Telemetry

/// A workspace opened to change what its manifests say, without a pipeline: takes the writer's lock.
struct WorkspaceEditor {
    let reader: WorkspaceReader
    let shards: [ShardManifest]
    private let lock: WorkspaceLock

    /// - Throws: ``OperationError`` `.noSuchState`, `.locked`.
    init(root: String, verb: String) throws {
        let reader = try WorkspaceReader(root: root)
        self.reader = reader
        self.lock = try WorkspaceLock.acquire(
            reader.layout.lock,
            as: .current(verb: verb, startedMilliseconds: WallClock.system.milliseconds())
        )
        self.shards = try (0..<reader.shardCount).map {
            try ShardManifest(path: reader.layout.manifest(shard: $0), mode: .readWrite)
        }
    }
}
