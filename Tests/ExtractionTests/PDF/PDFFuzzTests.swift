import Foundation
import Records
import Testing

@testable import Extraction

/// How many mutations are tried; `MILLRACE_PDF_FUZZ=100000 swift test --filter PDFFuzz` tries more.
private let runCount =
    ProcessInfo.processInfo.environment["MILLRACE_PDF_FUZZ"].flatMap { Int($0) } ?? 300
/// `MILLRACE_SEED=…` begins elsewhere.
private let firstSeed =
    ProcessInfo.processInfo.environment["MILLRACE_SEED"].flatMap { UInt64($0) } ?? 1

/// What mutations put in: operators, brackets, extreme numbers, keys.
private let fragments: [[UInt8]] = [
    "BT", "ET", "q ", "Q ", "Do ", "Tj ", "TJ ", "' ", "\" ", "cm ", "Tf ", "Td ", "Tm ", "BDC ",
    "EMC ", "BI ", "ID ", "EI ", "re ", "gs ", "<<", ">>", "[", "]", "(", ")", "<", ">", "/", "%",
    "-", "999999999999", "-1", "0", "1e9", "0.0000001", "/F0 ", "/I0 ", "<< /MCID 1 >>",
    "/Span << /ActualText (x) >> BDC ", "3 0 R", "7 0 R", "stream\n", "endstream", "endobj",
    "/Length 99999999", "/Count -1", "\u{0}", "\u{7FF}",
].map { Array($0.utf8) }

private func mutated(_ source: [UInt8], by numbers: inout SeededGenerator) -> [UInt8] {
    var bytes = source
    for _ in 0..<Int.random(in: 1...6, using: &numbers) where bytes.count > 2 {
        let at = Int.random(in: 0..<bytes.count, using: &numbers)
        let length = min(Int.random(in: 1...40, using: &numbers), bytes.count - at)
        switch Int.random(in: 0..<6, using: &numbers) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &numbers)
        case 1: bytes.removeSubrange(at..<at + length)
        case 2: bytes.insert(contentsOf: Array(bytes[at..<at + length]), at: at)
        case 3: bytes.insert(contentsOf: fragments.randomElement(using: &numbers) ?? [], at: at)
        case 4:
            let other = Int.random(in: 0..<bytes.count - length + 1, using: &numbers)
            bytes.replaceSubrange(at..<at + length, with: Array(bytes[other..<other + length]))
        default: bytes.removeLast(min(length, bytes.count - 1))
        }
    }
    return bytes
}

private let samples: [[UInt8]] = {
    var text = TinyPDF(information: ["Title": "A title"], outline: ["One", "Two"])
    text.pages = (0..<3).map { page in
        TinyPDF.lines(["Heading \(page)", "1. one item", "2. another item"])
            + [TinyPDF.Text(text: "aside", x: 300, y: 300, quarterTurns: 1)]
    }
    text.pagesWithImage = [1]
    let lines = "20 20 200 100 re S 20 60 m 220 60 l S 120 20 m 120 120 l S "
    let words = "BT /F 10 Tf 25 100 Td [(a) -20 (b)] TJ 100 0 Td <6364> Tj -100 -60 Td (e) ' ET "
    let marked = "/OC /L BDC (x) Tj EMC /P << /MCID 0 >> BDC /X Do EMC BI /W 1 /H 1 ID x EI"
    return [
        text.bytes(),
        contentPage(
            lines + words + marked,
            resources: "/XObject << /X 7 0 R >> /Properties << /L 6 0 R >>",
            pageEntries: "/B [8 0 R 9 0 R]",
            catalogEntries: "/Threads [6 0 R] /PageLabels << /Nums [0 << /S /r >>] >>",
            objects: [
                "<< /Type /OCG /Name (layer) >>",
                "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 16 >>\nstream\n"
                    + "q /X Do Q (f) Tj\nendstream",
                "<< /R [0 0 150 200] >>", "<< /R [150 0 300 200] >>",
            ]
        ),
    ]
}()

@Suite("PDFFuzz")
struct PDFFuzzTests {
    /// A mutated file is read or refused; what is read is whole.
    @Test func mutationsAreReadOrRefused() {
        for run in 0..<runCount {
            var numbers = SeededGenerator(state: firstSeed &+ UInt64(run))
            let sample = samples[run % samples.count]
            let bytes = mutated(sample, by: &numbers)
            guard let content = try? extractPDF(bytes) else { continue }
            let seed = firstSeed &+ UInt64(run)
            #expect(String(validating: content.markdown, as: UTF8.self) != nil, "seed \(seed)")
            #expect(String(validating: content.text, as: UTF8.self) != nil, "seed \(seed)")
            #expect(content.blocks.allSatisfy { $0.place != nil }, "seed \(seed)")
            var end = 0
            for block in content.blocks {
                #expect(block.range.lowerBound >= end && !block.range.isEmpty, "seed \(seed)")
                end = block.range.upperBound
            }
            #expect(end == content.markdown.count, "seed \(seed)")
            if run % 8 == 0 {
                #expect((try? extractPDF(bytes))?.markdown == content.markdown, "seed \(seed)")
            }
        }
    }
}
