internal import CKernels

/// The sizes of an encoder of the BERT family, and what its tensors are called.
struct EncoderShape: Hashable, Sendable {
    enum Family: String, Sendable {
        case bert
        case distilbert
        case roberta
        case xlmRoberta = "xlm-roberta"
        case camembert
    }

    let family: Family
    /// What the names of the tensors begin with: empty, or the family's own word.
    let prefix: String
    let vocabulary: Int
    let hidden: Int
    let intermediate: Int
    let heads: Int
    let layers: Int
    /// Rows of the table of positions.
    let positions: Int
    /// The row of a text's first token: RoBERTa leaves out those up to its padding token.
    let firstPosition: Int
    let epsilon: Float

    var headWidth: Int { self.hidden / self.heads }
    /// Tokens that have a position.
    var readablePositions: Int { self.positions - self.firstPosition }

    /// - Throws: `EmbeddingError` `.unsupportedModel` for what the forward pass cannot run.
    init(
        _ config: ModelConfig,
        vocabularyCount: Int,
        in file: SafetensorsFile
    ) throws(EmbeddingError) {
        func require(_ value: Int?, _ name: String, upTo limit: Int) throws(EmbeddingError) -> Int {
            guard let value, value > 0, value <= limit else {
                throw EmbeddingError(.unsupportedModel, "config.json: \(name) must be 1...\(limit)")
            }
            return value
        }
        guard let family = Family(rawValue: config.modelType) else {
            throw EmbeddingError(
                .unsupportedModel,
                "config.json: model_type '\(config.modelType)' is not run; those that are: model2vec, bert, "
                    + "distilbert, roberta, xlm-roberta, camembert"
            )
        }
        self.family = family
        let words = "embeddings.word_embeddings.weight"
        self.prefix =
            ["", "bert.", "distilbert.", "roberta.", "model."].first {
                file.shape(of: $0 + words) != nil
            } ?? ""
        // A vocabulary may be padded to a rounder number.
        self.vocabulary = max(vocabularyCount, file.shape(of: self.prefix + words)?.first ?? 0)
        let isDistilled = family == .distilbert
        self.hidden = try require(
            isDistilled ? config.dim : config.hiddenSize,
            isDistilled ? "dim" : "hidden_size",
            upTo: 8_192
        )
        self.intermediate = try require(
            isDistilled ? config.hiddenDim : config.intermediateSize,
            isDistilled ? "hidden_dim" : "intermediate_size",
            // The sums of int8 products over more may not fit 32 bits.
            upTo: 65_536
        )
        self.heads = try require(
            isDistilled ? config.nHeads : config.numAttentionHeads,
            isDistilled ? "n_heads" : "num_attention_heads",
            upTo: 256
        )
        self.layers = try require(
            isDistilled ? config.nLayers : config.numHiddenLayers,
            isDistilled ? "n_layers" : "num_hidden_layers",
            upTo: 256
        )
        self.positions = try require(
            config.maxPositionEmbeddings,
            "max_position_embeddings",
            upTo: 65_536
        )
        switch family {
        case .bert, .distilbert: self.firstPosition = 0
        case .roberta, .xlmRoberta, .camembert:
            self.firstPosition = min(max(0, config.padTokenId ?? 1), 1 << 16) + 1
        }
        self.epsilon = isDistilled ? 1e-12 : config.layerNormEps ?? 1e-12

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
        guard (isDistilled ? config.activation : config.hiddenAct) == "gelu",
            config.positionEmbeddingType ?? "absolute" == "absolute"
        else {
            throw EmbeddingError(
                .unsupportedModel,
                "config.json: only 'gelu' and 'absolute' positions are run"
            )
        }
    }

    /// What the tensors of layer `index` are called.
    func names(ofLayer index: Int) -> EncoderLayerNames {
        if self.family == .distilbert {
            let name = self.prefix + "transformer.layer.\(index)."
            return EncoderLayerNames(
                attention: ["q_lin", "k_lin", "v_lin"].map { name + "attention." + $0 },
                attentionOutput: name + "attention.out_lin",
                attentionNorm: name + "sa_layer_norm",
                intermediate: name + "ffn.lin1",
                output: name + "ffn.lin2",
                outputNorm: name + "output_layer_norm"
            )
        }
        let name = self.prefix + "encoder.layer.\(index)."
        return EncoderLayerNames(
            attention: ["query", "key", "value"].map { name + "attention.self." + $0 },
            attentionOutput: name + "attention.output.dense",
            attentionNorm: name + "attention.output.LayerNorm",
            intermediate: name + "intermediate.dense",
            output: name + "output.dense",
            outputNorm: name + "output.LayerNorm"
        )
    }
}

/// The tensors of one layer, without `.weight` and `.bias`.
struct EncoderLayerNames {
    /// Queries, keys, values.
    let attention: [String]
    let attentionOutput: String
    let attentionNorm: String
    let intermediate: String
    let output: String
    let outputNorm: String
}
