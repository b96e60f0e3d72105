internal import Text

/// Cuts the part of a text that shows best why it was found.
struct Snippet {
    static let byteCountMax = 240
    private static let ellipsis = Array("…".utf8)
    /// Bytes of text before the first word that was searched for.
    private static let leadByteCount = 60

    /// How rare each term of the query is.
    let weights: [[UInt8]: Double]
    /// One for all snippets of a query: a new one has its tables to build.
    private var analyzer = TermAnalyzer()

    init(weights: [[UInt8]: Double]) { self.weights = weights }

    /// At most 240 bytes, on word boundaries where there are any, white space collapsed.
    mutating func cut(_ text: [UInt8]) -> String {
        let room = Self.byteCountMax - 2 * Self.ellipsis.count
        let start = self.start(in: text, room: room)
        let end = Self.end(in: text, from: start, room: room)
        var bytes = start > 0 ? Self.ellipsis : []
        bytes += Self.collapsed(text[start..<end])
        if end < text.count { bytes += Self.ellipsis }
        return String(decoding: bytes, as: UTF8.self)
    }

    private struct Occurrence {
        let range: Range<Int>
        let term: [UInt8]
    }

    /// Where the window begins that holds the greatest weight of distinct terms.
    private mutating func start(in text: [UInt8], room: Int) -> Int {
        let found = self.occurrences(in: text)
        var best = (start: 0, weight: 0.0)
        for (index, first) in found.enumerated() {
            let start = first.range.lowerBound
            var seen: Set<[UInt8]> = []
            var weight = 0.0
            for other in found[index...] {
                guard other.range.upperBound <= start + room - Self.leadByteCount else { break }
                if seen.insert(other.term).inserted { weight += self.weights[other.term] ?? 0 }
            }
            if weight > best.weight { best = (start, weight) }
        }
        return Self.wordStart(in: text, near: best.start - Self.leadByteCount, atMost: best.start)
    }

    /// The words of the text whose terms the query has.
    private mutating func occurrences(in text: [UInt8]) -> [Occurrence] {
        guard !self.weights.isEmpty else { return [] }
        var counted = TermCounts()
        var found: [Occurrence] = []
        text.withUnsafeBufferPointer { bytes in
            for range in Self.words(bytes) {
                let word = UnsafeBufferPointer(rebasing: bytes[range])
                self.analyzer.analyze(word, into: &counted)
                for index in 0..<counted.termCount {
                    let term = Array(counted.term(at: index))
                    guard self.weights[term] != nil else { continue }
                    found.append(Occurrence(range: range, term: term))
                }
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
