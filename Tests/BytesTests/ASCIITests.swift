import Testing

@testable import Bytes

@Suite struct ASCIITests {
    @Test func classesAreThoseOfTheScalar() {
        for byte in UInt8.min...UInt8.max {
            let scalar = Unicode.Scalar(byte)
            let isASCII = byte < 0x80
            let properties = scalar.properties
            let isLetter = isASCII && properties.isAlphabetic
            #expect(byte.isASCIIDigit == (isASCII && properties.numericType == .decimal))
            #expect(byte.isASCIILetter == isLetter)
            #expect(byte.isASCIIUppercase == (isASCII && properties.isUppercase))
            #expect(byte.isASCIILowercase == (isASCII && properties.isLowercase))
            #expect(byte.isASCIIAlphanumeric == (isLetter || byte.isASCIIDigit))
            #expect(byte.isASCIISpace == (isASCII && properties.isWhitespace))
            #expect(byte.isASCIIBlank == (scalar == " " || scalar == "\t"))
            let lowered = isASCII ? Array(properties.lowercaseMapping.utf8) : [byte]
            #expect([byte.asciiLowercased] == lowered)
            let text = String(Character(scalar))
            #expect(byte.asciiDigitValue == (isASCII ? Int(text) : nil))
            #expect(byte.asciiHexadecimalValue == (isASCII ? Int(text, radix: 16) : nil))
        }
    }

    @Test func namesStandForTheirCharacters() {
        let named: [(UInt8, Unicode.Scalar)] = [
            (.tab, "\t"), (.lineFeed, "\n"), (.formFeed, "\u{0C}"), (.carriageReturn, "\r"),
            (.space, " "), (.exclamationMark, "!"), (.quotationMark, "\""), (.numberSign, "#"),
            (.dollarSign, "$"), (.percentSign, "%"), (.ampersand, "&"), (.apostrophe, "'"),
            (.leftParenthesis, "("), (.rightParenthesis, ")"), (.asterisk, "*"), (.plusSign, "+"),
            (.comma, ","), (.hyphen, "-"), (.fullStop, "."), (.slash, "/"), (.colon, ":"),
            (.semicolon, ";"), (.lessThan, "<"), (.equalsSign, "="), (.greaterThan, ">"),
            (.questionMark, "?"), (.atSign, "@"), (.leftBracket, "["), (.backslash, "\\"),
            (.rightBracket, "]"), (.caret, "^"), (.underscore, "_"), (.backtick, "`"),
            (.leftBrace, "{"), (.verticalBar, "|"), (.rightBrace, "}"), (.tilde, "~"),
            (.delete, "\u{7F}"),
        ]
        for (byte, scalar) in named { #expect(UInt32(byte) == scalar.value) }
    }
}
