internal import Dataflow
internal import Embedding
internal import Hashing
internal import Records
internal import Stages

/// `{"id","markdown"|"text"}` → chunks with UTF-8 byte offsets into the input.
final class ChunkFilter: StageFilter {
    private var stage: ChunkText

    init(_ node: PlanNode, modelsRoot: String?) throws {
        let name = chunkTokenizerName(node)
        let models = try ModelSet(names: name.map { [$0] } ?? [], root: modelsRoot)
        self.stage = ChunkText(node, tokenizer: try name.flatMap { try models.model($0).tokenizer })
    }

    func process(_ line: StageInput) throws -> (any StageAnswer)? {
        let text = try line.required(line.markdown ?? line.text, "text")
        let chunks = try self.stage.chunk(
            CleanText(id: documentID(uri: line.id.text), title: "", text: text, blocks: [])
        )
        return ChunkLine(
            id: line.id,
            chunks: chunks.map(\.chunk).map { chunk in
                ChunkLine.Piece(
                    ordinal: chunk.ordinal,
                    start: chunk.range.lowerBound,
                    end: chunk.range.upperBound,
                    text: text[chunk.range],
                    tokens: chunk.tokenCount,
                    headings: chunk.headings,
                    header: chunk.header.map { text[$0] },
                    page: chunk.page > 0 ? chunk.page : nil
                )
            }
        )
    }
}

/// `{"id","text"}` → vector.
final class EmbedFilter: StageFilter {
    private var stage: EmbedChunks

    init(_ node: PlanNode, modelsRoot: String?) throws {
        let models = try ModelSet(stage: node, root: modelsRoot)
        self.stage = EmbedChunks(node, model: try models.model(of: node))
    }

    func process(_ line: StageInput) throws -> (any StageAnswer)? {
        let text = try line.required(line.text, "text")
        guard let result = try self.stage.embed([EmbedInput(text: text[...], tokens: nil)]).first
        else { return nil }
        let isZero = result.vector.allSatisfy { $0 == 0 }
        return EmbedLine(
            id: line.id,
            // A vector of zeros would be equal to that of any other text the model cannot read.
            vector: isZero ? [] : result.vector,
            tokens: result.tokenCount,
            truncated: result.isTruncated,
            warnings: isZero
                ? [
                    .init(
                        code: "no_vector",
                        message:
                            "the model reads no word of this text; index it for search by words"
                    )
                ] : []
        )
    }
}
