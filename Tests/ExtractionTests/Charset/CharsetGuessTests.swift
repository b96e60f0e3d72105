import Testing

@testable import Extraction

@Suite("Charsets without a declaration")
struct CharsetGuessTests {
    @Test(arguments: MillTexts.all)
    func sentencesAreReadInTheirCharset(charset: String, text: String, hex: String) {
        let decoded = decodeText(MillTexts.bytes(hex))
        #expect(String(decoding: decoded.utf8, as: UTF8.self) == text, "\(decoded.charset)")
        #expect(decoded.isGuessed)
        #expect(decoded.replaced == 0)
    }

    @Test(arguments: MillTexts.all)
    func aDeclarationDecides(charset: String, text: String, hex: String) {
        let decoded = decodeText(MillTexts.bytes(hex), declared: charset)
        #expect(String(decoding: decoded.utf8, as: UTF8.self) == text)
        #expect(!decoded.isGuessed)
        #expect(decoded.charset == charset)
    }

    @Test(arguments: MillTexts.all.filter { !$0.charset.hasPrefix("utf-16") })
    func aMetaDecidesInAPage(charset: String, text: String, hex: String) {
        let head = Array("<meta charset=\"\(charset)\"><p>".utf8)
        let decoded = decodeHTML(head + MillTexts.bytes(hex))
        #expect(String(decoding: decoded.utf8, as: UTF8.self).hasSuffix(text))
        #expect(!decoded.isGuessed)
    }

    @Test(arguments: MillTexts.all.filter { $0.charset != "iso-2022-jp" })
    func pagesWithoutAMetaAreGuessed(charset: String, text: String, hex: String) {
        guard !charset.hasPrefix("utf-16") else { return }
        let decoded = decodeHTML(Array("<html><body><p>".utf8) + MillTexts.bytes(hex))
        #expect(String(decoding: decoded.utf8, as: UTF8.self).hasSuffix(text), "\(decoded.charset)")
    }

    @Test func aMetaThatSaysUTF16IsNotBelievedInASCII() {
        let page = Array("<meta charset=utf-16><p>Größe".utf8)
        let decoded = decodeHTML(page)
        #expect(decoded.utf8 == page)
        #expect(decoded.charset == "utf-8")
    }

    @Test(arguments: ["shift_jis", "euc-jp", "gb18030", "big5", "utf-16be"])
    func aCutCharacterIsReplacedAndCounted(charset: String) throws {
        let item = try #require(MillTexts.all.first { $0.charset == charset })
        let decoded = decodeText(MillTexts.bytes(item.hex).dropLast(), declared: charset)
        #expect(decoded.replaced == 1)
        let text = String(decoding: decoded.utf8, as: UTF8.self)
        #expect(text.dropLast() == item.text.dropLast())
        #expect(text.unicodeScalars.last == "\u{FFFD}")
    }

    @Test func binaryIsNoUTF16() {
        let bytes = (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 197 ^ $0 >> 3) }
        #expect(bytes.withUnsafeBufferPointer(unmarkedUTF16) == nil)
        #expect([0, 0, 0, 0, 0, 0].withUnsafeBufferPointer(unmarkedUTF16) == nil)
    }

    @Test func fewBytesAreWesternEuropean() {
        for (bytes, text) in [
            ([0x61, 0xE9] as [UInt8], "aé"), ([0x80], "€"), ([0x93, 0x61], "“a"),
        ] {
            #expect(String(decoding: decodeText(bytes).utf8, as: UTF8.self) == text)
        }
    }
}

extension [UInt8] {
    fileprivate func dropLast() -> [UInt8] { Array(self[..<(self.count - 1)]) }
}
