package import Dataflow
internal import Records
package import Text

let redactDescriptor = StageDescriptor(
    name: "redact-pii",
    revision: 1,
    summary: "Personal data replaced by typed placeholders such as [EMAIL].",
    phase: .prepare,
    inputs: [.document],
    output: .document,
    parameters: [
        ParameterSpec(
            "kinds",
            .choiceList(PIIKind.allCases.map(\.rawValue)),
            default: .list(PIIKind.allCases.map { .string($0.rawValue) }),
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

/// The scanner a redact stage configures.
package func makePIIScanner(_ node: PlanNode) throws -> PIIScanner {
    let kinds = try node.parameters.strings("kinds").map { name in
        guard let kind = PIIKind(rawValue: name) else {
            throw StageConstructionError(stage: node.id, message: "there is no kind '\(name)'")
        }
        return kind
    }
    return PIIScanner(
        kinds: Set(kinds),
        minimumScore: Float(node.parameters.double("minimum_score", default: 0.5))
    )
}

struct RedactPII: DocumentStage {
    private let scanner: PIIScanner

    init(_ node: PlanNode) throws { self.scanner = try makePIIScanner(node) }

    func process(_ document: inout Document) throws(StageError) {
        redact(&document, scanner: self.scanner)
    }
}
