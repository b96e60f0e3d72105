/// What a byte is in ASCII; no byte of 0x80 and above is in any class.
extension UInt8 {
    /// `0` to `9`.
    @inlinable @inline(__always)
    package var isASCIIDigit: Bool { self &- 0x30 < 10 }

    @inlinable @inline(__always)
    package var isASCIIUppercase: Bool { self &- 0x41 < 26 }

    @inlinable @inline(__always)
    package var isASCIILowercase: Bool { self &- 0x61 < 26 }

    @inlinable @inline(__always)
    package var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }

    @inlinable @inline(__always)
    package var isASCIIAlphanumeric: Bool { self.isASCIILetter || self.isASCIIDigit }

    /// A blank, or one of the controls from tab to carriage return.
    @inlinable @inline(__always)
    package var isASCIISpace: Bool { self == 0x20 || self &- 0x09 < 5 }

    /// A blank or a tab: white space within a line.
    @inlinable @inline(__always)
    package var isASCIIBlank: Bool { self == 0x20 || self == 0x09 }

    /// A letter in lower case; any other byte as it is.
    @inlinable @inline(__always)
    package var asciiLowercased: UInt8 { self.isASCIIUppercase ? self | 0x20 : self }

    /// 0 to 9; nil for what is no digit.
    @inlinable @inline(__always)
    package var asciiDigitValue: Int? { self.isASCIIDigit ? Int(self &- 0x30) : nil }

    /// 0 to 15, in either case; nil for what is no hexadecimal digit.
    @inlinable @inline(__always)
    package var asciiHexadecimalValue: Int? {
        if self.isASCIIDigit { return Int(self &- 0x30) }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? Int(letter) + 10 : nil
    }
}
