/// Letters with diacritics as the letters without, so that `resume` finds `résumé`.
///
/// Covers lower-case Latin-1, Latin Extended-A and -B, Latin Extended Additional, full-width ASCII,
/// ligatures, and digits above and below the line. Of other scripts it folds what people leave out when
/// they type: the Greek accent and final sigma, the dots of the Russian `ё`, the forms of the Arabic alef,
/// teh marbuta and yeh. Their other marks stay: there a mark often makes another word.
///
/// - Source: NFKD of Unicode 14 with marks removed; `ø đ ł ħ ı ŧ ƀ ĸ`, the pairs and the other scripts by
///   hand.
struct LatinFolding {
    /// The ASCII letters a scalar folds to; 0 for those that it does not have.
    struct Letters: Equatable {
        let first: UInt8
        let second: UInt8
        let third: UInt8

        init(
            _ first: Unicode.Scalar,
            _ second: Unicode.Scalar = "\0",
            _ third: Unicode.Scalar = "\0"
        ) {
            self.first = UInt8(ascii: first)
            self.second = UInt8(ascii: second)
            self.third = UInt8(ascii: third)
        }

        init(byte: UInt8) {
            self.first = byte
            self.second = 0
            self.third = 0
        }
    }

    /// For each scalar from U+00DF and from U+1E00 its letter, `-` for none.
    private let extended = Array(
        """
        -aaaaaa-ceeeeiiii-nooooo-ouuuuy-yaaaaaaccccccccdd-deeeeeeeeeeggg\
        ggggghh-hiiiiiiiiii--jjkkkllllll---lnnnnnn---oooooo--rrrrrrsssss\
        ssstttt-tuuuuuuuuuuuuwwyyyzzzzzzsb------------------------------\
        -oo-------------uu----------------------------aaiioouuuuuuuuuu-a\
        aaa----ggkkoooo--j---gg--nnaa----aaaaeeeeiiiioooorrrruuuusstt--h\
        h------aaeeooooooooyy----------------------------
        """.utf8
    )
    private let additional = Array(
        """
        aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm\
        mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv\
        wwwwwwwwwwxxxxyyzzzzzzhtwy-s----aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee\
        eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy------
        """.utf8
    )

    /// The letters of a lower-case scalar; nil when it stays as it is.
    @inline(__always)
    func letters(of scalar: UInt32) -> Letters? {
        switch scalar {
        case 0xDF..<0x250:
            let letter = self.extended[Int(scalar &- 0xDF)]
            return letter == UInt8(ascii: "-") ? Self.pair(scalar) : Letters(byte: letter)
        case 0x1E00..<0x1F00:
            let letter = self.additional[Int(scalar &- 0x1E00)]
            return letter == UInt8(ascii: "-") ? Self.pair(scalar) : Letters(byte: letter)
        case 0xFF10...0xFF19, 0xFF41...0xFF5A:
            return Letters(byte: UInt8(truncatingIfNeeded: scalar &- 0xFEE0))
        case 0xFB00...0xFB06:
            return Self.ligatures[Int(scalar &- 0xFB00)]
        case 0xB2, 0xB3: return Letters(byte: UInt8(truncatingIfNeeded: scalar &- 0x80))
        case 0xB9: return Letters("1")
        case 0x2070, 0x2074...0x2079, 0x2080...0x2089:
            return Letters(byte: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: scalar & 0xF))
        default:
            return nil
        }
    }

    /// The letter that a lower-case scalar beyond Latin is searched as.
    @inline(__always)
    static func plain(_ scalar: UInt32) -> UInt32 {
        scalar < 0x3AC && scalar != 0xB5 && scalar != 0x390 || scalar > 0x6CC
            ? scalar : self.others[scalar] ?? scalar
    }

    /// Whether a mark is left out wherever it stands: Hebrew points and Arabic vowel signs.
    @inline(__always)
    static func isDropped(_ mark: UInt32) -> Bool {
        0x300...0x36F ~= mark || 0x591...0x5C7 ~= mark || 0x64B...0x652 ~= mark || mark == 0x670
    }

    private static let ligatures: [Letters] = [
        Letters("f", "f"), Letters("f", "i"), Letters("f", "l"), Letters("f", "f", "i"),
        Letters("f", "f", "l"), Letters("s", "t"), Letters("s", "t"),
    ]

    private static let others: [UInt32: UInt32] = [
        0xB5: 0x3BC, 0x390: 0x3B9, 0x3AC: 0x3B1, 0x3AD: 0x3B5, 0x3AE: 0x3B7, 0x3AF: 0x3B9,
        0x3B0: 0x3C5, 0x3C2: 0x3C3, 0x3CA: 0x3B9, 0x3CB: 0x3C5, 0x3CC: 0x3BF, 0x3CD: 0x3C5,
        0x3CE: 0x3C9, 0x450: 0x435, 0x451: 0x435, 0x45D: 0x438, 0x622: 0x627, 0x623: 0x627,
        0x625: 0x627, 0x629: 0x647, 0x649: 0x64A, 0x671: 0x627, 0x6A9: 0x643, 0x6CC: 0x64A,
    ]

    private static func pair(_ scalar: UInt32) -> Letters? {
        switch scalar {
        case 0xDF, 0x1E9E: Letters("s", "s")
        case 0xE6: Letters("a", "e")
        case 0xF0: Letters("d")
        case 0xFE: Letters("t", "h")
        case 0x133: Letters("i", "j")
        case 0x153: Letters("o", "e")
        default: nil
        }
    }
}
