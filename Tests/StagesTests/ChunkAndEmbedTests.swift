import Dataflow
import Embedding
import Foundation
import Hashing
import Records
import Segments
import Testing

@testable import Preparation
@testable import Stages

@Suite struct ChunkTextTests {
    static let samples: [(name: String, kind: String, type: MediaType)] = [
        ("markdown/millers-handbook.md", "extract-markdown", .markdown),
        ("markdown/tenken.md", "extract-markdown", .markdown),
        ("html/backups.html", "extract-html", .html),
        ("html/arkhiv.html", "extract-html", .html),
        ("html/tahuna.html", "extract-html", .html),
        ("pdf/annual-report.pdf", "extract-pdf", .pdf),
        ("pdf/incident-2031.pdf", "extract-pdf", .pdf),
        ("text/inventory.txt", "extract-text", .plain),
    ]

    private static func cleanText(_ sample: (name: String, kind: String, type: MediaType)) throws
        -> CleanText
    {
        // No chunk holds any of a header.
        let keys = sample.kind == "extract-pdf" ? ["headers": "drop"] : [:]
        var document = try ExtractDocument(try node(sample.kind, keys)).extract(
            raw(sample.name, sample.type, try Repository.sample(sample.name))
        )
        try makeDocumentStage(try node("normalise")).process(&document)
        return CleanText(
            id: document.id,
            title: document.title,
            text: document.text,
            blocks: document.blocks
        )
    }

    /// Runs of bytes that are not white space.
    private static func words(_ text: ArraySlice<UInt8>) -> Int {
        text.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.count
    }

    @Test(arguments: samples.indices, [16, 64, 256])
    func wordChunksKeepTheBudgetAndEveryWord(sample: Int, maximum: Int) throws {
        let clean = try Self.cleanText(Self.samples[sample])
        var stage = ChunkText(
            try node("chunk", ["maximum_tokens": "\(maximum)", "tokenizer": "words"]),
            tokenizer: nil
        )
        #expect(stage.tokenizerIdentity == "words")
        let chunks = try stage.chunk(clean)
        #expect(!chunks.isEmpty)
        var end = 0
        for (ordinal, chunk) in chunks.map(\.chunk).enumerated() {
            #expect(chunk.ordinal == ordinal)
            #expect(chunk.range.lowerBound >= end)
            // Between chunks there is white space only.
            #expect(Self.words(clean.text[end..<chunk.range.lowerBound]) == 0)
            #expect(chunk.tokenCount <= maximum)
            // A word of more than 32 bytes, as those of Japanese are, counts as several.
            let text = chunk.text(in: clean.text)
            #expect(chunk.tokenCount >= Self.words(text))
            #expect(chunk.textHash == sha256(Array(text)))
            end = chunk.range.upperBound
        }
        #expect(Self.words(clean.text[end...]) == 0)
        // Buffers of the document before do not show.
        #expect(try stage.chunk(clean).map(\.chunk) == chunks.map(\.chunk))
    }

    @Test(
        .enabled(if: DefaultModel.isPresent, Comment(rawValue: DefaultModel.absence)),
        arguments: samples.indices,
        [48, 256]
    )
    func tokensOfAChunkAreThoseOfItsTextAlone(sample: Int, maximum: Int) throws {
        let tokenizer = try #require(try ModelStore().load(name: DefaultModel.name).tokenizer)
        let clean = try Self.cleanText(Self.samples[sample])
        var stage = ChunkText(
            try node("chunk", ["maximum_tokens": "\(maximum)"]),
            tokenizer: tokenizer
        )
        #expect(stage.tokenizerIdentity == tokenizer.identity)
        let chunks = try stage.chunk(clean)
        if chunks.allSatisfy({ $0.chunk.header == nil }) {
            let whole = tokenizer.encode(clean.text)
            #expect(chunks.flatMap { Array($0.tokens ?? []) } == whole.ids)
        }
        for chunk in chunks {
            let text = chunk.chunk.text(in: clean.text)
            let alone = tokenizer.encode(Array(text))
            #expect(alone.ids == chunk.tokens.map { Array($0) })
            #expect(chunk.chunk.textHash == sha256(Array(text)))
            #expect(chunk.chunk.tokenCount == alone.count)
            #expect(alone.count <= maximum)
        }
    }

    /// Words the tokenizer does not know, and words cut in two: the budget holds for what is embedded.
    @Test(
        .enabled(if: DefaultModel.isPresent, Comment(rawValue: DefaultModel.absence)),
        arguments: [
            String(repeating: "word ", count: 240) + String(repeating: "QUJDREVG", count: 12)
                + " end",
            String(repeating: "กรุงเทพเป็นเมืองหลวงของประเทศไทย", count: 100),
            String(repeating: "https://example.org/path?a=b&", count: 100),
            "| A | B |\n|---|---|\n" + String(repeating: "| deadbeefcafe | x y z |\n", count: 60),
        ],
        [16, 64, 256]
    )
    func unknownAndLongWordsKeepTheBudget(text: String, maximum: Int) throws {
        let tokenizer = try #require(try ModelStore().load(name: DefaultModel.name).tokenizer)
        let bytes = Array(text.utf8)
        let clean = CleanText(id: documentID(uri: "u"), title: "", text: bytes, blocks: [])
        var stage = ChunkText(
            try node("chunk", ["maximum_tokens": "\(maximum)"]),
            tokenizer: tokenizer
        )
        let chunks = try stage.chunk(clean)
        for chunk in chunks {
            let text = chunk.chunk.text(in: bytes)
            #expect(tokenizer.encode(Array(text)).count <= maximum)
            #expect(chunk.chunk.tokenCount <= maximum)
            #expect(chunk.chunk.range.count <= maximum * 16 + 64)
        }
        let joined = chunks.flatMap { bytes[$0.chunk.range] }.filter { $0 > 0x20 }
        #expect(joined == bytes.filter { $0 > 0x20 })
    }

    @Test func headingsAndPagesGoWithTheirChunks() throws {
        var stage = ChunkText(
            try node("chunk", ["maximum_tokens": "64", "tokenizer": "words"]),
            tokenizer: nil
        )
        let handbook = try stage.chunk(try Self.cleanText(Self.samples[0]))
        #expect(handbook.contains { $0.chunk.headings.count >= 2 })
        #expect(handbook.allSatisfy { $0.chunk.page == 0 })
        let report = try stage.chunk(try Self.cleanText(Self.samples[5]))
        #expect(report.first?.chunk.page == 1)
        #expect(report.last?.chunk.page == 3)
        let pages = report.map(\.chunk.page)
        #expect(pages == pages.sorted())
    }

    @Test func headersAndFootersStayOutOfChunks() throws {
        let text = Array("Example Mills Ltd\n\nThe mill grinds corn.\n\nWritten in May".utf8)
        let clean = CleanText(
            id: documentID(uri: "a"),
            title: "",
            text: text,
            blocks: [
                Block(kind: .header, range: 0..<17), Block(kind: .paragraph, range: 19..<40),
                Block(kind: .footer, range: 42..<56),
            ],
            leftOut: [0..<17]
        )
        var stage = ChunkText(
            try node("chunk", ["maximum_tokens": "64", "tokenizer": "words"]),
            tokenizer: nil
        )
        #expect(try stage.chunk(clean).map(\.chunk.range) == [19..<40])
    }

    @Test func overlapRepeatsTheEndOfTheChunkBefore() throws {
        let words = (0..<300).map { "word\($0)" }.joined(separator: " ")
        let clean = CleanText(
            id: documentID(uri: "a"),
            title: "",
            text: Array(words.utf8),
            blocks: []
        )
        func chunks(_ overlap: Int) throws -> [Chunk] {
            let keys = [
                "maximum_tokens": "40", "overlap_tokens": "\(overlap)", "tokenizer": "words",
            ]
            var stage = ChunkText(try node("chunk", keys), tokenizer: nil)
            return try stage.chunk(clean).map(\.chunk)
        }
        let plain = try chunks(0)
        for (left, right) in zip(plain, plain.dropFirst()) {
            #expect(left.range.upperBound < right.range.lowerBound)
        }
        for overlap in [1, 10, 4_096] {
            let repeating = try chunks(overlap)
            #expect(repeating.count >= plain.count)
            #expect(repeating.allSatisfy { $0.tokenCount <= 40 })
            for (left, right) in zip(repeating, repeating.dropFirst()) {
                #expect(left.range.upperBound > right.range.lowerBound)
                #expect(left.range.lowerBound < right.range.lowerBound)
            }
        }
    }
}

@Suite struct EmbedChunksTests {
    static let texts = (0..<40).map { "chunk \($0) of the mill and its \($0 % 7) wheels" }

    private func vectors(_ model: any EmbeddingModel, batchTokens: Int) throws -> [Embedded] {
        var stage = EmbedChunks(
            try node("embed", ["model": "hash", "batch_tokens": "\(batchTokens)"]),
            model: model
        )
        #expect(stage.dimensions == model.identity.dimensions)
        #expect(stage.tokenizerIdentity == model.identity.tokenizer)
        return try stage.embed(
            Self.texts.map { EmbedInput(text: Array($0.utf8)[...], tokens: nil) }
        )
    }

    @Test func batchSizeDoesNotChangeAVector() throws {
        let model = HashModel()
        let whole = try self.vectors(model, batchTokens: 65_536)
        #expect(whole.count == Self.texts.count)
        let small = try self.vectors(model, batchTokens: 64)
        #expect(small.map(\.vector) == whole.map(\.vector))
        #expect(small.map(\.tokenCount) == whole.map(\.tokenCount))
        let empty = EmbedChunks(try node("embed", ["model": "hash"]), model: model)
        var stage = empty
        #expect(try stage.embed([]).isEmpty)
    }

    @Test(.enabled(if: DefaultModel.isPresent, Comment(rawValue: DefaultModel.absence)))
    func givenTokensGiveTheVectorOfTheText() throws {
        let model = try ModelStore().load(name: DefaultModel.name)
        let tokenizer = try #require(model.tokenizer)
        var stage = EmbedChunks(try node("embed", ["batch_tokens": "64"]), model: model)
        let texts = Self.texts.map { Array($0.utf8) }
        let byText = try stage.embed(texts.map { EmbedInput(text: $0[...], tokens: nil) })
        let byTokens = try stage.embed(
            texts.map { EmbedInput(text: $0[...], tokens: tokenizer.encode($0).ids[...]) }
        )
        #expect(byText.map(\.vector) == byTokens.map(\.vector))
        #expect(byText.map(\.tokenCount) == byTokens.map(\.tokenCount))
        #expect(byText.allSatisfy { $0.vector.count == model.identity.dimensions })
    }

    /// Whoever raises one raises the other: terms of an older analysis would stay in what no document changes.
    @Test func theIndexStageGoesUpWithTheAnalysis() {
        let index = stageDescriptors.first { $0.name == indexStageName }
        #expect(index?.revision == 3)
        #expect(ChunkTermReader.revision == 4)
    }

    @Test func termReaderCountsTermsWhateverCameBefore() throws {
        var reader = ChunkTermReader()
        let first = Array("wheels turn, a wheel turns and turned".utf8)
        let before = reader.terms(of: first[...])
        let other = reader.terms(of: Array("something longer and entirely different 42".utf8)[...])
        #expect(other != before)
        #expect(reader.terms(of: first[...]) == before)
        // The inflections of one word are one term, in any order; the places alone are others.
        var mixed = reader.terms(of: Array("turning wheel: turn, wheels, and turned a".utf8)[...])
        #expect(mixed != before)
        mixed.positions = before.positions
        #expect(mixed == before)
        #expect(reader.terms(of: [][...]) != before)
    }

    @Test(arguments: [
        ("It rose.", "The flood", ["North"], "The flood North It rose."),
        ("It rose.", "The flood", ["The flood", "North"], "The flood North It rose."),
        ("# The flood\n\nIt rose.", "The flood", ["The flood"], "The flood. It rose."),
        ("", "The flood", [], "the flood"), ("It rose.", "", [], "It rose."),
    ])
    func termsOfAChunkHaveWhatStandsAboveItOnce(
        text: String,
        title: String,
        headings: [String],
        same: String
    ) {
        var reader = ChunkTermReader()
        let terms = reader.terms(of: Array(text.utf8)[...], title: title, headings: headings)
        #expect(terms == reader.terms(of: Array(same.utf8)[...]))
    }
}
