import Foundation
import Testing

@testable import Embedding

@Suite("WordPiece tokeniser")
struct WordPieceTokenizerTests {
    /// Pieces for the tests below, the id being the position.
    private static let pieces = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##aff", "##able", "##a", "##b", "a",
        "b", "hello", "world", "!", "[", "]", "cls", "##ff", "中", "é", "e", "\u{1100}",
        "##\u{1161}", "##\u{11A8}", "=", "##c",
    ]

    private func tokenizer(
        _ options: WordPieceTokenizer.Options = .init()
    ) throws -> WordPieceTokenizer {
        let text = Self.pieces.joined(separator: "\n") + "\n"
        return try WordPieceTokenizer(vocabulary: Array(text.utf8), options: options)
    }

    private func names(_ text: String, _ tokenizer: WordPieceTokenizer) -> [String] {
        tokenizer.encode(Array(text.utf8)).ids.map { Self.pieces[Int($0)] }
    }

    @Test(arguments: [
        ("", ""), (" \n\t\r ", ""), ("hello", "hello"), ("HELLO world!", "hello world !"),
        ("unaffable", "un ##aff ##able"), ("unaffablex", "[UNK]"), ("x hello", "[UNK] hello"),
        ("he\u{0}ll\u{AD}o", "hello"), ("hello\u{0}", "hello"), ("\u{0}", ""), ("中中", "中 中"),
        ("a中b", "a 中 b"), ("É", "e"), ("e\u{301}", "e"), ("\u{301}", ""),
        ("각", "\u{1100} ##\u{1161} ##\u{11A8}"),
        ("≠", "="), ("a≠b", "a = b"), ("[CLS]", "[CLS]"), ("a[SEP]b", "a [SEP] b"),
        ("[cls]", "[ cls ]"), ("[CLS", "[ cls"), ("[[CLS]]", "[ [CLS] ]"),
        ("ab\u{85}ab", "a ##b ##a ##b"), ("a\u{2028}b", "a b"), ("a\u{FFFD}b", "a ##b"),
    ])
    func textBecomesPieces(text: String, expected: String) throws {
        let found = self.names(text, try self.tokenizer()).joined(separator: " ")
        #expect(found == expected)
    }

    @Test func specialTokensInTextAreWordsWhenNotMatched() throws {
        let tokenizer = try self.tokenizer(.init(matchesSpecials: false))
        #expect(self.names("[CLS]", tokenizer) == ["[", "cls", "]"])
        #expect(tokenizer.identity.hasSuffix(":plain"))
    }

    @Test(arguments: [1, 2, 15, 16, 17, 18, 99, 100, 101, 102, 5_000])
    func wordsOverAHundredCharactersAreUnknown(count: Int) throws {
        let tokenizer = try self.tokenizer()
        for text in [String(repeating: "a", count: count), String(repeating: "á", count: count)] {
            let tokens = tokenizer.encode(Array("a \(text) b".utf8))
            #expect(tokens.count == (count > 100 ? 3 : count + 2))
            #expect(tokens.ids[1] == (count > 100 ? tokenizer.unknownID : 10))
            #expect(tokens.ends[tokens.count - 2] == Int32(2 + text.utf8.count))
            #expect(tokens.starts.last == Int32(3 + text.utf8.count))
        }
    }

    @Test func offsetsPointIntoTheOriginalText() throws {
        let text = "  Un\u{0}AFFable É中 e\u{301}! a\u{301}b\u{308} 각 ab=\u{338}"
        let bytes = Array(text.utf8)
        let tokens = try self.tokenizer().encode(bytes)
        let parts = zip(tokens.starts, tokens.ends).map {
            String(decoding: bytes[Int($0)..<Int($1)], as: UTF8.self)
        }
        #expect(
            parts == [
                "Un", "AFF", "able", "É", "中", "e\u{301}", "!", "a\u{301}", "b\u{308}",
                "각", "각", "각", "a", "b", "=\u{338}",
            ]
        )
    }

    @Test(
        arguments: [
            [0xFF], [0xC3], [0xE4, 0xB8], [0xF0, 0x9F, 0x98], [0xC0, 0x80], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0x80, 0x80], [0xE0, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func illFormedBytesAreDropped(bytes: [UInt8]) throws {
        let tokenizer = try self.tokenizer()
        let a = UInt8(ascii: "a")
        let tokens = tokenizer.encode([a] + bytes + [a] + bytes)
        #expect(tokens.ids == tokenizer.encode([a, a]).ids)
        #expect(tokens.starts == [0, Int32(1 + bytes.count)])
    }

    @Test func encodingAppendsAndIsTheSameWithAWarmCache() throws {
        let tokenizer = try self.tokenizer()
        var output = TokenizedText()
        let text = Array("hello unaffable worldxyz 각 hello".utf8)
        for _ in 0..<2 { text.withUnsafeBufferPointer { tokenizer.encode($0, into: &output) } }
        let half = output.count / 2
        #expect(Array(output.ids[..<half]) == Array(output.ids[half...]))
        #expect(Array(output.starts[..<half]) == Array(output.starts[half...]))
    }

    @Test(arguments: ["", "a\nb\na\n[UNK]\n"])
    func damagedVocabulariesAreRefused(text: String) {
        #expect {
            try WordPieceTokenizer(vocabulary: Array(text.utf8))
        } throws: { ($0 as? EmbeddingError)?.code == .damagedModel }
    }

    @Test func vocabulariesWithoutUnknownAreRefused() {
        #expect {
            try WordPieceTokenizer(vocabulary: Array("a\nb\n".utf8))
        } throws: { ($0 as? EmbeddingError)?.code == .unsupportedModel }
    }

    /// The obvious tokeniser: every prefix of every word looked up in a dictionary.
    @Test func piecesAreTheLongestThatMatch() throws {
        let tokenizer = try self.tokenizer()
        let ids = Dictionary(uniqueKeysWithValues: Self.pieces.enumerated().map { ($1, $0) })
        var random = SplitMix64(state: 7)
        for _ in 0..<2_000 {
            let letters = (0..<Int.random(in: 1...22, using: &random)).map { _ in
                "abcf".randomElement(using: &random) ?? "a"
            }
            #expect(
                tokenizer.encode(Array(String(letters).utf8)).ids == greedyPieces(letters, ids),
                "\(String(letters))"
            )
        }
    }

    private func greedyPieces(_ word: [Character], _ ids: [String: Int]) -> [Int32] {
        var found: [Int32] = []
        var start = 0
        while start < word.count {
            let ends = (start + 1...word.count).reversed()
            let match = ends.first { end in
                ids[(start > 0 ? "##" : "") + String(word[start..<end])] != nil
            }
            guard let match else { return [1] }
            found.append(Int32(ids[(start > 0 ? "##" : "") + String(word[start..<match])] ?? 1))
            start = match
        }
        return found
    }
}
