internal import Manifests
internal import Segments
internal import Storage

/// A workspace opened for reading: takes no lock and never blocks a writer.
struct WorkspaceReader {
    let layout: WorkspaceLayout
    let catalog: Catalog
    let shardCount: Int

    /// - Throws: ``OperationError`` `.noSuchState` when there is no workspace at `root`.
    init(root: String) throws {
        self.layout = WorkspaceLayout(root: root)
        guard (try? fileStatus(self.layout.catalog)) != nil else {
            throw OperationError(
                .noSuchState,
                "there is no workspace at \(root); make one with 'millrace backfill PIPELINE'"
            )
        }
        self.catalog = try Catalog(path: self.layout.catalog, mode: .readOnly)
        guard let count = try self.catalog.setting(SettingKey.shardCount).flatMap(Int.init) else {
            throw OperationError(
                .noSuchState,
                "the workspace at \(root) has no shards yet; run 'millrace backfill PIPELINE'"
            )
        }
        self.shardCount = count
    }

    /// The manifest of one shard; nil where the first run has not made it yet.
    func shard(_ shard: Int) throws -> ShardManifest? {
        let path = self.layout.manifest(shard: shard)
        guard (try? fileStatus(path)) != nil else { return nil }
        return try ShardManifest(path: path, mode: .readOnly)
    }

    /// The manifests that are there, in the order of the shards.
    func shards() throws -> [ShardManifest] {
        try (0..<self.shardCount).compactMap { try self.shard($0) }
    }

    /// The published snapshot.
    ///
    /// - Throws: ``OperationError`` `.noSuchState` when nothing was published yet.
    func liveSnapshot() throws -> Snapshot {
        guard let snapshot = try Segments.liveSnapshot(workspace: self.layout.root) else {
            throw OperationError(
                .noSuchState,
                "nothing is published in \(self.layout.root) yet; run 'millrace backfill PIPELINE'"
            )
        }
        return snapshot
    }
}
