internal import CKernels

/// Classes of bytes, for growing candidates.
enum ByteClass {
    static let digit = UInt8(CK_BYTE_DIGIT)
    static let upper = UInt8(CK_BYTE_UPPER)
    static let lower = UInt8(CK_BYTE_LOWER)
    static let hexLetter = UInt8(CK_BYTE_HEX_LETTER)
    /// Bytes of an e-mail's local part beside letters and digits.
    static let local = UInt8(CK_BYTE_LOCAL)
    /// Bytes of tokens beside letters and digits: `-` and `_`.
    static let token = UInt8(CK_BYTE_TOKEN)
    /// Letters, digits and `_`.
    static let word = UInt8(CK_BYTE_WORD)
    static let letter = Self.upper | Self.lower
    static let alphanumeric = Self.letter | Self.digit
    static let hex = Self.digit | Self.hexLetter

    /// The classes of every byte, for code that is not hot.
    static let table: [UInt8] = (0..<256).map { Self.of(UInt8($0)) }

    @inline(__always)
    static func of(_ byte: UInt8) -> UInt8 { ck_byte_class(byte) }
}
