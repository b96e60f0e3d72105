internal import Bytes

/// The word being read, in memory that outlives it.
struct WordBuffer {
    let bytes: UnsafeMutablePointer<UInt8>
    var count = 0
    private var lowest: UInt8 = 0xFF
    private var highest: UInt8 = 0
    /// Whether a scalar found no room.
    private(set) var isFull = false

    init(bytes: UnsafeMutablePointer<UInt8>) { self.bytes = bytes }

    var copied: [UInt8] { Array(UnsafeBufferPointer(start: self.bytes, count: self.count)) }

    /// Whether all bytes are lower-case ASCII letters.
    var isLetters: Bool {
        self.lowest >= UInt8(ascii: "a") && self.highest <= UInt8(ascii: "z")
    }

    /// Whether there are only letters and marks, of whatever script: no ASCII digit, sign or `_`.
    var isOfLetters: Bool { self.lowest >= UInt8(ascii: "a") }

    /// Whether there is nothing but ASCII digits.
    @inline(__always)
    var isDigits: Bool {
        self.count > 0 && self.lowest <= UInt8(ascii: "9")
            && UnsafeBufferPointer(start: self.bytes, count: self.count).allSatisfy(\.isASCIIDigit)
    }

    /// Whether it begins with a digit and ends with none, or the other way round, or is a number in base 16.
    @inline(__always)
    var mayHaveUnit: Bool {
        self.count > 1 && self.lowest <= UInt8(ascii: "9")
            && (self.bytes[0].isASCIIDigit != self.bytes[self.count - 1].isASCIIDigit
                || self.isHexadecimal)
    }

    /// Whether it begins with `0x`.
    var isHexadecimal: Bool {
        self.count > 3 && self.bytes[0] == UInt8(ascii: "0") && self.bytes[1] == UInt8(ascii: "x")
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        guard self.count < TermAnalyzer.termByteLimit, !self.isFull else { return }
        self.bytes[self.count] = byte
        self.count &+= 1
        self.lowest = min(self.lowest, byte)
        self.highest = max(self.highest, byte)
    }

    /// Appends ASCII word bytes up to the first byte of another kind.
    ///
    /// Gives where that is, and whether a capital or `_` after the first byte may part the run.
    @inline(__always)
    mutating func appendRun(
        _ source: UnsafePointer<UInt8>,
        from start: Int,
        to end: Int,
        _ table: UnsafePointer<UInt8>
    ) -> (end: Int, hasMarks: Bool) {
        let room = self.isFull ? 0 : TermAnalyzer.termByteLimit &- self.count
        let target = self.bytes + self.count
        var lowest = self.lowest
        var offset = start
        var byte = table[Int(source[offset])]
        var marks: UInt8 = 0
        // Zero and the mark of a non-ASCII byte, 0xFF, are the two ends of one range.
        while byte &- 1 < NormalisedTokens.nonASCII &- 1 {
            let index = offset &- start
            if index < room { target[index] = byte }
            lowest = min(lowest, byte)
            offset &+= 1
            if offset == end { break }
            byte = table[Int(source[offset])]
            marks |= (byte ^ source[offset]) & 0x20 | (byte == UInt8(ascii: "_") ? 1 : 0)
        }
        self.lowest = lowest
        self.count &+= min(room, offset &- start)
        return (offset, marks != 0)
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
