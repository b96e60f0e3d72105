/// The word being read: its normalised bytes, and where in the text each came from.
///
/// Keeps the bytes of the first characters only: a word over the limit becomes one unknown token,
/// so a word of any length needs no more room.
struct NormalizedWord: ~Copyable {
    /// Room for the longest word that is looked up, and one more expansion, at 4 bytes a scalar.
    private static let byteCapacity = 4 * (WordPieceRules.wordCharactersMaximum + 8)

    private(set) var byteCount = 0
    var characterCount = 0
    private let content: UnsafeMutablePointer<UInt8>
    private let starts: UnsafeMutablePointer<Int32>
    private let ends: UnsafeMutablePointer<Int32>

    init() {
        self.content = .allocate(capacity: Self.byteCapacity)
        self.starts = .allocate(capacity: Self.byteCapacity)
        self.ends = .allocate(capacity: Self.byteCapacity)
        self.content.initialize(repeating: 0, count: Self.byteCapacity)
        self.starts.initialize(repeating: 0, count: Self.byteCapacity)
        self.ends.initialize(repeating: 0, count: Self.byteCapacity)
    }

    deinit {
        self.content.deallocate()
        self.starts.deallocate()
        self.ends.deallocate()
    }

    var isEmpty: Bool { self.byteCount == 0 }
    var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: self.content, count: self.byteCount)
    }

    /// The first 16 bytes, zero-padded: the cache's key of a word no longer than that.
    var key: (low: UInt64, high: UInt64) {
        let raw = UnsafeRawPointer(self.content)
        let low = UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self))
        let high = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        return (low & Self.mask(self.byteCount), high & Self.mask(self.byteCount - 8))
    }

    mutating func removeAll() {
        self.byteCount = 0
        self.characterCount = 0
    }

    /// Appends one scalar that came from the text's bytes `start..<end`.
    @inline(__always)
    mutating func append(scalar: UInt32, from start: Int, to end: Int) {
        self.characterCount += 1
        guard self.characterCount <= WordPieceRules.wordCharactersMaximum else {
            if self.byteCount > 0 { self.ends[self.byteCount - 1] = Int32(truncatingIfNeeded: end) }
            return
        }
        if scalar < 0x80 {
            self.append(UInt8(truncatingIfNeeded: scalar), from: start, to: end)
            return
        }
        if scalar < 0x800 {
            self.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6), from: start, to: end)
        } else {
            if scalar < 0x10000 {
                self.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12), from: start, to: end)
            } else {
                self.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18), from: start, to: end)
                self.append(
                    UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 63),
                    from: start,
                    to: end
                )
            }
            self.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 63), from: start, to: end)
        }
        self.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 63), from: start, to: end)
    }

    /// Appends one normalised byte; the caller counts characters.
    @inline(__always)
    mutating func append(_ byte: UInt8, from start: Int, to end: Int) {
        self.content[self.byteCount] = byte
        self.starts[self.byteCount] = Int32(truncatingIfNeeded: start)
        self.ends[self.byteCount] = Int32(truncatingIfNeeded: end)
        self.byteCount += 1
    }

    /// Lets the last character reach to `end` when it ended at `start`: an accent behind it.
    mutating func extend(from start: Int, to end: Int) {
        guard self.byteCount > 0, self.ends[self.byteCount - 1] == start else { return }
        self.ends[self.byteCount - 1] = Int32(truncatingIfNeeded: end)
    }

    /// Where in the text the normalised byte `index` starts.
    @inline(__always)
    func start(of index: Int) -> Int { Int(self.starts[index]) }

    /// Where in the text the normalised bytes before `index` end.
    @inline(__always)
    func end(of index: Int) -> Int { Int(self.ends[index - 1]) }

    private static func mask(_ byteCount: Int) -> UInt64 {
        byteCount >= 8 ? .max : byteCount <= 0 ? 0 : (1 << UInt64(8 * byteCount)) - 1
    }
}
