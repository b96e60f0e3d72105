/// Values by word: open addressing over the words' hashes.
struct WordMeanings<Value: Sendable>: Sendable {
    /// A power of two, more than twice the words of either table; 0 marks a free slot.
    private static var slotCount: Int { 2_048 }
    private var keys: [UInt64]
    private var values: [Value]

    init(empty: Value) {
        self.keys = Array(repeating: 0, count: Self.slotCount)
        self.values = Array(repeating: empty, count: Self.slotCount)
    }

    mutating func update(_ key: UInt64, _ change: (inout Value) -> Void) {
        var slot = Self.slot(of: key)
        while self.keys[slot] != 0, self.keys[slot] != key { slot = Self.next(slot) }
        self.keys[slot] = key
        change(&self.values[slot])
    }

    @inline(__always)
    func find(_ key: UInt64) -> Value? {
        var slot = Self.slot(of: key)
        while self.keys[slot] != 0 {
            if self.keys[slot] == key { return self.values[slot] }
            slot = Self.next(slot)
        }
        return nil
    }

    @inline(__always)
    private static func slot(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: key) & (Self.slotCount - 1)
    }

    @inline(__always)
    private static func next(_ slot: Int) -> Int { (slot + 1) & (Self.slotCount - 1) }
}

/// A hash of a word, its ASCII letters in lower case, eight bytes at a step; never 0.
///
/// - Precondition: of ASCII the word has letters and digits alone.
@inline(__always)
func wordHash(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> UInt64 {
    var hash = UInt64(end &- start)
    var index = start
    while index < end {
        hash = mixed(hash, lowercasedWord(bytes, from: index, to: end))
        index += 8
    }
    return hash | 1
}

/// The key of two words with one blank between.
@inline(__always)
func pairHash(_ first: UInt64, _ second: UInt64) -> UInt64 { mixed(first, second) | 1 }

@inline(__always)
private func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 32
}

/// Up to eight bytes, little-endian; those after the end are 0.
@inline(__always)
private func lowercasedWord(
    _ bytes: UnsafeBufferPointer<UInt8>,
    from start: Int,
    to end: Int
) -> UInt64 {
    let highs: UInt64 = 0x8080_8080_8080_8080
    let count = min(8, end - start)
    var word: UInt64 = 0
    if start + 8 <= bytes.count, let base = UnsafeRawPointer(bytes.baseAddress) {
        word = base.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        word = UInt64(littleEndian: word) & UInt64.max >> UInt64(64 - 8 * count)
    } else {
        for offset in 0..<count { word |= UInt64(bytes[start + offset]) << UInt64(8 * offset) }
    }
    // Digits have the bit already; bytes of other characters stay as they are.
    let isASCII = ~word & highs & UInt64.max >> UInt64(64 - 8 * count)
    return word | isASCII >> 2
}
