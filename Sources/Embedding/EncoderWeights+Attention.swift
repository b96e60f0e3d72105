internal import CKernels

extension EncoderWeights {
    /// context = softmax(queries * keys^T / sqrt(head width)) * values, head by head.
    ///
    /// A row's result depends on its own sequence alone: where the blocks of queries begin too.
    func attend(_ layer: Layer, _ counts: [Int], _ scratch: EncoderScratch) {
        var row = 0
        for count in counts {
            layer.rotations?.turn(
                scratch.attention + row * 3 * self.shape.hidden,
                count: count,
                of: self.shape
            )
            row += count
        }
        row = 0
        for count in counts {
            let blocks = QueryBlock.blocks(of: count, reach: layer.reach)
            for head in 0..<self.shape.heads {
                for block in blocks {
                    self.attend(block, head: head, sequence: row, scratch)
                }
            }
            row += count
        }
    }

    /// A block shorter than a product's least rows computes rows of the next sequence, or of the spare
    /// rows behind the last; the next one writes its own rows later.
    private func attend(
        _ block: QueryBlock,
        head: Int,
        sequence: Int,
        _ scratch: EncoderScratch
    ) {
        let hidden = self.shape.hidden
        let width = self.shape.headWidth
        let rows = max(block.queries.count, EncoderScratch.productRows)
        let count = block.keys.count
        let scoreWidth = EncoderScratch.scoreWidth(count)
        let tokens = scratch.attention + sequence * 3 * hidden + head * width
        let keys = tokens + block.keys.lowerBound * 3 * hidden + hidden
        ckernels_pack(keys, 3 * hidden, count, width, scratch.packed)
        var scores = ckernels_product_t()
        scores.x = UnsafePointer(tokens + block.queries.lowerBound * 3 * hidden)
        scores.x_stride = 3 * hidden
        scores.packed = UnsafeRawPointer(scratch.packed)
        scores.rows = rows
        scores.inputs = width
        scores.outputs = scoreWidth
        scores.out = scratch.scores
        scores.out_stride = scoreWidth
        ckernels_product(&scores)
        if let reach = block.reach {
            ckernels_mask_distant(
                scratch.scores,
                rows,
                count,
                scoreWidth,
                block.queries.lowerBound - block.keys.lowerBound,
                reach
            )
        }
        let scale = 1 / Float(width).squareRoot()
        ckernels_softmax(scratch.scores, rows, count, scoreWidth, scale)

        ckernels_pack_transposed(keys + hidden, 3 * hidden, width, count, scratch.packed)
        var context = ckernels_product_t()
        context.x = UnsafePointer(scratch.scores)
        context.x_stride = scoreWidth
        context.packed = UnsafeRawPointer(scratch.packed)
        context.rows = rows
        context.inputs = count
        context.outputs = width
        context.out =
            scratch.context + (sequence + block.queries.lowerBound) * hidden + head * width
        context.out_stride = hidden
        ckernels_product(&context)
    }
}

/// Queries of one sequence that are attended to together, and the keys that they see.
struct QueryBlock {
    /// A sequence of so many tokens is one block.
    static let wholeMax = 512
    /// Of longer ones: the scores of a block stay in a cache, and its keys are packed for enough queries.
    static let rows = 128
    /// With a window: the keys of a block are its own and those within reach of them.
    private static let windowRows = 64

    let queries: Range<Int>
    let keys: Range<Int>
    /// How far a query sees; nil where it sees all keys.
    let reach: Int?

    static func blocks(of count: Int, reach: Int?) -> [QueryBlock] {
        // Who reaches all from everywhere has no window.
        let reach = reach.flatMap { $0 + 1 < count ? $0 : nil }
        let rows = reach != nil ? self.windowRows : count <= self.wholeMax ? count : self.rows
        return stride(from: 0, to: count, by: rows).map { start in
            let end = min(start + rows, count)
            let first = max(0, start - (reach ?? count))
            return QueryBlock(
                queries: start..<end,
                keys: first..<min(count, end + (reach ?? count)),
                reach: reach
            )
        }
    }
}
