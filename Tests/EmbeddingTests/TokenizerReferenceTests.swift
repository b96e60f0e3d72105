import Foundation
import Testing

@testable import Embedding

@Suite("Token ids against the references")
struct TokenizerReferenceTests {
    private static let hasMiniLM = SharedData.isPresent && ModelFiles.isPresent("all-MiniLM-L6-v2")
    private static let hasPotion = SharedData.isPresent && ModelFiles.isPresent("potion-base-8M")
    private static let absence: Comment = "needs Ops/fetch-models and shared/data/embed"

    private func tokenizer(_ model: String) throws -> WordPieceTokenizer {
        try WordPieceTokenizer(vocabularyPath: ModelFiles.folder(model) + "/vocab.txt")
    }

    @Test(.enabled(if: hasMiniLM, absence))
    func fuzzedLinesGiveTheSameIds() throws {
        let tokenizer = try self.tokenizer("all-MiniLM-L6-v2")
        let file = try SharedData.decode(
            TokenizerFuzzFile.self,
            from: "tokenizer-fuzz-all-MiniLM-L6-v2.json"
        )
        #expect(file.rows.count == 1_200)
        for (index, row) in file.rows.enumerated() {
            #expect(tokenizer.encode(Array(row.text.utf8)).ids == row.ids, "row \(index)")
        }
    }

    @Test(.enabled(if: hasMiniLM, absence))
    func miniLMReferencesGiveTheSameIds() throws {
        let tokenizer = try self.tokenizer("all-MiniLM-L6-v2")
        let file = try SharedData.decode(
            ReferenceFile.self,
            from: "reference-all-MiniLM-L6-v2.json"
        )
        for (index, row) in file.rows.enumerated() {
            let ids = tokenizer.encode(Array(row.text.utf8)).ids
            #expect([101] + ids.prefix(254) + [102] == row.tokenIds, "row \(index)")
            #expect(ids.count + 2 == row.fullTokenCount, "row \(index)")
        }
    }

    @Test(.enabled(if: hasPotion, absence))
    func potionReferencesGiveTheSameIds() throws {
        let tokenizer = try self.tokenizer("potion-base-8M")
        #expect(tokenizer.pieceLengthMedian == 6)
        let file = try SharedData.decode(ReferenceFile.self, from: "reference-potion-base-8M.json")
        for (index, row) in file.rows.enumerated() {
            let cut = String(String.UnicodeScalarView(row.text.unicodeScalars.prefix(512 * 6)))
            let ids = tokenizer.encode(Array(cut.utf8)).ids.filter { $0 != tokenizer.unknownID }
            #expect(Array(ids.prefix(512)) == row.tokenIds, "row \(index)")
        }
    }

    @Test(.enabled(if: hasMiniLM, absence))
    func aSliceCutAtWhiteSpaceHasTheTokensOfTheWhole() throws {
        let tokenizer = try self.tokenizer("all-MiniLM-L6-v2")
        let file = try SharedData.decode(
            TokenizerFuzzFile.self,
            from: "tokenizer-fuzz-all-MiniLM-L6-v2.json"
        )
        let text = Array(file.rows.prefix(200).map(\.text).joined(separator: " ").utf8)
        let whole = tokenizer.encode(text)
        var random = SplitMix64(state: 3)
        let spaces = text.indices.filter { text[$0] == UInt8(ascii: " ") }
        for _ in 0..<200 {
            let cuts = [spaces.randomElement(using: &random), spaces.randomElement(using: &random)]
            let (start, end) = (
                try #require(cuts.compactMap(\.self).min()),
                try #require(cuts.compactMap(\.self).max())
            )
            let part = tokenizer.encode(Array(text[start..<end]))
            let first = whole.starts.firstIndex { $0 >= start } ?? whole.count
            let last = whole.starts.firstIndex { $0 >= end } ?? whole.count
            #expect(part.ids == Array(whole.ids[first..<last]))
            #expect(part.starts.map { Int($0) + start } == whole.starts[first..<last].map(Int.init))
            #expect(part.ends.map { Int($0) + start } == whole.ends[first..<last].map(Int.init))
        }
    }

    @Test(.enabled(if: hasMiniLM, absence))
    func manyThreadsShareOneTokenizer() throws {
        let tokenizer = try self.tokenizer("all-MiniLM-L6-v2")
        let file = try SharedData.decode(
            TokenizerFuzzFile.self,
            from: "tokenizer-fuzz-all-MiniLM-L6-v2.json"
        )
        let mismatches = Counter()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for row in file.rows.prefix(300)
            where tokenizer.encode(Array(row.text.utf8)).ids != row.ids {
                mismatches.add()
            }
        }
        #expect(mismatches.value == 0)
    }
}
