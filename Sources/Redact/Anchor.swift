/// Where a value may be: at the last of three neighbouring bytes.
///
/// A vector pass marks the bytes that may end such a triple (``AnchorTriple``), and some that do not;
/// the tables say which triples end there. Digits and `@` are marked without either.
enum Anchor {
    /// A colon before a hexadecimal digit or a colon.
    static let colon: UInt8 = 1
    /// The end of the rarest three bytes of a token's literal parts.
    static let prefix: UInt8 = 2
    /// The inside of a ``SecretLabel``, or the dash of a ``SecretOption``.
    static let keyword: UInt8 = 4
    /// The end of the dashes before `BEGIN`, and the inside of `Private-Lines`.
    static let armour: UInt8 = 8
    /// The inside of what may have to be read as ``DisguisedText``.
    static let disguise: UInt8 = 16
    /// The inside of `BIC`, `SWIFT`, and of the code lines of a passport.
    static let bank: UInt8 = 32
    static let machineReadable: UInt8 = 64

    /// The anchors of the last two bytes, the first * 256 + the second: those of any triple in the low
    /// byte, and in the high byte those that depend on the byte before.
    private static let pairs: [UInt16] = {
        var table = [UInt16](repeating: 0, count: 1 << 16)
        for triple in AnchorTriple.all {
            let anchor = UInt16(triple.anchor) << (triple.bytes[0].count < 256 ? 8 : 0)
            for first in triple.bytes[1] {
                for second in triple.bytes[2] { table[Int(first) << 8 | Int(second)] |= anchor }
            }
        }
        return table
    }()

    /// The anchors of triples, by ``place(_:_:)``; few other triples share a place with one.
    private static let triples: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 1 << 16)
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
        return table
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

    /// How often each ASCII byte occurs in 25 MB of documentation, in ten-thousandths, at least 3: what the sets
    /// of triples are packed by.
    private static let shares: [UInt16] = [
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 383, 3, 3, 3, 3, 3,
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
        1139, 3, 25, 10, 3, 7, 3, 42, 74, 74, 10, 3, 76, 20, 159, 9,
        16, 19, 18, 10, 6, 5, 5, 3, 4, 3, 36, 3, 6, 31, 18, 3,
        3, 28, 10, 23, 28, 31, 25, 10, 10, 29, 3, 3, 22, 21, 22, 21,
        33, 6, 24, 37, 45, 14, 6, 8, 3, 4, 3, 10, 3, 10, 3, 116,
        3, 540, 103, 246, 287, 951, 175, 147, 206, 483, 40, 38, 338, 190, 483, 519,
        178, 17, 450, 510, 659, 220, 65, 76, 43, 109, 9, 5, 7, 5, 3, 3,
    ]

    @inline(__always)
    static func share(_ byte: UInt8) -> UInt16 { byte < 0x80 ? self.shares[Int(byte)] : 3 }

    /// About how often the byte occurs in text, in thousandths: what anchors are chosen by.
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
        let open = Array("([{<".utf8)
        let digits = Array("0123456789".utf8)
        let capitals = any.filter { ByteClass.of($0) & ByteClass.upper != 0 }
        var all = [
            Self(Anchor.colon, [any, [0x3A], hex + [0x3A]]),
            Self(Anchor.armour, [[0x2D], [0x2D], [0x42]]),
            Self(Anchor.armour, Array("-Li".utf8).map { [$0] }),
            Self(Anchor.machineReadable, [[0x3C], [0x3C], [0x3C]]),
            // Full-width signs, digits and letters; invisible characters and soft hyphens.
            Self(Anchor.disguise, [[0xEF], [0xBC], Array(0x8B...0x99) + [0xA0, 0xA1]]),
            Self(Anchor.disguise, [[0xEF], [0xBD], Array(0x81...0x9A)]),
            Self(Anchor.disguise, [[0xE2], [0x80], Array(0x8B...0x8F)]),
            Self(Anchor.disguise, [[0xE2], [0x81], [0xA0]]),
            Self(Anchor.disguise, [[0xEF], [0xB9], [0x92, 0xAB]]),
            Self(Anchor.disguise, [word, [0xE3], [0x80]]),
            Self(Anchor.disguise, [Array("-*|#~".utf8), Array("aA".utf8), Array("tT".utf8)]),
            Self(Anchor.disguise, [[0x3B], [0x23], digits]),
            Self(Anchor.disguise, [any, [0xC2], [0xAD]]),
            // Digits of other scripts.
            Self(Anchor.disguise, [any, [0xD9], Array(0xA0...0xA9)]),
            Self(Anchor.disguise, [any, [0xDB], Array(0xB0...0xB9)]),
            Self(
                Anchor.disguise,
                [
                    [0xE0], [0xA5, 0xA7, 0xA9, 0xAB, 0xAD, 0xAF, 0xB1, 0xB3, 0xB5],
                    Array(0xA6...0xAF),
                ]
            ),
            Self(Anchor.disguise, [[0xE0], [0xB9, 0xBB], Array(0x90...0x99)]),
            // Entities and percent codes.
            Self(Anchor.disguise, [[0x26], [0x23], Array("0123456789xX".utf8)]),
            Self(Anchor.disguise, [any, [0x25], [0x34]]),
            Self(Anchor.disguise, [any, [0x25], [0x32]]),
            Self(Anchor.disguise, [[0x25], [0x33], [0x41, 0x61]]),
            Self(Anchor.disguise, [open, Array("aA".utf8), Array("tTrR".utf8)]),
            Self(Anchor.disguise, [open, [0x20], Array("aA@".utf8)]),
            Self(Anchor.disguise, [open, [0x40], Array(")]}".utf8)]),
            Self(Anchor.disguise, [open, Array("dD".utf8), Array("oO".utf8)]),
            Self(Anchor.disguise, [open, [0x2E], Array(")]}".utf8)]),
            Self(Anchor.disguise, [open, [0xC3], [0xA4]]),
            Self(Anchor.disguise, [open, Array("aA".utf8), Array(")]}".utf8)]),
            Self(Anchor.disguise, [[0x5F], Array("aA".utf8), Array("tT".utf8)]),
            Self(Anchor.disguise, [open, Array("kKcC".utf8), Array("lLhH".utf8)]),
            // Escapes of strings and of mail, and signs told as words.
            Self(Anchor.disguise, [[0x5C], [0x75], [0x30, 0x7B]]),
            Self(Anchor.disguise, [[0x5C], [0x78], Array("234567".utf8)]),
            Self(
                Anchor.disguise,
                [[0x5C], Array("nrt".utf8), Array("+(".utf8) + digits + capitals]
            ),
            Self(Anchor.disguise, [word, [0x5C], Array(".@_-+".utf8)]),
            Self(Anchor.disguise, [word, [0x3D], Array("234567C".utf8)]),
            Self(Anchor.disguise, [word, [0x3D], [0x0A, 0x0D]]),
            Self(Anchor.disguise, [[0x20], [0x41], [0x54]]),
            Self(Anchor.disguise, [Array("dD".utf8), Array("oO".utf8), Array("tT".utf8)]),
            // Markup inside a value.
            Self(Anchor.disguise, [marked, [0x3C], Array("/!biuesfwmcaBIUESFWMCA".utf8)]),
            Self(Anchor.disguise, [marked, [0x2A], [0x2A] + marked]),
            Self(Anchor.disguise, [[0x20, 0x2A], [0x2A], Array(0x30...0x39)]),
        ]
        for name in [
            " gm", "tma", "aho", "tlo", "&co", "&nb", "&pe", "&pl", "&hy", "&lo", "&sh", "&zw",
        ] {
            all.append(Self(Anchor.disguise, name.utf8.map { [$0] }))
        }
        for label in SecretLabelRow.all.flatMap(\.labels) {
            all.append(Self(Anchor.keyword, label.triple))
        }
        let options = Set(SecretOption.all.map(\.option)).sorted()
        all.append(Self(Anchor.keyword, [[0x20], [0x2D], options]))
        all.append(Self(Anchor.keyword, [[0x2D], [0x2D], [UInt8(ascii: "u")]]))
        for name in ["BIC", "IFT"] { all.append(Self(Anchor.bank, folded: name.lowercased())) }
        for form in TokenRow.all.flatMap(\.forms) {
            all.append(Self(Anchor.prefix, form.triple))
        }
        return all.map { triple in
            var triple = triple
            triple.bytes = Array(triple.bytes.prefix(3))
            return triple
        }
    }()
}
