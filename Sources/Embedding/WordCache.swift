internal import Glibc

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

    private static let byteCount = MemoryLayout<Entry>.stride << Int(Self.slotBits)

    private let entries: UnsafeMutablePointer<Entry>

    init() {
        // Pages of the kernel's are zero, which is an empty entry, and take no memory until they are written:
        // a query writes a few.
        let pages = mmap(
            nil,
            Self.byteCount,
            PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS,
            -1,
            0
        )
        // As where an array finds no memory: nobody could go on without it.
        guard let pages, pages != MAP_FAILED else { fatalError("no memory for a cache of words") }
        self.entries = pages.bindMemory(to: Entry.self, capacity: 1 << Int(Self.slotBits))
    }

    deinit { munmap(self.entries, Self.byteCount) }

    /// The place of the word in the table; it holds the word only if the keys agree.
    @inline(__always)
    func slot(_ low: UInt64, _ high: UInt64) -> UnsafeMutablePointer<Entry> {
        let mixed = (low ^ (high &* 0xC2B2_AE3D_27D4_EB4F)) &* 0x9E37_79B9_7F4A_7C15
        let folded = (mixed ^ (mixed >> 32)) &* 0x9E37_79B9_7F4A_7C15
        return self.entries + Int(truncatingIfNeeded: folded >> (64 - Self.slotBits))
    }
}
