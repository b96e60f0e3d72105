extension EncoderShape {
    /// ModernBERT: rotary positions, windows of attention in most layers, gated layers, norms before them.
    ///
    /// - Source: Warner et al., Smarter, Better, Faster, Longer (2024); transformers, `ModernBertConfig`.
    init(
        modernBERT values: ConfigValues,
        vocabularyCount: Int,
        in file: SafetensorsFile
    ) throws(EmbeddingError) {
        try values.requireOff("rope_scaling")
        self.init(
            family: .modernBERT,
            words: "embeddings.tok_embeddings.weight",
            vocabularyCount: vocabularyCount,
            in: file
        )
        self.hidden = try values.count("hidden_size", upTo: Self.hiddenMax)
        self.intermediate = try values.count("intermediate_size", upTo: Self.intermediateMax)
        self.heads = try values.count("num_attention_heads", upTo: Self.headsMax)
        let layers = try values.count("num_hidden_layers", upTo: Self.layersMax)
        self.positions = try values.count("max_position_embeddings", upTo: Self.positionsMax)
        self.epsilon = Float(try values.number("norm_eps", default: 1e-5, in: 0...1))
        self.gate = try values.choice(
            "hidden_activation",
            default: "gelu",
            ["gelu": .gelu, "silu": .silu]
        )
        self.normsFirst = true
        let normBias = try values.flag("norm_bias", default: false)
        let attentionBias = try values.flag("attention_bias", default: false)
        let wideBias = try values.flag("mlp_bias", default: false)
        self.biases = Biases(
            attention: attentionBias,
            intermediate: wideBias,
            output: wideBias,
            norms: normBias
        )
        try self.checkHeads(values)
        self.rotation = Rotation(width: self.headWidth, isInterleaved: false)
        let kinds = try Self.layerKinds(values, count: layers)
        let window = try values.count("local_attention", upTo: 2 * Self.positionsMax)
        let all = LayerAttention(
            base: try Self.base(values, "full_attention", "global_rope_theta", 160_000)
        )
        let near = LayerAttention(
            base: try Self.base(values, "sliding_attention", "local_rope_theta", 10_000),
            reach: window / 2
        )
        self.attention = kinds.map { $0 ? near : all }
        try self.check()
    }

    /// Whether each layer attends to what is near alone.
    private static func layerKinds(
        _ values: ConfigValues,
        count: Int
    ) throws(EmbeddingError) -> [Bool] {
        if let kinds = values["layer_types"]?.elements {
            let names = kinds.map(\.text)
            guard names.count == count,
                names.allSatisfy({ $0 == "full_attention" || $0 == "sliding_attention" })
            else {
                throw values.refusal(
                    "layer_types",
                    "full_attention and sliding_attention are, one for each layer"
                )
            }
            return names.map { $0 == "sliding_attention" }
        }
        let every =
            values.contains("global_attn_every_n_layers")
            ? try values.count("global_attn_every_n_layers", upTo: Self.layersMax) : 3
        return (0..<count).map { !$0.isMultiple(of: every) }
    }

    /// The base of the rotations: new configurations have one for each kind of layer, old ones a key.
    private static func base(
        _ values: ConfigValues,
        _ kind: String,
        _ key: String,
        _ standard: Double
    ) throws(EmbeddingError) -> Double {
        let rotations = try values.values("rope_parameters")
        let own = try rotations.values(kind)
        try own.choice("rope_type", default: "default", ["default": ()])
        return own.contains("rope_theta")
            ? try own.number("rope_theta", default: standard, in: Self.rotaryBases)
            : try values.number(key, default: standard, in: Self.rotaryBases)
    }
}

extension EncoderLayerNames {
    init(modernBERT prefix: String, layer index: Int, _ shape: EncoderShape) {
        let biases = shape.biases
        let name = prefix + "layers.\(index)."
        self.init(
            attention: .init([name + "attn.Wqkv"], hasBias: biases.attention),
            attentionOutput: .init([name + "attn.Wo"], hasBias: biases.attention),
            // The embeddings were normalised just before the first.
            attentionNorm: index == 0 ? nil : name + "attn_norm",
            intermediate: .init([name + "mlp.Wi"], hasBias: biases.intermediate),
            output: .init([name + "mlp.Wo"], hasBias: biases.output),
            outputNorm: name + "mlp_norm"
        )
    }
}
