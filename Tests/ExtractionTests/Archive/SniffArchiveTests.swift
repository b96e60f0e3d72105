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
    static let tar =
        Array(repeating: UInt8(0x61), count: 257) + Array("ustar\u{0}00".utf8)
        + Array(repeating: 0, count: 248)

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
