/// The signs that stand beside names and addresses.
///
/// Letters and digits are written `UInt8(ascii: "a")`.
extension UInt8 {
    static var lineFeed: UInt8 { 0x0A }
    static var space: UInt8 { 0x20 }
    static var quote: UInt8 { 0x22 }
    static var numberSign: UInt8 { 0x23 }
    static var apostrophe: UInt8 { 0x27 }
    static var openParenthesis: UInt8 { 0x28 }
    static var closeParenthesis: UInt8 { 0x29 }
    static var comma: UInt8 { 0x2C }
    static var hyphen: UInt8 { 0x2D }
    static var fullStop: UInt8 { 0x2E }
    static var slash: UInt8 { 0x2F }
    static var colon: UInt8 { 0x3A }
    static var greaterThan: UInt8 { 0x3E }
    static var openBracket: UInt8 { 0x5B }

    @inline(__always) var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    @inline(__always) var isSmallLetter: Bool { self &- UInt8(ascii: "a") < 26 }
    @inline(__always) var isCapitalLetter: Bool { self &- UInt8(ascii: "A") < 26 }
    /// Not the first byte of a code point.
    @inline(__always) var isContinuation: Bool { self & 0xC0 == 0x80 }
}
