import Formats
import Foundation
import Testing

@testable import Extraction

/// Both readers beside each other, on the sample files.
@Suite("PDF doors", .enabled(if: PDFDoor.publicLibrary != nil, "this build has no poppler-glib"))
struct PDFDoorTests {
    private static let samples: [URL] = {
        var root = URL(filePath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let folder = root.appending(path: "Samples/documents/pdf")
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder,
            includingPropertiesForKeys: nil
        )
        return (files ?? []).filter { $0.pathExtension == "pdf" }.sorted { $0.path < $1.path }
    }()

    private func read(_ file: URL, _ door: PDFDoor?) throws -> PDFSource {
        try readPDF(
            [UInt8](try Data(contentsOf: file)),
            options: PDFOptions(),
            through: door
        )
    }

    @Test(
        .enabled(
            if: PDFDoor.privateHeaders != nil,
            "the private headers are of an unknown version"
        ),
        arguments: samples
    )
    func theyAgreeOnAllButTheFinerLayout(file: URL) throws {
        let engine = try self.read(file, .privateHeaders)
        let library = try self.read(file, .publicLibrary)
        #expect(library.pages.map(\.label) == engine.pages.map(\.label))
        #expect(library.outline.map(\.depth) == engine.outline.map(\.depth))
        #expect(library.outline.map(\.title) == engine.outline.map(\.title))
        #expect(library.information.title == engine.information.title)
        #expect(library.information.author == engine.information.author)
        #expect(library.information.created.prefix(8) == engine.information.created.prefix(8))
        for (one, other) in zip(library.pages, engine.pages) {
            #expect(abs(one.width - other.width) < 0.5 && abs(one.height - other.height) < 0.5)
        }
        let wanted = Self.words(engine)
        let found = Self.words(library)
        let kept = wanted.reduce(0) { $0 + min($1.value, found[$1.key] ?? 0) }
        let all = wanted.values.reduce(0, +)
        #expect(kept * 100 >= all * 97, "\(kept) of \(all) words")
    }

    @Test(arguments: samples)
    func theLibraryAloneGivesText(file: URL) throws {
        let source = try self.read(file, .publicLibrary)
        let text = String(decoding: source.text, as: UTF8.self)
        #expect(text.unicodeScalars.count { $0.properties.isAlphabetic } > 100)
        #expect(source.structure == nil)
    }

    /// Words of letters and digits, and how often they stand in the file.
    private static func words(_ source: PDFSource) -> [String: Int] {
        var counts: [String: Int] = [:]
        for page in source.pages {
            for word in page.words + page.turnedWords {
                let bytes = source.text[Int(word.textStart)..<Int(word.textEnd)]
                let text = String(decoding: bytes, as: UTF8.self)
                for part in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
                    counts[part.lowercased(), default: 0] += 1
                }
            }
        }
        return counts
    }
}
