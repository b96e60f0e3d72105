extension EncoderShape {
    /// BERT, RoBERTa and XLM-R: learned positions, plain layers, norms behind them.
    ///
    /// DistilBERT has other names for the same, and no kinds of text.
    init(
        _ family: Family,
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
        self.init(
            family: family,
            words: "embeddings.word_embeddings.weight",
            vocabularyCount: vocabularyCount,
            in: file
        )
        let isDistilled = family == .distilbert
        self.hidden = try require(
            isDistilled ? config.dim : config.hiddenSize,
            isDistilled ? "dim" : "hidden_size",
            upTo: Self.hiddenMax
        )
        self.intermediate = try require(
            isDistilled ? config.hiddenDim : config.intermediateSize,
            isDistilled ? "hidden_dim" : "intermediate_size",
            upTo: Self.intermediateMax
        )
        self.heads = try require(
            isDistilled ? config.nHeads : config.numAttentionHeads,
            isDistilled ? "n_heads" : "num_attention_heads",
            upTo: Self.headsMax
        )
        let layers = try require(
            isDistilled ? config.nLayers : config.numHiddenLayers,
            isDistilled ? "n_layers" : "num_hidden_layers",
            upTo: Self.layersMax
        )
        self.attention = Array(repeating: LayerAttention(), count: layers)
        self.positions = try require(
            config.maxPositionEmbeddings,
            "max_position_embeddings",
            upTo: Self.positionsMax
        )
        self.hasPositionTable = true
        self.hasTypes = !isDistilled
        if family != .bert, !isDistilled {
            self.firstPosition = min(max(0, config.padTokenId ?? 1), 1 << 16) + 1
        }
        self.epsilon = isDistilled ? 1e-12 : config.layerNormEps ?? 1e-12
        try self.check()
        guard (isDistilled ? config.activation : config.hiddenAct) == "gelu",
            config.positionEmbeddingType ?? "absolute" == "absolute"
        else {
            throw EmbeddingError(
                .unsupportedModel,
                "config.json: only 'gelu' and 'absolute' positions are run"
            )
        }
    }
}

extension EncoderLayerNames {
    init(bert prefix: String, layer index: Int) {
        let name = prefix + "encoder.layer.\(index)."
        self.init(
            attention: .init(["query", "key", "value"].map { name + "attention.self." + $0 }),
            attentionOutput: .init([name + "attention.output.dense"]),
            attentionNorm: name + "attention.output.LayerNorm",
            intermediate: .init([name + "intermediate.dense"]),
            output: .init([name + "output.dense"]),
            outputNorm: name + "output.LayerNorm"
        )
    }

    init(distilBERT prefix: String, layer index: Int) {
        let name = prefix + "transformer.layer.\(index)."
        self.init(
            attention: .init(["q_lin", "k_lin", "v_lin"].map { name + "attention." + $0 }),
            attentionOutput: .init([name + "attention.out_lin"]),
            attentionNorm: name + "sa_layer_norm",
            intermediate: .init([name + "ffn.lin1"]),
            output: .init([name + "ffn.lin2"]),
            outputNorm: name + "output_layer_norm"
        )
    }
}
