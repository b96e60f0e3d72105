package import Dataflow
internal import Records
package import Text

let redactDescriptor = StageDescriptor(
    name: "redact-pii",
    revision: 2,
    summary: "Personal data replaced by typed placeholders such as [EMAIL].",
    phase: .prepare,
    inputs: [.document],
    output: .document,
    parameters: [
        ParameterSpec(
            "kinds",
            .choiceList(PIIKind.allCases.map(\.rawValue)),
            default: .list(PIIKind.structured.map { .string($0.rawValue) }),
            summary: "The kinds of personal data to replace."
        ),
        ParameterSpec(
            "minimum_score",
            .double(0...1),
            default: .double(0.5),
            summary: "Candidates the rules are less sure of are left alone."
        ),
    ]
)

/// The scanner a redact stage configures; it has the table of names where a kind needs it.
package func makePIIScanner(_ node: PlanNode) throws -> PIIScanner {
    let kinds = try redactedKinds(node)
    return PIIScanner(
        kinds: kinds,
        minimumScore: Float(node.parameters.double("minimum_score", default: 0.5)),
        names: needsNames(kinds) ? NameTableFile.table : nil
    )
}

/// What decides a redact stage's output beside its configuration, for its fingerprint.
package func redactResource(_ node: PlanNode) -> String? {
    guard node.uses == redactDescriptor.name, let kinds = try? redactedKinds(node) else {
        return nil
    }
    return needsNames(kinds) ? NameTableFile.identity : nil
}

func redactedKinds(_ node: PlanNode) throws -> Set<PIIKind> {
    let kinds = try node.parameters.strings("kinds").map { name in
        guard let kind = PIIKind(rawValue: name) else {
            throw StageConstructionError(stage: node.id, message: "there is no kind '\(name)'")
        }
        return kind
    }
    return Set(kinds)
}

func needsNames(_ kinds: Set<PIIKind>) -> Bool {
    kinds.contains(.person) || kinds.contains(.address)
}

struct RedactPII: DocumentStage {
    private let scanner: PIIScanner
    private let lacksNames: Bool

    init(_ node: PlanNode) throws {
        self.scanner = try makePIIScanner(node)
        self.lacksNames = needsNames(self.scanner.kinds) && NameTableFile.table == nil
    }

    func process(_ document: inout Document) throws(StageError) {
        redact(&document, scanner: self.scanner)
        if self.lacksNames { document.warn("name_table_missing") }
    }
}
