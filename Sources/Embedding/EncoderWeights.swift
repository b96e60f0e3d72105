internal import CKernels

/// An encoder's weights, as the forward pass reads them.
///
/// The word embeddings stay mapped; the matrices are copied once into the order products read.
struct EncoderWeights: Sendable {
    /// y = x * weight^T + bias.
    struct Linear: Sendable {
        let inputs: Int
        let outputs: Int
        let weights: PackedWeights
        let bias: [Float]
    }

    struct Norm: Sendable {
        let gain: SafetensorsFile.Tensor
        let shift: SafetensorsFile.Tensor
    }

    struct Layer: Sendable {
        /// Queries, keys and values side by side.
        let attention: Linear
        let attentionOutput: Linear
        let attentionNorm: Norm
        let intermediate: Linear
        let output: Linear
        let outputNorm: Norm
    }

    let shape: EncoderShape
    let words: SafetensorsFile.Tensor
    let positions: [Float]
    let embeddingNorm: Norm
    let layers: [Layer]

    /// - Throws: `EmbeddingError` `.damagedModel` when a tensor is missing or has another shape.
    init(
        _ shape: EncoderShape,
        _ arithmetic: Arithmetic,
        in file: SafetensorsFile
    ) throws(EmbeddingError) {
        let hidden = shape.hidden
        self.shape = shape
        let name = shape.prefix + "embeddings."
        self.words = try file.tensor(
            name + "word_embeddings.weight",
            shape: [shape.vocabulary, hidden]
        )
        let positions = try file.tensor(
            name + "position_embeddings.weight",
            shape: [shape.positions, hidden]
        )
        let rows = positions.values[(shape.firstPosition * hidden)...]
        if shape.family == .distilbert {
            self.positions = Array(rows)
        } else {
            let types = try file.tensor(
                name + "token_type_embeddings.weight",
                shape: [nil, hidden]
            )
            self.positions = rows.enumerated().map { $0.element + types.values[$0.offset % hidden] }
        }
        self.embeddingNorm = try Self.norm(name + "LayerNorm", hidden, in: file)
        var layers: [Layer] = []
        for index in 0..<shape.layers {
            layers.append(try Self.layer(index, shape, arithmetic, in: file))
        }
        self.layers = layers
    }

    private static func layer(
        _ index: Int,
        _ shape: EncoderShape,
        _ arithmetic: Arithmetic,
        in file: SafetensorsFile
    ) throws(EmbeddingError) -> Layer {
        let names = shape.names(ofLayer: index)
        let hidden = shape.hidden
        let wide = shape.intermediate
        func linear(_ names: [String], _ inputs: Int, _ outputs: Int) throws(EmbeddingError)
            -> Linear
        {
            try self.linear(names, arithmetic, from: inputs, to: outputs, in: file)
        }
        return Layer(
            attention: try linear(names.attention, hidden, hidden),
            attentionOutput: try linear([names.attentionOutput], hidden, hidden),
            attentionNorm: try self.norm(names.attentionNorm, hidden, in: file),
            intermediate: try linear([names.intermediate], hidden, wide),
            output: try linear([names.output], wide, hidden),
            outputNorm: try self.norm(names.outputNorm, hidden, in: file)
        )
    }

    /// The layers `names`, which read the same inputs, as one product.
    static func linear(
        _ names: [String],
        _ arithmetic: Arithmetic,
        from inputs: Int,
        to outputs: Int,
        in file: SafetensorsFile
    ) throws(EmbeddingError) -> Linear {
        var weights = PackedWeights(arithmetic)
        var bias: [Float] = []
        for name in names {
            let weight = try file.tensor(name + ".weight", shape: [outputs, inputs])
            weights.append(weight.values, outputs: outputs, inputs: inputs)
            bias += try file.tensor(name + ".bias", shape: [outputs]).values
        }
        return Linear(
            inputs: inputs,
            outputs: outputs * names.count,
            weights: weights,
            bias: bias
        )
    }

    static func norm(
        _ name: String,
        _ width: Int,
        in file: SafetensorsFile
    ) throws(EmbeddingError) -> Norm {
        // As weights of TensorFlow call them, where there are such.
        let isOld = file.shape(of: name + ".gamma") != nil
        return Norm(
            gain: try file.tensor(name + (isOld ? ".gamma" : ".weight"), shape: [width]),
            shift: try file.tensor(name + (isOld ? ".beta" : ".bias"), shape: [width])
        )
    }
}
