/// How a letter beyond ASCII parts words.
enum LetterKind: Hashable {
    /// Words have spaces between them.
    case spaced
    /// Words touch each other, and those of other scripts.
    case unspaced

    /// The kind of a code point; nil for no letter.
    ///
    /// Blocks of Unicode 16, as far as mail is written in
    /// them.
    init?(_ scalar: UInt32) {
        switch scalar {
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2AF, 0x300...0x374, 0x376...0x37D, 0x37F...0x386,
            0x388...0x52F, 0x531...0x587, 0x5D0...0x5F4, 0x620...0x669, 0x66E...0x6D3,
            0x6EE...0x6FC, 0x750...0x77F, 0x900...0x963, 0x966...0xDFF, 0x10A0...0x10FF,
            0x1200...0x135A, 0x1E00...0x1FFC:
            self = .spaced
        case 0xE00...0xEFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17D3, 0x3041...0x30FA,
            0x30FC...0x30FE, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0x20000...0x323AF:
            self = .unspaced
        default: return nil
        }
    }
}

extension ScanPass {
    /// The letter beyond ASCII that ends before `end`.
    func letter(before end: Int) -> (kind: LetterKind?, start: Int) {
        var start = end - 1
        while end - start < 4, start > 0, self.byte(start) & 0xC0 == 0x80 { start -= 1 }
        guard let letter = self.letter(at: start), letter.end == end else { return (nil, end) }
        return (letter.kind, start)
    }

    /// The letter beyond ASCII at `start`; nil for ASCII and for what is no UTF-8.
    func letter(at start: Int) -> (kind: LetterKind?, end: Int)? {
        let first = self.byte(start)
        let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0
        guard count > 0, start >= 0, start + count <= self.text.count else { return nil }
        var scalar = UInt32(first) & (0x7F >> UInt32(count))
        for index in start + 1..<start + count {
            guard self.byte(index) & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(self.byte(index) & 0x3F)
        }
        return (LetterKind(scalar), start + count)
    }
}
