import Extraction
import Foundation
import Records
import Testing

/// What every extractor promises of its answer: valid UTF-8 in canonical composition, blocks that
/// slice what they claim, in order, with white space between, and the same again from the same bytes.
func expectSound(
    _ content: ExtractedContent,
    seed: UInt64 = 0,
    again: () throws -> ExtractedContent
) {
    let strings = [content.title] + content.metadata.values
    for bytes in [content.markdown, content.text] + strings.map({ Array($0.utf8) }) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            Issue.record("not UTF-8, seed \(seed)")
            continue
        }
        #expect(
            bytes.elementsEqual(text.precomposedStringWithCanonicalMapping.utf8),
            "seed \(seed)"
        )
    }
    #expect(content.blocks.count == content.plainRanges.count, "seed \(seed)")
    expectTiles(content.blocks.map(\.range), content.markdown, seed)
    expectTiles(content.plainRanges, content.text, seed)
    guard let second = try? again() else {
        Issue.record("refused the second time, seed \(seed)")
        return
    }
    #expect(second.markdown == content.markdown && second.text == content.text, "seed \(seed)")
    #expect(second.title == content.title && second.metadata == content.metadata, "seed \(seed)")
    #expect(second.blocks == content.blocks, "seed \(seed)")
    #expect(second.plainRanges == content.plainRanges, "seed \(seed)")
    #expect(second.warnings == content.warnings, "seed \(seed)")
}

/// Ranges are in order, not empty, and only line ends lie between them.
private func expectTiles(_ ranges: [Range<Int>], _ bytes: [UInt8], _ seed: UInt64) {
    var end = 0
    for range in ranges {
        guard range.lowerBound >= end, range.upperBound <= bytes.count else {
            Issue.record("a range out of place, seed \(seed)")
            return
        }
        #expect(!range.isEmpty, "seed \(seed)")
        #expect(bytes[end..<range.lowerBound].allSatisfy { $0 == 0x0A }, "seed \(seed)")
        #expect(String(validating: bytes[range], as: UTF8.self) != nil, "seed \(seed)")
        end = range.upperBound
    }
    #expect(end == bytes.count, "seed \(seed)")
}
