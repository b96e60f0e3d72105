/// Turns the text of a chunk or a query into the terms that BM25 counts.
///
/// A term is a lower-cased run of letters, numbers, `_` and marks, its Latin letters without
/// diacritics. Words of three or more ASCII letters are stemmed as English. Scripts written without
/// spaces give each pair of neighbouring scalars, Hangul whole words. No word is left out, so that
/// lengths are true.
///
/// An analyzer works for one thread at a time and learns the words it meets; keep one for each.
package struct TermAnalyzer {
    /// Goes up when the same text may give other terms: postings of two revisions do not mix.
    package static let revision = 1

    /// The most bytes of one term; what goes beyond is dropped between two scalars.
    package static let termByteLimit = 64

    private var scalars = WordScalars()
    private var stemmer = EnglishStemmer()
    private var table = TermTable()
    private let folding = LatinFolding()
    private let wordBytes = NormalisedTokens.makeWordBytes()

    package init() {}

    /// Replaces `terms` by the terms of `text`.
    ///
    /// - Input: UTF-8; a malformed byte separates words.
    /// - Complexity: O(text) and a sort of the distinct terms.
    package mutating func analyze(
        _ text: UnsafeBufferPointer<UInt8>,
        into terms: inout TermCounts
    ) {
        // Room to load 16 bytes from any place of a term.
        let capacity = Self.termByteLimit + PackedTerm.byteCount
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { buffer in
            guard let bytes = buffer.baseAddress else { return }
            bytes.update(repeating: 0, count: capacity)
            var word = WordBuffer(bytes: bytes)
            self.wordBytes.withUnsafeBufferPointer { wordBytes in
                self.scan(text, wordBytes, &word)
            }
        }
        self.table.move(to: &terms)
    }

    private mutating func scan(
        _ text: UnsafeBufferPointer<UInt8>,
        _ wordBytes: UnsafeBufferPointer<UInt8>,
        _ word: inout WordBuffer
    ) {
        guard let source = text.baseAddress, let table = wordBytes.baseAddress else { return }
        var pair = ScalarPair()
        var offset = 0
        while offset < text.count {
            let byte = table[Int(source[offset])]
            if byte == 0 {
                self.endWord(&word)
                self.endRun(&pair, &word)
                offset &+= 1
            } else if byte != NormalisedTokens.nonASCII {
                self.endRun(&pair, &word)
                offset = word.appendRun(source, from: offset, to: text.count, table)
            } else {
                let (codePoint, length) = decodeUTF8(text, at: offset)
                let entry = self.scalars.entry(of: codePoint)
                self.add(entry, codePoint ?? 0, &pair, &word)
                offset &+= length
            }
        }
        self.endWord(&word)
        self.endRun(&pair, &word)
    }

    private mutating func add(
        _ entry: WordScalars.Entry,
        _ codePoint: UInt32,
        _ pair: inout ScalarPair,
        _ word: inout WordBuffer
    ) {
        guard entry.isWord || entry.isMark else {
            self.endWord(&word)
            self.endRun(&pair, &word)
            return
        }
        if entry.isUnspaced {
            self.endWord(&word)
            self.addPaired(codePoint, &pair, &word)
            return
        }
        self.endRun(&pair, &word)
        if entry.isMark {
            // A mark alone is no word; on Latin, Greek and Cyrillic it is a diacritic.
            let isDiacritic = 0x300...0x36F ~= codePoint
            if word.count > 0, !isDiacritic { word.append(scalar: codePoint) }
        } else if codePoint == 0x130 {
            word.append(UInt8(ascii: "i"))
        } else if let letters = self.folding.letters(of: entry.lowercase) {
            word.append(letters.first)
            if letters.second != 0 { word.append(letters.second) }
        } else {
            word.append(scalar: entry.lowercase)
        }
    }

    private mutating func endWord(_ word: inout WordBuffer) {
        guard word.count > 0 else { return }
        defer { word.removeAll() }
        if word.count > PackedTerm.byteCount {
            if word.isLetters {
                word.count = self.stemmer.stemInPlace(word.bytes, count: word.count)
            }
            let packed = PackedTerm(word.bytes, count: word.count)
            if word.count > PackedTerm.byteCount {
                let bytes = UnsafeBufferPointer(start: word.bytes, count: word.count)
                self.table.add(bytes, packed)
            } else {
                self.table.add(packed, count: word.count)
            }
            return
        }
        let packed = PackedTerm(word.bytes, count: word.count)
        if word.isLetters, word.count >= 3 {
            let stem = self.stemmer.stem(packed, word.bytes, count: word.count)
            self.table.add(stem.packed, count: stem.byteCount)
        } else {
            self.table.add(packed, count: word.count)
        }
    }

    /// Adds the pair of the last scalar of the run and this one.
    private mutating func addPaired(
        _ codePoint: UInt32,
        _ pair: inout ScalarPair,
        _ word: inout WordBuffer
    ) {
        if pair.last != 0 {
            word.append(scalar: pair.last)
            word.append(scalar: codePoint)
            self.endWord(&word)
            pair.isPaired = true
        }
        pair.last = codePoint
    }

    /// Ends a run of unspaced script; one scalar alone is a term.
    @inline(__always)
    private mutating func endRun(_ pair: inout ScalarPair, _ word: inout WordBuffer) {
        guard pair.last != 0 else { return }
        if !pair.isPaired {
            word.append(scalar: pair.last)
            self.endWord(&word)
        }
        pair = ScalarPair()
    }
}

/// A run of unspaced script so far.
private struct ScalarPair {
    /// The last scalar; 0 outside runs.
    var last: UInt32 = 0
    var isPaired = false
}

/// The word being read, in memory that outlives it.
private struct WordBuffer {
    let bytes: UnsafeMutablePointer<UInt8>
    var count = 0
    private var lowest: UInt8 = 0xFF
    private var highest: UInt8 = 0
    private var isFull = false

    init(bytes: UnsafeMutablePointer<UInt8>) { self.bytes = bytes }

    /// Whether all bytes are lower-case ASCII letters.
    var isLetters: Bool {
        self.lowest >= UInt8(ascii: "a") && self.highest <= UInt8(ascii: "z")
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        guard self.count < TermAnalyzer.termByteLimit, !self.isFull else { return }
        self.bytes[self.count] = byte
        self.count &+= 1
        self.lowest = min(self.lowest, byte)
        self.highest = max(self.highest, byte)
    }

    /// Appends ASCII word bytes up to the first byte of another kind, and gives where that is.
    @inline(__always)
    mutating func appendRun(
        _ source: UnsafePointer<UInt8>,
        from start: Int,
        to end: Int,
        _ table: UnsafePointer<UInt8>
    ) -> Int {
        let room = self.isFull ? 0 : TermAnalyzer.termByteLimit &- self.count
        let target = self.bytes + self.count
        var lowest = self.lowest
        var offset = start
        var byte = table[Int(source[offset])]
        // Zero and the mark of a non-ASCII byte, 0xFF, are the two ends of one range.
        while byte &- 1 < NormalisedTokens.nonASCII &- 1 {
            let index = offset &- start
            if index < room { target[index] = byte }
            lowest = min(lowest, byte)
            offset &+= 1
            if offset == end { break }
            byte = table[Int(source[offset])]
        }
        self.lowest = lowest
        self.count &+= min(room, offset &- start)
        return offset
    }

    mutating func append(scalar: UInt32) {
        guard !self.isFull else { return }
        // Four bytes past the limit are still inside the buffer's padding.
        let width = encodeScalar(scalar, to: self.bytes + self.count)
        guard self.count + width <= TermAnalyzer.termByteLimit else {
            self.isFull = true
            return
        }
        self.highest = .max
        self.count += width
    }

    @inline(__always)
    mutating func removeAll() {
        self.count = 0
        self.lowest = 0xFF
        self.highest = 0
        self.isFull = false
    }
}
