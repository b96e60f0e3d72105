import Formats
import Foundation
import Records
import Testing

@testable import Extraction

/// One file of the generator's manifest.
private struct HostileFile: Sendable, CustomTestStringConvertible {
    var name: String
    var expectation: String
    /// Text that must be read where the file is to be read.
    var text: String?
    var bytes: [UInt8]

    var testDescription: String { self.name }
}

/// The PDFs that `shared/tools/make_hostile.py` writes; none without it.
private let hostileFiles: [HostileFile] = {
    var folder = URL(fileURLWithPath: #filePath)
    var script: URL?
    while folder.path != "/", script == nil {
        folder.deleteLastPathComponent()
        let candidate = folder.appendingPathComponent("shared/tools/make_hostile.py")
        if FileManager.default.fileExists(atPath: candidate.path) { script = candidate }
    }
    guard let script else { return [] }
    let output = FileManager.default.temporaryDirectory
        .appendingPathComponent("millrace-hostile-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: output) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script.path, output.path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return [] }
    process.waitUntilExit()
    guard
        let data = try? Data(contentsOf: output.appendingPathComponent("manifest.json")),
        let manifest = try? JSONSerialization.jsonObject(with: data) as? [String: [String: Any]]
    else { return [] }
    return manifest.keys.sorted().filter { $0.hasSuffix(".pdf") }.compactMap { name in
        guard let entry = manifest[name], let expectation = entry["expect"] as? String,
            let bytes = try? Data(contentsOf: output.appendingPathComponent(name))
        else { return nil }
        return HostileFile(
            name: name,
            expectation: expectation,
            text: entry["contains"] as? String,
            bytes: [UInt8](bytes)
        )
    }
}()

@Suite(
    "Hostile PDFs",
    .enabled(if: !hostileFiles.isEmpty, "shared/tools/make_hostile.py or python3 is absent")
)
struct PDFHostileTests {
    @Test(arguments: hostileFiles)
    fileprivate func isReadOrRefusedAsExpected(file: HostileFile) {
        let result = Result { try extractPDF(file.bytes) }
        switch (file.expectation, result) {
        case ("ok", .success(let content)):
            let words = String(decoding: content.text, as: UTF8.self)
                .split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(file.text.map(words.contains) ?? true)
        case ("ok", .failure):
            // A page of HTML under this name is refused here; elsewhere its bytes decide.
            #expect(file.bytes.starts(with: "<".utf8))
        case ("encrypted", _):
            #expect((result.failure as? ExtractionError)?.code == .encrypted)
        case ("reject", _):
            #expect(result.failure is ExtractionError)
        case (_, .success(let content)):
            #expect(!content.text.contains(0) && !content.markdown.contains(0))
        case (_, .failure(let error)):
            #expect(error is ExtractionError)
        }
    }

    @Test func aPasswordOpensItsFile() throws {
        let file = try #require(hostileFiles.first { $0.expectation == "encrypted" })
        let options = PDFOptions(passwords: ["not this", "secret"])
        #expect(try !extractPDF(file.bytes, options: options).text.isEmpty)
    }

    @Test func bombsAreCutAtTheLimits() throws {
        for name in ["flate-bomb.pdf", "flate-bomb-nested.pdf"] {
            let file = try #require(hostileFiles.first { $0.name == name })
            let result = Result { try extractPDF(file.bytes) }
            #expect((result.failure as? ExtractionError)?.code == .limitExceeded, "\(name)")
        }
        for name in ["flate-bomb-text.pdf", "form-bomb.pdf"] {
            let file = try #require(hostileFiles.first { $0.name == name })
            let codes = try extractPDF(file.bytes).warnings.map(\.code)
            #expect(codes.contains("truncated"), "\(name)")
        }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
