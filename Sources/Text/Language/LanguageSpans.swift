import CCLD2
import Records

extension LanguageDetector {
    /// Texts up to this long are read in pieces even when CLD2 sees one language in them.
    private static let shortByteCount = 1024

    /// The runs of `text` in one language each, in order; text of no known language is in none.
    ///
    /// - Parameter main: the language of the whole; of a long text only what CLD2 finds in another
    ///   is read piece by piece.
    /// - Units: ranges are in UTF-8 bytes of `text` and neither start nor end with white space.
    func spans(of text: UnsafeBufferPointer<UInt8>, main: String) -> [LanguageResult.Span] {
        let foreign =
            text.count > Self.shortByteCount ? foreignRanges(text, main: main) : [0..<text.count]
        if foreign.isEmpty {
            return [LanguageResult.Span(range: trimmed(text, 0..<text.count), language: main)]
        }
        var spans: [LanguageResult.Span] = []
        var next = 0
        for piece in pieces(of: text) {
            let range = trimmed(text, piece)
            guard !range.isEmpty else { continue }
            while next < foreign.count, foreign[next].upperBound <= range.lowerBound { next += 1 }
            let mayBeForeign =
                next < foreign.count && foreign[next].lowerBound < range.upperBound
            guard let language = mayBeForeign ? self.language(ofPiece: text[range]) : main else {
                continue
            }
            if let last = spans.last, last.language == language,
                isWhiteSpace(text, last.range.upperBound..<range.lowerBound)
            {
                spans[spans.count - 1].range = last.range.lowerBound..<range.upperBound
            } else {
                spans.append(LanguageResult.Span(range: range, language: language))
            }
        }
        return spans
    }

    /// nil for what is no prose, or too little of it.
    private func language(ofPiece piece: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        let found = self.opinion(of: UnsafeBufferPointer(rebasing: piece), hint: nil)
        guard found.letterBytes >= Self.minimumLetterBytes, found.junkProbability <= 0.5,
            let best = found.best, best.confidence >= Self.pieceConfidence
        else { return nil }
        return best.language
    }
}

/// CLD2 sees at most this much at once, so that memory stays bounded.
private let tableByteCount = 1 << 16

/// What CLD2 finds in a language that is neither `main` nor close to it, in order; all of a text that
/// has no main language or is too long.
private func foreignRanges(_ text: UnsafeBufferPointer<UInt8>, main: String) -> [Range<Int>] {
    let base = String(main.prefix { $0 != "-" })
    let whole = [0..<text.count]
    guard base != "und", base != "zxx", text.count <= tableByteCount, let start = text.baseAddress
    else { return whole }
    var chunks = [ccld2_chunk](repeating: ccld2_chunk(), count: 256)
    var result = ccld2_result()
    start.withMemoryRebound(to: CChar.self, capacity: text.count) {
        ccld2_detect($0, Int32(text.count), nil, &result, &chunks, Int32(chunks.count))
    }
    guard Int(result.valid_bytes) == text.count, Int(result.chunk_count) <= chunks.count else {
        return whole
    }
    return chunks.prefix(Int(result.chunk_count)).compactMap { chunk in
        guard let code = languageCode(chunk.code) else { return nil }
        let found = String(code.prefix { $0 != "-" })
        let lower = min(max(Int(chunk.offset), 0), text.count)
        let upper = min(lower + max(Int(chunk.count), 0), text.count)
        guard found != base, lower < upper, !CloseLanguages.known.areClose(found, base) else {
            return nil
        }
        return lower..<upper
    }
}

/// Shorter sentences join the next one: a language cannot be told from less.
let pieceByteCountMinimum = 60
private let pieceByteCountMaximum = 1024

/// The text cut at line ends and sentence ends, and where the script changes between sentences.
///
/// - Parameter minimum: shorter sentences of one line stay together.
func pieces(
    of text: UnsafeBufferPointer<UInt8>,
    minimum: Int = pieceByteCountMinimum
) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    var index = 0
    func cut(at end: Int) {
        guard end > start else { return }
        result.append(start..<end)
        start = end
    }
    var script: UInt8 = 0
    var isSentenceStart = true
    while index < text.count {
        let byte = text[index]
        if isSentenceStart, let found = scriptClass(byte) {
            if script != 0, found != script { cut(at: lastBoundary(text, before: index)) }
            script = found
            isSentenceStart = false
        }
        let width = sentenceEndWidth(text, at: index)
        if width > 0 {
            index += width
            isSentenceStart = true
            if byte == 0x0A || index - start >= minimum {
                cut(at: index)
                script = 0
            }
            continue
        }
        index += 1
        if index - start >= pieceByteCountMaximum,
            text[index - 1] <= 0x20 || isScalarStart(text, index)
        {
            cut(at: index)
        }
    }
    cut(at: text.count)
    return result
}

/// Bytes of the line end or the sentence end at `index`; 0 for none.
private func sentenceEndWidth(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    switch text[index] {
    case 0x0A: return 1
    case 0x21, 0x2E, 0x3F:
        return index + 1 < text.count && text[index + 1] <= 0x20 && text[index + 1] != 0x0A ? 2 : 0
    // `。` and `।`.
    case 0xE3 where index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] == 0x82:
        return 3
    case 0xE0 where index + 2 < text.count && text[index + 1] == 0xA5 && text[index + 2] == 0xA4:
        return 3
    // `！` and `？`.
    case 0xEF
    where index + 2 < text.count && text[index + 1] == 0xBC
        && (text[index + 2] == 0x81 || text[index + 2] == 0x9F):
        return 3
    default: return 0
    }
}

/// Groups of scripts by the first byte of a letter; nil for what is no letter.
private func scriptClass(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5A, 0x61...0x7A, 0xC3...0xC9: 1
    case 0xCE, 0xCF: 2
    case 0xD0...0xD3: 3
    case 0xD4...0xD6: 4
    case 0xD7: 5
    case 0xD8...0xDB: 6
    case 0xE0: 7
    case 0xE1: 8
    case 0xE3: 9
    case 0xE4...0xE9: 9
    case 0xEA...0xED: 10
    default: nil
    }
}

/// After the white space before `index`, or `index`.
private func lastBoundary(_ text: UnsafeBufferPointer<UInt8>, before index: Int) -> Int {
    var boundary = index
    while boundary > 0, text[boundary - 1] > 0x20, text[boundary - 1] < 0x80 { boundary -= 1 }
    return boundary
}

private func isScalarStart(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    index < text.count && text[index] & 0xC0 != 0x80 && text[index] >= 0x80
}

/// `range` without the white space at its ends.
func trimmed(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, text[lower] <= 0x20 { lower += 1 }
    while upper > lower, text[upper - 1] <= 0x20 { upper -= 1 }
    return lower..<upper
}

private func isWhiteSpace(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    range.allSatisfy { text[$0] <= 0x20 }
}
