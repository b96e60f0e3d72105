import Hashing
import Records
import Testing

@testable import Text

@Suite struct SignatureBuilderTests {
    @Test(arguments: [
        ("", ""),
        (" \n\t.,;-", ""),
        ("Hello, World_1!", "hello world_1"),
        ("a", "a"),
        ("don't stop", "don t stop"),
        ("x\u{301}y", "x y"),
        ("É\u{301}", "é"),
        ("ÄÖÜ straße", "äöü straße"),
        ("İstanbul", "i stanbul"),
        // Final sigma, medial sigma, a sigma alone, and one before an apostrophe.
        ("ΟΔΟΣ ΣΑΣ Σ ΟΔΟΣ'", "οδος σας σ οδος"),
        ("ΑΣ\u{301}Β", "ας β".replacing("ς", with: "σ")),
        ("½ ² ٣ Ⅷ ① 五", "½ ² ٣ ⅷ ① 五"),
        ("中文字 かな", "中文字 かな"),
        ("हिन्दी", "ह न द"),
        ("𝐀𐐀", "𝐀𐐨"),
        ("a\u{200B}b\u{AD}c", "a b c"),
        ("ⱥȺ", "ⱥⱥ"),
    ])
    func tokensFollowTheWordRule(text: String, expected: String) {
        var tokens = NormalisedTokens()
        Array(text.utf8).withUnsafeBufferPointer { tokens.read($0) }
        #expect(tokens.text == expected)
        #expect(tokens.ends.count == expected.split(separator: " ").count)
        var builder = SignatureBuilder()
        #expect(builder.signature(of: text).exact == sha256(expected))
    }

    @Test func malformedBytesSeparateTokensAndReadNothingBeyondTheEnd() {
        let cases: [([UInt8], String)] = [
            ([0x61, 0xFF, 0x62], "a b"), ([0x61, 0xC3], "a"), ([0xE4, 0xB8], ""),
            ([0x80, 0x61], "a"), ([0xF0, 0x9F, 0x98, 0x61], "a"), ([0xED, 0xA0, 0x80], ""),
        ]
        for (bytes, expected) in cases {
            var tokens = NormalisedTokens()
            bytes.withUnsafeBufferPointer { tokens.read($0) }
            #expect(tokens.text == expected, "\(bytes)")
        }
    }

    @Test(arguments: [0, 1, 2, 4, 5, 6, 9, 600])
    func shinglesAreFiveTokensOrTheWholeShortDocument(tokenCount: Int) {
        var builder = SignatureBuilder()
        let words = (0..<tokenCount).map { "word\($0)" }
        let signature = builder.signature(of: words.joined(separator: " "))
        let shingles = builder.shingles(of: words.joined(separator: " "))
        let expected = tokenCount == 0 ? 0 : max(1, tokenCount - 4)
        #expect(shingles.count == expected)
        #expect(shingles == Array(Set(shingles)).sorted())
        let minimums = MinHash.minimums(of: shingles)
        #expect(signature.bandKeys == BandKey.stored(BandKey.whole(ofMinimums: minimums)))
        #expect(minimums.count == (tokenCount == 0 ? 0 : 126))
        #expect(signature.bandKeys.count == (tokenCount == 0 ? 0 : 21))
    }

    @Test func repeatedShinglesCountOnce() {
        var builder = SignatureBuilder()
        let text = Array(repeating: "one two three", count: 400).joined(separator: " ")
        #expect(builder.shingles(of: text).count == 3)
    }

    @Test func aShingleDependsOnTheOrderAndBoundsOfItsTokens() {
        var builder = SignatureBuilder()
        let texts = ["a b c d e", "e d c b a", "ab c d e", "a bc d e", "a b c d", "a b c d e f"]
        let sets = texts.map { builder.shingles(of: $0) }
        #expect(Set(sets).count == texts.count)
        #expect(Set(sets[5]).isSuperset(of: sets[0]))
    }

    /// Tokens of every length around the 8 and 16 byte steps, followed by different bytes.
    @Test(arguments: [1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 100])
    func aTokenHashesTheSameWhateverFollows(length: Int) {
        let token = [UInt8](repeating: UInt8(ascii: "x"), count: length)
        func hash(followedBy byte: UInt8) -> UInt64 {
            (token + [UInt8](repeating: byte, count: 16)).withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return 0 }
                return ShingleHash.token(base, count: length)
            }
        }
        #expect(hash(followedBy: 0) == hash(followedBy: 0xFF))
        #expect(hash(followedBy: 0) != hash(followedBy: UInt8(ascii: "x")) || length > 0)
    }

    @Test func aBuilderGivesTheSameSignatureWhateverCameBefore() {
        var used = SignatureBuilder()
        _ = used.signature(of: String(repeating: "Weißt du, wie viel ", count: 900))
        _ = used.signature(of: "")
        var fresh = SignatureBuilder()
        let text = "Ein kurzer Text mit Ümlauten und Zahlen 123"
        #expect(used.signature(of: text) == fresh.signature(of: text))
    }

    @Test func overTheLimitTheSmallestShinglesStay() {
        var builder = SignatureBuilder()
        let words = (0..<(shingleLimit + 500)).map { "w\($0)" }.joined(separator: " ")
        let shingles = builder.shingles(of: words)
        #expect(shingles.count == shingleLimit)
        // 66,036 hashes spread over 2^32: the largest 500 are gone.
        #expect((shingles.last ?? .max) < UInt32.max / 1000 * 998)
    }

    /// The constants are part of the format: stored signatures must stay comparable.
    ///
    /// The values
    /// come from a second implementation of the documented formulas, written in Python.
    @Test func theSignatureOfAKnownTextNeverChanges() {
        var builder = SignatureBuilder()
        let text = "The quick brown fox jumps over the lazy dog"
        let signature = builder.signature(of: text)
        #expect(
            builder.shingles(of: text) == [
                1_062_719_886, 1_614_763_991, 1_715_544_126, 1_867_979_288, 3_539_705_976,
            ]
        )
        let minimums = MinHash.minimums(of: builder.shingles(of: text))
        #expect(minimums.prefix(3) == [555_053_836, 127_919_597, 496_347_112])
        let keys: [UInt64] = [14_809_521_029_191_609_478, 4_404_629_875_249_910_332]
        #expect(Array(BandKey.whole(ofMinimums: minimums).prefix(2)) == keys)
        #expect(Array(signature.bandKeys.prefix(2)) == keys.map { $0 >> 24 })
    }
}

extension NormalisedTokens {
    var text: String { String(decoding: self.storage.prefix(self.byteCount), as: UTF8.self) }
}
