package import Dataflow
package import Redact

/// A policy file as it was read.
package struct PolicyFile: Sendable {
    package let path: String
    package let policy: RedactionPolicy
    /// The policy in full, for a plan.
    let value: ConfigValue
    private let file: ConfigFile

    /// - Throws: ``PipelineError`` with the line of what is wrong.
    package init(path: String) throws(PipelineError) {
        let file = try readConfigFile(path: path)
        self.path = path
        self.file = file
        self.value = file.value
        do {
            self.policy = try redactionPolicy(file.value)
        } catch {
            throw PipelineError(diagnostics: [error.diagnostic(in: file)])
        }
    }

    /// The stages with this policy in every redact stage, whatever they had.
    ///
    /// - Throws: ``PipelineError`` for a key or a table of names that is not there.
    package func replacing(in nodes: [PlanNode]) throws(PipelineError) -> [PlanNode] {
        var nodes = nodes
        for index in nodes.indices where nodes[index].uses == redactDescriptor.name {
            nodes[index].configuration[RedactKey.policy] = self.value
            nodes[index].configuration[RedactKey.kinds] = .null
            nodes[index].configuration[RedactKey.minimumScore] = .null
            try requireMeans(of: nodes[index])
        }
        return nodes
    }

    /// The cases that do not come out as they say, with their lines.
    package func failedCases() -> [(failure: FailedCase, place: Diagnostic)] {
        let names = self.policy.needsNames ? NameTableFile.table : nil
        let lacksNames = self.policy.needsNames && names == nil
        return self.policy.failedCases(names: names).map { failure in
            let message =
                "case \(failure.index + 1) does not come out as it says"
                + (lacksNames ? "; the table of names is missing: \(NameTableFile.remedy)" : "")
            return (failure, self.file.diagnostic(at: ["cases", "\(failure.index)"], message))
        }
    }
}

/// What a plan's policies are read for.
package enum PolicyUse: Sendable {
    /// To redact: the cases of every policy have to come out, and what it needs has to be there.
    case redaction
    /// To look at what was redacted, which takes none of this.
    case inspection
}

/// The plan with the content of its policy files in the place of their paths, so that every process
/// of a run has the same policy whatever becomes of the files.
///
/// - Throws: as ``readingPolicy(_:for:)``.
package func readingPolicies(_ plan: Plan, for use: PolicyUse) throws(PipelineError) -> Plan {
    var plan = plan
    for index in plan.nodes.indices {
        plan.nodes[index] = try readingPolicy(plan.nodes[index], for: use)
    }
    return plan
}

/// The stage with its policy file's content in the place of its path.
///
/// - Throws: ``PipelineError`` for a policy that cannot be read or says what a policy may not, with
///   the line; before redaction also for a case that fails, and for a key or a table of names that is
///   not there.
package func readingPolicy(
    _ node: PlanNode,
    for use: PolicyUse = .redaction
) throws(PipelineError) -> PlanNode {
    guard node.uses == redactDescriptor.name else { return node }
    var node = node
    var file: PolicyFile?
    if let path = node.configuration[RedactKey.policy]?.stringValue {
        for key in [RedactKey.kinds, RedactKey.minimumScore]
        where node.configuration[key] ?? .null != .null {
            throw failure(node, "'\(key)' is for stages without a policy; say it in \(path)")
        }
        let read = try PolicyFile(path: path)
        node.configuration[RedactKey.policy] = read.value
        file = read
    }
    guard use == .redaction else { return node }
    // Without the table of names a case of a person fails: the cause is told before the case.
    try requireMeans(of: node)
    if let file { try requireCases(of: file) }
    return node
}

private func requireCases(of file: PolicyFile) throws(PipelineError) {
    let failed = file.failedCases()
    guard !failed.isEmpty else { return }
    throw PipelineError(
        diagnostics: failed.map { _, place in
            var place = place
            place.message += "; 'millrace policy test \(file.path)' shows how"
            return place
        }
    )
}

/// The key of pseudonyms and the table of names.
///
/// - Precondition: the stage's policy was read.
private func requireMeans(of node: PlanNode) throws(PipelineError) {
    do {
        try requireResources(of: node)
        _ = try pseudonymKey(of: node, policy: try redactionPolicy(of: node))
    } catch let error as StageConstructionError {
        throw failure(node, error.message)
    } catch {
        throw failure(node, "\(error)")
    }
}

private func failure(_ node: PlanNode, _ message: String) -> PipelineError {
    PipelineError(
        diagnostics: [
            Diagnostic(file: "stage '\(node.id)'", line: 0, column: 0, message: message)
        ]
    )
}
