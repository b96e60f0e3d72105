import Foundation
import Testing

@testable import Embedding

/// Ids equal to those of Hugging Face tokenizers, line by line, for every family that is run.
@Suite struct TokenizerFamilyTests {
    @Test(arguments: ["roberta", "xlmr", "xlmr5", "llama", "modernbert"])
    func idsEqualTheReferences(family: String) throws {
        let folder = try Golden.folder(family, in: TemporaryFolder())
        let tokenizer = try FileTokenizer(TokenizerJSON(path: folder + "/tokenizer.json"))
        try self.expectIDs(of: family) { tokenizer.ids(of: Array($0.utf8)) }
    }

    private struct Hashes: Decodable {
        var lines: [String]
        var hashes: [String]
    }

    /// Lines of blanks, marks and what is composed: `modernbert` has tokens for runs of blanks.
    @Test func runsOfBlanksAndMarksEqualTheReferences() throws {
        let folder = try Golden.folder("modernbert", in: TemporaryFolder())
        let tokenizer = try FileTokenizer(TokenizerJSON(path: folder + "/tokenizer.json"))
        let golden = try Golden.decode(Hashes.self, "modernbert/own.json")
        #expect(golden.lines.count == 1_000)
        for (place, (line, hash)) in zip(golden.lines, golden.hashes).enumerated() {
            #expect(Golden.hash(tokenizer.ids(of: Array(line.utf8))) == hash, "line \(place)")
        }
    }

    @Test(arguments: ["bertcased", "bertuncased"])
    func idsOfWordPiecesEqualTheReferences(family: String) throws {
        let folder = try Golden.folder(family, in: TemporaryFolder())
        let json = try TokenizerJSON(path: folder + "/tokenizer.json")
        let tokenizer = try WordPieceTokenizer(
            vocabulary: Array(json.pieces().joined(separator: [0x0A])) + [0x0A],
            options: .init(casing: WordPieceCasing(json.json["normalizer"]))
        )
        try self.expectIDs(of: family) { tokenizer.ids(of: Array($0.utf8)) }
    }

    private func expectIDs(of family: String, _ ids: (String) -> [Int32]) throws {
        let hashes = try #require(
            try Golden.decode([String: [String]].self, "hashes.json")[family]
        )
        let lines = try Golden.lines()
        #expect(lines.count == 2_000 && hashes.count == 2_000)
        let wrong = zip(lines, hashes).enumerated().filter {
            Golden.hash(ids($0.element.0)) != $0.element.1
        }
        #expect(wrong.isEmpty, "\(wrong.count) lines, the first \(wrong.first?.offset ?? -1)")
    }

    @Test(arguments: [
        ("{\"type\":\"BertNormalizer\",\"lowercase\":false}", "BertNormalizer"),
        (
            "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"a+\"},\"content\":\"b\"}",
            "regular expression"
        ),
        ("{\"type\":\"Surprise\"}", "Surprise"),
    ])
    func stepsThatAreNotRunAreNamed(json: String, word: String) throws {
        let tree = try #require(JSONTree(Array(json.utf8)))
        let error = #expect(throws: EmbeddingError.self) { try normalizerSteps(tree) }
        #expect(error?.code == .unsupportedModel)
        #expect(error?.message.contains(word) == true)
    }

    @Test func damagedCharacterMapsAreNoCrash() {
        var random = SplitMix64(state: 11)
        for length in 0..<400 {
            var coded = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if length > 4 {
                coded.replaceSubrange(0..<4, with: [UInt8(length / 8 * 4 & 0xFF), 0, 0, 0])
            }
            _ = PrecompiledCharacters(coded)?.normalized("abc é 한 👍🏽 \r\n")
        }
    }
}
