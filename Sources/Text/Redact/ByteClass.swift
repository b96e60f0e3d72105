/// Classes of bytes, for growing candidates.
enum ByteClass {
    static let digit: UInt8 = 1
    static let upper: UInt8 = 2
    static let lower: UInt8 = 4
    static let hexLetter: UInt8 = 8
    /// Bytes of an e-mail's local part beside letters and digits.
    static let local: UInt8 = 16
    /// Bytes of tokens beside letters and digits: `-` and `_`.
    static let token: UInt8 = 32
    static let letter = Self.upper | Self.lower
    static let alphanumeric = Self.letter | Self.digit
    static let hex = Self.digit | Self.hexLetter

    static let table: [UInt8] = (0..<256).map { value in
        let byte = UInt8(value)
        var entry: UInt8 = 0
        if (0x30...0x39).contains(byte) { entry |= Self.digit }
        if (0x41...0x5A).contains(byte) { entry |= Self.upper }
        if (0x61...0x7A).contains(byte) { entry |= Self.lower }
        if (0x61...0x66).contains(byte | 0x20), byte >= 0x41 { entry |= Self.hexLetter }
        if Array("._%+-'".utf8).contains(byte) { entry |= Self.local }
        if byte == 0x2D || byte == 0x5F { entry |= Self.token }
        return entry
    }
}

/// What a pair of neighbouring bytes may be the start of.
enum Anchor {
    static let at: UInt8 = 1
    /// A digit after something else.
    static let digit: UInt8 = 2
    static let colon: UInt8 = 4
    static let equals: UInt8 = 8
    /// The first two bytes of a known token prefix.
    static let prefix: UInt8 = 16
    /// `sw`, as in a password that prose gives away.
    static let password: UInt8 = 32
    /// The end of the dashes before `BEGIN`.
    static let armour: UInt8 = 64
    /// The last two bytes of a full-width digit or sign, a soft hyphen, an entity, a percent code or a
    /// bracket before `at`: the text may have to be read as ``DisguisedText``.
    static let disguise: UInt8 = 128

    /// Indexed by the first byte * 256 + the second.
    static let table: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 1 << 16)
        for first in 0..<256 {
            table[first << 8 | 0x40] |= Self.at
            table[first << 8 | 0x3A] |= Self.colon
            table[first << 8 | 0x3D] |= Self.equals
            guard !(0x30...0x39).contains(first) else { continue }
            for digit in 0x30...0x39 { table[first << 8 | digit] |= Self.digit }
        }
        for prefix in TokenPrefix.all {
            table[Int(prefix.bytes[0]) << 8 | Int(prefix.bytes[1])] |= Self.prefix
        }
        for first in [0x73, 0x53] {
            for second in [0x77, 0x57] { table[first << 8 | second] |= Self.password }
        }
        table[0x2D << 8 | 0x42] |= Self.armour
        // A full-width digit or `＠`; a soft hyphen; a zero-width character is after 0x80.
        for second in Array(0x90...0x99) + [0xA0] { table[0xBC << 8 | second] |= Self.disguise }
        table[0xC2 << 8 | 0xAD] |= Self.disguise
        for second in 0x8B...0x8F { table[0x80 << 8 | second] |= Self.disguise }
        table[0x26 << 8 | 0x23] |= Self.disguise
        for second in [0x63, 0x6E, 0x70] { table[0x26 << 8 | second] |= Self.disguise }
        table[0x25 << 8 | 0x34] |= Self.disguise
        for open in [0x28, 0x5B, 0x7B] {
            for second in [0x61, 0x41, 0x40, 0x20] {
                table[open << 8 | second] |= Self.disguise
            }
        }
        return table
    }()
}
