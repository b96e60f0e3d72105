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
        let rules = try plan.labelRules(of: source)
        guard let local = connector as? any LocalConnector else {
            let labelled = rules.map { LabellingConnector(connector, $0) } ?? connector
            connectors[source.name] = RetryingConnector(labelled)
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
        connectors[source.name] = rules.map { LocalLabellingConnector(local, $0) } ?? local
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

    /// - Throws: ``OperationError`` `.configuration` for a rule that cannot be used.
    func labelRules(of source: Source) throws -> LabelRules? {
        do throws(ConnectorError) {
            return try LabelRules(source.configuration, of: source.name)
        } catch {
            throw OperationError(.configuration, "\(error)")
        }
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
