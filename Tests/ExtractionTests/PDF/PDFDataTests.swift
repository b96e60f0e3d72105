import Formats
import Foundation
import Records
import Testing

@testable import Extraction

/// The folder `shared` beside the repository, where there is one.
private let sharedPDFs: URL? = {
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
        folder.deleteLastPathComponent()
        let candidate = folder.appendingPathComponent("shared/data/pdf")
        if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
    }
    return nil
}()

private func pdfs(_ set: String) -> [URL] {
    guard let folder = sharedPDFs?.appendingPathComponent("\(set)/docs") else { return [] }
    let files = try? FileManager.default.contentsOfDirectory(
        at: folder,
        includingPropertiesForKeys: nil
    )
    return (files ?? []).filter { $0.pathExtension == "pdf" }.sorted { $0.path < $1.path }
}

@Suite("PDF extraction of real files", .enabled(if: sharedPDFs != nil, "shared/data/pdf is absent"))
struct PDFDataTests {
    @Test(arguments: pdfs("made") + pdfs("real"))
    func blocksSliceTheirTextInOrder(file: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: file))
        let content = try extractPDF(bytes, options: PDFOptions())
        #expect(String(validating: content.markdown, as: UTF8.self) != nil)
        #expect(String(validating: content.text, as: UTF8.self) != nil)
        #expect(content.blocks.count == content.plainRanges.count)
        var markdownEnd = 0
        var textEnd = 0
        for (block, plain) in zip(content.blocks, content.plainRanges) {
            #expect(block.range.lowerBound >= markdownEnd && plain.lowerBound >= textEnd)
            #expect(
                content.markdown[markdownEnd..<block.range.lowerBound].allSatisfy { $0 == 0x0A }
            )
            #expect(content.text[textEnd..<plain.lowerBound].allSatisfy { $0 == 0x0A })
            #expect(!block.range.isEmpty && !plain.isEmpty && block.page >= 1)
            markdownEnd = block.range.upperBound
            textEnd = plain.upperBound
        }
        #expect(markdownEnd == content.markdown.count && textEnd == content.text.count)
        #expect(!content.markdown.contains(0))
    }

    @Test(arguments: pdfs("real"))
    func extractionIsAFunctionOfTheBytes(file: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: file))
        let first = try extractPDF(bytes, options: PDFOptions())
        let second = try extractPDF(bytes, options: PDFOptions())
        #expect(first.markdown == second.markdown && first.blocks == second.blocks)
        #expect(first.metadata == second.metadata && first.title == second.title)
    }

    @Test(arguments: pdfs("made") + pdfs("real"))
    func noLetterIsLostBetweenLayoutAndText(file: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: file))
        let layout = layOut(try readPDF(bytes, options: PDFOptions()), headers: .first)
        let content = try extractPDF(bytes, options: PDFOptions())
        let letters = { (text: [UInt8]) in
            String(decoding: text, as: UTF8.self).unicodeScalars
                .reduce(0) { $0 + ($1.properties.isAlphabetic ? 1 : 0) }
        }
        // Markers such as `a)` are no text.
        let markers = content.blocks.filter { $0.kind == .list }.reduce(0) { count, block in
            count + content.markdown[block.range].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        }
        #expect(letters(content.text) + markers >= letters(layout.text))
        #expect(letters(content.text) <= letters(layout.text))
    }

    @Test(
        .enabled(if: pdftotext != nil, "pdftotext is not installed"),
        arguments: pdfs("made") + pdfs("real")
    )
    func noGlyphIsLostAgainstPdftotext(file: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: file))
        let source = try readPDF(bytes, options: PDFOptions())
        let ours = glyphCounts(source.text)
        let theirs = glyphCounts(try pdftotextOutput(file))
        // Of the Indic scripts pdftotext repeats what several glyphs share, and the letters with a dot
        // are written as two characters here.
        for (scalar, count) in theirs where !(0x0900..<0x0D80).contains(scalar) {
            #expect(ours[scalar, default: 0] >= count, "U+\(String(scalar, radix: 16))")
        }
    }
}

private let pdftotext: String? = ["/usr/bin/pdftotext", "/usr/local/bin/pdftotext"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

private func pdftotextOutput(_ file: URL) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(pdftotext))
    process.arguments = ["-cropbox", "-enc", "UTF-8", file.path, "-"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return [UInt8](data)
}

/// How often each visible scalar stands in a text, ligatures taken apart.
private func glyphCounts(_ text: [UInt8]) -> [UInt32: Int] {
    let ligatures: [UInt32: String] = [
        0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st",
        0xFB06: "st",
    ]
    var result: [UInt32: Int] = [:]
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
        if let parts = ligatures[scalar.value] {
            for part in parts.unicodeScalars { result[part.value, default: 0] += 1 }
        } else if scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint {
            continue
        } else if [.control, .privateUse, .unassigned].contains(scalar.properties.generalCategory) {
            continue
        } else if (0x202A...0x202E).contains(scalar.value) {
            continue
        } else {
            result[scalar.value, default: 0] += 1
        }
    }
    return result
}
