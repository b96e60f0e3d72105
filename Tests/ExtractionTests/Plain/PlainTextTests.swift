import Records
import Testing

@testable import Extraction

/// The word Straße in several charsets.
private let encodings: [[UInt8]] = {
    let utf8 = Array("Straße".utf8)
    var little: [UInt8] = []
    var big: [UInt8] = []
    for unit in "Straße".utf16 {
        little += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        big += [UInt8(unit >> 8), UInt8(unit & 0xFF)]
    }
    let windows1252: [UInt8] = [0x53, 0x74, 0x72, 0x61, 0xDF, 0x65]
    return [
        utf8, [0xEF, 0xBB, 0xBF] + utf8, windows1252, [0xFF, 0xFE] + little, [0xFE, 0xFF] + big,
        little,
    ]
}()

private let refusals: [([UInt8], StageFailure.Code)] = [
    ([], .empty), (Array(" \n\t".utf8), .empty),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0, 0, 0, 0x0D], .corrupt),
    ([1, 2, 3, 4, 5, 6, 7, 0x41], .corrupt),
]

@Suite("Plain text extraction")
struct PlainTextTests {
    @Test func blankLinesSeparateParagraphs() throws {
        let content = try extractPlainText(Array("  one\r\ntwo  \r\n\r\n \t\r\nthree\n".utf8))
        let texts = content.plainRanges.map { String(decoding: content.text[$0], as: UTF8.self) }
        #expect(texts == ["  one\ntwo", "three"])
        #expect(content.markdown == content.text)
        #expect(content.blocks.map(\.range) == content.plainRanges)
        #expect(content.blocks.allSatisfy { $0.kind == .paragraph })
    }

    @Test(arguments: encodings)
    func charsetIsDecided(bytes: [UInt8]) throws {
        let content = try extractPlainText(bytes)
        #expect(String(decoding: content.text, as: UTF8.self) == "Straße")
    }

    @Test(arguments: refusals)
    func unusableBytesAreRefused(bytes: [UInt8], code: StageFailure.Code) {
        #expect(throws: ExtractionError.self) { try extractPlainText(bytes) }
        do { _ = try extractPlainText(bytes) } catch { #expect(error.code == code) }
    }
}

@Suite("Media types")
struct MediaTypeTests {
    @Test(arguments: [
        ("%PDF-1.4 …", MediaType.pdf, MediaType.pdf, false),
        ("junk\n%PDF-1.4", .unknown, .pdf, false), ("%PDF-1.4", .html, .pdf, true),
        ("<!DOCTYPE html><html>", .pdf, .html, true), ("  <!doctype HTML>", .plain, .html, true),
        ("\u{FEFF}<html lang=en>", .unknown, .html, false),
        ("<!-- c --><html>", .markdown, .html, true),
        ("<div align=center>", .markdown, .markdown, false),
        ("<div>x</div>", .unknown, .html, false),
        ("<?xml version='1.0'?><html>", .xhtml, .xhtml, false),
        ("<!doctype html><p>%PDF-1.4 is a header", .html, .html, false),
        ("# Title", .markdown, .markdown, false), ("words", .unknown, .plain, false),
        ("PK\u{3}\u{4}rest", .plain, .zip, true),
        ("GIF89a\u{1}\u{0}", .unknown, MediaType("image/gif"), false),
        ("{\\rtf1", .plain, MediaType("application/rtf"), true), ("", .html, .html, false),
        ("<htmlish>", .plain, .plain, false), ("words", .html, .html, false),
    ])
    func bytesAreTrustedBeforeTheDeclaration(
        content: String,
        declared: MediaType,
        expected: MediaType,
        disagrees: Bool
    ) {
        let found = sniffMediaType(Array(content.utf8), declared: declared)
        #expect(found.type == expected)
        #expect(found.disagrees == disagrees)
    }

    @Test func binaryBytesStayUnknown() {
        #expect(sniffMediaType([0, 1, 2, 3], declared: .unknown).type == .unknown)
        #expect(sniffMediaType([0x1F, 0x8B, 8, 0], declared: .html) == (.gzip, true))
    }

    @Test func utf16PagesAreHTML() {
        var bytes: [UInt8] = [0xFF, 0xFE]
        for byte in "<!DOCTYPE html>".utf8 { bytes += [byte, 0] }
        #expect(sniffMediaType(bytes, declared: .unknown).type == .html)
    }

    @Test(arguments: [
        ("a/b.HTML", MediaType.html), ("a.b/c.md", .markdown), ("x.txt", .plain), ("x.pdf", .pdf),
        ("x.html.gz", MediaType("text/html+gzip")), ("README", .unknown), (".md", .unknown),
        ("a.md/b", .unknown),
        ("x.rst", .restructuredText), ("x.xhtml", .xhtml), ("", .unknown), ("x.", .unknown),
    ])
    func extensionsDeclareTypes(path: String, expected: MediaType) {
        #expect(MediaType(ofPath: path) == expected)
    }
}
