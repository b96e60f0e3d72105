/// An encoder's weights, as the forward pass reads them.
///
/// The word embeddings stay mapped; the matrices are copied once into the order products read.
struct EncoderWeights: Sendable {
    /// y = x * weight^T + bias.
    struct Linear: Sendable {
        let inputs: Int
        let outputs: Int
        let weights: PackedWeights
        /// Empty for none.
        let bias: [Float]
    }

    struct Norm: Sendable {
        let gain: [Float]
        let shift: [Float]
    }

    struct Layer: Sendable {
        /// Queries, keys and values side by side.
        let attention: Linear
        let attentionOutput: Linear
        /// Nil where the first layer reads what is normalised already.
        let attentionNorm: Norm?
        let intermediate: Linear
        let output: Linear
        let outputNorm: Norm
        let rotations: Rotations?
        /// Tokens to each side that are attended to; nil for all.
        let reach: Int?
    }

    let shape: EncoderShape
    let words: SafetensorsFile.Tensor
    /// What is added to the words, by position; one row for all where positions are no table.
    let positions: [Float]
    let embeddingNorm: Norm
    let layers: [Layer]
    let finalNorm: Norm?

    /// - Parameter tokens: of the longest sequence.
    /// - Throws: `EmbeddingError` `.damagedModel` when a tensor is missing or has another shape.
    init(
        _ shape: EncoderShape,
        _ arithmetic: Arithmetic,
        tokens: Int,
        in file: SafetensorsFile
    ) throws(EmbeddingError) {
        let hidden = shape.hidden
        self.shape = shape
        self.words = try file.tensor(shape.words, shape: [shape.vocabulary, hidden])
        self.positions = try Self.positions(shape, in: file)
        self.embeddingNorm = try Self.norm(
            shape.embeddingNorm,
            hidden,
            hasShift: shape.biases.norms,
            in: file
        )
        var rotations: [Double: Rotations] = [:]
        if let rotation = shape.rotation {
            for case let base? in Set(shape.attention.map(\.base)) {
                rotations[base] = Rotations(rotation, base: base, tokens: tokens)
            }
        }
        var layers: [Layer] = []
        for (index, attention) in shape.attention.enumerated() {
            layers.append(
                try Self.layer(
                    index,
                    shape,
                    arithmetic,
                    rotations: attention.base.flatMap { rotations[$0] },
                    in: file
                )
            )
        }
        self.layers = layers
        self.finalNorm =
            if let name = shape.finalNorm {
                try Self.norm(name, hidden, hasShift: shape.biases.norms, in: file)
            } else {
                nil
            }
    }

    /// The table of positions from the first that is used on, the kind of a text added to each.
    private static func positions(
        _ shape: EncoderShape,
        in file: SafetensorsFile
    ) throws(EmbeddingError) -> [Float] {
        let hidden = shape.hidden
        let name = shape.prefix + "embeddings."
        let types =
            shape.hasTypes
            ? try file.tensor(name + "token_type_embeddings.weight", shape: [nil, hidden]) : nil
        guard shape.hasPositionTable else {
            return types.map { Array($0.array[..<hidden]) }
                ?? [Float](repeating: 0, count: hidden)
        }
        let table = try file.tensor(
            name + "position_embeddings.weight",
            shape: [shape.positions, hidden]
        )
        let rows = table.withValues { Array($0[(shape.firstPosition * hidden)...]) }
        guard let types = types?.array else { return rows }
        return rows.enumerated().map { $0.element + types[$0.offset % hidden] }
    }

    private static func layer(
        _ index: Int,
        _ shape: EncoderShape,
        _ arithmetic: Arithmetic,
        rotations: Rotations?,
        in file: SafetensorsFile
    ) throws(EmbeddingError) -> Layer {
        let names = shape.names(ofLayer: index)
        let hidden = shape.hidden
        func linear(
            _ linear: EncoderLayerNames.Linear,
            _ inputs: Int,
            _ outputs: Int
        ) throws(EmbeddingError) -> Linear {
            try self.linear(
                linear.names,
                hasBias: linear.hasBias,
                arithmetic,
                from: inputs,
                to: outputs / linear.names.count,
                in: file
            )
        }
        func norm(_ name: String) throws(EmbeddingError) -> Norm {
            try self.norm(name, hidden, hasShift: shape.biases.norms, in: file)
        }
        return Layer(
            attention: try linear(names.attention, hidden, 3 * hidden),
            attentionOutput: try linear(names.attentionOutput, hidden, hidden),
            attentionNorm: try names.attentionNorm.map(norm),
            intermediate: try linear(names.intermediate, hidden, shape.wide),
            output: try linear(names.output, shape.intermediate, hidden),
            outputNorm: try norm(names.outputNorm),
            rotations: rotations,
            reach: shape.attention[index].reach
        )
    }

    /// The layers `names`, which read the same inputs, as one product.
    ///
    /// - Parameter outputs: of each.
    static func linear(
        _ names: [String],
        hasBias: Bool = true,
        _ arithmetic: Arithmetic,
        from inputs: Int,
        to outputs: Int,
        in file: SafetensorsFile
    ) throws(EmbeddingError) -> Linear {
        var weights = PackedWeights(arithmetic)
        var bias: [Float] = []
        for name in names {
            try file.tensor(name + ".weight", shape: [outputs, inputs]).withValues {
                weights.append($0, outputs: outputs, inputs: inputs)
            }
            if hasBias {
                bias += try file.tensor(name + ".bias", shape: [outputs]).array
            } else {
                try self.requireNone(name + ".bias", in: file)
            }
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
        hasShift: Bool = true,
        in file: SafetensorsFile
    ) throws(EmbeddingError) -> Norm {
        // As weights of TensorFlow call them, where there are such.
        let isOld = file.shape(of: name + ".gamma") != nil
        let gain = try file.tensor(name + (isOld ? ".gamma" : ".weight"), shape: [width])
        guard hasShift else {
            try self.requireNone(name + ".bias", in: file)
            return Norm(gain: gain.array, shift: [Float](repeating: 0, count: width))
        }
        let shift = try file.tensor(name + (isOld ? ".beta" : ".bias"), shape: [width])
        return Norm(gain: gain.array, shift: shift.array)
    }

    /// What the configuration rules out would be left unread.
    private static func requireNone(
        _ name: String,
        in file: SafetensorsFile
    ) throws(EmbeddingError) {
        guard file.shape(of: name) == nil else {
            throw EmbeddingError(
                .damagedModel,
                "model.safetensors: there is a tensor '\(name)', which config.json says is not"
            )
        }
    }
}
