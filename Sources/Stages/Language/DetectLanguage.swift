package import Dataflow
internal import Records
package import Text

let languageDescriptor = StageDescriptor(
    name: "detect-language",
    revision: 4,
    summary: "The language of the text by CLD2 and n-grams; 'und' below the threshold.",
    phase: .prepare,
    inputs: [.document],
    output: .document,
    parameters: [
        ParameterSpec(
            "minimum_confidence",
            .double(0...1),
            default: .double(0.25),
            summary: "Below this the language is 'und'."
        ),
        ParameterSpec(
            "model",
            .choice(LanguageModelChoice.allCases.map(\.rawValue)),
            default: .string(LanguageModelChoice.py3langid.rawValue),
            summary: "The n-gram model beside CLD2; without its file CLD2 decides alone."
        ),
        ParameterSpec(
            "fasttext_model",
            .path,
            isOptional: true,
            summary: "A fastText model (.bin or .ftz) of languages, weighed with the others."
        ),
        ParameterSpec(
            "allow",
            .stringList,
            default: .list([]),
            summary: "Languages to keep; other documents are excluded. Empty keeps all."
        ),
        ParameterSpec(
            "drop",
            .stringList,
            default: .list([]),
            summary: "Languages to exclude, such as zxx for code and noise."
        ),
        ParameterSpec(
            "quarantine",
            .stringList,
            default: .list([]),
            summary: "Languages to set aside as dead letters; it goes before 'drop' and 'allow'."
        ),
    ]
)

package let languageStageName = languageDescriptor.name

/// The detector a language stage configures; degraded when its n-gram model is not there.
///
/// - Throws: ``StageConstructionError`` when the fastText model it names cannot be used.
package func languageDetector(
    of node: PlanNode
) throws(StageConstructionError) -> LanguageDetector {
    LanguageDetector(
        minimumConfidence: Float(node.parameters.double("minimum_confidence", default: 0.25)),
        model: languageModelChoice(node).model,
        fastText: try FastTextFile.named(by: node)?.model
    )
}

/// What decides a language stage's answers beside its configuration, for its fingerprint.
package func languageResource(_ node: PlanNode) -> String? {
    guard node.uses == languageDescriptor.name else { return nil }
    let fastText = (try? FastTextFile.named(by: node))?.sha256
    return languageModelChoice(node).identity + (fastText.map { " " + $0 } ?? "")
}

func languageModelChoice(_ node: PlanNode) -> LanguageModelChoice {
    LanguageModelChoice(rawValue: node.parameters.string("model", default: "")) ?? .py3langid
}

struct DetectLanguage: DocumentStage {
    private let detector: LanguageDetector
    private let wantsModel: Bool
    private let allowed: [String]
    private let dropped: [String]
    private let quarantined: [String]

    init(_ node: PlanNode) throws(StageConstructionError) {
        let parameters = node.parameters
        self.detector = try languageDetector(of: node)
        self.wantsModel = languageModelChoice(node) != .none
        self.allowed = parameters.strings("allow")
        self.dropped = parameters.strings("drop")
        self.quarantined = parameters.strings("quarantine")
    }

    func process(_ document: inout Document) throws(StageError) {
        let hint = document.metadata["language"]
        let result = document.text.withUnsafeBufferPointer { text in
            self.detector.detect(text, hint: hint)
        }
        document.language = result
        if self.wantsModel, self.detector.isDegraded { document.warn("language_model_missing") }
        if let hint, disagrees(result.language, declared: hint) {
            document.warn("language_disagrees")
        }
        guard !self.quarantined.contains(where: { covers($0, result.language) }) else {
            throw StageError(
                .quarantined,
                "language '\(result.language)' is in 'quarantine': look at the document, then change "
                    + "the list or the source"
            )
        }
        let isAllowed =
            self.allowed.isEmpty || self.allowed.contains { covers($0, result.language) }
        guard isAllowed, !self.dropped.contains(where: { covers($0, result.language) }) else {
            let reason = isAllowed ? "is in 'drop'" : "is not in 'allow'"
            throw StageError(.excluded, "language '\(result.language)' \(reason)")
        }
    }
}

/// Whether `language` is `range` or a form of it: `zh` covers `zh-Hans` (RFC 4647 §3.3.1).
private func covers(_ range: String, _ language: String) -> Bool {
    language == range || language.hasPrefix(range + "-")
}

/// Whether a known language is another than the one the document declares.
private func disagrees(_ language: String, declared: String) -> Bool {
    func primary(_ tag: String) -> Substring { tag.prefix { $0 != "-" && $0 != "_" && $0 != "," } }
    let declared = primary(declared).lowercased()
    guard language != "und", language != "zxx", !declared.isEmpty else { return false }
    // Norwegian without more is Bokmål.
    return primary(language) != (declared == "no" ? "nb" : declared)
}
