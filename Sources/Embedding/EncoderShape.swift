internal import CKernels

/// The sizes of an encoder, how its layers are made, and what its tensors are called.
struct EncoderShape: Hashable, Sendable {
    enum Family: String, Sendable, CaseIterable {
        case bert
        case distilbert
        case roberta
        case xlmRoberta = "xlm-roberta"
        case camembert
        case nomicBERT = "nomic_bert"
        case modernBERT = "modernbert"
    }

    enum Activation: Hashable, Sendable {
        case gelu
        case silu
    }

    /// Positions as rotations of queries and keys.
    struct Rotation: Hashable, Sendable {
        /// Values of each head that are turned, the first ones.
        let width: Int
        /// Whether neighbours are turned together, not values half the width apart.
        let isInterleaved: Bool
    }

    struct LayerAttention: Hashable, Sendable {
        /// Of the rotations; nil without.
        var base: Double?
        /// Tokens to each side that are attended to; nil for all.
        var reach: Int?
    }

    /// Which products and norms add something.
    struct Biases: Hashable, Sendable {
        var attention = true
        var intermediate = true
        var output = true
        var norms = true
    }

    static let hiddenMax = 8_192
    /// The sums of int8 products over more may not fit 32 bits.
    static let intermediateMax = 65_536
    static let headsMax = 256
    static let layersMax = 256
    static let positionsMax = 65_536
    static let rotaryBases = 1.0...1e12

    let family: Family
    /// What the names of the tensors begin with: empty, or the family's own word.
    let prefix: String
    /// What the table of words is called.
    let words: String
    let vocabulary: Int
    var hidden = 0
    var intermediate = 0
    var heads = 1
    /// By layer.
    var attention: [LayerAttention] = []
    /// Tokens that have a position, but for those before ``firstPosition``.
    var positions = 0
    /// The row of a text's first token: RoBERTa leaves out those up to its padding token.
    var firstPosition = 0
    /// Whether positions are a table that is added to the words.
    var hasPositionTable = false
    /// Whether words have a kind of text, which is the first of them here.
    var hasTypes = false
    var rotation: Rotation?
    var epsilon: Float = 1e-12
    /// Of feed-forward layers whose first half, made active, scales the second; nil for plain ones with GELU.
    var gate: Activation?
    /// Whether a layer normalises what it reads, not what it gives.
    var normsFirst = false
    var biases = Biases()

    var layers: Int { self.attention.count }
    var headWidth: Int { self.hidden / self.heads }
    var readablePositions: Int { self.positions - self.firstPosition }
    /// Values of a row between the two products of a feed-forward layer.
    var wide: Int { self.gate == nil ? self.intermediate : 2 * self.intermediate }

    /// - Throws: `EmbeddingError` `.unsupportedModel` for what the forward pass cannot run; `StorageError`.
    init(_ folder: ModelFolder, vocabularyCount: Int, in file: SafetensorsFile) throws {
        guard let family = Family(rawValue: folder.config.modelType) else {
            let names = Family.allCases.map(\.rawValue).joined(separator: ", ")
            throw EmbeddingError(
                .unsupportedModel,
                "config.json: model_type '\(folder.config.modelType)' is not run; those that are: model2vec, "
                    + names
            )
        }
        switch family {
        case .nomicBERT:
            try self.init(nomicBERT: folder.values(), vocabularyCount: vocabularyCount, in: file)
        case .modernBERT:
            try self.init(modernBERT: folder.values(), vocabularyCount: vocabularyCount, in: file)
        case .bert, .distilbert, .roberta, .xlmRoberta, .camembert:
            try self.init(
                family,
                folder.config,
                vocabularyCount: vocabularyCount,
                in: file
            )
        }
    }

    /// A shape whose sizes are still to be read.
    init(family: Family, words: String, vocabularyCount: Int, in file: SafetensorsFile) {
        let prefixes = ["", "bert.", "distilbert.", "roberta.", "nomic_bert.", "model."]
        self.family = family
        self.prefix = prefixes.first { file.shape(of: $0 + words) != nil } ?? ""
        self.words = self.prefix + words
        // A vocabulary may be padded to a rounder number.
        self.vocabulary = max(vocabularyCount, file.shape(of: self.words)?.first ?? 0)
    }

    /// What products and kernels take.
    func check() throws(EmbeddingError) {
        let lanes = Int(CKERNELS_LANES)
        guard self.hidden.isMultiple(of: lanes), self.intermediate.isMultiple(of: lanes),
            self.hidden.isMultiple(of: self.heads), self.headWidth.isMultiple(of: lanes),
            self.readablePositions > 2
        else {
            throw EmbeddingError(
                .unsupportedModel,
                "config.json: sizes must be multiples of \(lanes), hidden_size of the head count"
            )
        }
    }

    /// Heads that are no part of the rows are not run.
    func checkHeads(_ values: ConfigValues) throws(EmbeddingError) {
        guard values["head_dim"] == nil || values["head_dim"]?.integer == self.headWidth else {
            throw values.refusal("head_dim", "\(self.headWidth) is, the rows' share of a head")
        }
    }

    /// What the tensors of layer `index` are called.
    func names(ofLayer index: Int) -> EncoderLayerNames {
        switch self.family {
        case .nomicBERT: EncoderLayerNames(nomicBERT: self.prefix, layer: index, self)
        case .modernBERT: EncoderLayerNames(modernBERT: self.prefix, layer: index, self)
        case .distilbert: EncoderLayerNames(distilBERT: self.prefix, layer: index)
        case .bert, .roberta, .xlmRoberta, .camembert:
            EncoderLayerNames(bert: self.prefix, layer: index)
        }
    }

    /// What the norm of the embeddings is called.
    var embeddingNorm: String {
        switch self.family {
        case .nomicBERT: self.prefix + "emb_ln"
        case .modernBERT: self.prefix + "embeddings.norm"
        default: self.prefix + "embeddings.LayerNorm"
        }
    }

    /// What the norm of the last layer's rows is called, where they still want one.
    var finalNorm: String? { self.normsFirst ? self.prefix + "final_norm" : nil }
}

/// The tensors of one layer, without `.weight` and `.bias`.
struct EncoderLayerNames {
    /// A product whose outputs lie in some tensors, one behind the other.
    struct Linear {
        let names: [String]
        let hasBias: Bool

        init(_ names: [String], hasBias: Bool = true) {
            self.names = names
            self.hasBias = hasBias
        }
    }

    /// Queries, keys, values.
    let attention: Linear
    let attentionOutput: Linear
    /// Nil where there is none.
    let attentionNorm: String?
    let intermediate: Linear
    let output: Linear
    let outputNorm: String
}
