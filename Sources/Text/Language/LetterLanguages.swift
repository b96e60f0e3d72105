/// Scripts that one living language is mostly written in, and that no model here knows.
///
/// - Source: Unicode 16.0 Blocks.txt; ISO 15924 and CLDR's likely subtags name the language of a script.
enum LetterLanguages {
    struct Block: Sendable {
        var first: UInt32
        var last: UInt32
        var language: String
    }

    static let blocks: [Block] = [
        Block(first: 0x0700, last: 0x074F, language: "syr"),
        Block(first: 0x0780, last: 0x07BF, language: "dv"),
        Block(first: 0x07C0, last: 0x07FF, language: "nqo"),
        Block(first: 0x13A0, last: 0x13FF, language: "chr"),
        Block(first: 0x1400, last: 0x167F, language: "iu"),
        Block(first: 0x1800, last: 0x18AF, language: "mn-Mong"),
        Block(first: 0x1900, last: 0x194F, language: "lif"),
        Block(first: 0x1A00, last: 0x1A1F, language: "bug"),
        Block(first: 0x1B00, last: 0x1B7F, language: "ban"),
        Block(first: 0x1B80, last: 0x1BBF, language: "su-Sund"),
        Block(first: 0x1C00, last: 0x1C4F, language: "lep"),
        Block(first: 0x1C50, last: 0x1C7F, language: "sat"),
        Block(first: 0x2C80, last: 0x2CFF, language: "cop"),
        Block(first: 0x2D30, last: 0x2D7F, language: "zgh"),
        Block(first: 0xA000, last: 0xA4CF, language: "ii"),
        Block(first: 0xA4D0, last: 0xA4FF, language: "lis"),
        Block(first: 0xA500, last: 0xA63F, language: "vai"),
        Block(first: 0xA980, last: 0xA9DF, language: "jv-Java"),
        Block(first: 0xAAE0, last: 0xAAFF, language: "mni"),
        Block(first: 0xAB70, last: 0xABBF, language: "chr"),
        Block(first: 0xABC0, last: 0xABFF, language: "mni"),
        Block(first: 0x1E900, last: 0x1E95F, language: "ff-Adlm"),
    ]

    /// The place in ``blocks`` of the letter at `index`; nil for letters of other scripts.
    @inline(__always)
    static func block(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
        switch text[index] {
        // U+0700 to U+07FF; U+1000 to U+2FFF; U+A000 to U+AFFF; U+1E000 to U+1EFFF.
        case 0xDC...0xDF, 0xE1, 0xE2, 0xEA, 0xF0: Self.place(of: scalar(text, at: index))
        default: nil
        }
    }

    private static func place(of scalar: UInt32) -> Int? {
        Self.blocks.firstIndex { $0.first <= scalar && scalar <= $0.last }
    }

    private static func scalar(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32 {
        let lead = text[index]
        let count = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3
        guard index + count < text.count else { return 0 }
        var scalar = UInt32(lead) & (lead < 0xE0 ? 0x1F : lead < 0xF0 ? 0x0F : 0x07)
        for offset in 1...count { scalar = scalar << 6 | UInt32(text[index + offset] & 0x3F) }
        return scalar
    }
}
