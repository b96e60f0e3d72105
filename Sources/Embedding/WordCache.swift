/// The pieces of words seen lately: a direct-mapped table, so that a common word costs one probe.
///
/// Holds words of at most 16 normalised bytes and 8 pieces. Forgetting or finding a word never
/// changes an answer, only its cost.
struct WordCache: ~Copyable {
    static let maximumWordBytes = 16
    static let maximumPieces = 8
    /// 8,192 entries of a cache line: half a megabyte, which fits a core's second-level cache.
    private static let slotBits: UInt64 = 13

    /// One cache line of 64 bytes.
    struct Entry {
        /// The word's bytes, zero-padded; no normalised word holds a zero byte.
        var low: UInt64 = 0
        var high: UInt64 = 0
        /// Bytes of each piece, eight bits each, the first lowest; zero past the last.
        var lengths: UInt64 = 0
        private var padding: UInt64 = 0
        var ids = SIMD8<Int32>()
    }

    private let entries: UnsafeMutablePointer<Entry>

    init() {
        let count = 1 << Int(Self.slotBits)
        self.entries = .allocate(capacity: count)
        self.entries.initialize(repeating: Entry(), count: count)
    }

    deinit { self.entries.deallocate() }

    /// The place of the word in the table; it holds the word only if the keys agree.
    @inline(__always)
    func slot(_ low: UInt64, _ high: UInt64) -> UnsafeMutablePointer<Entry> {
        let mixed = (low ^ (high &* 0xC2B2_AE3D_27D4_EB4F)) &* 0x9E37_79B9_7F4A_7C15
        let folded = (mixed ^ (mixed >> 32)) &* 0x9E37_79B9_7F4A_7C15
        return self.entries + Int(truncatingIfNeeded: folded >> (64 - Self.slotBits))
    }
}
