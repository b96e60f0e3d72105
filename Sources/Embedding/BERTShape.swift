internal import CKernels

/// The sizes of a BERT encoder.
struct BERTShape: Hashable, Sendable {
    let vocabulary: Int
    let hidden: Int
    let intermediate: Int
    let heads: Int
    let layers: Int
    let positions: Int
    let epsilon: Float

    var headWidth: Int { self.hidden / self.heads }

    /// - Throws: `EmbeddingError` `.unsupportedModel` for what the forward pass cannot run.
    init(_ config: ModelConfig, vocabularyCount: Int) throws(EmbeddingError) {
        func require(_ value: Int?, _ name: String, upTo limit: Int) throws(EmbeddingError) -> Int {
            guard let value, value > 0, value <= limit else {
                throw EmbeddingError(.unsupportedModel, "config.json: \(name) must be 1...\(limit)")
            }
            return value
        }
        self.vocabulary = vocabularyCount
        self.hidden = try require(config.hiddenSize, "hidden_size", upTo: 8_192)
        self.intermediate = try require(config.intermediateSize, "intermediate_size", upTo: 65_536)
        self.heads = try require(config.numAttentionHeads, "num_attention_heads", upTo: 256)
        self.layers = try require(config.numHiddenLayers, "num_hidden_layers", upTo: 256)
        self.positions = try require(
            config.maxPositionEmbeddings,
            "max_position_embeddings",
            upTo: 65_536
        )
        self.epsilon = config.layerNormEps ?? 1e-12

        let lanes = Int(CKERNELS_LANES)
        guard self.hidden.isMultiple(of: lanes), self.intermediate.isMultiple(of: lanes),
            self.hidden.isMultiple(of: self.heads), self.headWidth.isMultiple(of: lanes),
            self.positions > 2
        else {
            throw EmbeddingError(
                .unsupportedModel,
                "config.json: sizes must be multiples of \(lanes), hidden_size of the head count"
            )
        }
        guard config.hiddenAct == "gelu",
            config.positionEmbeddingType ?? "absolute" == "absolute"
        else {
            throw EmbeddingError(
                .unsupportedModel,
                "config.json: only 'gelu' and 'absolute' positions are run"
            )
        }
    }
}
