extension EncoderShape {
    /// NomicBERT: BERT with rotary positions and gated layers.
    ///
    /// Two forms of its configuration are in use: that of its makers, whose keys are GPT-2's, and that of
    /// transformers from version 5 on.
    /// - Source: Nussbaum et al., Nomic Embed (2024); nomic-ai/nomic-bert-2048; transformers,
    ///   `NomicBertConfig`.
    init(
        nomicBERT values: ConfigValues,
        vocabularyCount: Int,
        in file: SafetensorsFile
    ) throws(EmbeddingError) {
        self.init(
            family: .nomicBERT,
            words: "embeddings.word_embeddings.weight",
            vocabularyCount: vocabularyCount,
            in: file
        )
        if values.contains("n_embd") {
            try self.read(makers: values, in: file)
        } else {
            try self.read(transformers: values)
        }
        try self.check()
    }

    private mutating func read(
        makers values: ConfigValues,
        in file: SafetensorsFile
    ) throws(EmbeddingError) {
        try values.requireOff(
            "prenorm",
            "parallel_block",
            "parallel_block_tied_norm",
            "causal",
            "use_rms_norm",
            "norm_mlp",
            "moe_every_n_layers",
            "rotary_head_dim",
            "rotary_emb_scale_base",
            // Its angles depend on the longest text of a batch.
            "rotary_scaling_factor"
        )
        self.hidden = try values.count("n_embd", upTo: Self.hiddenMax)
        self.heads = try values.count("n_head", upTo: Self.headsMax)
        if values["num_heads_kv"] != nil, values["num_heads_kv"]?.integer != self.heads {
            throw values.refusal("num_heads_kv", "\(self.heads) is, as n_head has it")
        }
        let layers = try values.count("n_layer", upTo: Self.layersMax)
        self.positions = try values.count("n_positions", upTo: Self.positionsMax)
        self.epsilon = Float(try values.number("layer_norm_epsilon", default: 1e-5, in: 0...1))
        self.gate = try values.choice(
            "activation_function",
            default: "gelu_new",
            ["swiglu": .silu, "geglu": .gelu]
        )
        // It is rounded up to a multiple of 256, so that the tensor alone says how wide a layer is.
        let wide = self.prefix + "encoder.layers.0.mlp.fc11"
        guard let width = file.shape(of: wide + ".weight")?.first, width > 0,
            width <= Self.intermediateMax
        else {
            throw EmbeddingError(
                .damagedModel,
                "model.safetensors: there is no tensor '\(wide).weight' of 1...\(Self.intermediateMax) rows"
            )
        }
        self.intermediate = width
        self.biases = Biases(
            attention: try values.flag("qkv_proj_bias", default: true),
            intermediate: try values.flag("mlp_fc1_bias", default: true),
            output: try values.flag("mlp_fc2_bias", default: true)
        )
        self.hasTypes = values["type_vocab_size"]?.integer != 0
        try self.checkHeads(values)
        let share = try values.number("rotary_emb_fraction", default: 0, in: 0...1)
        let turned = Double(self.headWidth) * share
        guard turned > 0, turned == turned.rounded(), Int(turned).isMultiple(of: 2) else {
            throw values.refusal("rotary_emb_fraction", "an even part of a head is")
        }
        self.rotation = Rotation(
            width: Int(turned),
            isInterleaved: try values.flag("rotary_emb_interleaved", default: false)
        )
        let base = try values.number("rotary_emb_base", default: 10_000, in: Self.rotaryBases)
        self.attention = Array(repeating: LayerAttention(base: base), count: layers)
    }

    private mutating func read(transformers values: ConfigValues) throws(EmbeddingError) {
        self.hidden = try values.count("hidden_size", upTo: Self.hiddenMax)
        self.intermediate = try values.count("intermediate_size", upTo: Self.intermediateMax)
        self.heads = try values.count("num_attention_heads", upTo: Self.headsMax)
        let layers = try values.count("num_hidden_layers", upTo: Self.layersMax)
        self.positions = try values.count("max_position_embeddings", upTo: Self.positionsMax)
        self.epsilon = Float(try values.number("layer_norm_eps", default: 1e-12, in: 0...1))
        self.gate = try values.choice(
            "hidden_act",
            default: "silu",
            ["silu": .silu, "gelu": .gelu]
        )
        self.biases = Biases(attention: false, intermediate: false, output: false)
        self.hasTypes = true
        try self.checkHeads(values)
        let rotation = try values.values("rope_parameters")
        try rotation.choice("rope_type", default: "default", ["default": ()])
        _ = try rotation.number("partial_rotary_factor", default: 1, in: 1...1)
        self.rotation = Rotation(width: self.headWidth, isInterleaved: false)
        let base = try rotation.number("rope_theta", default: 1_000, in: Self.rotaryBases)
        self.attention = Array(repeating: LayerAttention(base: base), count: layers)
    }
}

extension EncoderLayerNames {
    init(nomicBERT prefix: String, layer index: Int, _ shape: EncoderShape) {
        let name = prefix + "encoder.layers.\(index)."
        self.init(
            attention: .init([name + "attn.Wqkv"], hasBias: shape.biases.attention),
            attentionOutput: .init([name + "attn.out_proj"], hasBias: shape.biases.attention),
            attentionNorm: name + "norm1",
            intermediate: .init(
                // The half that becomes active comes first.
                ["fc12", "fc11"].map { name + "mlp." + $0 },
                hasBias: shape.biases.intermediate
            ),
            output: .init([name + "mlp.fc2"], hasBias: shape.biases.output),
            outputNorm: name + "norm2"
        )
    }
}
