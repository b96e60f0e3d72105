import CCLD2
package import Records

/// Names the language of a text by CLD2 with the tables of all its languages and, where there is
/// one, an n-gram model beside it.
///
/// At most ``sampleByteCount`` bytes of prose are looked at, from the start, the middle and the end;
/// fenced code and URLs are passed over. ``excerptByteCount`` of them name the language of a longer
/// document.
/// Where that is code or a list, the lines between that are prose decide.
///
/// - Source: CLD2 (github.com/CLD2Owners/cld2), Debian's `libcld2_full`; ``NgramModel``.
package struct LanguageDetector: Sendable {
    /// Less of a document does not say surely enough whether it is prose.
    package static let sampleByteCount = 1200
    /// More does not change the language named: CLD2 is as right after 160 bytes of prose as after a
    /// whole paragraph, and these are 160 each from the start, the middle and the end.
    static let excerptByteCount = 480
    /// Fewer letter bytes than this are no evidence of any language.
    package static let minimumLetterBytes = 3

    package let minimumConfidence: Float
    let ngrams: NgramLanguages?
    let fastText: FastTextLanguages?

    /// A detector that answers `und` where its confidence is below `minimumConfidence` (0...1).
    ///
    /// - Parameters:
    ///   - model: without it short texts and close languages are named less surely.
    ///   - fastText: an operator's model, weighed with the others.
    package init(
        minimumConfidence: Float = 0.5,
        model: NgramModel? = nil,
        fastText: FastTextModel? = nil
    ) {
        self.minimumConfidence = minimumConfidence
        self.ngrams = model.map(NgramLanguages.init)
        self.fastText = fastText.map(FastTextLanguages.init)
    }

    /// Whether CLD2 decides without the n-gram model.
    package var isDegraded: Bool { self.ngrams == nil }

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
    /// - Input: UTF-8, NFC; `hint` is a declared language such as `de-AT`, a weak prior.
    /// - Output: a BCP-47 code, with its script for Chinese and Serbian; `zxx` where the text is code,
    ///   numbers or noise; `und` below the threshold. ``LanguageResult/confidence`` is the calibrated
    ///   probability that `language` is right. The alternatives, the up to three languages found, each
    ///   with its share of the text, and the spans over the whole text only with `spans`.
    /// - Complexity: O(1) on bounded input, after one search for code fences; O(n) with spans.
    package func detect(
        _ text: UnsafeBufferPointer<UInt8>,
        hint: String?,
        spans: Bool = false
    ) -> LanguageResult {
        let sample = ProseSample(text, maximumByteCount: Self.sampleByteCount)
        let hint = Self.sanitised(hint)
        var result = sample.bytes.withUnsafeBufferPointer { sample in
            let prose = UnsafeBufferPointer(rebasing: sample[trimmed(sample, 0..<sample.count)])
            guard text.count > Self.sampleByteCount, prose.count > Self.excerptByteCount * 2 else {
                return self.decide(prose, hint: hint, shares: spans)
            }
            let excerpt = ProseSample(prose, maximumByteCount: Self.excerptByteCount)
            return excerpt.bytes.withUnsafeBufferPointer {
                self.decide(prose, excerpt: $0, hint: hint, shares: spans)
            }
        }
        if result.language == "zxx" || result.confidence < 0.5 {
            result = self.ofWords(among: text, hint: hint, shares: spans) ?? result
        }
        if spans { result.spans = self.spans(of: text, main: result.language) }
        return result
    }

    /// The language of the sentences between code, or of the words of tables and lists; nil where
    /// neither is surely in one.
    private func ofWords(
        among text: UnsafeBufferPointer<UInt8>,
        hint: String?,
        shares: Bool
    ) -> LanguageResult? {
        var parts: [(bytes: [UInt8], least: Float)] = []
        if text.count > Self.sampleByteCount / 4,
            let prose = ProseLines(text, maximumByteCount: Self.sampleByteCount)
        {
            let isLong = prose.bytes.count >= ProseLines.sureByteCount
            parts.append((prose.bytes, isLong ? 0.5 : Self.fewWordsConfidence))
        }
        if let cells = CellWords(text) { parts.append((cells.bytes, Self.fewWordsConfidence)) }
        for part in parts {
            let found = part.bytes.withUnsafeBufferPointer {
                self.decide($0, hint: hint, shares: shares)
            }
            if found.language != "zxx", found.language != "und", found.confidence >= part.least {
                return found
            }
        }
        return nil
    }

    /// That of a few words which decide for a text that is mostly something else.
    private static let fewWordsConfidence: Float = 0.8

    func opinion(
        of text: UnsafeBufferPointer<UInt8>,
        excerpt: UnsafeBufferPointer<UInt8>? = nil,
        hint: String?
    ) -> LanguageOpinion {
        LanguageOpinion(
            text,
            excerpt: excerpt,
            ngrams: self.ngrams,
            fastText: self.fastText,
            hint: hint
        )
    }

    private func decide(
        _ sample: UnsafeBufferPointer<UInt8>,
        excerpt: UnsafeBufferPointer<UInt8>? = nil,
        hint: String?,
        shares: Bool
    ) -> LanguageResult {
        let opinion = self.opinion(of: sample, excerpt: excerpt, hint: hint)
        guard opinion.letterBytes >= Self.minimumLetterBytes, let best = opinion.best else {
            return .undetermined
        }
        var result = LanguageResult(language: best.language, confidence: best.confidence)
        if shares {
            result.alternatives = self.shares(of: sample, opinion, best: best.language)
        }
        if opinion.junkProbability > 0.5 {
            result.language = "zxx"
            result.confidence = Float(opinion.junkProbability)
        } else if result.confidence < self.minimumConfidence {
            result.language = "und"
        }
        return result
    }

    /// The languages of the sample, most first, at most three.
    private func shares(
        of sample: UnsafeBufferPointer<UInt8>,
        _ opinion: LanguageOpinion,
        best: String
    ) -> [LanguageResult.Candidate] {
        var shares: [(language: String, bytes: Int)] = []
        func add(_ language: String, _ bytes: Int) {
            if let known = shares.firstIndex(where: { $0.language == language }) {
                shares[known].bytes += bytes
            } else {
                shares.append((language, bytes))
            }
        }
        if opinion.mayBeMixed(byteCount: sample.count) {
            for piece in Self.sharePieces(of: sample) {
                let text = UnsafeBufferPointer(rebasing: sample[piece])
                let found = self.opinion(of: text, hint: nil)
                guard let language = found.best, language.confidence >= Self.pieceConfidence else {
                    continue
                }
                add(language.language, piece.count)
            }
        }
        if shares.isEmpty { add(best, sample.count) }
        let total = shares.reduce(0) { $0 + $1.bytes }
        for other in opinion.tableLanguages
        where !shares.contains(where: { $0.language == other.language }) {
            add(other.language, total * other.percent / 100)
        }
        let whole = Float(max(shares.reduce(0) { $0 + $1.bytes }, 1))
        return shares.sorted {
            $0.bytes != $1.bytes ? $0.bytes > $1.bytes : $0.language < $1.language
        }.prefix(3).map {
            LanguageResult.Candidate(language: $0.language, share: Float($0.bytes) / whole)
        }
    }

    /// All pieces of a short sample, some of a long one.
    private static func sharePieces(of sample: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        guard sample.count > 1024 else { return pieces(of: sample) }
        let all = pieces(of: sample, minimum: 120)
        let step = (all.count + 6) / 7
        return stride(from: step / 2, to: all.count, by: step).map { all[$0] }
    }

    /// A piece of a text that is named less surely says nothing of the whole.
    static let pieceConfidence: Float = 0.5

    /// CLD2 parses the hint; only what a list of language tags is made of gets there.
    private static func sanitised(_ hint: String?) -> String? {
        guard let hint else { return nil }
        let kept = hint.utf8.prefix(32).map { $0 == 0x5F ? 0x2D : $0 | 0x20 }
        let isTag = kept.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x2C }
        return isTag && !kept.isEmpty ? String(decoding: kept, as: UTF8.self) : nil
    }
}
