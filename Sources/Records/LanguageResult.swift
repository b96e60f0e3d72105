/// What the language stage found.
///
/// - Units: `confidence` is 0...1; span ranges are UTF-8 bytes of the text given.
package struct LanguageResult: Hashable, Sendable {
    /// A language and how much of the text is in it, from 0 to 1.
    package struct Candidate: Hashable, Sendable {
        /// ISO 639-1 where there is one, else 639-3, with script where it matters; `und` when unknown.
        package var language: String
        package var share: Float

        package init(language: String, share: Float) {
            self.language = language
            self.share = share
        }
    }

    /// A run of text in one language.
    package struct Span: Hashable, Sendable {
        package var range: Range<Int>
        package var language: String

        package init(range: Range<Int>, language: String) {
            self.range = range
            self.language = language
        }
    }

    package var language: String
    package var confidence: Float
    package var alternatives: [Candidate]
    package var spans: [Span]

    package init(
        language: String,
        confidence: Float,
        alternatives: [Candidate] = [],
        spans: [Span] = []
    ) {
        self.language = language
        self.confidence = confidence
        self.alternatives = alternatives
        self.spans = spans
    }

    package static let undetermined = LanguageResult(language: "und", confidence: 0)
}
