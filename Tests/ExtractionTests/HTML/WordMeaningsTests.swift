import Testing

@testable import Extraction

@Suite struct WordMeaningsTests {
    private func hash(_ text: String, _ range: Range<Int>) -> UInt64 {
        var text = text
        return text.withUTF8 { wordHash($0, from: range.lowerBound, to: range.upperBound) }
    }

    @Test func aWordHasOneHashWhereverItStandsAndInAnyCase() {
        for word in ["a", "tags", "Newsletter", "RECOMMENDATIONS", "größe", "шрифт8", "分享"] {
            let count = word.utf8.count
            let alone = self.hash(word, 0..<count)
            #expect(self.hash("\(word) and what follows it", 0..<count) == alone)
            #expect(self.hash("before \(word)", 7..<7 + count) == alone)
            let lower = String(
                decoding: word.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 },
                as: UTF8.self
            )
            #expect(self.hash(lower, 0..<count) == alone)
        }
    }

    @Test func bytesBeyondASCIIKeepTheirBits() {
        // C3 84 and C3 A4: the same but for the bit that tells the case of a letter.
        #expect(self.hash("Ä", 0..<2) != self.hash("ä", 0..<2))
        #expect(self.hash("ab", 0..<2) != self.hash("ba", 0..<2))
        #expect(self.hash("ab", 0..<1) != self.hash("ab", 0..<2))
    }

    @Test func theLatestMeaningOfAWordIsAddedToTheOthers() {
        var meanings = WordMeanings<UInt8>(empty: 0)
        for (word, bit) in [("share", 1), ("related", 2), ("share", 4)] as [(String, UInt8)] {
            meanings.update(self.hash(word, 0..<word.utf8.count)) { $0 |= bit }
        }
        #expect(meanings.find(self.hash("share", 0..<5)) == 5)
        #expect(meanings.find(self.hash("related", 0..<7)) == 2)
        #expect(meanings.find(self.hash("relate", 0..<6)) == nil)
    }

    @Test(
        arguments: [
            ("Please SHARE this", 1 << 0), ("sign up", 1 << 1), ("sign  up now", 1 << 1),
            ("sign, up", 0), ("sign-up", 0), ("a sign", 0), ("up sign", 0), ("我分享了", 1 << 0),
            ("Also on the site", 1 << 3), ("shares", 0), ("", 0),
        ] as [(String, UInt64)]
    )
    func aTextHasTheCategoriesOfItsWordsAndPairs(text: String, categories: UInt64) {
        var text = text
        #expect(text.withUTF8 { CallWords.shared.categories(of: $0) } == categories)
    }
}
