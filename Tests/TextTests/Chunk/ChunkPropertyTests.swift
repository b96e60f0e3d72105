import Records
import Testing

@testable import Text

/// Seeded random documents of every block kind, several scripts and awkward sizes.
private func randomDocument(_ generator: inout SplitMix) -> TestDocument {
    let vocabulary = [
        "a", "the", "word", "Ünïcödé", "internationalisation", "数据库", "かな文字", "end.", "Why?",
        "e.g.", "x=1;", "[link](u)", "🙂", "\u{200B}", String(repeating: "q", count: 90),
    ]
    func words(_ limit: Int, _ separator: String, _ generator: inout SplitMix) -> String {
        let count = Int.random(in: 1...limit, using: &generator)
        return (0..<count).map { _ in vocabulary.randomElement(using: &generator) ?? "a" }
            .joined(separator: separator)
    }
    var document = TestDocument()
    for page in 0..<Int.random(in: 1...14, using: &generator) {
        let lines = Int.random(in: 1...9, using: &generator)
        let body = (0..<lines).map { _ in words(9, " ", &generator) }
        switch Int.random(in: 0..<8, using: &generator) {
        case 0, 1: document.addHeading(Int.random(in: 1...6, using: &generator), body[0])
        case 2: document.add(.code, "```\n" + body.joined(separator: "\n") + "\n```", page: page)
        case 3: document.add(.table, body.map { "| \($0) |" }.joined(separator: "\n"), page: page)
        case 4: document.add(.list, body.map { "- \($0)" }.joined(separator: "\n"), page: page)
        case 5: document.add(.quote, body.map { "> \($0)" }.joined(separator: "\n"), page: page)
        case 6: document.add(.paragraph, body.joined(separator: "\u{3000}"), page: page)
        default: document.add(.paragraph, body.joined(separator: "\n"), page: page)
        }
    }
    if Bool.random(using: &generator) { document.text += Array(" \n".utf8) }
    if Int.random(in: 0..<4, using: &generator) == 0 { document.blocks = [] }
    return document
}

@Suite struct ChunkPropertyTests {
    @Test(arguments: 0..<150)
    func chunksKeepEveryPromise(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        let document = randomDocument(&generator)
        let maximum = [1, 2, 3, 5, 8, 20, 64, 256].randomElement(using: &generator) ?? 1
        let overlap = Bool.random(using: &generator) ? 0 : maximum / 4
        let cutter = ChunkCutter(maximumTokens: maximum, overlapTokens: overlap)
        let cuts = document.cut(cutter)
        let starts = document.tokenStarts

        for cut in cuts {
            #expect(cut.tokenRange.count <= maximum)
            #expect(!cut.tokenRange.isEmpty && !cut.range.isEmpty)
            let inside = starts.filter { cut.range.contains(Int($0)) }.count
            #expect(inside == cut.tokenRange.count)
            let text = String(decoding: document.text[cut.range], as: UTF8.self)
            #expect(Array(text.utf8) == Array(document.text[cut.range]), "cut inside a scalar")
            #expect(text.first?.isWhitespace == false && text.last?.isWhitespace == false)
        }
        for (previous, next) in zip(cuts, cuts.dropFirst()) {
            #expect(previous.range.lowerBound < next.range.lowerBound)
            if overlap == 0 { #expect(previous.range.upperBound <= next.range.lowerBound) }
            let repeated = previous.tokenRange.upperBound - next.tokenRange.lowerBound
            #expect(0...overlap ~= repeated)
        }
        #expect(Self.uncovered(document, cuts).isEmpty)
        #expect(document.cut(cutter) == cuts)
        for block in document.blocks where block.kind == .code || block.kind == .table {
            let count = starts.filter { block.range.contains(Int($0)) }.count
            guard count <= maximum else { continue }
            #expect(
                cuts.contains { $0.range.clamped(to: block.range) == block.range },
                "seed \(seed): a block that fits was cut"
            )
        }
    }

    @Test(arguments: 0..<60)
    func noChunkHoldsWhatIsLeftOutAndOneHoldsEachOtherByte(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed + 2_000))
        let document = randomDocument(&generator)
        let maximum = [2, 8, 64, 256].randomElement(using: &generator) ?? 8
        let cutter = ChunkCutter(maximumTokens: maximum)
        let leftOut = document.blocks.map(\.range)
            .filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
        let cuts = document.cut(cutter, leftOut: leftOut)
        for cut in cuts {
            #expect(cut.tokenRange.count <= maximum && !cut.range.isEmpty)
            #expect(leftOut.allSatisfy { !$0.overlaps(cut.range) })
        }
        let kept = document.tokenStarts.filter { start in
            !leftOut.contains { $0.contains(Int(start)) }
        }
        #expect(cuts.reduce(0) { $0 + $1.tokenRange.count } == kept.count)
        for start in kept {
            #expect(cuts.count { $0.range.contains(Int(start)) } == 1, "byte \(start)")
        }
    }

    /// A cut lies where tokenising the piece alone gives the same tokens, or the word is too long.
    @Test(arguments: 0..<60)
    func aPieceTokenisesAsItDidInTheDocument(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed + 1_000))
        let document = randomDocument(&generator)
        // Words here have at most 23 tokens.
        let cutter = ChunkCutter(maximumTokens: 40)
        let starts = document.tokenStarts
        for cut in document.cut(cutter) {
            let alone = simpleTokenStarts(Array(document.text[cut.range]))
            let expected = starts[cut.tokenRange].map { $0 - Int32(cut.range.lowerBound) }
            #expect(alone == expected)
        }
    }

    private static func uncovered(_ document: TestDocument, _ cuts: [ChunkCut]) -> [Int] {
        var covered = [Bool](repeating: false, count: document.text.count)
        for cut in cuts { for offset in cut.range { covered[offset] = true } }
        return document.text.withUnsafeBufferPointer { text in
            var missing: [Int] = []
            var offset = 0
            while offset < text.count {
                if let width = whiteSpaceWidth(text, at: offset) {
                    offset += width
                } else {
                    if !covered[offset] { missing.append(offset) }
                    offset += 1
                }
            }
            return missing
        }
    }
}
