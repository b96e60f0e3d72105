internal import Manifests
internal import Storage
internal import Synchronization

/// A workspace as the process of one item has it, beside those of other items: it writes to one shard, and
/// opens others for reading where it looks for something.
final class WorkspacePart: Sendable {
    let layout: WorkspaceLayout
    let catalog: Catalog
    let own: ShardManifest
    private let shard: Int
    private let lock: WorkspaceLock
    private let others = Mutex<[Int: ShardManifest]>([:])

    /// - Throws: ``OperationError`` `.locked` while someone has the workspace alone.
    init(
        _ layout: WorkspaceLayout,
        shard: Int,
        startedMilliseconds: Int64,
        lockWaitSeconds: Double
    ) throws {
        self.layout = layout
        self.shard = shard
        self.lock = try waitingForLock(layout.root, seconds: lockWaitSeconds) {
            () throws(StorageError) in
            try WorkspaceLock.share(
                layout.lock,
                as: .current(verb: "work do", startedMilliseconds: startedMilliseconds)
            )
        }
        self.catalog = try Catalog(path: layout.catalog, mode: .readOnly)
        self.own = try ShardManifest(path: layout.manifest(shard: shard), mode: .readWrite)
    }

    func manifest(_ shard: Int) throws -> ShardManifest {
        if shard == self.shard { return self.own }
        return try self.others.withLock { others in
            if let opened = others[shard] { return opened }
            let opened = try ShardManifest(
                path: self.layout.manifest(shard: shard),
                mode: .readOnly
            )
            others[shard] = opened
            return opened
        }
    }
}
