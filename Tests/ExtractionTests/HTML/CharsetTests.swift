import Extraction
import Records
import Testing

@Suite struct CharsetTests {
    static let german = "Größe, Übermaß, Äpfel, naïve façade"
    static let russian = "Это пробный абзац, достаточно длинный для основного текста."

    /// The text in a charset, as bytes written out by Python's codecs.
    static let samples: [(charset: String, bytes: [UInt8], text: String)] = [
        ("shift_jis", [0x93, 0xFA, 0x96, 0x7B, 0x8C, 0xEA, 0x83, 0x65, 0x83, 0x58], "日本語テス"),
        ("gb2312", [0xD5, 0xE2, 0xCA, 0xC7, 0xB2, 0xE2, 0xCA, 0xD4], "这是测试"),
        ("gb18030", [0x81, 0x30, 0x89, 0x38, 0xB2, 0xE2], "ß测"),
        ("euc-kr", [0xC0, 0xCC, 0xB0, 0xCD, 0xC0, 0xBA], "이것은"),
        ("big5", [0xB3, 0x6F, 0xAC, 0x4F, 0xB4, 0xFA], "這是測"),
        ("koi8-r", [0xFC, 0xD4, 0xCF, 0x20, 0xD0, 0xD2], "Это пр"),
        ("windows-1251", [0xDD, 0xF2, 0xEE, 0x20, 0xEF, 0xF0], "Это пр"),
        ("iso-8859-2", [0x5A, 0x61, 0xBF, 0xF3, 0xB3, 0xE6], "Zażółć"),
        ("iso-8859-1", [0x80, 0x93, 0x94, 0xE9], "€“”é"),
        ("us-ascii", [0x92, 0x41], "’A"),
        ("windows-1250", [0x8A, 0x9A], "Šš"),
        ("windows-1253", [0xC1, 0xE2], "Αβ"),
        ("windows-1254", [0xDD, 0xFE], "İş"),
        ("windows-1255", [0xF9, 0xE0], "שא"),
        ("windows-1256", [0xC7, 0xE1], "ال"),
        ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B, 0x5C, 0x1B, 0x28, 0x42], "日本"),
        ("euc-jp", [0xC6, 0xFC, 0xCB, 0xDC], "日本"),
    ]

    @Test(arguments: samples.indices)
    func labelledBytesAreDecoded(index: Int) {
        let sample = Self.samples[index]
        for markup in [
            "<meta charset=\(sample.charset)>",
            "<meta http-equiv='Content-Type' content='text/html; charset=\(sample.charset)'>",
            "<META CHARSET=\"  \(sample.charset.uppercased()) \">",
        ] {
            let decoded = decodeHTML(Array(markup.utf8) + sample.bytes)
            let text = String(decoding: decoded.utf8, as: UTF8.self)
            #expect(text.hasSuffix(sample.text), "\(sample.charset): \(text)")
            #expect(!decoded.isGuessed)
            #expect(decoded.replaced == 0)
        }
        let declared = decodeHTML(sample.bytes, declared: sample.charset)
        #expect(String(decoding: declared.utf8, as: UTF8.self) == sample.text)
    }

    @Test func validUTF8IsReturnedAsGiven() {
        let bytes = Array("<meta charset=latin1>\(Self.german)".utf8)
        let decoded = decodeHTML(bytes)
        #expect(decoded.utf8 == bytes)
        #expect(decoded.charset == "utf-8")
        #expect(!decoded.isGuessed)
    }

    @Test func aByteOrderMarkWinsAndIsRemoved() {
        let text = "<meta charset=windows-1252>\(Self.german)"
        let marked = decodeHTML([0xEF, 0xBB, 0xBF] + Array(text.utf8), declared: "koi8-r")
        #expect(String(decoding: marked.utf8, as: UTF8.self) == text)
        let units = Array(text.utf16)
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for (bytes, name) in [
            ([0xFF, 0xFE] + little, "utf-16le"), ([0xFE, 0xFF] + big, "utf-16be"),
        ] {
            let decoded = decodeHTML(bytes)
            #expect(String(decoding: decoded.utf8, as: UTF8.self) == text)
            #expect(decoded.charset == name)
        }
        for bytes in [little, big] {
            let decoded = decodeText(bytes)
            #expect(String(decoding: decoded.utf8, as: UTF8.self) == text)
            #expect(decoded.isGuessed)
        }
    }

    @Test func bytesThatContradictAUTF8LabelAreGuessed() {
        let latin = Self.german.unicodeScalars.map { UInt8($0.value) }
        let decoded = decodeHTML(Array("<meta charset=utf-8>".utf8) + latin + latin)
        #expect(String(decoding: decoded.utf8, as: UTF8.self).hasSuffix(Self.german))
        #expect(decoded.isGuessed)
    }

    @Test func damagedUTF8KeepsTheRest() {
        var bytes = Array(String(repeating: Self.russian, count: 10).utf8)
        bytes[101] = 0xFF
        let decoded = decodeText(bytes)
        #expect(decoded.charset == "utf-8")
        #expect(decoded.replaced >= 1)
        #expect(String(decoding: decoded.utf8, as: UTF8.self).hasSuffix(Self.russian))
        #expect(String(validating: decoded.utf8, as: UTF8.self) != nil)
    }

    @Test func statisticsFindCyrillicWithoutALabel() {
        let text = String(repeating: Self.russian, count: 8)
        let koi = text.unicodeScalars.map { koi8($0.value) }
        let decoded = decodeText(koi)
        #expect(decoded.charset == "koi8-r")
        #expect(String(decoding: decoded.utf8, as: UTF8.self) == text)
    }

    @Test func aMetaInsideACommentDoesNotCount() {
        let markup = "<!-- <meta charset=koi8-r> --><meta charset=windows-1252>"
        let decoded = decodeHTML(Array(markup.utf8) + [0xE9])
        #expect(decoded.charset == "windows-1252")
    }

    @Test func anEmptyPageIsEmptyUTF8() {
        #expect(decodeHTML([]).utf8.isEmpty)
        #expect(decodeText([0x41]).charset == "utf-8")
    }

    @Test func unknownLabelsAreIgnored() {
        #expect(WebEncoding(label: "x-no-such") == nil)
        #expect(WebEncoding(label: " Latin1 ")?.name == "windows-1252")
        #expect(WebEncoding(label: "UTF8")?.name == "utf-8")
    }

    /// Cyrillic letters of KOI8-R.
    private func koi8(_ value: UInt32) -> UInt8 {
        let lower = Array("юабцдефгхийклмнопярстужвьызшэщчъ".unicodeScalars)
        if let index = lower.firstIndex(where: { $0.value == value }) { return 0xC0 + UInt8(index) }
        let upper = Array("ЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ".unicodeScalars)
        if let index = upper.firstIndex(where: { $0.value == value }) { return 0xE0 + UInt8(index) }
        return UInt8(value)
    }

    /// The web has no UTF-32; text files have.
    @Test func aPageInUTF32IsRefused() throws {
        let letters = String(decoding: page("<p>\(sentence)</p>"), as: UTF8.self).unicodeScalars
        let little = letters.flatMap { [UInt8($0.value & 0xFF), UInt8($0.value >> 8), 0, 0] }
        let big = letters.flatMap { [0, 0, UInt8($0.value >> 8), UInt8($0.value & 0xFF)] }
        for bytes in [[0xFF, 0xFE, 0, 0] + little, [0, 0, 0xFE, 0xFF] + big] {
            let error = #expect(throws: ExtractionError.self) { try extractHTML(bytes) }
            #expect(error?.code == .corrupt)
        }
        #expect(decodeText([0xFF, 0xFE, 0, 0] + little).charset == "utf-32le")
    }
}
