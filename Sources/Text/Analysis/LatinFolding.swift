/// Letters with diacritics as the letters without, so that `resume` finds `résumé`.
///
/// Covers lower-case Latin-1, Latin Extended-A and -B, Latin Extended Additional and full-width
/// ASCII. Other scripts keep their marks: there a mark often makes another word.
///
/// - Source: NFKD of Unicode 14 with marks removed; `ø đ ł ħ ı ŧ ƀ ĸ` and the pairs by hand.
struct LatinFolding {
    /// The ASCII letters a scalar folds to; `second` is 0 for one letter.
    struct Letters: Equatable {
        let first: UInt8
        let second: UInt8

        init(_ first: Unicode.Scalar, _ second: Unicode.Scalar = "\0") {
            self.first = UInt8(ascii: first)
            self.second = UInt8(ascii: second)
        }

        init(byte: UInt8) {
            self.first = byte
            self.second = 0
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
        default:
            return nil
        }
    }

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
