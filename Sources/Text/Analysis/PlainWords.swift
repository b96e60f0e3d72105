internal import Bytes

/// Reads the words of a text in their order: lower-cased, Latin letters without diacritics, not stemmed.
///
/// What ``TermAnalyzer`` counts as words without its stems and spellings; for phrases, whose words must
/// stand as they were written.
package struct PlainWords {
    private var scalars = WordScalars()
    private let folding = LatinFolding()

    package init() {}

    /// The words with a space before each and one at the end; empty for a text without words.
    ///
    /// Of a script written without spaces, each scalar is one.
    ///
    /// So a phrase stands in a text where its bytes stand in the text's.
    ///
    /// - Complexity: O(text).
    package mutating func parted(_ text: [UInt8]) -> [UInt8] { self.words(of: text, joins: false) }

    /// The same with scalars of a script without spaces side by side, as ``TermAnalyzer`` wants them.
    package mutating func joined(_ text: [UInt8]) -> [UInt8] { self.words(of: text, joins: true) }

    private mutating func words(of text: [UInt8], joins: Bool) -> [UInt8] {
        var words: [UInt8] = []
        words.reserveCapacity(text.count + 2)
        text.withUnsafeBufferPointer { bytes in
            var last = Place.outside
            var offset = 0
            while offset < bytes.count {
                let (codePoint, length) = decodeUTF8(bytes, at: offset)
                let entry = self.scalars.entry(of: codePoint)
                offset += length
                guard entry.isWord || entry.isMark, let codePoint else {
                    last = .outside
                    continue
                }
                let place = entry.isUnspaced ? Place.unspaced : .word
                let goesOn = last == place && (place == .word || joins)
                if !goesOn {
                    // A mark alone is no word.
                    if entry.isMark, !entry.isWord { continue }
                    words.append(UInt8(ascii: " "))
                }
                self.append(entry, codePoint, to: &words)
                last = place
            }
        }
        if !words.isEmpty { words.append(UInt8(ascii: " ")) }
        return words
    }

    private enum Place { case outside, word, unspaced }

    private func append(_ entry: WordScalars.Entry, _ codePoint: UInt32, to words: inout [UInt8]) {
        if entry.isMark, 0x300...0x36F ~= codePoint { return }
        if codePoint == 0x130 {
            words.append(UInt8(ascii: "i"))
        } else if let letters = self.folding.letters(of: entry.lowercase) {
            words.append(letters.first)
            if letters.second != 0 { words.append(letters.second) }
        } else {
            appendScalar(entry.lowercase, to: &words)
        }
    }
}
