import Testing

@testable import Embedding

/// The longest match against a search through all pieces, on vocabularies of few letters, where beginnings,
/// continuations and pieces of each other are common.
@Suite("WordPiece vocabulary")
struct WordPieceVocabularyTests {
    private static func word(_ random: inout SplitMix64, _ lengths: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: lengths, using: &random)).map { _ in
            UInt8.random(in: 0x61...0x63, using: &random)
        }
    }

    private static func slowMatch(
        _ pieces: [[UInt8]: Int32],
        _ rest: ArraySlice<UInt8>,
        _ place: WordPieceVocabulary.Place
    ) -> (token: Int32, end: Int) {
        for end in stride(from: rest.endIndex, to: rest.startIndex, by: -1) {
            let sign: [UInt8] = place == .continuation ? [0x23, 0x23] : []
            if let token = pieces[sign + rest[rest.startIndex..<end]] { return (token, end) }
        }
        return (WordPieceVocabulary.absent, rest.startIndex)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func longestMatchIsThatOfASearchThroughAllPieces(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        var pieces: [[UInt8]: Int32] = [:]
        var text: [UInt8] = []
        for _ in 0..<300 {
            let sign: [UInt8] = Bool.random(using: &random) ? [0x23, 0x23] : []
            let piece = sign + Self.word(&random, 1...7)
            guard pieces[piece] == nil else { continue }
            pieces[piece] = Int32(pieces.count)
            text += piece + [0x0A]
        }
        let vocabulary = try WordPieceVocabulary(text: text)
        #expect(vocabulary.pieceCount == pieces.count)
        var found = 0
        for _ in 0..<300 {
            let word = Self.word(&random, 1...12)
            for start in word.indices {
                for place in [WordPieceVocabulary.Place.wordStart, .continuation] {
                    let match = word.withUnsafeBufferPointer {
                        vocabulary.longestMatch($0, from: start, place)
                    }
                    #expect(match == Self.slowMatch(pieces, word[start...], place))
                    found += match.token == WordPieceVocabulary.absent ? 0 : 1
                }
            }
        }
        #expect(found > 1_000)
    }

    /// Ids are line numbers: an empty line, a carriage return and a last line without an end change none.
    @Test func lineNumbersAreIDs() throws {
        let vocabulary = try WordPieceVocabulary(text: Array("one\r\n\n##\n##two\nthree".utf8))
        #expect(vocabulary.pieceCount == 5)
        let ids = ["one", "##", "##two", "three", "two", ""].map { vocabulary.id(of: $0) }
        #expect(ids == [0, 2, 3, 4, nil, nil])
        // Lengths 3, 0, 2, 5 and 5.
        #expect(vocabulary.pieceLengthMedian == 3)
    }
}
