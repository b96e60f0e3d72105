internal import Bytes

/// How far bytes are UTF-8: one pass, wide over ASCII.
struct UTF8Shape {
    /// Of well-formed bytes at least one, if there are any.
    private(set) var multibyteCount = 0
    private(set) var malformedCount = 0
    private(set) var hasNUL = false

    var isValid: Bool { self.malformedCount == 0 }

    /// Damaged UTF-8 rather than another charset: multi-byte sequences of a legacy charset are
    /// almost never well formed by chance.
    var isMostlyUTF8: Bool { self.multibyteCount > self.malformedCount * 4 }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return }
        self.hasNUL = firstIndex(of: 0, in: bytes, from: 0) != nil
        var index = Self.endOfASCII(base, from: 0, count: bytes.count)
        // How many there are matters only among malformed ones.
        if index < bytes.count, isValidUTF8(UnsafeBufferPointer(rebasing: bytes[index...])) {
            self.multibyteCount = 1
            return
        }
        while index < bytes.count {
            guard bytes[index] >= 0x80 else {
                index = Self.endOfASCII(base, from: index, count: bytes.count)
                continue
            }
            let length = Self.sequenceLength(bytes, at: index)
            if length > 0 {
                self.multibyteCount += 1
                index += length
            } else {
                self.malformedCount += 1
                index += 1
            }
        }
    }

    /// The index of the next byte beyond ASCII.
    @inline(__always)
    private static func endOfASCII(_ base: UnsafeRawPointer, from start: Int, count: Int) -> Int {
        let highs: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while index + 32 <= count {
            var words: UInt64 = 0
            for offset in stride(from: 0, to: 32, by: 8) {
                words |= base.loadUnaligned(fromByteOffset: index + offset, as: UInt64.self)
            }
            if words & highs != 0 { break }
            index += 32
        }
        while index + 8 <= count {
            let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let found = UInt64(littleEndian: word) & highs
            if found != 0 { return index + found.trailingZeroBitCount >> 3 }
            index += 8
        }
        while index < count, base.load(fromByteOffset: index, as: UInt8.self) < 0x80 { index += 1 }
        return index
    }

    /// Bytes of the well-formed sequence at `index`, 0 where there is none.
    ///
    /// - Source: The Unicode Standard, table 3-7.
    private static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let lead = bytes[index]
        let available = bytes.count - index
        func isTail(_ offset: Int) -> Bool { bytes[index + offset] & 0xC0 == 0x80 }
        switch lead {
        case 0xC2...0xDF:
            return available > 1 && isTail(1) ? 2 : 0
        case 0xE0...0xEF:
            guard available > 2, isTail(1), isTail(2) else { return 0 }
            if lead == 0xE0, bytes[index + 1] < 0xA0 { return 0 }
            if lead == 0xED, bytes[index + 1] > 0x9F { return 0 }
            return 3
        case 0xF0...0xF4:
            guard available > 3, isTail(1), isTail(2), isTail(3) else { return 0 }
            if lead == 0xF0, bytes[index + 1] < 0x90 { return 0 }
            if lead == 0xF4, bytes[index + 1] > 0x8F { return 0 }
            return 4
        default:
            return 0
        }
    }
}
