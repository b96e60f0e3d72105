package import Dataflow
internal import Records
package import Redact

let redactDescriptor = StageDescriptor(
    name: "redact-pii",
    revision: 8,
    summary: "Personal data replaced as a policy says, by typed placeholders such as [EMAIL].",
    phase: .prepare,
    inputs: [.document],
    output: .document,
    parameters: [
        ParameterSpec(
            RedactKey.policy,
            .path,
            isOptional: true,
            summary:
                "A policy file: what is done with which kind of value. Instead of the next two."
        ),
        ParameterSpec(
            RedactKey.kinds,
            .choiceList(PIIKind.allCases.filter { $0 != .custom }.map(\.rawValue)),
            isOptional: true,
            summary: "The kinds of value to replace; all but names, addresses and places."
        ),
        ParameterSpec(
            RedactKey.minimumScore,
            .double(0...1),
            isOptional: true,
            summary: "Candidates the rules are less sure of are left alone; 0.5."
        ),
        ParameterSpec(
            RedactKey.names,
            .choice(ResourceNeed.allCases.map(\.rawValue)),
            default: .string(ResourceNeed.required.rawValue),
            affectsOutput: false,
            summary:
                "Whether PERSON and ADDRESS may be looked for on a machine without the table of names."
        ),
        ParameterSpec(
            RedactKey.keyVariable,
            .string,
            default: .string(""),
            affectsOutput: false,
            summary: "Environment variable with the key of pseudonyms and of the audit's digests."
        ),
    ]
)

package let redactStageName = redactDescriptor.name

enum RedactKey {
    static let policy = "policy"
    static let kinds = "kinds"
    static let minimumScore = "minimum_score"
    static let keyVariable = "key_env"
    static let names = "names"
}

/// The policy of a redact stage: that of its file, or the one its keys stand for.
///
/// - Precondition: ``readingPolicy(_:for:)`` has read the stage's policy file.
package func redactionPolicy(of node: PlanNode) throws(PolicyError) -> RedactionPolicy {
    switch node.configuration[RedactKey.policy] ?? .null {
    case .null: break
    case .string(let path): preconditionFailure("the policy file \(path) was not read")
    case let value: return try redactionPolicy(value)
    }
    var policy = RedactionPolicy()
    if let names = node.configuration[RedactKey.kinds]?.stringListValue {
        policy.kinds = Set(names.compactMap(PIIKind.init(rawValue:)))
    }
    if let score = node.configuration[RedactKey.minimumScore]?.doubleValue {
        policy.threshold = Float(score)
    }
    return policy
}

/// The redactor that a redact stage configures, with its key, and with the table of names where it
/// needs one.
///
/// - Throws: ``StageConstructionError`` for a key that is not there, and for a table of names that is
///   not there and has to be.
package func makePolicyRedactor(_ node: PlanNode) throws -> PolicyRedactor {
    try requireResources(of: node)
    let policy = try redactionPolicy(of: node)
    return try PolicyRedactor(
        policy,
        key: try pseudonymKey(of: node, policy: policy),
        names: policy.needsNames ? NameTableFile.table : nil
    )
}

/// What decides a redact stage's output beside its configuration, for its fingerprint.
package func redactResource(_ node: PlanNode) -> String? {
    guard node.uses == redactDescriptor.name, let policy = try? redactionPolicy(of: node) else {
        return nil
    }
    let key = try? pseudonymKey(of: node, policy: policy)
    let names = policy.needsNames ? NameTableFile.identity : "no names"
    return "policy \(policy.hash.hex), key \(key?.checkValue ?? "none"), \(names)"
}

/// Whether a stage's output may depend on which source a document comes from.
package func dependsOnSource(_ node: PlanNode) -> Bool {
    guard node.uses == redactDescriptor.name, let policy = try? redactionPolicy(of: node) else {
        return false
    }
    return policy.dependsOnSource
}

/// The table of names, where the stage's policy looks for persons or addresses.
func nameResources(of node: PlanNode) -> [StageResource] {
    guard node.uses == redactDescriptor.name, let policy = try? redactionPolicy(of: node),
        policy.needsNames
    else { return [] }
    return [
        StageResource(
            stage: node.id,
            name: "table of names",
            path: NameTableFile.path,
            isThere: NameTableFile.table != nil,
            isOptional: ResourceNeed.of(node, RedactKey.names) == .optional,
            consequence: "most names of persons and places stay in the text",
            remedy: NameTableFile.remedy
        )
    ]
}

extension RedactionPolicy {
    /// Whether a kind of it is found by the table of names.
    package var needsNames: Bool {
        self.kinds.contains(.person) || self.kinds.contains(.address)
    }
}

struct RedactPII: DocumentStage {
    private let redactor: PolicyRedactor
    private let lacksNames: Bool

    init(_ node: PlanNode) throws {
        self.redactor = try makePolicyRedactor(node)
        self.lacksNames = self.redactor.policy.needsNames && NameTableFile.table == nil
    }

    func process(_ document: inout Document) throws(StageError) {
        try redact(&document, by: self.redactor, source: document.source)
        if self.lacksNames { document.warn("name_table_missing") }
    }
}
