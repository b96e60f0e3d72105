internal import CKernels

extension EncoderWeights {
    /// The unit vectors of `sequences`, which together fit `scratch`.
    func embed(
        _ sequences: [[Int32]],
        pooling: Pooling,
        with scratch: EncoderScratch
    ) -> [[Float]] {
        self.encode(sequences, with: scratch)
        return self.pool(sequences.map(\.count), scratch.state, by: pooling)
    }

    /// Leaves the last layer's rows of `sequences`, end to end, in the scratch's state.
    ///
    /// Every product of a layer runs over the rows of all sequences at once; attention runs
    /// sequence by sequence, so no padding is ever attended to.
    func encode(_ sequences: [[Int32]], with scratch: EncoderScratch) {
        let counts = sequences.map(\.count)
        let rows = max(counts.reduce(0, +), EncoderScratch.productRows)
        precondition(rows <= scratch.rowCapacity, "more rows than the scratch space has")
        self.addEmbeddings(sequences, to: scratch.state)
        self.normalise(scratch.state, residual: nil, self.embeddingNorm, rows: rows)
        for layer in self.layers { self.run(layer, counts, rows: rows, with: scratch) }
    }

    private func addEmbeddings(_ sequences: [[Int32]], to state: UnsafeMutablePointer<Float>) {
        var row = 0
        for ids in sequences {
            ckernels_add_positions(
                self.words.values.baseAddress,
                self.positions,
                ids,
                ids.count,
                self.shape.hidden,
                state + row * self.shape.hidden
            )
            row += ids.count
        }
    }

    private func run(_ layer: Layer, _ counts: [Int], rows: Int, with scratch: EncoderScratch) {
        func multiply(
            _ from: UnsafeMutablePointer<Float>,
            by linear: Linear,
            into out: UnsafeMutablePointer<Float>,
            gelu: Bool = false
        ) {
            linear.multiply(from, into: out, rows: rows, gelu: gelu, converted: scratch.converted)
        }
        multiply(scratch.state, by: layer.attention, into: scratch.attention)
        self.attend(counts, scratch)
        multiply(scratch.context, by: layer.attentionOutput, into: scratch.branch)
        self.normalise(
            scratch.branch,
            residual: scratch.state,
            layer.attentionNorm,
            rows: rows
        )
        multiply(scratch.branch, by: layer.intermediate, into: scratch.wide, gelu: true)
        multiply(scratch.wide, by: layer.output, into: scratch.state)
        self.normalise(scratch.state, residual: scratch.branch, layer.outputNorm, rows: rows)
    }

    /// context = softmax(queries * keys^T / sqrt(head width)) * values, head by head.
    ///
    /// A sequence shorter than a product's least rows computes rows of the next one, or of the
    /// spare rows behind the last; the next one writes its own rows later.
    private func attend(_ counts: [Int], _ scratch: EncoderScratch) {
        let hidden = self.shape.hidden
        let width = self.shape.headWidth
        let scale = 1 / Float(width).squareRoot()
        var row = 0
        for count in counts {
            let rows = max(count, EncoderScratch.productRows)
            let scoreWidth = EncoderScratch.scoreWidth(count)
            for head in 0..<self.shape.heads {
                let queries = scratch.attention + row * 3 * hidden + head * width
                ckernels_pack(queries + hidden, 3 * hidden, count, width, scratch.packed)
                var scores = ckernels_product_t()
                scores.x = UnsafePointer(queries)
                scores.x_stride = 3 * hidden
                scores.packed = UnsafeRawPointer(scratch.packed)
                scores.rows = rows
                scores.inputs = width
                scores.outputs = scoreWidth
                scores.out = scratch.scores
                scores.out_stride = scoreWidth
                ckernels_product(&scores)
                ckernels_softmax(scratch.scores, rows, count, scoreWidth, scale)

                ckernels_pack_transposed(
                    queries + 2 * hidden,
                    3 * hidden,
                    width,
                    count,
                    scratch.packed
                )
                var context = ckernels_product_t()
                context.x = UnsafePointer(scratch.scores)
                context.x_stride = scoreWidth
                context.packed = UnsafeRawPointer(scratch.packed)
                context.rows = rows
                context.inputs = count
                context.outputs = width
                context.out = scratch.context + row * hidden + head * width
                context.out_stride = hidden
                ckernels_product(&context)
            }
            row += count
        }
    }

    func normalise(
        _ rowsOfState: UnsafeMutablePointer<Float>,
        residual: UnsafeMutablePointer<Float>?,
        _ norm: Norm,
        rows: Int
    ) {
        ckernels_layer_norm(
            rowsOfState,
            residual,
            rows,
            self.shape.hidden,
            norm.gain.values.baseAddress,
            norm.shift.values.baseAddress,
            self.shape.epsilon
        )
    }

    private func pool(
        _ counts: [Int],
        _ state: UnsafeMutablePointer<Float>,
        by pooling: Pooling
    ) -> [[Float]] {
        let hidden = self.shape.hidden
        var row = 0
        return counts.map { count in
            defer { row += count }
            return [Float](unsafeUninitializedCapacity: hidden) { vector, initialized in
                let (first, rows) =
                    switch pooling {
                    case .mean: (row, count)
                    case .cls: (row, 1)
                    case .last: (row + count - 1, 1)
                    }
                ckernels_mean_rows(state + first * hidden, rows, hidden, vector.baseAddress)
                ckernels_scale_to_unit(vector.baseAddress, hidden, 1e-12)
                initialized = hidden
            }
        }
    }
}

extension EncoderWeights.Linear {
    /// out = rows * weight^T + bias.
    func multiply(
        _ rows: UnsafeMutablePointer<Float>,
        into out: UnsafeMutablePointer<Float>,
        rows rowCount: Int,
        gelu: Bool,
        converted: UnsafeMutableRawPointer
    ) {
        self.bias.withUnsafeBufferPointer { bias in
            var product = ckernels_product_t()
            product.x = UnsafePointer(rows)
            product.x_stride = self.inputs
            product.bias = bias.baseAddress
            product.rows = rowCount
            product.inputs = self.inputs
            product.outputs = self.outputs
            product.gelu = gelu ? 1 : 0
            product.out = out
            product.out_stride = self.outputs
            product.scratch = converted
            self.weights.run(&product)
        }
    }
}
