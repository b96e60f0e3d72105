package import Dataflow
package import Embedding
internal import Hashing
internal import Markdown
package import Records
internal import Text

let chunkDescriptor = StageDescriptor(
    name: "chunk",
    revision: 3,
    summary: "Cuts at headings, blocks and sentences, never over the token budget.",
    phase: .materialise,
    inputs: [.document],
    output: .chunks,
    parameters: [
        ParameterSpec(
            "maximum_tokens",
            .int(16...8192),
            default: .int(256),
            summary: "Token budget of a chunk; never passed."
        ),
        ParameterSpec(
            "overlap_tokens",
            .int(0...4096),
            default: .int(0),
            summary: "Tokens of the chunk before that a chunk repeats at most."
        ),
        ParameterSpec(
            "tokenizer",
            .string,
            default: .string("potion-base-8M"),
            summary: "The model whose tokeniser counts; 'words' counts words and needs no files."
        ),
    ]
)

/// Cuts one document into chunks that keep their headings and page.
package struct ChunkText: ChunkStage {
    package let tokenizerIdentity: String
    private let tokenizer: ChunkTokenizer
    private let cutter: ChunkCutter
    private var tokens = TokenizedText()

    /// - Parameter tokenizer: nil counts words.
    package init(_ node: PlanNode, tokenizer: WordPieceTokenizer?) {
        let parameters = node.parameters
        let maximum = parameters.int("maximum_tokens", default: 256)
        self.init(
            tokenizer: tokenizer,
            maximumTokens: maximum,
            overlapTokens: parameters.int("overlap_tokens", default: 0)
        )
    }

    init(tokenizer: WordPieceTokenizer?, maximumTokens: Int, overlapTokens: Int) {
        self.tokenizer = tokenizer.map(ChunkTokenizer.wordPiece) ?? .words
        self.tokenizerIdentity = self.tokenizer.identity
        self.cutter = ChunkCutter(
            maximumTokens: maximumTokens,
            // More than half of a chunk repeated would hardly move on.
            overlapTokens: min(overlapTokens, maximumTokens / 2)
        )
    }

    package mutating func chunk(_ document: CleanText) throws(StageError) -> [TokenizedChunk] {
        var pieces: [ChunkPiece] = []
        document.text.withUnsafeBufferPointer { text in
            let blocks =
                document.blocks.isEmpty ? parseMarkdownBlocks(text) : document.blocks
            pieces = self.pieces(of: text, blocks: blocks, leftOut: leftOut(of: document))
        }
        pieces.removeAll { piece in
            document.withheld.contains { $0.overlaps(piece.cut.range) }
        }
        return pieces.enumerated().map { ordinal, piece in
            let cut = piece.cut
            let header = cut.header.map(\.bytes).flatMap { header in
                document.withheld.contains { $0.overlaps(header) } ? nil : header
            }
            var chunk = Chunk(
                ordinal: ordinal,
                range: cut.range,
                tokenCount: piece.unitCount,
                page: cut.page,
                place: place(of: cut.range, page: cut.page, in: document.blocks),
                headings: cut.headings,
                header: header,
                textHash: .zero
            )
            chunk.textHash = chunk.text(in: document.text).withUnsafeBytes { sha256($0) }
            let isWhole = header == nil && cut.header != nil
            return TokenizedChunk(chunk: chunk, tokens: isWhole ? nil : piece.tokens)
        }
    }

    /// Cuts `text`, and once more what a cut inside a word has made longer than the budget.
    private mutating func pieces(
        of text: UnsafeBufferPointer<UInt8>,
        blocks: [Block],
        leftOut: [Range<Int>]
    ) -> [ChunkPiece] {
        self.tokens.removeAll(keepingCapacity: true)
        self.tokenizer.encode(text, into: &self.tokens)
        let ids = self.tokens.ids
        let units = BudgetUnits(
            text,
            tokenStarts: self.tokens.starts,
            tokenEnds: self.tokens.ends
        )
        let cuts = self.cutter.cut(
            text: text,
            blocks: blocks,
            tokenStarts: units.starts,
            leftOut: leftOut
        )
        var pieces: [ChunkPiece] = []
        pieces.reserveCapacity(cuts.count)
        for cut in cuts {
            let count = cut.tokenRange.count + (cut.header?.tokens.count ?? 0)
            if cut.isWordAligned, let range = units.tokens(of: cut.tokenRange) {
                let header = cut.header.flatMap { units.tokens(of: $0.tokens) }
                let tokens = header.map { ids[$0] + ids[range] } ?? ids[range]
                pieces.append(ChunkPiece(cut: cut, unitCount: count, tokens: tokens))
            } else {
                pieces += self.rejoined(cut, of: text, unitCount: count)
            }
        }
        return pieces
    }

    /// A chunk that starts or ends inside a word: its parts have tokens of their own, seldom more.
    private mutating func rejoined(
        _ cut: ChunkCut,
        of text: UnsafeBufferPointer<UInt8>,
        unitCount: Int
    ) -> [ChunkPiece] {
        self.tokens.removeAll(keepingCapacity: true)
        let part = UnsafeBufferPointer(rebasing: text[cut.range])
        self.tokenizer.encode(part, into: &self.tokens)
        let room = self.cutter.maximumTokens - (cut.header?.tokens.count ?? 0)
        guard self.tokens.count > room, cut.tokenRange.count > 1 else {
            return [ChunkPiece(cut: cut, unitCount: unitCount, tokens: nil)]
        }
        let starts = BudgetUnits(
            part,
            tokenStarts: self.tokens.starts,
            tokenEnds: self.tokens.ends
        ).starts
        let cutter = ChunkCutter(maximumTokens: room, minimumTokens: 0)
        return cutter.cut(text: part, blocks: [], tokenStarts: starts).map { inner in
            var whole = cut
            let start = cut.range.lowerBound
            whole.range = start + inner.range.lowerBound..<start + inner.range.upperBound
            let count = inner.tokenRange.count + (cut.header?.tokens.count ?? 0)
            return ChunkPiece(cut: whole, unitCount: count, tokens: nil)
        }
    }
}

/// A cut with what its budget was counted in, and its tokens where those are its text's own.
private struct ChunkPiece {
    var cut: ChunkCut
    var unitCount: Int
    var tokens: ArraySlice<Int32>?
}

/// What no chunk holds any of, ascending: blocks that the pages of its host share, headers, footers
/// and lines of contents.
private func leftOut(of document: CleanText) -> [Range<Int>] {
    let shared = Set(document.leftOut)
    let aside = document.blocks.filter { $0.isAside && !shared.contains($0.range) }
    guard !aside.isEmpty else { return document.leftOut }
    return (document.leftOut + aside.map(\.range)).sorted { $0.lowerBound < $1.lowerBound }
}

/// What counts the tokens of a chunk.
private enum ChunkTokenizer: Sendable {
    case wordPiece(WordPieceTokenizer)
    /// Runs of bytes between white space: for pipelines without a model.
    case words

    var identity: String {
        switch self {
        case .wordPiece(let tokenizer): tokenizer.identity
        case .words: "words"
        }
    }

    func encode(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout TokenizedText) {
        switch self {
        case .wordPiece(let tokenizer): tokenizer.encode(text, into: &tokens)
        case .words: Self.encodeWords(text, into: &tokens)
        }
    }

    private static func encodeWords(
        _ text: UnsafeBufferPointer<UInt8>,
        into tokens: inout TokenizedText
    ) {
        var isInWord = false
        for (offset, byte) in text.enumerated() {
            let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
            if isSpace == isInWord {
                if isInWord {
                    tokens.ends.append(Int32(offset))
                } else {
                    tokens.ids.append(0)
                    tokens.starts.append(Int32(offset))
                }
                isInWord.toggle()
            }
        }
        if isInWord { tokens.ends.append(Int32(text.count)) }
    }
}
