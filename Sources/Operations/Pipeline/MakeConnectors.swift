internal import Connectors
internal import Dataflow
internal import Manifests
internal import Storage

/// The connector of each source by its name; none lists the plan's own workspace, and those that may have
/// to ask again do.
///
/// - Throws: ``OperationError`` `.configuration`, also where a source would list the workspace's files.
func makeConnectors(_ plan: Plan) throws -> [String: any Connector] {
    var connectors: [String: any Connector] = [:]
    for source in plan.sources {
        let connector: any Connector
        do {
            connector = try plan.kind(of: source).make(plan.settings(of: source))
        } catch {
            throw OperationError(.configuration, "source '\(source.name)': \(error)")
        }
        guard let local = connector as? any LocalConnector else {
            connectors[source.name] = RetryingConnector(connector)
            continue
        }
        if local.wouldList(WorkspaceLayout.sampleFiles, below: plan.workspace) {
            throw OperationError(
                .configuration,
                "source '\(source.name)' would list the files of the workspace \(plan.workspace), "
                    + "which is below \(local.root); name a workspace elsewhere, or leave it out "
                    + "with 'exclude'"
            )
        }
        connectors[source.name] = local
    }
    return connectors
}

extension Plan {
    func kind(of source: Source) throws(ConnectorError) -> SourceKind {
        guard let kind = sourceKind(source.type) else {
            throw ConnectorError(
                .configuration,
                path: "sources.\(source.name).type",
                "this program has no source '\(source.type)'"
            )
        }
        return kind
    }

    func settings(of source: Source) -> SourceSettings {
        SourceSettings(
            name: source.name,
            values: Parameters(source.configuration),
            directory: self.directory,
            workspace: self.workspace
        )
    }
}
