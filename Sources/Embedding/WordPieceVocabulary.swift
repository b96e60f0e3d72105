internal import Bytes

/// The pieces of a WordPiece vocabulary by the hash of their bytes: word starts and continuations (`##`).
///
/// A table of whole pieces and a filter of their beginnings, made in one pass over the file: a query's process
/// makes them for a few words. A longest match reads on while the filter says that a piece may begin so, and then
/// probes from the longest beginning down.
struct WordPieceVocabulary: Sendable {
    /// Where in a word a piece stands; its raw value is where the piece's hash begins.
    enum Place: UInt64 {
        case wordStart = 0x9E37_79B9_7F4A_7C15
        case continuation = 0xC2B2_AE3D_27D4_EB4F
    }

    static let absent: Int32 = -1

    private(set) var pieceCount = 0
    /// Half the pieces are at most this many characters long, `##` counted.
    private(set) var pieceLengthMedian = 0
    private let text: [UInt8]
    private var slots: [Slot]
    /// A bit for each hash of a beginning of a piece; some are set by chance.
    private var beginnings: [UInt64]
    /// No piece has more bytes, `##` not counted.
    private var longestPiece = 0

    /// A piece of the table, or a free place for one.
    private struct Slot {
        /// Twice the count of bytes, and one more for a continuation; 0 where the slot is free.
        var shape: UInt32 = 0
        /// The low half of the hash.
        var hash: UInt32 = 0
        var start: UInt32 = 0
        var id: Int32 = WordPieceVocabulary.absent

        var isFree: Bool { self.shape == 0 }
        var range: Range<Int> { Int(self.start)..<Int(self.start + self.shape / 2) }
    }

    /// - Parameter text: One piece a line; the line number is the id.
    /// - Throws: ``EmbeddingError`` `.damagedModel` when it is empty, too large or repeats a piece.
    init(text: [UInt8]) throws(EmbeddingError) {
        // Places in the text must fit 32 bits.
        guard text.count < 1 << 24, !text.isEmpty else {
            throw EmbeddingError(.damagedModel, "a vocabulary of \(text.count) bytes")
        }
        self.text = text
        let lineCount = text.count { $0 == .lineFeed } + 1
        var capacity = 1 << 8
        // Half of the slots stay free: a probe that finds nothing ends soon.
        while capacity < 2 * lineCount { capacity *= 2 }
        self.slots = Array(repeating: Slot(), count: capacity)
        // Eight bits a slot: about one beginning in six is there by chance.
        self.beginnings = Array(repeating: 0, count: capacity / 8)
        try text.withUnsafeBufferPointer { text throws(EmbeddingError) in try self.insertLines(text)
        }
    }

    /// The id of `piece` as it stands in the vocabulary file, nil when it is not there.
    func id(of piece: String) -> Int32? {
        Array(piece.utf8).withUnsafeBufferPointer { bytes in
            let (place, skipped) = Self.place(bytes)
            let rest = UnsafeBufferPointer(rebasing: bytes[skipped...])
            let match = self.longestMatch(rest, from: 0, place)
            return match.token != Self.absent && match.end == rest.count ? match.token : nil
        }
    }

    /// The longest piece that starts at `start`, and where it ends; `absent` when none does.
    func longestMatch(
        _ word: UnsafeBufferPointer<UInt8>,
        from start: Int,
        _ place: Place
    ) -> (token: Int32, end: Int) {
        let limit = min(word.count - start, self.longestPiece)
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: limit + 1) { hashes in
            hashes[0] = place.rawValue
            var length = 0
            while length < limit {
                let hash = Self.hash(hashes[length], word[start + length])
                guard self.mayBegin(hash) else { break }
                length += 1
                hashes[length] = hash
            }
            while length > 0 {
                let end = start + length
                let slot = self.slots[self.slot(word[start..<end], place, hashes[length])]
                if !slot.isFree { return (slot.id, end) }
                length -= 1
            }
            return (Self.absent, start)
        }
    }

    private mutating func insertLines(_ text: UnsafeBufferPointer<UInt8>) throws(EmbeddingError) {
        var linesOfLength: [Int] = []
        var line = 0
        while line < text.count {
            let end = firstIndex(of: .lineFeed, in: text, from: line) ?? text.count
            let hasReturn = end > line && text[end - 1] == .carriageReturn
            let piece = text[line..<(hasReturn ? end - 1 : end)]
            let characters = piece.count { $0 & 0xC0 != 0x80 }
            while linesOfLength.count <= characters { linesOfLength.append(0) }
            linesOfLength[characters] += 1
            try self.insert(piece)
            line = end + 1
        }
        // The mean of the two middle values, rounded down, as numpy's median cast to an integer.
        let lower = Self.length(ofLine: (self.pieceCount - 1) / 2, linesOfLength)
        let upper = Self.length(ofLine: self.pieceCount / 2, linesOfLength)
        self.pieceLengthMedian = (lower + upper) / 2
    }

    /// The length of the line that is number `rank` when lines are in the order of their lengths.
    private static func length(ofLine rank: Int, _ linesOfLength: [Int]) -> Int {
        var before = 0
        return linesOfLength.firstIndex { lines in
            before += lines
            return before > rank
        } ?? 0
    }

    private mutating func insert(_ piece: Slice<UnsafeBufferPointer<UInt8>>) throws(EmbeddingError)
    {
        let (place, skipped) = Self.place(UnsafeBufferPointer(rebasing: piece))
        let bytes = piece.dropFirst(skipped)
        // An empty line keeps its number and matches nothing.
        if !bytes.isEmpty {
            let hash = self.noteBeginnings(of: bytes, place)
            let slot = self.slot(bytes, place, hash)
            guard self.slots[slot].isFree else {
                throw EmbeddingError(
                    .damagedModel,
                    "the vocabulary repeats a piece on line \(self.pieceCount + 1)"
                )
            }
            self.slots[slot] = Slot(
                shape: Self.shape(bytes.count, place),
                hash: UInt32(truncatingIfNeeded: hash),
                start: UInt32(bytes.startIndex),
                id: Int32(self.pieceCount)
            )
            self.longestPiece = max(self.longestPiece, bytes.count)
        }
        self.pieceCount += 1
    }

    /// Where the piece is, or the free slot where it would be.
    @inline(__always)
    private func slot(
        _ piece: Slice<UnsafeBufferPointer<UInt8>>,
        _ place: Place,
        _ hash: UInt64
    ) -> Int {
        let shape = Self.shape(piece.count, place)
        let mask = self.slots.count - 1
        var index = Int(truncatingIfNeeded: hash >> 40) & mask
        while !self.slots[index].isFree {
            let slot = self.slots[index]
            if slot.shape == shape, slot.hash == UInt32(truncatingIfNeeded: hash),
                self.text[slot.range].elementsEqual(piece)
            {
                return index
            }
            index = (index + 1) & mask
        }
        return index
    }

    /// The hash of the whole piece.
    private mutating func noteBeginnings(
        of piece: Slice<UnsafeBufferPointer<UInt8>>,
        _ place: Place
    ) -> UInt64 {
        let mask = self.beginnings.count * 64 - 1
        var hash = place.rawValue
        for byte in piece {
            hash = Self.hash(hash, byte)
            let bit = Int(truncatingIfNeeded: hash >> 40) & mask
            self.beginnings[bit >> 6] |= 1 << UInt64(bit & 63)
        }
        return hash
    }

    @inline(__always)
    private func mayBegin(_ hash: UInt64) -> Bool {
        let bit = Int(truncatingIfNeeded: hash >> 40) & (self.beginnings.count * 64 - 1)
        return self.beginnings[bit >> 6] >> UInt64(bit & 63) & 1 == 1
    }

    private static func shape(_ count: Int, _ place: Place) -> UInt32 {
        UInt32(count) << 1 | (place == .continuation ? 1 : 0)
    }

    /// Where the piece of a line stands, and how many bytes say so.
    private static func place(_ line: UnsafeBufferPointer<UInt8>) -> (Place, skipped: Int) {
        let sign = UInt8(ascii: "#")
        let isContinuation = line.count > 2 && line[0] == sign && line[1] == sign
        return isContinuation ? (.continuation, 2) : (.wordStart, 0)
    }

    /// The hash of some bytes and one more; its high bits, which choose the slot, depend on all of them.
    @inline(__always)
    private static func hash(_ before: UInt64, _ byte: UInt8) -> UInt64 {
        (before ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
    }
}
