/// The bytes of ASCII that text is marked up with, by the names Unicode gives them, or the short ones
/// everyone uses.
///
/// Letters and digits are written `UInt8(ascii: "a")`: no name says it better.
extension UInt8 {
    /// A horizontal tab.
    @inlinable package static var tab: UInt8 { 0x09 }
    @inlinable package static var lineFeed: UInt8 { 0x0A }
    @inlinable package static var formFeed: UInt8 { 0x0C }
    @inlinable package static var carriageReturn: UInt8 { 0x0D }
    @inlinable package static var space: UInt8 { 0x20 }
    /// The character `!`.
    @inlinable package static var exclamationMark: UInt8 { 0x21 }
    /// The character `"`.
    @inlinable package static var quotationMark: UInt8 { 0x22 }
    /// The character `#`.
    @inlinable package static var numberSign: UInt8 { 0x23 }
    /// The character `$`.
    @inlinable package static var dollarSign: UInt8 { 0x24 }
    /// The character `%`.
    @inlinable package static var percentSign: UInt8 { 0x25 }
    /// The character `&`.
    @inlinable package static var ampersand: UInt8 { 0x26 }
    /// The character `'`.
    @inlinable package static var apostrophe: UInt8 { 0x27 }
    /// The character `(`.
    @inlinable package static var leftParenthesis: UInt8 { 0x28 }
    /// The character `)`.
    @inlinable package static var rightParenthesis: UInt8 { 0x29 }
    /// The character `*`.
    @inlinable package static var asterisk: UInt8 { 0x2A }
    /// The character `+`.
    @inlinable package static var plusSign: UInt8 { 0x2B }
    /// The character `,`.
    @inlinable package static var comma: UInt8 { 0x2C }
    /// The character `-`.
    @inlinable package static var hyphen: UInt8 { 0x2D }
    /// The character `.`.
    @inlinable package static var fullStop: UInt8 { 0x2E }
    /// The character `/`.
    @inlinable package static var slash: UInt8 { 0x2F }
    /// The character `:`.
    @inlinable package static var colon: UInt8 { 0x3A }
    /// The character `;`.
    @inlinable package static var semicolon: UInt8 { 0x3B }
    /// The character `<`.
    @inlinable package static var lessThan: UInt8 { 0x3C }
    /// The character `=`.
    @inlinable package static var equalsSign: UInt8 { 0x3D }
    /// The character `>`.
    @inlinable package static var greaterThan: UInt8 { 0x3E }
    /// The character `?`.
    @inlinable package static var questionMark: UInt8 { 0x3F }
    /// The character `@`.
    @inlinable package static var atSign: UInt8 { 0x40 }
    /// The character `[`.
    @inlinable package static var leftBracket: UInt8 { 0x5B }
    /// The character `\`.
    @inlinable package static var backslash: UInt8 { 0x5C }
    /// The character `]`.
    @inlinable package static var rightBracket: UInt8 { 0x5D }
    /// The character `^`.
    @inlinable package static var caret: UInt8 { 0x5E }
    /// The character `_`.
    @inlinable package static var underscore: UInt8 { 0x5F }
    /// A grave accent.
    @inlinable package static var backtick: UInt8 { 0x60 }
    /// The character `{`.
    @inlinable package static var leftBrace: UInt8 { 0x7B }
    /// The character `|`.
    @inlinable package static var verticalBar: UInt8 { 0x7C }
    /// The character `}`.
    @inlinable package static var rightBrace: UInt8 { 0x7D }
    /// The character `~`.
    @inlinable package static var tilde: UInt8 { 0x7E }
    @inlinable package static var delete: UInt8 { 0x7F }
}
