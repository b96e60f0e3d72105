internal import CKernels
internal import COpenBLAS

extension BERTWeights {
    /// The unit vectors of `sequences`, which together fit `scratch`.
    ///
    /// Every product of a layer runs over the rows of all sequences at once; attention runs
    /// sequence by sequence, so no padding is ever attended to.
    func embed(_ sequences: [[Int32]], with scratch: BERTScratch) -> [[Float]] {
        let rows = sequences.reduce(0) { $0 + $1.count }
        let paddedRows = BERTScratch.roundedUp(rows, to: BERTScratch.rowGranularity)
        precondition(paddedRows <= scratch.rowCapacity, "more rows than the scratch space has")
        self.addEmbeddings(sequences, to: scratch.state)
        (scratch.state + rows * self.shape.hidden).update(
            repeating: 0,
            count: (paddedRows - rows) * self.shape.hidden
        )
        self.normalise(
            scratch.state,
            plus: nil,
            residual: nil,
            self.embeddingNorm,
            rows: paddedRows
        )
        for layer in self.layers {
            self.run(layer, sequences.map(\.count), rows: paddedRows, with: scratch)
        }
        return self.pool(sequences.map(\.count), scratch.state)
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

    private func run(_ layer: Layer, _ counts: [Int], rows: Int, with scratch: BERTScratch) {
        let hidden = self.shape.hidden
        let wide = self.shape.intermediate
        layer.attention.weight.withUnsafeBufferPointer { weight in
            multiply(scratch.state, weight, into: scratch.attention, rows, hidden, 3 * hidden)
        }
        ckernels_add_bias(scratch.attention, layer.attention.bias, rows, 3 * hidden)
        self.attend(counts, scratch)

        multiply(
            scratch.context,
            layer.attentionOutput.weight.values,
            into: scratch.branch,
            rows,
            hidden,
            hidden
        )
        self.normalise(
            scratch.branch,
            plus: layer.attentionOutput.bias,
            residual: scratch.state,
            layer.attentionNorm,
            rows: rows
        )

        multiply(
            scratch.branch,
            layer.intermediate.weight.values,
            into: scratch.wide,
            rows,
            hidden,
            wide
        )
        ckernels_bias_gelu(scratch.wide, layer.intermediate.bias.values.baseAddress, rows, wide)
        multiply(
            scratch.wide,
            layer.output.weight.values,
            into: scratch.state,
            rows,
            wide,
            hidden
        )
        self.normalise(
            scratch.state,
            plus: layer.output.bias,
            residual: scratch.branch,
            layer.outputNorm,
            rows: rows
        )
    }

    /// context = softmax(queries * keys^T / sqrt(head width)) * values, head by head.
    private func attend(_ counts: [Int], _ scratch: BERTScratch) {
        let hidden = self.shape.hidden
        let width = self.shape.headWidth
        let scale = 1 / Float(width).squareRoot()
        var row = 0
        for count in counts {
            let scoreWidth = BERTScratch.scoreWidth(count)
            for head in 0..<self.shape.heads {
                let queries = scratch.attention + row * 3 * hidden + head * width
                cblas_sgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasTrans,
                    Int32(count),
                    Int32(count),
                    Int32(width),
                    scale,
                    queries,
                    Int32(3 * hidden),
                    queries + hidden,
                    Int32(3 * hidden),
                    0,
                    scratch.scores,
                    Int32(scoreWidth)
                )
                ckernels_softmax(scratch.scores, count, count, scoreWidth)
                cblas_sgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasNoTrans,
                    Int32(count),
                    Int32(width),
                    Int32(count),
                    1,
                    scratch.scores,
                    Int32(scoreWidth),
                    queries + 2 * hidden,
                    Int32(3 * hidden),
                    0,
                    scratch.context + row * hidden + head * width,
                    Int32(hidden)
                )
            }
            row += count
        }
    }

    private func normalise(
        _ rowsOfState: UnsafeMutablePointer<Float>,
        plus bias: SafetensorsFile.Tensor?,
        residual: UnsafeMutablePointer<Float>?,
        _ norm: Norm,
        rows: Int
    ) {
        ckernels_layer_norm(
            rowsOfState,
            bias?.values.baseAddress,
            residual,
            rows,
            self.shape.hidden,
            norm.gain.values.baseAddress,
            norm.shift.values.baseAddress,
            self.shape.epsilon
        )
    }

    private func pool(_ counts: [Int], _ state: UnsafeMutablePointer<Float>) -> [[Float]] {
        let hidden = self.shape.hidden
        var row = 0
        return counts.map { count in
            defer { row += count }
            return [Float](unsafeUninitializedCapacity: hidden) { vector, initialized in
                ckernels_mean_rows(state + row * hidden, count, hidden, vector.baseAddress)
                ckernels_scale_to_unit(vector.baseAddress, hidden, 1e-12)
                initialized = hidden
            }
        }
    }
}

/// product = rows * weight^T, all row-major: (rows x inputs) by (outputs x inputs).
private func multiply(
    _ rows: UnsafeMutablePointer<Float>,
    _ weight: UnsafeBufferPointer<Float>,
    into product: UnsafeMutablePointer<Float>,
    _ rowCount: Int,
    _ inputs: Int,
    _ outputs: Int
) {
    cblas_sgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasTrans,
        Int32(rowCount),
        Int32(outputs),
        Int32(inputs),
        1,
        rows,
        Int32(inputs),
        weight.baseAddress,
        Int32(inputs),
        0,
        product,
        Int32(outputs)
    )
}
