internal import Hashing
package import Records

/// What decides the output of each stage of a plan, as digests.
///
/// Equal fingerprints promise equal output for equal input. Names of sources, paths, the
/// workspace, comments, the order of keys, and keys that change only speed do not enter.
package struct PlanFingerprints: Hashable, Sendable {
    /// Everything up to the stage that ends the prepare phase.
    package let prepare: Digest
    /// For each extraction stage, everything its documents go through in the prepare phase:
    /// when only one branch changes, the documents of the others need not be read again.
    package let preparePaths: [String: Digest]
    /// By stage id: the stage and all before it.
    package let byNode: [String: Digest]
    /// By id of a stage of the materialise phase: the stage and those of its phase before it.
    ///
    /// What such a stage makes of a document depends on these and on the document's clean text,
    /// whatever made that.
    package let materialise: [String: Digest]
    /// Every stage with its id, and the order in which sources win over each other.
    package let pipeline: Digest

    package init(
        prepare: Digest,
        preparePaths: [String: Digest],
        byNode: [String: Digest],
        materialise: [String: Digest],
        pipeline: Digest
    ) {
        self.prepare = prepare
        self.preparePaths = preparePaths
        self.byNode = byNode
        self.materialise = materialise
        self.pipeline = pipeline
    }
}

/// Fingerprints of a plan that `catalogue` has validated.
///
/// - Input: `resources` gives the identity of what a stage reads beside its configuration, such
///   as a model's fingerprint or the hash of a file that a path-kind key names; nil when nothing.
/// - Precondition: every stage kind of `plan` is in `catalogue`.
package func fingerprints(
    of plan: Plan,
    catalogue: StageCatalogue,
    resources: (PlanNode) -> String?
) -> PlanFingerprints {
    let sourceTypes = Dictionary(uniqueKeysWithValues: plan.sources.map { ($0.name, $0.type) })
    var parts: [String: NodePart] = [:]
    var byNode: [String: Digest] = [:]
    var materialise: [String: Digest] = [:]
    for node in plan.nodes {
        let part = NodePart(node, catalogue: catalogue, resource: resources(node))
        parts[node.id] = part
        byNode[node.id] = part.fingerprint(after: inputs(of: node, byNode, sourceTypes))
        if node.phase == .materialise {
            materialise[node.id] = part.fingerprint(after: inputs(of: node, materialise, [:]))
        }
    }
    let outputs = prepareOutputs(of: plan)
    return PlanFingerprints(
        prepare: digest(of: outputs.compactMap { byNode[$0] }),
        preparePaths: preparePaths(of: plan, parts: parts, sourceTypes: sourceTypes),
        byNode: byNode,
        materialise: materialise,
        pipeline: pipelineDigest(of: plan, byNode: byNode)
    )
}

/// One stage's own share of its fingerprint.
private struct NodePart {
    let value: [String: ConfigValue]

    init(_ node: PlanNode, catalogue: StageCatalogue, resource: String?) {
        guard let descriptor = catalogue.stages.first(where: { $0.name == node.uses }) else {
            preconditionFailure("stage kind \(node.uses) is not in the catalogue")
        }
        var configuration: [String: ConfigValue] = [:]
        for spec in descriptor.parameters where spec.affectsOutput && !spec.isPath {
            let value = node.configuration[spec.name] ?? .null
            configuration[spec.name] = spec.namesPath(value) ? .null : value
        }
        self.value = [
            "stage": .string(descriptor.name),
            "revision": .int(descriptor.revision),
            "configuration": .map(configuration),
            "media": .list(node.mediaTypes.sorted().map(ConfigValue.string)),
            "resource": resource.map(ConfigValue.string) ?? .null,
        ]
    }

    func fingerprint(after inputs: [String]) -> Digest {
        var value = self.value
        value["inputs"] = .list(inputs.map(ConfigValue.string))
        return sha256(canonicalJSON(.map(value)))
    }
}

extension ParameterSpec {
    /// Where a file lies changes nothing; what it holds enters as a resource.
    fileprivate var isPath: Bool { if case .path = self.kind { true } else { false } }

    /// Whether `value` of this key is a path where a name might stand.
    fileprivate func namesPath(_ value: ConfigValue) -> Bool {
        guard case .nameOrPath = self.kind, let text = value.stringValue else { return false }
        return isWrittenAsPath(text)
    }
}

/// What a node's inputs add to its fingerprint.
///
/// Sorted, because inputs join only where each document comes by one of them. Sources give only
/// their type, once, so that another folder of the same type leaves earlier documents alone.
private func inputs(
    of node: PlanNode,
    _ byNode: [String: Digest],
    _ sourceTypes: [String: String]
) -> [String] {
    var inputs: Set<String> = []
    for name in node.inputs {
        if let digest = byNode[name] {
            inputs.insert(digest.hex)
        } else if let type = sourceTypes[name] {
            inputs.insert("source \(type)")
        }
    }
    return inputs.sorted()
}

/// Ids of the prepare stages that later phases read from; one in a validated plan.
private func prepareOutputs(of plan: Plan) -> [String] {
    let later = Set(plan.nodes.filter { $0.phase != .prepare }.flatMap(\.inputs))
    return plan.nodes(in: .prepare).map(\.id).filter(later.contains)
}

private func digest(of digests: [Digest]) -> Digest {
    if digests.count == 1, let digest = digests.first { return digest }
    return sha256(canonicalJSON(.list(digests.map { .string($0.hex) })))
}

private func preparePaths(
    of plan: Plan,
    parts: [String: NodePart],
    sourceTypes: [String: String]
) -> [String: Digest] {
    var paths: [String: Digest] = [:]
    for start in plan.nodes(in: .prepare)
    where start.inputs.contains(where: { sourceTypes[$0] != nil }) {
        var fingerprint: Digest?
        var next: PlanNode? = start
        while let node = next {
            let inputs = fingerprint.map { [$0.hex] } ?? inputs(of: node, [:], sourceTypes)
            fingerprint = parts[node.id]?.fingerprint(after: inputs)
            // A validated prepare part is a tree towards its output, so this ends.
            next = plan.nodes(in: .prepare).first { $0.inputs.contains(node.id) }
        }
        paths[start.id] = fingerprint
    }
    return paths
}

private func pipelineDigest(of plan: Plan, byNode: [String: Digest]) -> Digest {
    // Only the order of priorities decides, and only when they differ.
    let priorities = Set(plan.sources.map(\.priority)).sorted()
    var ranks: [String: ConfigValue] = [:]
    if priorities.count > 1 {
        for source in plan.sources {
            ranks[source.name] = .int(priorities.firstIndex(of: source.priority) ?? 0)
        }
    }
    return sha256(
        canonicalJSON(
            .map([
                "stages": .map(byNode.mapValues { .string($0.hex) }),
                "priorities": .map(ranks),
            ])
        )
    )
}
