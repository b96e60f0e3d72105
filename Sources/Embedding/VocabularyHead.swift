internal import CKernels

/// What a masked language model says of every piece of its vocabulary at every token: the head over an
/// encoder's last layer.
///
/// BERT and DistilBERT: a product with GELU, a norm, and the word embeddings themselves as the last product.
struct VocabularyHead: Sendable {
    /// Pieces of one product: its weights stay in a core's own cache while all tokens pass by.
    private static let tileWidth = 1_024
    /// Tokens of one product.
    private static let tileRows = 64
    /// Sequences whose greatest values are held at once.
    private static let groupCount = 8

    let vocabulary: Int
    private let transform: EncoderWeights.Linear
    private let norm: EncoderWeights.Norm
    private let tiles: [EncoderWeights.Linear]

    /// - Throws: `EmbeddingError` `.unsupportedModel` for a model without such a head, `.damagedModel`.
    init(
        _ shape: EncoderShape,
        words: SafetensorsFile.Tensor,
        _ arithmetic: Arithmetic,
        in file: SafetensorsFile
    ) throws(EmbeddingError) {
        guard shape.family != .nomicBERT, shape.family != .modernBERT else {
            throw EmbeddingError(
                .unsupportedModel,
                "config.json: 'model_type: \(shape.family.rawValue)' gives no terms; bert and distilbert do"
            )
        }
        let isDistilled = shape.family == .distilbert
        let name = isDistilled ? "" : "cls.predictions."
        let transform = name + (isDistilled ? "vocab_transform" : "transform.dense")
        guard file.shape(of: transform + ".weight") != nil else {
            throw EmbeddingError(
                .unsupportedModel,
                "there is no tensor '\(transform).weight': terms come of a masked language model that was trained "
                    + "for them, such as SPLADE, with its head"
            )
        }
        self.transform = try EncoderWeights.linear(
            [transform],
            arithmetic,
            from: shape.hidden,
            to: shape.hidden,
            in: file
        )
        self.norm = try EncoderWeights.norm(
            name + (isDistilled ? "vocab_layer_norm" : "transform.LayerNorm"),
            shape.hidden,
            in: file
        )
        self.vocabulary = shape.vocabulary
        let last = isDistilled ? "vocab_projector" : "cls.predictions.decoder"
        // Tied to the word embeddings where it is not written out.
        let weights =
            file.shape(of: last + ".weight") == nil
            ? words : try file.tensor(last + ".weight", shape: [shape.vocabulary, shape.hidden])
        let biasName =
            [name + "bias", last + ".bias"].first { file.shape(of: $0) != nil } ?? name + "bias"
        let bias = try file.tensor(biasName, shape: [shape.vocabulary]).array
        self.tiles = weights.withValues { weights in
            stride(from: 0, to: shape.vocabulary, by: Self.tileWidth).map { start in
                Self.tile(
                    start..<min(start + Self.tileWidth, shape.vocabulary),
                    of: weights,
                    bias,
                    inputs: shape.hidden,
                    arithmetic
                )
            }
        }
    }

    /// The pieces of a range as a product; those behind the last are never above 0.
    private static func tile(
        _ pieces: Range<Int>,
        of weights: UnsafeBufferPointer<Float>,
        _ bias: [Float],
        inputs: Int,
        _ arithmetic: Arithmetic
    ) -> EncoderWeights.Linear {
        let lanes = Int(CKERNELS_LANES)
        let outputs = (pieces.count + lanes - 1) / lanes * lanes
        let spare = outputs - pieces.count
        let rows =
            Array(weights[pieces.lowerBound * inputs..<pieces.upperBound * inputs])
            + [Float](repeating: 0, count: spare * inputs)
        var packed = PackedWeights(arithmetic)
        rows.withUnsafeBufferPointer { packed.append($0, outputs: outputs, inputs: inputs) }
        return EncoderWeights.Linear(
            inputs: inputs,
            outputs: outputs,
            weights: packed,
            bias: Array(bias[pieces]) + [Float](repeating: 0, count: spare)
        )
    }

    /// Calls `body` with the greatest value of each piece over a sequence's tokens, 0 where none is above it,
    /// sequence by sequence.
    ///
    /// - Parameter counts: Tokens of the sequences whose last rows stand in the scratch's state.
    func forEachGreatest(
        _ counts: [Int],
        _ encoder: EncoderWeights,
        with scratch: EncoderScratch,
        _ body: (UnsafeBufferPointer<Float>) throws -> Void
    ) rethrows {
        let rows = max(counts.reduce(0, +), EncoderScratch.productRows)
        self.transform.multiply(
            scratch.state,
            into: scratch.branch,
            rows: rows,
            gelu: true,
            converted: scratch.converted
        )
        encoder.normalise(scratch.branch, residual: nil, self.norm, rows: rows)
        let width = self.tiles.count * Self.tileWidth
        let logits = UnsafeMutablePointer<Float>.allocate(capacity: Self.tileRows * Self.tileWidth)
        let greatest = UnsafeMutablePointer<Float>.allocate(capacity: Self.groupCount * width)
        defer {
            logits.deallocate()
            greatest.deallocate()
        }
        var first = 0
        var row = 0
        while first < counts.count {
            let group = counts[first..<min(first + Self.groupCount, counts.count)]
            greatest.update(repeating: 0, count: group.count * width)
            for (number, tile) in self.tiles.enumerated() {
                var start = row
                for (place, count) in group.enumerated() {
                    self.raise(
                        greatest + place * width + number * Self.tileWidth,
                        to: scratch.branch + start * tile.inputs,
                        rows: count,
                        tile,
                        logits,
                        scratch
                    )
                    start += count
                }
            }
            for place in 0..<group.count {
                try body(
                    UnsafeBufferPointer(start: greatest + place * width, count: self.vocabulary)
                )
            }
            row += group.reduce(0, +)
            first += group.count
        }
    }

    private func raise(
        _ greatest: UnsafeMutablePointer<Float>,
        to state: UnsafeMutablePointer<Float>,
        rows: Int,
        _ tile: EncoderWeights.Linear,
        _ logits: UnsafeMutablePointer<Float>,
        _ scratch: EncoderScratch
    ) {
        for start in stride(from: 0, to: rows, by: Self.tileRows) {
            let count = min(Self.tileRows, rows - start)
            // Rows past the sequence's are computed, as a product has a least count, and not looked at.
            tile.multiply(
                state + start * tile.inputs,
                into: logits,
                rows: max(count, EncoderScratch.productRows),
                gelu: false,
                converted: scratch.converted
            )
            ckernels_raise_to_rows(logits, count, tile.outputs, greatest)
        }
    }
}
