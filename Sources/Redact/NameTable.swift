/// Words with what they may be: a first name, a last name, a place, an ordinary word.
///
/// The file is what `Ops/fetch-models names` makes; its bytes are used in place.
///
/// Layout, little-endian: `MRNAMES1`; UInt32 slots, a power of two; UInt32 words; then a UInt32 a slot:
/// eight bits of ``Use`` below 24 bits of the word's hash; 0 is empty. Open addressing by FNV-1a 64 of
/// the word in lower case.
// The bytes are never written, and `owner` keeps them alive.
package struct NameTable: @unchecked Sendable {
    /// What a word may be.
    struct Use: OptionSet, Sendable {
        let rawValue: UInt8
        static let first = Use(rawValue: 1)
        static let last = Use(rawValue: 2)
        static let place = Use(rawValue: 4)
        /// Also an ordinary word, so that it is no evidence alone.
        static let word = Use(rawValue: 8)
        /// Among the most frequent first names.
        static let frequent = Use(rawValue: 16)
    }

    package enum FormatError: Error, Hashable, Sendable {
        case notATable
        case truncated
    }

    private let slots: UnsafeBufferPointer<UInt32>
    private let owner: any Sendable & AnyObject

    /// - Input: `bytes`, aligned to 4, stay valid while `owner` lives.
    package init(
        _ bytes: UnsafeRawBufferPointer,
        owner: any Sendable & AnyObject
    ) throws(FormatError) {
        guard bytes.count >= 16, bytes[..<8].elementsEqual("MRNAMES1".utf8),
            let base = bytes.baseAddress, UInt(bitPattern: base) % 4 == 0
        else { throw .notATable }
        let count = Int(UInt32(littleEndian: bytes.load(fromByteOffset: 8, as: UInt32.self)))
        guard count >= 2, count.nonzeroBitCount == 1 else { throw .notATable }
        guard bytes.count == 16 + 4 * count else { throw .truncated }
        self.slots = UnsafeBufferPointer(
            start: (base + 16).assumingMemoryBound(to: UInt32.self),
            count: count
        )
        self.owner = owner
        // A full table would make a search of what is not in it endless.
        guard self.slots.contains(0) else { throw .notATable }
    }

    /// What the word with this hash may be.
    @inline(__always)
    func uses(hash: UInt64) -> Use {
        var index = Int(truncatingIfNeeded: hash) & (self.slots.count - 1)
        let mark = UInt32(truncatingIfNeeded: hash >> 40) << 8
        while true {
            let slot = self.slots[index]
            if slot == 0 { return [] }
            if slot & 0xFFFF_FF00 == mark { return Use(rawValue: UInt8(truncatingIfNeeded: slot)) }
            index = (index + 1) & (self.slots.count - 1)
        }
    }

    /// FNV-1a of the word in lower case: ASCII, Latin, Greek and Cyrillic letters by their ranges.
    static func hash(_ word: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in word {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        return hash
    }
}
