package import Dataflow
internal import Records
package import Text

let languageDescriptor = StageDescriptor(
    name: "detect-language",
    revision: 5,
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
            summary: "The n-gram model beside CLD2; with 'none' CLD2 decides alone."
        ),
        ParameterSpec(
            modelFileKey,
            .choice(ResourceNeed.allCases.map(\.rawValue)),
            default: .string(ResourceNeed.required.rawValue),
            affectsOutput: false,
            summary: "Whether CLD2 may decide alone on a machine without the model's file."
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
            summary: "Languages to keep; documents surely in another are excluded. Empty keeps all."
        ),
        ParameterSpec(
            "drop",
            .stringList,
            default: .list([]),
            summary: "Languages to exclude; und and zxx (code, noise) only where they are listed."
        ),
        ParameterSpec(
            LanguageKey.sureConfidence,
            .double(0...1),
            default: .double(LanguageKey.defaultSureConfidence),
            summary: "'allow', 'drop' and 'quarantine' act on languages named with this or more."
        ),
        ParameterSpec(
            LanguageKey.unsure,
            .choice(["keep", "exclude"]),
            default: .string("keep"),
            summary: "What 'allow' does with documents in no language, or not surely in another."
        ),
        ParameterSpec(
            "quarantine",
            .stringList,
            default: .list([]),
            summary: "Languages to set aside as dead letters; it goes before 'drop' and 'allow'."
        ),
    ]
)

private enum LanguageKey {
    static let sureConfidence = "sure_confidence"
    /// Below it a tenth of the languages named for the development set's sentences are wrong.
    static let defaultSureConfidence = 0.7
    static let unsure = "unsure"
}

package let languageStageName = languageDescriptor.name

private let modelFileKey = "model_file"

/// The detector a language stage configures; degraded when its n-gram model is not there and need not
/// be.
///
/// - Throws: ``StageConstructionError`` when the fastText model it names cannot be used, and when its
///   n-gram model is not there and has to be.
package func languageDetector(
    of node: PlanNode
) throws(StageConstructionError) -> LanguageDetector {
    try requireResources(of: node)
    return LanguageDetector(
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

/// The n-gram model, where the stage weighs one.
func languageResources(of node: PlanNode) -> [StageResource] {
    guard node.uses == languageDescriptor.name, languageModelChoice(node) != .none else {
        return []
    }
    return [
        StageResource(
            stage: node.id,
            name: "language model \(languageModelChoice(node).rawValue)",
            path: LanguageModelChoice.path,
            isThere: languageModelChoice(node).model != nil,
            isOptional: ResourceNeed.of(node, modelFileKey) == .optional,
            consequence: "CLD2 decides alone, less well",
            remedy: LanguageModelChoice.remedy
        )
    ]
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
    private let sureConfidence: Float
    private let keepsUnsure: Bool

    init(_ node: PlanNode) throws(StageConstructionError) {
        let parameters = node.parameters
        self.detector = try languageDetector(of: node)
        self.wantsModel = languageModelChoice(node) != .none
        self.allowed = parameters.strings("allow")
        self.dropped = parameters.strings("drop")
        self.quarantined = parameters.strings("quarantine")
        self.sureConfidence = Float(
            parameters.double(
                LanguageKey.sureConfidence,
                default: LanguageKey.defaultSureConfidence
            )
        )
        self.keepsUnsure = parameters.string(LanguageKey.unsure, default: "keep") == "keep"
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
        guard !self.isIn(self.quarantined, result) else {
            throw StageError(
                .quarantined,
                "language '\(result.language)' is in 'quarantine': look at the document, then change "
                    + "the list or the source"
            )
        }
        guard !self.isIn(self.dropped, result) else {
            throw StageError(.excluded, "language '\(result.language)' is in 'drop'")
        }
        guard self.isAllowed(result) else {
            throw StageError(.excluded, "language '\(result.language)' is not in 'allow'")
        }
    }

    /// Whether the language is surely one of `list`.
    ///
    /// What is in no language or an unknown one is in a list that names `zxx` or `und`; how sure `und`
    /// is means nothing.
    private func isIn(_ list: [String], _ result: LanguageResult) -> Bool {
        list.contains { covers($0, result.language) }
            && (result.language == "und" || result.confidence >= self.sureConfidence)
    }

    /// Whether 'allow' keeps the document: its language is listed, or it is not surely in another.
    private func isAllowed(_ result: LanguageResult) -> Bool {
        if self.allowed.isEmpty || self.allowed.contains(where: { covers($0, result.language) }) {
            return true
        }
        let isOther =
            !["und", "zxx"].contains(result.language) && result.confidence >= self.sureConfidence
        return !isOther && self.keepsUnsure
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
