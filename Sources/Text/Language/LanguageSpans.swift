import CCLD2
import Records

/// CLD2 sees at most this much at once, so that memory stays bounded.
private let pieceByteCount = 1 << 16

/// The runs of `text` in one language each, in order; text of no known language is in none.
///
/// - Units: ranges are in UTF-8 bytes of `text` and neither start nor end with white space.
func languageSpans(_ text: UnsafeBufferPointer<UInt8>) -> [LanguageResult.Span] {
    var spans: [LanguageResult.Span] = []
    var start = 0
    while start < text.count {
        let end = pieceEnd(text, from: start)
        appendSpans(of: text, in: start..<end, to: &spans)
        start = end
    }
    return spans
}

private func appendSpans(
    of text: UnsafeBufferPointer<UInt8>,
    in piece: Range<Int>,
    to spans: inout [LanguageResult.Span]
) {
    let slice = UnsafeBufferPointer(rebasing: text[piece])
    guard let base = slice.baseAddress else { return }
    var chunks = [ccld2_chunk](repeating: ccld2_chunk(), count: 256)
    var result = ccld2_result()
    base.withMemoryRebound(to: CChar.self, capacity: slice.count) {
        ccld2_detect($0, Int32(slice.count), nil, &result, &chunks, Int32(chunks.count))
    }
    guard Int(result.valid_bytes) == slice.count else { return }
    for chunk in chunks.prefix(Int(result.chunk_count)) {
        guard let language = languageCode(chunk.code) else { continue }
        let lower = piece.lowerBound + Int(chunk.offset)
        let range = trimmed(text, lower..<min(lower + Int(chunk.count), piece.upperBound))
        guard !range.isEmpty else { continue }
        if let last = spans.last, last.language == language,
            isWhiteSpace(text, last.range.upperBound..<range.lowerBound)
        {
            spans[spans.count - 1].range = last.range.lowerBound..<range.upperBound
        } else {
            spans.append(LanguageResult.Span(range: range, language: language))
        }
    }
}

private func trimmed(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, text[lower] <= 0x20 || text[lower] & 0xC0 == 0x80 { lower += 1 }
    while upper > lower, upper < text.count, text[upper] & 0xC0 == 0x80 { upper -= 1 }
    while upper > lower, text[upper - 1] <= 0x20 { upper -= 1 }
    return lower..<upper
}

private func isWhiteSpace(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    range.allSatisfy { text[$0] <= 0x20 }
}

/// A line end where there is one in reach, else the start of a code point.
private func pieceEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let limit = start + pieceByteCount
    guard limit < text.count else { return text.count }
    if let lineEnd = (start + 1..<limit).last(where: { text[$0 - 1] == 0x0A }) { return lineEnd }
    var end = limit
    while end > start + 1, text[end] & 0xC0 == 0x80 { end -= 1 }
    return end
}
