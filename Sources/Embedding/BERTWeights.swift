/// A BERT encoder's weights, as the forward pass reads them.
///
/// The large matrices are mapped; copied are the three attention projections, joined into one
/// product, and the positions with the only token type added.
struct BERTWeights: Sendable {
    struct Linear: Sendable {
        /// Rows are outputs: y = x * weight^T + bias.
        let weight: [Float]
        let bias: [Float]
    }

    struct MappedLinear: Sendable {
        let weight: SafetensorsFile.Tensor
        let bias: SafetensorsFile.Tensor
    }

    struct Norm: Sendable {
        let gain: SafetensorsFile.Tensor
        let shift: SafetensorsFile.Tensor
    }

    struct Layer: Sendable {
        /// Queries, keys and values side by side.
        let attention: Linear
        let attentionOutput: MappedLinear
        let attentionNorm: Norm
        let intermediate: MappedLinear
        let output: MappedLinear
        let outputNorm: Norm
    }

    let shape: BERTShape
    let words: SafetensorsFile.Tensor
    let positions: [Float]
    let embeddingNorm: Norm
    let layers: [Layer]

    /// - Throws: `EmbeddingError` `.damagedModel` when a tensor is missing or has another shape.
    init(_ shape: BERTShape, in file: SafetensorsFile) throws(EmbeddingError) {
        let hidden = shape.hidden
        self.shape = shape
        self.words = try file.tensor(
            "embeddings.word_embeddings.weight",
            shape: [shape.vocabulary, hidden]
        )
        let positions = try file.tensor(
            "embeddings.position_embeddings.weight",
            shape: [shape.positions, hidden]
        )
        let types = try file.tensor(
            "embeddings.token_type_embeddings.weight",
            shape: [nil, hidden]
        )
        self.positions = positions.values.indices.map { index in
            positions.values[index] + types.values[index % hidden]
        }
        self.embeddingNorm = try Self.norm("embeddings.LayerNorm", hidden, in: file)
        var layers: [Layer] = []
        for index in 0..<shape.layers { layers.append(try Self.layer(index, shape, in: file)) }
        self.layers = layers
    }

    private static func layer(
        _ index: Int,
        _ shape: BERTShape,
        in file: SafetensorsFile
    ) throws(EmbeddingError) -> Layer {
        let name = "encoder.layer.\(index)."
        let hidden = shape.hidden
        let wide = shape.intermediate
        var attention = Linear(weight: [], bias: [])
        for part in ["query", "key", "value"] {
            let linear = try self.linear(
                name + "attention.self." + part,
                from: hidden,
                to: hidden,
                in: file
            )
            attention = Linear(
                weight: attention.weight + linear.weight.values,
                bias: attention.bias + linear.bias.values
            )
        }
        return Layer(
            attention: attention,
            attentionOutput: try self.linear(
                name + "attention.output.dense",
                from: hidden,
                to: hidden,
                in: file
            ),
            attentionNorm: try self.norm(name + "attention.output.LayerNorm", hidden, in: file),
            intermediate: try self.linear(
                name + "intermediate.dense",
                from: hidden,
                to: wide,
                in: file
            ),
            output: try self.linear(name + "output.dense", from: wide, to: hidden, in: file),
            outputNorm: try self.norm(name + "output.LayerNorm", hidden, in: file)
        )
    }

    private static func linear(
        _ name: String,
        from inputs: Int,
        to outputs: Int,
        in file: SafetensorsFile
    ) throws(EmbeddingError) -> MappedLinear {
        MappedLinear(
            weight: try file.tensor(name + ".weight", shape: [outputs, inputs]),
            bias: try file.tensor(name + ".bias", shape: [outputs])
        )
    }

    private static func norm(
        _ name: String,
        _ width: Int,
        in file: SafetensorsFile
    ) throws(EmbeddingError) -> Norm {
        Norm(
            gain: try file.tensor(name + ".weight", shape: [width]),
            shift: try file.tensor(name + ".bias", shape: [width])
        )
    }
}
