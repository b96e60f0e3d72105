internal import Dataflow
internal import Embedding
internal import Stages

/// Refuses a plan that would send text to a server which no stage has redacted.
///
/// Where a plan redacts, every way from a source to the server leads through it: a branch that passes it by
/// is a mistake. A plan without any redaction may ask a server on this machine; for another one it has
/// to say `allow_unredacted: true`.
/// - Throws: ``OperationError`` `.configuration`.
func refuseUnredactedText(in plan: Plan) throws {
    for node in plan.nodes where node.uses == embedStageName {
        guard case .remote(let settings) = try embedder(of: node), !allowsUnredacted(node),
            let source = plan.sourceReaching(node.id)
        else { continue }
        let redacts = plan.nodes.contains { $0.uses == redactStageName }
        if !redacts, settings.isLocal { continue }
        throw OperationError(
            .configuration,
            "stage '\(node.id)' would send text of source '\(source)' to \(settings.endpointShown) that no "
                + "'\(redactStageName)' stage has seen; put one before the chunk stage, or set "
                + "'allow_unredacted: true' in '\(node.id)'"
        )
    }
}

extension Plan {
    /// A source with a way to the stage `id` that no redaction is on; nil where there is none.
    fileprivate func sourceReaching(_ id: String) -> String? {
        if self.sources.contains(where: { $0.name == id }) { return id }
        guard let node = self.nodes.first(where: { $0.id == id }), node.uses != redactStageName
        else { return nil }
        return node.inputs.lazy.compactMap { self.sourceReaching($0) }.first
    }
}

extension RemoteSettings {
    /// The address without its query, which may hold what is nobody's business.
    fileprivate var endpointShown: String {
        String(self.endpoint.prefix { $0 != "?" && $0 != "#" })
    }
}

extension Plan {
    /// Embed stages whose text leaves unredacted to a server of this machine, which a summary says.
    var unredactedStages: [String] {
        self.nodes.filter { node in
            isRemoteEmbedder(node) && self.sourceReaching(node.id) != nil
        }.map(\.id)
    }
}
