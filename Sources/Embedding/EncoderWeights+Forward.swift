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
        for layer in self.layers {
            if self.shape.normsFirst {
                self.runNormsFirst(layer, counts, rows: rows, with: scratch)
            } else {
                self.runNormsLast(layer, counts, rows: rows, with: scratch)
            }
        }
        if let finalNorm {
            self.normalise(scratch.state, residual: scratch.branch, finalNorm, rows: rows)
        }
    }

    private func addEmbeddings(_ sequences: [[Int32]], to state: UnsafeMutablePointer<Float>) {
        let hidden = self.shape.hidden
        var row = 0
        for ids in sequences {
            ckernels_add_positions(
                self.words.values.baseAddress,
                self.positions,
                self.shape.hasPositionTable ? hidden : 0,
                ids,
                ids.count,
                hidden,
                state + row * hidden
            )
            row += ids.count
        }
    }

    private func runNormsLast(
        _ layer: Layer,
        _ counts: [Int],
        rows: Int,
        with scratch: EncoderScratch
    ) {
        self.attend(layer, from: scratch.state, counts, rows: rows, with: scratch)
        if let norm = layer.attentionNorm {
            self.normalise(scratch.branch, residual: scratch.state, norm, rows: rows)
        }
        self.feedForward(layer, from: scratch.branch, to: scratch.state, rows: rows, scratch)
        self.normalise(scratch.state, residual: scratch.branch, layer.outputNorm, rows: rows)
    }

    /// What a layer adds to the state stays in the branch, until the next norm adds it.
    private func runNormsFirst(
        _ layer: Layer,
        _ counts: [Int],
        rows: Int,
        with scratch: EncoderScratch
    ) {
        let branch = scratch.branch
        if let norm = layer.attentionNorm {
            self.normalise(scratch.state, residual: branch, norm, rows: rows, into: branch)
        }
        self.attend(
            layer,
            from: layer.attentionNorm == nil ? scratch.state : branch,
            counts,
            rows: rows,
            with: scratch
        )
        self.normalise(scratch.state, residual: branch, layer.outputNorm, rows: rows, into: branch)
        self.feedForward(layer, from: branch, to: branch, rows: rows, scratch)
    }

    /// branch = what attention gives, through its product.
    private func attend(
        _ layer: Layer,
        from input: UnsafeMutablePointer<Float>,
        _ counts: [Int],
        rows: Int,
        with scratch: EncoderScratch
    ) {
        layer.attention.multiply(
            input,
            into: scratch.attention,
            rows: rows,
            gelu: false,
            converted: scratch.converted
        )
        self.attend(layer, counts, scratch)
        layer.attentionOutput.multiply(
            scratch.context,
            into: scratch.branch,
            rows: rows,
            gelu: false,
            converted: scratch.converted
        )
    }

    /// Some rows at a time, so that what lies between the two products stays small.
    private func feedForward(
        _ layer: Layer,
        from input: UnsafeMutablePointer<Float>,
        to output: UnsafeMutablePointer<Float>,
        rows: Int,
        _ scratch: EncoderScratch
    ) {
        let hidden = self.shape.hidden
        for row in stride(from: 0, to: rows, by: EncoderModel.rowsPerPass) {
            let count = max(min(EncoderModel.rowsPerPass, rows - row), EncoderScratch.productRows)
            layer.intermediate.multiply(
                input + row * hidden,
                into: scratch.wide,
                rows: count,
                gelu: self.shape.gate == nil,
                converted: scratch.converted
            )
            layer.output.multiply(
                scratch.wide,
                inputStride: self.gate(scratch.wide, rows: count),
                into: output + row * hidden,
                rows: count,
                gelu: false,
                converted: scratch.converted
            )
        }
    }

    /// - Returns: how far the rows lie apart afterwards.
    private func gate(_ wide: UnsafeMutablePointer<Float>, rows: Int) -> Int {
        let width = self.shape.intermediate
        guard let gate = self.shape.gate else { return width }
        // Rows that lie a power of two apart would share few lines of the first-level cache.
        let stride = width + Int(CKERNELS_LANES)
        let activation = gate == .silu ? CKERNELS_SILU : CKERNELS_GELU
        ckernels_gate(wide, rows, width, activation, wide, stride)
        return stride
    }

    func normalise(
        _ rowsOfState: UnsafeMutablePointer<Float>,
        residual: UnsafeMutablePointer<Float>?,
        _ norm: Norm,
        rows: Int,
        into out: UnsafeMutablePointer<Float>? = nil
    ) {
        ckernels_layer_norm(
            rowsOfState,
            residual,
            rows,
            self.shape.hidden,
            norm.gain,
            norm.shift,
            self.shape.epsilon,
            out ?? rowsOfState
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
    ///
    /// - Parameter inputStride: nil where the rows are end to end.
    func multiply(
        _ rows: UnsafeMutablePointer<Float>,
        inputStride: Int? = nil,
        into out: UnsafeMutablePointer<Float>,
        rows rowCount: Int,
        gelu: Bool,
        converted: UnsafeMutableRawPointer
    ) {
        self.bias.withUnsafeBufferPointer { bias in
            var product = ckernels_product_t()
            product.x = UnsafePointer(rows)
            product.x_stride = inputStride ?? self.inputs
            product.bias = bias.isEmpty ? nil : bias.baseAddress
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
