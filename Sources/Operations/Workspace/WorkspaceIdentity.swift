internal import Manifests
internal import Segments
internal import Storage

/// What a workspace is until someone says otherwise: the one pipeline whose documents it keeps, since to
/// another one they would all be lost, and the count of its shards.
struct WorkspaceIdentity {
    let pipeline: String
    let shardCount: Int

    /// Refuses another pipeline or count than those of the workspace, before anything is written.
    ///
    /// - Parameter isAdopting: whether the pipeline may be another one.
    /// - Throws: ``OperationError`` `.configuration`.
    func require(of layout: WorkspaceLayout, isAdopting: Bool) throws {
        let found = try Self.found(layout)
        if let owner = found.pipeline, owner != self.pipeline, !isAdopting {
            throw OperationError(
                .configuration,
                "workspace \(layout.root) belongs to pipeline '\(owner)', and this file is pipeline "
                    + "'\(self.pipeline)'; name another workspace in it, or take this one over with --adopt"
            )
        }
        guard let count = found.shardCount, count != self.shardCount else { return }
        throw OperationError(
            .configuration,
            "workspace \(layout.root) has \(count) shards, the pipeline asks for \(self.shardCount); give the "
                + "workspace that number with '\(reshardCommand(self.shardCount, layout))', or set "
                + "'shards: \(count)' in the pipeline file"
        )
    }

    /// Writes both into the catalog.
    func record(in catalog: Catalog) throws {
        for (key, value) in [
            (SettingKey.pipeline, self.pipeline), (SettingKey.shardCount, String(self.shardCount)),
        ] where try catalog.setting(key) != value { try catalog.setSetting(key, to: value) }
    }

    /// What the catalog says, or the rest of the workspace where the catalog does not.
    private static func found(
        _ layout: WorkspaceLayout
    ) throws -> (pipeline: String?, shardCount: Int?) {
        do {
            let catalog = try Catalog(path: layout.catalog, mode: .readOnly)
            return (
                // Older versions did not record it.
                try catalog.setting(SettingKey.pipeline) ?? catalog.runs(limit: 1).first?.pipeline,
                try ShardSwitch(layout).shardCount(catalog) ?? layout.shardCountOnDisk()
            )
        } catch let error as ManifestError where error.code == .notFound || error.code == .tooOld {
            return (
                try usableSnapshot(workspace: layout.root)?.pipeline, try layout.shardCountOnDisk()
            )
        }
    }
}
