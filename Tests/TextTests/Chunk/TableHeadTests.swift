import Records
import Testing

@testable import Text

@Suite struct TableHeadTests {
    private static func table(_ rows: Int, header: String = "| Pump | Flow |") -> TestDocument {
        var document = TestDocument()
        document.add(.paragraph, "All pumps.")
        let lines = (0..<rows).map { "| p\($0) | \($0) l |" }
        document.add(.table, ([header, "| --- | --- |"] + lines).joined(separator: "\n"))
        return document
    }

    private static func texts(_ document: TestDocument, _ cutter: ChunkCutter) -> [String] {
        document.cut(cutter).map { cut in
            let header = cut.header.map {
                String(decoding: document.text[$0.bytes], as: UTF8.self) + "\n"
            }
            return (header ?? "") + String(decoding: document.text[cut.range], as: UTF8.self)
        }
    }

    @Test(arguments: [24, 40, 100]) func everyChunkOfALongTableHasItsHeader(maximum: Int) {
        let document = Self.table(40)
        let cutter = ChunkCutter(maximumTokens: maximum)
        let texts = Self.texts(document, cutter)
        #expect(texts.count > 2)
        for text in texts where text.contains("| p") {
            #expect(text.contains("| Pump | Flow |"))
            #expect(simpleTokenStarts(Array(text.utf8)).count <= maximum)
        }
        #expect(
            document.cut(cutter).map(\.range).reduce(0) { $0 + $1.count } <= document.text.count
        )
    }

    @Test func overlapRepeatsRowsAndNotTheHeader() {
        let document = Self.table(40)
        for cut in document.cut(ChunkCutter(maximumTokens: 40, overlapTokens: 12)) {
            guard let header = cut.header else { continue }
            #expect(cut.range.lowerBound > header.bytes.upperBound)
            #expect(cut.tokenRange.count + header.tokens.count <= 40)
        }
    }

    @Test func aTableThatFitsIsNotCut() {
        let document = Self.table(3)
        #expect(document.cut(ChunkCutter(maximumTokens: 100)).allSatisfy { $0.header == nil })
    }

    @Test(arguments: ["| | |", "| \(String(repeating: "word ", count: 40)) | b |"])
    func aHeaderThatSaysNothingOrFillsTheBudgetIsNotCarried(header: String) {
        let document = Self.table(40, header: header)
        #expect(document.cut(ChunkCutter(maximumTokens: 60)).allSatisfy { $0.header == nil })
    }
}
