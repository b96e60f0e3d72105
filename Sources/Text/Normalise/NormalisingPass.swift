internal import Bytes

/// One pass over a text: repairs, filters and tidies into a buffer of its own, before composition.
struct NormalisingPass: ~Copyable {
    private(set) var report = NormaliseReport()
    /// Whether a code point was written that NFC may change.
    private(set) var needsComposition = false
    /// Whether a joiner or selector was kept for the sake of its neighbours.
    private(set) var keptConditionally = false

    private let input: UnsafeBufferPointer<UInt8>
    private let tidy: Bool
    private let dropsJoiners: Bool
    private let table = CodePointTable.shared
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    /// The entry of the last code point written, and that code point.
    private var previousEntry: UInt8 = 0
    private var previous: UInt32 = 0

    /// Bytes a slow step may write, and a wide copy may write past its end.
    private static let slack = 16

    init(input: UnsafeBufferPointer<UInt8>, tidy: Bool, dropsJoiners: Bool = false) {
        self.dropsJoiners = dropsJoiners
        self.input = input
        self.tidy = tidy
        self.capacity = input.count + Self.slack
        self.buffer = .allocate(capacity: self.capacity)
    }

    deinit { self.buffer.deallocate() }

    /// Valid as long as the pass lives.
    var written: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: self.buffer, count: self.count)
    }

    mutating func run() {
        var index = 0
        let end = self.input.count
        while index < end {
            index = self.copyPlain(from: index)
            guard index < end else { break }
            let byte = self.input[index]
            if byte == 0x0A {
                self.endLine()
                index += 1
            } else if byte < 0x80 {
                index = self.stepASCII(byte, at: index)
            } else {
                index = self.copyWide(from: index)
                guard index < end, self.input[index] >= 0x80 else { continue }
                index = self.stepWide(at: index)
            }
        }
        if self.tidy { self.trimEnd() }
    }

    /// Copies printable ASCII and tabs up to the next byte that needs a look, eight at a time.
    ///
    /// Invariant: the capacity left is at least the input left plus `slack`, so a copy never checks.
    @inline(__always)
    private mutating func copyPlain(from start: Int) -> Int {
        guard let base = self.input.baseAddress else { return start }
        let end = self.input.count
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var index = start
        var target = self.count
        let source = UnsafeRawPointer(base)
        let sink = UnsafeMutableRawPointer(self.buffer)
        while index + 8 <= end {
            let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            // The high bit of each byte below 0x20, equal to 0x7F or above it. Borrows reach only
            // higher bytes, so the lowest bit set is right, and that is the only one used.
            let below = (word &- ones &* 0x20) & ~word
            let stop = (below | word | (word &+ ones)) & highs
            sink.storeBytes(of: word.littleEndian, toByteOffset: target, as: UInt64.self)
            if stop != 0 {
                let plain = stop.trailingZeroBitCount >> 3
                index += plain
                target += plain
                if plain > 0 { self.notePrevious(self.buffer[target - 1]) }
                self.count = target
                return index
            }
            index += 8
            target += 8
        }
        while index < end, base[index] >= 0x20, base[index] < 0x7F {
            self.buffer[target] = base[index]
            index += 1
            target += 1
        }
        if index > start { self.notePrevious(base[index - 1]) }
        self.count = target
        return index
    }

    @inline(__always)
    private mutating func notePrevious(_ byte: UInt8) {
        self.previous = UInt32(byte)
        self.previousEntry = self.table[UInt32(byte)]
    }

    private mutating func stepASCII(_ byte: UInt8, at index: Int) -> Int {
        switch byte {
        case 0x09:
            self.write(byte)
        case 0x0D:
            self.endLine()
            let next = index + 1
            return next < self.input.count && self.input[next] == 0x0A ? next + 1 : next
        case 0x0B, 0x0C:
            self.endLine()
        default:
            self.report.controls += 1
        }
        return index + 1
    }

    /// Copies code points beyond ASCII up to the first that is not simply kept.
    @inline(__always)
    private mutating func copyWide(from start: Int) -> Int {
        guard let base = self.input.baseAddress else { return start }
        let table = self.table
        var index = start
        var target = self.count
        var entry = self.previousEntry
        var last = self.previous
        var seen: UInt8 = 0
        while index < self.input.count, base[index] >= 0x80 {
            let (codePoint, length) = decodeUTF8(self.input, at: index)
            guard let codePoint else { break }
            let found = table[codePoint]
            guard found & CodePointTable.actionMask == 0 else { break }
            entry = found
            last = codePoint
            seen |= found
            // Invariant: room for the rest of the input and `slack`, so four bytes fit; those past
            // the code point are written over next.
            self.buffer[target] = base[index]
            self.buffer[target + 1] = base[index + 1]
            if length > 2 {
                self.buffer[target + 2] = base[index + 2]
                if length > 3 { self.buffer[target + 3] = base[index + 3] }
            }
            index += length
            target += length
        }
        self.count = target
        self.previous = last
        self.previousEntry = entry
        if seen & CodePointTable.needsComposition != 0 { self.needsComposition = true }
        return index
    }

    private mutating func stepWide(at index: Int) -> Int {
        let (codePoint, length) = decodeUTF8(self.input, at: index)
        guard let codePoint else {
            self.report.invalidBytes += 1
            self.writeReplacement(consumed: length)
            return index + length
        }
        let entry = self.table[codePoint]
        let next = index + length
        switch CodePointAction(rawValue: entry & CodePointTable.actionMask) ?? .keep {
        case .keep:
            self.copy(from: index, length: length, codePoint: codePoint, entry: entry)
        case .space:
            self.report.spaces += 1
            self.write(0x20)
        case .lineEnd:
            self.endLine()
        case .control:
            self.report.controls += 1
        case .bidiControl:
            self.report.bidiControls += 1
        case .invisible:
            self.report.invisibles += 1
        case .joiner, .variationSelector, .ideographicVariation:
            if self.keeps(codePoint, nextAt: next) {
                self.copy(from: index, length: length, codePoint: codePoint, entry: entry)
                self.keptConditionally = true
            } else {
                self.report.invisibles += 1
            }
        }
        return next
    }

    /// Whether a joiner or variation selector changes what its neighbours look like.
    ///
    /// Invariant: the answer is the same for the composed text, or normalising twice would differ:
    /// hence no selector after a code point that composition may replace.
    private func keeps(_ codePoint: UInt32, nextAt next: Int) -> Bool {
        if self.dropsJoiners { return false }
        let before = self.previousEntry
        if codePoint >= 0xFE00 {
            return before & CodePointTable.variable != 0
                && before & CodePointTable.needsComposition == 0
                && (codePoint < 0xE0100 || isIdeograph(self.previous))
        }
        guard next < self.input.count else { return false }
        let (following, _) = decodeUTF8(self.input, at: next)
        guard let following else { return false }
        let after = self.table[following]
        if before & CodePointTable.joining != 0 {
            return after & CodePointTable.joining != 0
        }
        let joinsEmoji =
            before & CodePointTable.pictographic != 0 || self.previous == 0xFE0F
            || (0x1F3FB...0x1F3FF).contains(self.previous)
        return codePoint == 0x200D && joinsEmoji && after & CodePointTable.pictographic != 0
    }

    @inline(__always)
    private mutating func copy(from index: Int, length: Int, codePoint: UInt32, entry: UInt8) {
        for offset in 0..<length { self.buffer[self.count + offset] = self.input[index + offset] }
        self.count += length
        self.previous = codePoint
        self.previousEntry = entry
        if entry & CodePointTable.needsComposition != 0 { self.needsComposition = true }
    }

    @inline(__always)
    private mutating func write(_ byte: UInt8) {
        self.buffer[self.count] = byte
        self.count += 1
        self.notePrevious(byte)
    }

    /// U+FFFD is three bytes for as few as one: the only step that can outgrow the input.
    private mutating func writeReplacement(consumed: Int) {
        if consumed < 3 {
            let needed = self.count + 3 + self.input.count + Self.slack
            if self.capacity < needed { self.grow(to: needed) }
        }
        self.buffer[self.count] = 0xEF
        self.buffer[self.count + 1] = 0xBF
        self.buffer[self.count + 2] = 0xBD
        self.count += 3
        self.previous = 0xFFFD
        self.previousEntry = 0
    }

    private mutating func grow(to needed: Int) {
        let capacity = needed + needed / 2
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: self.buffer, count: self.count)
        self.buffer.deallocate()
        self.buffer = larger
        self.capacity = capacity
    }

    @inline(__always)
    private mutating func endLine() {
        if self.tidy {
            while self.count > 0, isBlank(self.buffer[self.count - 1]) { self.count -= 1 }
            // No blank line at the start, and never more than one in a row.
            if self.count == 0 { return self.notePrevious(0x0A) }
            if self.count >= 2, self.buffer[self.count - 1] == 0x0A,
                self.buffer[self.count - 2] == 0x0A
            {
                return self.notePrevious(0x0A)
            }
        }
        self.write(0x0A)
    }

    private mutating func trimEnd() {
        while self.count > 0,
            isBlank(self.buffer[self.count - 1]) || self.buffer[self.count - 1] == 0x0A
        {
            self.count -= 1
        }
    }
}

@inline(__always)
func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

private func isIdeograph(_ codePoint: UInt32) -> Bool {
    (0x2E80...0x9FFF).contains(codePoint) || (0xF900...0xFAFF).contains(codePoint)
        || codePoint >= 0x20000
}
