internal import CKernels
internal import Storage
internal import Synchronization

/// An encoder of the BERT family: BERT, DistilBERT, RoBERTa, XLM-R, NomicBERT, ModernBERT and models of their
/// kind.
///
/// The last layer's tokens are pooled and scaled to length 1. Inputs are
/// laid end to end without padding to a common length. At most ``ModelIdentity/maximumTokens`` are read,
/// special tokens included; an empty text gives the unit vector of those.
///
/// Vectors have the same bits on every machine of the same ``ModelIdentity/precision``.
///
/// - Source: Devlin et al., BERT (2019); Wang et al., MiniLM (2020); Sanh et al., DistilBERT (2019); Liu et
///   al., RoBERTa (2019); Conneau et al., XLM-R (2020); Nussbaum et al., Nomic Embed (2024); Warner et al.,
///   ModernBERT (2024); Reimers and Gurevych, Sentence-BERT (2019).
package final class EncoderModel: EmbeddingModel {
    /// Rows of one pass: throughput is flat from 512 to 4,096, memory is not.
    static let rowsPerPass = 1_024

    package let identity: ModelIdentity
    package var tokenizer: WordPieceTokenizer? { self.text as? WordPieceTokenizer }

    let text: any TextTokenizer
    let template: SequenceTemplate
    private let pooling: Pooling
    let weights: EncoderWeights
    /// Idle working memory; each is lent to one call at a time.
    private let idle = Mutex<[EncoderScratch]>([])

    /// Loads `model.safetensors`, `config.json`, the tokeniser, and what sentence-transformers put beside
    /// them, from `folder`.
    ///
    /// - Parameter queryPrefix: nil takes the folder's own, as for `passagePrefix`.
    /// - Throws: `EmbeddingError` `.damagedModel`, `.unsupportedModel` or `.unsupportedProcessor`,
    ///   `StorageError`.
    package convenience init(
        name: String,
        folder path: String,
        queryPrefix: String? = nil,
        passagePrefix: String? = nil,
        precision: Precision = .auto
    ) throws {
        try self.init(
            name: name,
            folder: path,
            queryPrefix: queryPrefix,
            passagePrefix: passagePrefix,
            arithmetic: Arithmetic(precision)
        )
    }

    init(
        name: String,
        folder path: String,
        queryPrefix: String? = nil,
        passagePrefix: String? = nil,
        arithmetic: Arithmetic
    ) throws {
        let folder = try ModelFolder(path: path)
        let (tokenizer, template) = try folder.tokenizer()
        guard !template.before.isEmpty, !template.after.isEmpty else {
            throw EmbeddingError(.unsupportedModel, "the vocabulary has no [CLS] or [SEP]")
        }
        let file = try SafetensorsFile(path: path + "/model.safetensors")
        let shape = try EncoderShape(
            folder,
            vocabularyCount: tokenizer.vocabularyCount,
            in: file
        )
        let maximumTokens = try folder.maximumTokens(positions: shape.readablePositions)
        let pooling = try folder.pooling()
        self.text = tokenizer
        self.template = template
        self.pooling = pooling
        self.weights = try EncoderWeights(shape, arithmetic, tokens: maximumTokens, in: file)
        self.identity = ModelIdentity(
            name: name,
            sha256: file.sha256,
            tokenizer: tokenizer.identity,
            dimensions: shape.hidden,
            queryPrefix: try queryPrefix ?? folder.prefix(.query),
            passagePrefix: try passagePrefix ?? folder.prefix(.passage),
            precision: pooling == .mean
                ? arithmetic.name : "\(arithmetic.name), \(pooling.rawValue)",
            maximumTokens: maximumTokens,
            // The first revision read parts of weights in half precision from memory that was freed.
            revision: file.holdsOtherFormats ? 2 : 1
        )
    }

    package func embed(_ batch: [EmbeddingInput]) throws -> [EmbeddingOutput] {
        try self.outputs(of: batch) { sequences, scratch in
            self.weights.embed(sequences, pooling: self.pooling, with: scratch)
        }
    }

    /// What `read` makes of the sequences of each pass: a vector for each.
    func outputs(
        of batch: [EmbeddingInput],
        _ read: ([[Int32]], EncoderScratch) throws -> [[Float]]
    ) throws -> [EmbeddingOutput] {
        let sequences = try batch.map(self.sequence)
        let scratch = self.borrowScratch(tokens: sequences.map(\.ids.count).max() ?? 0)
        defer { self.idle.withLock { $0.append(scratch) } }
        var outputs: [EmbeddingOutput] = []
        outputs.reserveCapacity(batch.count)
        var first = 0
        while first < sequences.count {
            let end = self.passEnd(sequences, from: first)
            let vectors = try read(sequences[first..<end].map(\.ids), scratch)
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
                        tokenCount: sequence.ids.count - self.template.count,
                        isTruncated: sequence.isTruncated
                    )
                )
            }
            first = end
        }
        return outputs
    }

    private struct Sequence {
        /// With special tokens.
        let ids: [Int32]
        let isTruncated: Bool
    }

    private func sequence(_ input: EmbeddingInput) throws(EmbeddingError) -> Sequence {
        let prefix = self.identity.prefix(input.role)
        let tokens: [Int32]
        switch input.content {
        case .text(let text):
            tokens = self.text.ids(of: prefix + text)
        case .tokens(let ids):
            let count = Int32(self.weights.shape.vocabulary)
            if let stray = ids.first(where: { $0 < 0 || $0 >= count }) {
                throw EmbeddingError(.invalidInput, "token id \(stray) is not below \(count)")
            }
            tokens = self.text.ids(of: prefix) + ids
        }
        let limit = self.identity.maximumTokens - self.template.count
        return Sequence(
            ids: self.template.before + tokens.prefix(limit) + self.template.after,
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

    /// Sequences near the limit of a model that reads thousands of tokens are rare: memory for them is made once
    /// one comes.
    private func borrowScratch(tokens: Int) -> EncoderScratch {
        if let scratch = self.idle.withLock({ $0.popLast() }), scratch.tokens >= tokens {
            return scratch
        }
        let step = QueryBlock.wholeMax
        let roomy = max(1, (tokens + step - 1) / step) * step
        return EncoderScratch(
            self.weights.shape,
            tokens: min(roomy, self.identity.maximumTokens)
        )
    }
}
