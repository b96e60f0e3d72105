internal import CKernels
internal import Storage
internal import Synchronization

/// A sentence-transformers BERT: mean of the last layer's tokens, scaled to length 1.
///
/// Runs all-MiniLM-L6-v2 and models of its kind (BERT encoder, absolute positions, GELU, mean
/// pooling) in fp32. Inputs are laid end to end without padding to a common length. At most
/// ``ModelIdentity/maximumTokens`` are read, `[CLS]` and `[SEP]` included; an empty text gives the
/// unit vector of those two.
///
/// Vectors have the same bits on every machine of the same ``ModelIdentity/precision``.
///
/// - Source: Devlin et al., BERT (2019); Wang et al., MiniLM (2020); Reimers and Gurevych,
///   Sentence-BERT (2019).
package final class MiniLMModel: EmbeddingModel {
    /// Rows of one pass: throughput is flat from 512 to 4,096, memory is not.
    static let rowsPerPass = 1_024

    /// Sums of fused products round once a step, others twice, so they are told apart.
    private static var precision: String { ckernels_product_fuses() != 0 ? "f32" : "f32-unfused" }

    package let identity: ModelIdentity
    package var tokenizer: WordPieceTokenizer? { self.wordPieces }

    private let wordPieces: WordPieceTokenizer
    private let weights: BERTWeights
    private let classifierID: Int32
    private let separatorID: Int32
    /// Idle working memory; each is lent to one call at a time.
    private let idle = Mutex<[BERTScratch]>([])

    /// Loads `model.safetensors`, `vocab.txt`, `config.json` and, for the token limit,
    /// `sentence_bert_config.json` from `folder`.
    ///
    /// - Throws: `EmbeddingError` `.damagedModel` or `.unsupportedModel`, `StorageError`.
    package init(
        name: String,
        folder: String,
        queryPrefix: String = "",
        passagePrefix: String = ""
    ) throws {
        let config = try ModelConfig(path: folder + "/config.json")
        let tokenizer = try WordPieceTokenizer(vocabularyPath: folder + "/vocab.txt")
        guard let classifierID = tokenizer.id(of: "[CLS]"),
            let separatorID = tokenizer.id(of: "[SEP]")
        else { throw EmbeddingError(.unsupportedModel, "the vocabulary has no [CLS] or [SEP]") }
        let file = try SafetensorsFile(path: folder + "/model.safetensors")
        let shape = try BERTShape(config, vocabularyCount: tokenizer.vocabularyCount)
        self.wordPieces = tokenizer
        self.classifierID = classifierID
        self.separatorID = separatorID
        self.weights = try BERTWeights(shape, in: file)
        self.identity = ModelIdentity(
            name: name,
            sha256: file.sha256,
            tokenizer: tokenizer.identity,
            dimensions: shape.hidden,
            queryPrefix: queryPrefix,
            passagePrefix: passagePrefix,
            precision: Self.precision,
            maximumTokens: try Self.maximumTokens(folder: folder, positions: shape.positions),
            revision: 1
        )
    }

    package func embed(_ batch: [EmbeddingInput]) throws -> [EmbeddingOutput] {
        let sequences = try batch.map(self.sequence)
        let scratch = self.borrowScratch()
        defer { self.idle.withLock { $0.append(scratch) } }
        var outputs: [EmbeddingOutput] = []
        outputs.reserveCapacity(batch.count)
        var first = 0
        while first < sequences.count {
            let end = self.passEnd(sequences, from: first)
            let vectors = self.weights.embed(sequences[first..<end].map(\.ids), with: scratch)
            for (vector, sequence) in zip(vectors, sequences[first..<end]) {
                guard vector.allSatisfy(\.isFinite) else {
                    throw EmbeddingError(
                        .notFinite,
                        "\(self.identity.name) gave a vector that is no number"
                    )
                }
                outputs.append(
                    EmbeddingOutput(
                        vector: vector,
                        tokenCount: sequence.ids.count - 2,
                        isTruncated: sequence.isTruncated
                    )
                )
            }
            first = end
        }
        return outputs
    }

    private struct Sequence {
        /// With `[CLS]` and `[SEP]`.
        let ids: [Int32]
        let isTruncated: Bool
    }

    private func sequence(_ input: EmbeddingInput) throws(EmbeddingError) -> Sequence {
        let prefix = self.identity.prefix(input.role)
        let tokens: [Int32]
        switch input.content {
        case .text(let text):
            tokens = self.wordPieces.encode(prefix + text).ids
        case .tokens(let ids):
            let count = Int32(self.weights.shape.vocabulary)
            if let stray = ids.first(where: { $0 < 0 || $0 >= count }) {
                throw EmbeddingError(.invalidInput, "token id \(stray) is not below \(count)")
            }
            tokens = self.wordPieces.encode(prefix).ids + ids
        }
        let limit = self.identity.maximumTokens - 2
        return Sequence(
            ids: [self.classifierID] + tokens.prefix(limit) + [self.separatorID],
            isTruncated: tokens.count > limit
        )
    }

    /// The sequences from `first` up to the returned index fit one pass; always at least one.
    private func passEnd(_ sequences: [Sequence], from first: Int) -> Int {
        var rows = sequences[first].ids.count
        var end = first + 1
        while end < sequences.count, rows + sequences[end].ids.count <= Self.rowsPerPass {
            rows += sequences[end].ids.count
            end += 1
        }
        return end
    }

    private func borrowScratch() -> BERTScratch {
        if let scratch = self.idle.withLock({ $0.popLast() }) { return scratch }
        return BERTScratch(
            self.weights.shape,
            rows: max(Self.rowsPerPass, self.identity.maximumTokens),
            sequenceRows: self.identity.maximumTokens
        )
    }

    private static func maximumTokens(folder: String, positions: Int) throws -> Int {
        let path = folder + "/sentence_bert_config.json"
        guard fileExists(path) else { return positions }
        let maximum = try SentenceConfig(path: path).maxSeqLength
        guard maximum > 2, maximum <= positions else {
            throw EmbeddingError(
                .unsupportedModel,
                "max_seq_length \(maximum) with \(positions) positions"
            )
        }
        return maximum
    }
}
