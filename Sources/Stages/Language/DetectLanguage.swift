package import Dataflow
internal import Records
package import Text

let languageDescriptor = StageDescriptor(
    name: "detect-language",
    revision: 1,
    summary: "The language of the text by CLD2; 'und' below the threshold.",
    phase: .prepare,
    inputs: [.document],
    output: .document,
    parameters: [
        ParameterSpec(
            "minimum_confidence",
            .double(0...1),
            default: .double(0.4),
            summary: "Below this the language is 'und'."
        ),
        ParameterSpec(
            "allow",
            .stringList,
            default: .list([]),
            summary: "Languages to keep; other documents are excluded. Empty keeps all."
        ),
    ]
)

/// The detector a language stage configures.
package func makeLanguageDetector(_ node: PlanNode) -> LanguageDetector {
    LanguageDetector(
        minimumConfidence: Float(node.parameters.double("minimum_confidence", default: 0.4))
    )
}

struct DetectLanguage: DocumentStage {
    private let detector: LanguageDetector
    private let allowed: Set<String>

    init(_ node: PlanNode) {
        let parameters = node.parameters
        self.detector = makeLanguageDetector(node)
        self.allowed = Set(parameters.strings("allow"))
    }

    func process(_ document: inout Document) throws(StageError) {
        let hint = document.metadata["language"]
        let result = document.text.withUnsafeBufferPointer { text in
            self.detector.detect(text, hint: hint)
        }
        document.language = result
        guard self.allowed.isEmpty || self.allowed.contains(result.language) else {
            throw StageError(.excluded, "language '\(result.language)' is not in 'allow'")
        }
    }
}
