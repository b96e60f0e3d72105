import CCLD2
package import Records

/// Names the language of a text by CLD2 with the tables of all its languages.
///
/// At most ``sampleByteCount`` bytes of prose are looked at, from the start, the middle and the end;
/// fenced code and URLs are passed over.
///
/// - Source: CLD2 (github.com/CLD2Owners/cld2), Debian's `libcld2_full`.
package struct LanguageDetector: Sendable {
    /// More than this does not change the answer: CLD2 is as right after 160 bytes of prose as
    /// after a whole paragraph; the rest is for documents that change language.
    package static let sampleByteCount = 2400
    /// Fewer letter bytes than this are no evidence of any language.
    package static let minimumLetterBytes = 3

    package let minimumConfidence: Float

    /// A detector that answers `und` where its confidence is below `minimumConfidence` (0...1).
    package init(minimumConfidence: Float = 0.5) {
        self.minimumConfidence = minimumConfidence
    }

    /// Whether the full tables are linked: the small ones know neither Xhosa nor Zulu.
    package static func selfTest() -> Bool {
        let sentences = [
            ("xh", "Bonke abantu bazalwa bekhululekile belingana ngesidima nangokweemfanelo."),
            ("zu", "Bonke abantu bazalwa bekhululekile belingana ngesithunzi nangamalungelo."),
        ]
        let detector = LanguageDetector(minimumConfidence: 0)
        return sentences.allSatisfy { language, sentence in
            var sentence = sentence
            return sentence.withUTF8 { detector.detect($0, hint: nil).language } == language
        }
    }

    /// Detects the main language of `text`.
    ///
    /// - Input: UTF-8; `hint` is a declared language such as `de-AT`, a weak prior.
    /// - Output: ``LanguageResult/confidence`` is the calibrated probability that `language` is right;
    ///   the alternatives are the up to three languages found, each with its share of the letters as
    ///   `confidence`; `spans` only when asked for, and then over the whole text.
    /// - Complexity: O(1) calls of CLD2 on bounded input, after one search for code fences; O(n)
    ///   with spans.
    package func detect(
        _ text: UnsafeBufferPointer<UInt8>,
        hint: String?,
        spans: Bool = false
    ) -> LanguageResult {
        let sample = ProseSample(text, maximumByteCount: Self.sampleByteCount)
        let found = sample.bytes.withUnsafeBufferPointer {
            classify($0, hint: Self.sanitised(hint))
        }
        var result = self.decide(found)
        if spans { result.spans = languageSpans(text) }
        return result
    }

    private func decide(_ found: Classification) -> LanguageResult {
        let alternatives = found.languages.map {
            LanguageResult.Candidate(language: $0.language, confidence: Float($0.percent) / 100)
        }
        guard found.letterBytes >= Self.minimumLetterBytes, let best = found.languages.first else {
            return LanguageResult(language: "und", confidence: 0, alternatives: alternatives)
        }
        let confidence = calibratedConfidence(found, best: best)
        return LanguageResult(
            language: confidence >= self.minimumConfidence ? best.language : "und",
            confidence: confidence,
            alternatives: alternatives
        )
    }

    /// CLD2 parses the hint; only what a list of language tags is made of gets there.
    private static func sanitised(_ hint: String?) -> String? {
        guard let hint else { return nil }
        let kept = hint.utf8.prefix(32).map { $0 == 0x5F ? 0x2D : $0 | 0x20 }
        let isTag = kept.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x2C }
        return isTag && !kept.isEmpty ? String(decoding: kept, as: UTF8.self) : nil
    }
}
