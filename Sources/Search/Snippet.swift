internal import Text

/// A part of a text with the words in it that were searched for.
struct SnippetText {
    var text = ""
    /// UTF-8 bytes of `text`, ascending.
    var marks: [Range<Int>] = []
}

/// Cuts the part of a text that shows best why it was found.
struct Snippet {
    static let byteCountMax = 240
    private static let ellipsis = Array("…".utf8)
    /// Bytes of text before the first word that was searched for.
    private static let leadByteCount = 80

    private let terms: WantedTerms
    /// How rare each term of the query is, in the order of the terms.
    private let weights: [Double]
    private let scratch: QueryScratch

    /// - Parameter terms: Those of the query, by ascending bytes.
    init(_ terms: [FoundTerm], _ scratch: QueryScratch) {
        self.terms = WantedTerms(terms.map(\.term))
        self.weights = terms.map(\.rarity)
        self.scratch = scratch
    }

    /// At most 240 bytes, of whole sentences where they are short enough, else of whole words where there
    /// are any; white space collapsed.
    ///
    /// - Parameter inflections: Those of the text's language.
    func cut(_ text: [UInt8], in inflections: LightStemmer?) -> SnippetText {
        let room = Self.byteCountMax - 2 * Self.ellipsis.count
        let start = self.start(in: text, inflections, room: room)
        let end = Self.end(in: text, from: start, room: room)
        var bytes = start > 0 ? Self.ellipsis : []
        bytes += Self.collapsed(text[start..<end])
        if end < text.count { bytes += Self.ellipsis }
        return SnippetText(
            text: String(decoding: bytes, as: UTF8.self),
            marks: self.marks(in: bytes, inflections)
        )
    }

    /// Where the words that were searched for are, without the signs around them.
    private func marks(in text: [UInt8], _ inflections: LightStemmer?) -> [Range<Int>] {
        var marks: [Range<Int>] = []
        for occurrence in self.occurrences(in: text, inflections) {
            let isSign: (Int) -> Bool = { text[$0] < 0x80 && !text[$0].isASCIIWord }
            var range = occurrence.range
            while let first = range.first, isSign(first) { range.removeFirst() }
            while let last = range.last, isSign(last) { range.removeLast() }
            if !range.isEmpty, marks.last != range { marks.append(range) }
        }
        return marks
    }

    private struct Occurrence {
        let range: Range<Int>
        /// Which term of the query.
        let term: Int
    }

    /// Where the window begins that holds the greatest weight of distinct terms.
    private func start(in text: [UInt8], _ inflections: LightStemmer?, room: Int) -> Int {
        let found = self.occurrences(in: text, inflections)
        var best = (start: 0, weight: 0.0)
        // The last window that each term was seen in.
        var windows = [Int](repeating: -1, count: self.weights.count)
        for (index, first) in found.enumerated() {
            let start = first.range.lowerBound
            var weight = 0.0
            for other in found[index...] {
                guard other.range.upperBound <= start + room - Self.leadByteCount else { break }
                if windows[other.term] != index { weight += self.weights[other.term] }
                windows[other.term] = index
            }
            if weight > best.weight { best = (start, weight) }
        }
        let near = best.start - Self.leadByteCount
        return Self.sentenceStart(in: text, near: near, atMost: best.start)
            ?? Self.wordStart(in: text, near: near, atMost: best.start)
    }

    /// Where the sentence of the byte at `limit` starts, unless that is before `position`.
    private static func sentenceStart(
        in text: [UInt8],
        near position: Int,
        atMost limit: Int
    ) -> Int? {
        guard position > 0 else { return 0 }
        return (position...max(position, limit)).last {
            Self.isSpace(text[$0 - 1]) && !Self.isSpace(text[$0]) && Self.endsSentence(text[..<$0])
        }
    }

    /// Whether the text ends with the sign of a sentence's end and white space, or with a line's end.
    private static func endsSentence(_ text: ArraySlice<UInt8>) -> Bool {
        guard let last = text.last(where: { !Self.isSpace($0) }) else { return true }
        return [UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?")].contains(last)
            || text.suffix(2) == [0x0A, 0x0A]
    }

    /// The words of the text whose terms the query has.
    private func occurrences(in text: [UInt8], _ inflections: LightStemmer?) -> [Occurrence] {
        guard !self.terms.isEmpty else { return [] }
        var places: [Int] = []
        var found: [Occurrence] = []
        text.withUnsafeBufferPointer { bytes in
            for range in Self.words(bytes) {
                let word = UnsafeBufferPointer(rebasing: bytes[range])
                self.scratch.analyzer.find(self.terms, in: word, of: inflections, into: &places)
                for place in places { found.append(Occurrence(range: range, term: place)) }
            }
        }
        return found
    }

    /// Runs between white space, so that spellings with signs stay whole; long ones in pieces of
    /// whole scalars.
    private static func words(_ bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        for index in 0...bytes.count {
            let isWord = index < bytes.count && bytes[index] > 0x20
            if let first = start {
                let isLong =
                    index - first >= 48 && index < bytes.count && bytes[index] & 0xC0 != 0x80
                if !isWord || isLong {
                    words.append(first..<index)
                    start = isWord ? index : nil
                }
            } else if isWord {
                start = index
            }
        }
        return words
    }

    /// The first word start from `position` on, at most `limit`.
    private static func wordStart(in text: [UInt8], near position: Int, atMost limit: Int) -> Int {
        guard position > 0 else { return 0 }
        for index in position...max(position, limit) where Self.isSpace(text[index - 1]) {
            return index
        }
        var start = position
        while start < limit, text[start] & 0xC0 == 0x80 { start += 1 }
        return start
    }

    /// The last word end within `room`; the last scalar end where one word fills the room.
    private static func end(in text: [UInt8], from start: Int, room: Int) -> Int {
        guard text.count - start > room else { return text.count }
        var end = start + room
        while end > start, text[end] & 0xC0 == 0x80 { end -= 1 }
        var cut = end
        while cut > start + room * 2 / 3 {
            if Self.isSpace(text[cut]), Self.endsSentence(text[...cut]) { return cut }
            cut -= 1
        }
        cut = end
        while cut > start + room / 2 {
            if Self.isSpace(text[cut]) { return cut }
            cut -= 1
        }
        return end
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D) ~= byte }

    private static func collapsed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var collapsed: [UInt8] = []
        for byte in bytes {
            guard Self.isSpace(byte) else {
                collapsed.append(byte)
                continue
            }
            if let last = collapsed.last, last != 0x20 { collapsed.append(0x20) }
        }
        if collapsed.last == 0x20 { collapsed.removeLast() }
        return collapsed
    }
}

extension UInt8 {
    fileprivate var isASCIIWord: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
