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
        guard fileExists(self.layout.catalog) else {
            guard try !hasTraces(ofWorkspace: root) else {
                throw OperationError(
                    .fatal,
                    "\(self.layout.catalog) is missing; 'millrace sync PIPELINE' makes it again, "
                        + "without the history of runs, or restore a backup"
                )
            }
            throw OperationError(
                .noSuchState,
                "there is no workspace at \(root); make one with 'millrace backfill PIPELINE'"
            )
        }
        self.catalog = try Catalog(path: self.layout.catalog, mode: .readOnly)
        guard let count = try ShardSwitch(self.layout).shardCount(self.catalog) else {
            throw OperationError(
                .noSuchState,
                "the workspace at \(root) has no shards yet; run 'millrace backfill PIPELINE'"
            )
        }
        self.shardCount = count
    }

    /// The manifest of one shard; nil where the first run has not made it yet.
    ///
    /// - Throws: ``OperationError`` `.fatal` when it is lost.
    func shard(_ shard: Int) throws -> ShardManifest? {
        if let manifest = try self.shardIfThere(shard) { return manifest }
        guard fileExists(self.layout.live) else { return nil }
        throw OperationError(.fatal, self.lossOfManifest(shard))
    }

    /// The manifest of one shard; nil where there is none.
    func shardIfThere(_ shard: Int) throws -> ShardManifest? {
        let path = self.layout.manifest(shard: shard)
        guard fileExists(path) else { return nil }
        return try ShardManifest(path: path, mode: .readOnly)
    }

    /// What is said of a manifest that is lost.
    func lossOfManifest(_ shard: Int) -> String {
        "\(self.layout.manifest(shard: shard)): missing; 'millrace sync PIPELINE' prepares its documents "
            + "again from the sources, or restore it from a backup"
    }

    /// The manifests that are there, in the order of the shards.
    func shards() throws -> [ShardManifest] {
        try (0..<self.shardCount).compactMap { try self.shard($0) }
    }

    /// The published snapshot.
    ///
    /// - Throws: ``OperationError`` `.noSuchState` when nothing was published yet.
    func liveSnapshot() throws -> Snapshot { try publishedSnapshot(workspace: self.layout.root) }
}
