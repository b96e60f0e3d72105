import Records
import Testing

@testable import Extraction

@Suite("Types of archives")
struct SniffArchiveTests {
    static let ole: [UInt8] =
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + Array(repeating: 0, count: 504)
    static let lock = "EncryptedPackage".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    static let word = TinyWord(TinyWord.paragraph("x")).bytes()
    static let book = TinyBook([("a.xhtml", "<p>x</p>")]).bytes()
    static let tar: [UInt8] = {
        var header =
            Array(repeating: UInt8(0x61), count: 257) + Array("ustar\u{0}00".utf8)
            + Array(repeating: 0, count: 247)
        header.replaceSubrange(148..<156, with: "        ".utf8)
        let sum = header.reduce(0) { $0 + Int($1) }
        let octal = String(sum, radix: 8)
        header.replaceSubrange(148..<148 + octal.utf8.count, with: octal.utf8)
        return header
    }()
    /// A page about mustard, as long and with the same letters at the same place.
    static let mustard =
        Array("<p>".utf8) + Array(repeating: UInt8(0x61), count: 253) + Array("mustard</p>".utf8)
        + Array(repeating: UInt8(0x20), count: 300)

    private static func compound(_ stream: String) -> [UInt8] {
        self.ole + stream.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    private static func zip(_ part: String) -> [UInt8] { TinyZip([(part, "x")]).bytes() }

    @Test(
        arguments: [
            (Self.compound("WordDocument"), "Word"), (Self.compound("Workbook"), "Excel"),
            (Self.compound("PowerPoint Document"), "PowerPoint"),
            (Self.compound("__substg1.0_001A"), "Outlook"),
            (Self.zip("xl/workbook.xml"), "Excel"), (Self.zip("ppt/slides/a.xml"), "PowerPoint"),
            (Self.zip("a.txt"), "zip"), (Array("Rar!\u{1A}\u{7}\u{0}".utf8), "RAR"),
            (Array("RIFF    WAVEfmt ".utf8) + [0, 0, 0, 0], "WAV"),
            ([0, 0, 0, 32] + Array("ftypisom".utf8) + [0, 0], "MP4"),
        ] as [([UInt8], String)]
    )
    func whatIsNotReadIsNamed(bytes: [UInt8], word: String) {
        let type = sniffMediaType(bytes, declared: .unknown).type
        #expect(type.described.contains(word), "\(type)")
    }

    @Test(arguments: ["GIF89a is a format of images.", "PAR1 is a cell.", "AT&TFORM letters"])
    func aTextThatBeginsWithASignatureIsText(text: String) {
        #expect(sniffMediaType(Array(text.utf8), declared: .plain).type == .plain)
        #expect(sniffMediaType(Array(text.utf8), declared: .unknown).type == .plain)
    }

    @Test func lettersAreNoTarHeader() {
        #expect(sniffMediaType(Self.mustard, declared: .html) == (.html, false))
    }

    /// A PDF lies whole in an archive that does not press it; the archive has other members too.
    @Test func anArchiveThatBeginsWithAPDFIsAnArchive() {
        let pdf = "%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"
        var zip = TinyZip([("folder/first.pdf", pdf), ("second.txt", "words")])
        zip.parts[0].isStored = true
        #expect(sniffMediaType(zip.bytes(), declared: .zip) == (.zip, false))
        #expect(sniffMediaType(zip.bytes(), declared: .unknown) == (.zip, false))
        let tar = TinyTar([("first.pdf", pdf), ("second.txt", "words")]).bytes()
        #expect(sniffMediaType(tar, declared: .tar) == (.tar, false))
        let mail = Array(
            "From: a@b.org\nSubject: x\nDate: y\nContent-Type: application/pdf\n\n\(pdf)".utf8
        )
        #expect(sniffMediaType(mail, declared: .mail) == (.mail, false))
    }

    @Test func aTextThatSpeaksOfPDFIsText() {
        let text = Array("PDFs begin with\n\n%PDF-1.7\n\nand a comment.\n".utf8)
        for type in [MediaType.plain, .markdown, .csv, .json] {
            #expect(sniffMediaType(text, declared: type) == (type, false))
        }
    }

    /// Servers and programs write warnings and headers of their own before a file.
    @Test func aPDFBehindOtherBytesIsAPDF() {
        let pdf = Array("%PDF-1.7\n1 0 obj << >> endobj\n".utf8) + [0, 1, 2, 0xE2, 0xE3]
        for before in ["\n", "HTTP/1.1 200 OK\r\n\r\n", "<br />\n<b>Warning</b>: include()\n"] {
            let bytes = Array(before.utf8) + pdf
            #expect(sniffMediaType(bytes, declared: .pdf) == (.pdf, false))
            #expect(sniffMediaType(bytes, declared: .unknown) == (.pdf, false))
            #expect(sniffMediaType(bytes, declared: .plain) == (.pdf, true))
        }
        let text = Array("\n%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n".utf8)
        #expect(sniffMediaType(text, declared: .unknown) == (.pdf, false))
        #expect(sniffMediaType(text, declared: .pdf) == (.pdf, false))
    }

    static let cases: [(bytes: [UInt8], declared: MediaType, type: MediaType, disagrees: Bool)] = [
        (word, .docx, .docx, false), (word, .unknown, .docx, false), (word, .zip, .docx, true),
        (word, .epub, .docx, true), (book, .epub, .epub, false), (book, .zip, .epub, true),
        (book, .docx, .epub, true), (TinyZip([("a", "b")]).bytes(), .docx, .zip, true),
        (TinyZip().bytes(), .unknown, .zip, false),
        (Array(word.dropLast()), .unknown, .docx, false),
        (ole + lock, .docx, .docx, false),
        (ole + lock, .unknown, MediaType("application/x-ole-storage"), false),
        (ole, .docx, MediaType("application/x-ole-storage"), true),
        (tar, .plain, MediaType("application/x-tar"), true),
        (Array("words".utf8), .pdf, .plain, true), (Array("words".utf8), .epub, .plain, true),
        (Array("1 0 obj << >> endobj".utf8), .pdf, .pdf, false),
        (Array("# words".utf8), .markdown, .markdown, false),
    ]

    @Test(arguments: cases.indices)
    func partsTellTheType(index: Int) {
        let item = Self.cases[index]
        let found = sniffMediaType(item.bytes, declared: item.declared)
        #expect(found.type == item.type, "case \(index)")
        #expect(found.disagrees == item.disagrees, "case \(index)")
    }

    @Test func anEncryptedDocumentSaysSo() {
        let error = #expect(throws: ExtractionError.self) {
            _ = try extractDOCX(Self.ole + Self.lock)
        }
        #expect(error?.code == .encrypted)
    }
}
