internal import Search
internal import Segments
internal import Storage

extension FusionLock {
    /// Beside `docs.yml` it is `docs.fusion.lock`.
    static func path(besides pipeline: String) -> String {
        let name = pipeline.split(separator: "/").last.map(String.init) ?? pipeline
        let stem = name.hasSuffix(".yml") ? 4 : name.hasSuffix(".yaml") ? 5 : 0
        return String(pipeline.dropLast(stem)) + ".fusion.lock"
    }

    /// - Throws: ``OperationError`` `.configuration` for a file that is no lock of weights.
    static func read(besides pipeline: String) throws -> FusionLock? {
        try told { try self.read(self.path(besides: pipeline)) }
    }

    /// That of the pipeline; where none is named, the one that its last run left in the workspace.
    ///
    /// - Throws: ``OperationError`` `.configuration` for a file that is no lock of weights.
    static func read(of pipeline: String?, workspace: String) throws -> FusionLock? {
        if let pipeline { return try self.read(besides: pipeline) }
        return try told { try self.read(inWorkspace: workspace) }
    }

    private static func told(_ read: () throws -> FusionLock?) throws -> FusionLock? {
        do {
            return try read()
        } catch let error as Malformed {
            throw OperationError(
                .configuration,
                "\(error.path): no weights of form \(Self.currentForm); make it again with 'millrace evaluate "
                    + "--tune', or remove it to search with the model's own weights"
            )
        } catch let error as StorageError {
            throw OperationError(.configuration, error.message)
        }
    }
}

extension FusionWeights {
    /// Those of a lock for an index; nil where it has none for the index's model.
    init?(_ lock: FusionLock?, for index: IndexSnapshot) {
        guard let found = lock?.weights(of: index) else { return nil }
        self.init(bm25: found.bm25, vector: found.vector, sparse: found.sparse ?? 0)
    }
}

/// Leaves a copy of the pipeline's weights in its workspace, where a server and others find them who search without
/// the pipeline; where it has none, takes the copy away.
func copyFusionLock(of pipeline: String, to layout: WorkspaceLayout) throws {
    guard let lock = try FusionLock.read(besides: pipeline) else {
        // One that is damaged goes as well.
        if fileExists(layout.fusionLock) { try removeFile(layout.fusionLock) }
        return
    }
    guard lock != (try? FusionLock.read(inWorkspace: layout.root)) else { return }
    try lock.write(layout.fusionLock)
}
