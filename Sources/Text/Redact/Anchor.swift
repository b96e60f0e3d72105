internal import CKernels

/// Where a value may be: at the last of three neighbouring bytes.
///
/// A vector pass marks the bytes that may end such a triple (``AnchorTriple``), and some that do not;
/// the tables say which triples end there. Digits and `@` are marked without either.
enum Anchor {
    /// A colon before a hexadecimal digit or a colon.
    static let colon: UInt8 = 1
    /// The end of the rarest three bytes of a token's prefix.
    static let prefix: UInt8 = 2
    /// The inside of `password`, `secret`, `token`, `key` and the like.
    static let keyword: UInt8 = 4
    /// The end of the dashes before `BEGIN`.
    static let armour: UInt8 = 8
    /// The inside of what may have to be read as ``DisguisedText``.
    static let disguise: UInt8 = 16
    /// The inside of `BIC`, `SWIFT`, and of the code lines of a passport.
    static let bank: UInt8 = 32
    static let machineReadable: UInt8 = 64
    /// `:AA`, `~` and other signs in the middle of a token.
    static let inner: UInt8 = 128

    /// The anchors of the last two bytes, the first * 256 + the second: those of any triple in the low
    /// byte, and in the high byte those that depend on the byte before.
    // Written before anyone sees it, and never after.
    nonisolated(unsafe) private static let pairs: UnsafePointer<UInt16> = {
        let table = UnsafeMutablePointer<UInt16>.allocate(capacity: 1 << 16)
        table.initialize(repeating: 0, count: 1 << 16)
        for triple in AnchorTriple.all {
            let anchor = UInt16(triple.anchor) << (triple.bytes[0].count < 256 ? 8 : 0)
            for first in triple.bytes[1] {
                for second in triple.bytes[2] { table[Int(first) << 8 | Int(second)] |= anchor }
            }
        }
        return UnsafePointer(table)
    }()

    /// The anchors of triples, by ``place(_:_:)``; few other triples share a place with one.
    // Written before anyone sees it, and never after.
    nonisolated(unsafe) private static let triples: UnsafePointer<UInt8> = {
        let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 16)
        table.initialize(repeating: 0, count: 1 << 16)
        for triple in AnchorTriple.all where triple.bytes[0].count < 256 {
            for first in triple.bytes[0] {
                for second in triple.bytes[1] {
                    for third in triple.bytes[2] {
                        let pair = Int(second) << 8 | Int(third)
                        table[Self.place(first, pair)] |= triple.anchor
                    }
                }
            }
        }
        return UnsafePointer(table)
    }()

    /// An odd factor keeps the bytes before one pair apart.
    @inline(__always)
    private static func place(_ first: UInt8, _ pair: Int) -> Int {
        (pair ^ Int(first) &* 0x9E37) & 0xFFFF
    }

    /// Both tables, for a loop that asks them often.
    struct Tables {
        private let pairs = Anchor.pairs
        private let triples = Anchor.triples

        @inline(__always)
        func anchors(_ first: UInt8, pair: Int) -> UInt8 {
            let entry = self.pairs[pair]
            let sure = UInt8(truncatingIfNeeded: entry)
            let rest = UInt8(truncatingIfNeeded: entry >> 8)
            return rest == 0 ? sure : sure | rest & self.triples[Anchor.place(first, pair)]
        }
    }

    /// About how often the byte occurs in text, in thousandths.
    static func weight(_ byte: UInt8) -> Int {
        switch byte {
        case 0x20: 150
        case 0x61...0x7A: "etaoinsrhldcu".utf8.contains(byte) ? 50 : 15
        case 0x30...0x39, 0x41...0x5A: 4
        case 0x0A, 0x2C, 0x2E, 0x2D: 8
        case 0x00..<0x80: 3
        default: 6
        }
    }
}

/// Three sets of bytes, one for each of three neighbouring bytes.
struct AnchorTriple {
    var anchor: UInt8
    var bytes: [[UInt8]]

    init(_ anchor: UInt8, _ bytes: [[UInt8]]) {
        self.anchor = anchor
        self.bytes = bytes
    }

    /// The letters of `text`, each in both cases.
    private init(_ anchor: UInt8, folded text: String) {
        self.anchor = anchor
        self.bytes = text.utf8.map { $0 &- 0x61 < 26 ? [$0, $0 & 0xDF] : [$0] }
    }

    static let all: [AnchorTriple] = {
        let any: [UInt8] = Array(0...255)
        let hex = Array("0123456789abcdefABCDEF".utf8)
        let word = any.filter { ByteClass.of($0) & ByteClass.alphanumeric != 0 }
        let value = word + Array("@.".utf8)
        let marked = value + Array("-+".utf8)
        let open = Array("([{".utf8)
        var all = [
            Self(Anchor.colon, [any, [0x3A], hex + [0x3A]]),
            Self(Anchor.armour, [[0x2D], [0x2D], [0x42]]),
            Self(Anchor.inner, [Array(0x30...0x39), [0x3A], [0x41]]),
            Self(Anchor.inner, [Array(0x30...0x39), [0x51], [0x7E]]),
            Self(Anchor.inner, [[0x73], [0x76], [0x31]]),
            Self(Anchor.machineReadable, [[0x3C], [0x3C], [0x3C]]),
            // Full-width signs, digits and letters; invisible characters and soft hyphens.
            Self(Anchor.disguise, [[0xEF], [0xBC], Array(0x8B...0x99) + [0xA0, 0xA1]]),
            Self(Anchor.disguise, [[0xEF], [0xBD], Array(0x81...0x9A)]),
            Self(Anchor.disguise, [[0xE2], [0x80], Array(0x8B...0x8F)]),
            Self(Anchor.disguise, [any, [0xC2], [0xAD]]),
            // Entities and percent codes.
            Self(Anchor.disguise, [[0x26], [0x23], Array("0123456789xX".utf8)]),
            Self(Anchor.disguise, [any, [0x25], [0x34]]),
            Self(Anchor.disguise, [any, [0x25], [0x32]]),
            Self(Anchor.disguise, [open, Array("aA".utf8), Array("tTrR".utf8)]),
            Self(Anchor.disguise, [open, [0x20], Array("aA@".utf8)]),
            Self(Anchor.disguise, [open, [0x40], Array(")]}".utf8)]),
            Self(Anchor.disguise, [open, Array("dD".utf8), Array("oO".utf8)]),
            // Markup inside a value.
            Self(Anchor.disguise, [marked, [0x3C], Array("/biuesfwmcaBIUESFWMCA".utf8)]),
            Self(Anchor.disguise, [marked, [0x2A], [0x2A] + marked]),
            Self(Anchor.disguise, [[0x20, 0x2A], [0x2A], Array(0x30...0x39)]),
        ]
        for name in ["&co", "&nb", "&pe", "&pl", "&hy", "&lo", "&sh", "&zw"] {
            all.append(Self(Anchor.disguise, name.utf8.map { [$0] }))
        }
        for name in ["swo", "swd", "pwd", "pas", "ecr", "oke", "key", "nwo", "enh"] {
            all.append(Self(Anchor.keyword, folded: name))
        }
        all.append(Self(Anchor.keyword, [[0xC3], [0xB1], [0x61]]))
        for name in ["rer", "sic"] { all.append(Self(Anchor.keyword, folded: name)) }
        for name in ["BIC", "IFT"] { all.append(Self(Anchor.bank, folded: name.lowercased())) }
        for prefix in TokenPrefix.all {
            all.append(Self(Anchor.prefix, prefix.triple))
        }
        return all.map { triple in
            var triple = triple
            triple.bytes = Array(triple.bytes.prefix(3))
            return triple
        }
    }()
}

/// The triples as ``ck_anchor_masks(_:_:_:_:_:_:)`` wants them.
///
/// A set of triples stands for all combinations of its nibbles; each triple joins the set that grows
/// least by it.
let anchorTables: ck_anchors_t = {
    struct Group {
        var low = SIMD3<UInt16>()
        var high = SIMD3<UInt16>()
        /// About how often the set lets bytes through.
        var cost = 0

        init() {}

        init(_ triple: AnchorTriple) {
            for (place, bytes) in triple.bytes.enumerated() {
                for byte in bytes {
                    self.low[place] |= 1 << UInt16(byte & 15)
                    self.high[place] |= 1 << UInt16(byte >> 4)
                }
            }
        }

        /// - Input: `weights` of sets of low four bits, for each high four bits.
        func joined(_ other: Group, _ weights: UnsafePointer<UInt16>) -> Group {
            var group = self
            group.low |= other.low
            group.high |= other.high
            group.cost = 1
            for place in 0..<3 {
                var sum = 0
                var rest = group.high[place]
                while rest != 0 {
                    let row = weights + rest.trailingZeroBitCount * 512
                    sum += Int(row[Int(group.low[place] & 0xFF)])
                    sum += Int(row[256 + Int(group.low[place] >> 8)])
                    rest &= rest - 1
                }
                group.cost *= sum
            }
            return group
        }
    }
    var weights = [UInt16](repeating: 0, count: 16 * 512)
    for high in 0..<16 {
        for half in 0..<2 {
            for set in 1..<256 {
                // A set weighs what it does without its lowest member, and that.
                let lowest = set.trailingZeroBitCount
                let place = high * 512 + half * 256
                let byte = UInt8(high << 4 | half << 3 | lowest)
                weights[place + set] =
                    weights[place + (set & (set - 1))] + UInt16(Anchor.weight(byte))
            }
        }
    }
    var groups = [Group](repeating: Group(), count: 8 * Int(CK_ANCHOR_GROUPS))
    // The wide triples first, so that the narrow ones keep out of their sets.
    let triples = AnchorTriple.all.map { Group().joined(Group($0), weights) }.enumerated().sorted {
        $0.element.cost != $1.element.cost
            ? $0.element.cost > $1.element.cost : $0.offset < $1.offset
    }
    for (_, triple) in triples {
        let joined = groups.map { $0.joined(triple, weights) }
        var best = 0
        for index in groups.indices
        where joined[index].cost - groups[index].cost < joined[best].cost - groups[best].cost {
            best = index
        }
        groups[best] = joined[best]
    }
    var tables = ck_anchors_t()
    func fill(_ bytes: UnsafeMutableRawBufferPointer, _ part: KeyPath<Group, SIMD3<UInt16>>) {
        for (index, group) in groups.enumerated() {
            for place in 0..<3 {
                for nibble in 0..<16 where group[keyPath: part][place] >> UInt16(nibble) & 1 == 1 {
                    bytes[(index / 8 * 3 + place) * 16 + nibble] |= 1 << UInt8(index % 8)
                }
            }
        }
    }
    withUnsafeMutableBytes(of: &tables.low) { fill($0, \.low) }
    withUnsafeMutableBytes(of: &tables.high) { fill($0, \.high) }
    return tables
}()
