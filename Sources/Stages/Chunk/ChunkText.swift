package import Dataflow
package import Embedding
internal import Extraction
internal import Hashing
package import Records
internal import Text

let chunkDescriptor = StageDescriptor(
    name: "chunk",
    revision: 2,
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
        self.tokens.removeAll(keepingCapacity: true)
        let ids: [Int32]
        let cuts = document.text.withUnsafeBufferPointer { text in
            self.tokenizer.encode(text, into: &self.tokens)
            let blocks =
                document.blocks.isEmpty ? parseMarkdownBlocks(text) : document.blocks
            return self.cutter.cut(
                text: text,
                blocks: blocks,
                tokenStarts: self.tokens.starts,
                leftOut: document.leftOut
            )
        }
        ids = self.tokens.ids
        let kept = cuts.filter { cut in
            !document.withheld.contains { $0.overlaps(cut.range) }
        }
        return kept.enumerated().map { ordinal, cut in
            let chunk = Chunk(
                ordinal: ordinal,
                range: cut.range,
                tokenCount: cut.tokenRange.count,
                page: cut.page,
                place: place(of: cut.range, page: cut.page, in: document.blocks),
                headings: cut.headings,
                textHash: document.text.withUnsafeBytes {
                    sha256(UnsafeRawBufferPointer(rebasing: $0[cut.range]))
                }
            )
            return TokenizedChunk(chunk: chunk, tokens: ids[cut.tokenRange])
        }
    }
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
