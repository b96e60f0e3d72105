internal import CKernels

/// Working memory of one forward pass.
// Used by one thread at a time: `EncoderModel` lends it out under a lock.
final class EncoderScratch: @unchecked Sendable {
    /// Every product runs over at least this many rows; those past the sequences are idle.
    static let productRows = Int(CKERNELS_PRODUCT_ROWS)

    let rowCapacity: Int
    /// The running state, one row a token.
    let state: UnsafeMutablePointer<Float>
    /// Queries, keys and values side by side.
    let attention: UnsafeMutablePointer<Float>
    let context: UnsafeMutablePointer<Float>
    let branch: UnsafeMutablePointer<Float>
    let wide: UnsafeMutablePointer<Float>
    /// Attention scores of one head of one sequence.
    let scores: UnsafeMutablePointer<Float>
    /// Keys, then values, of that head.
    let packed: UnsafeMutablePointer<Float>
    /// Some rows of a product in its number format.
    let converted: UnsafeMutableRawPointer

    init(_ shape: EncoderShape, rows: Int, sequenceRows: Int) {
        // A short last sequence reaches past its rows, see `EncoderWeights.attend`.
        self.rowCapacity = rows + Self.productRows
        self.state = Self.zeros(self.rowCapacity * shape.hidden)
        self.attention = Self.zeros(self.rowCapacity * shape.hidden * 3)
        self.context = Self.zeros(self.rowCapacity * shape.hidden)
        self.branch = Self.zeros(self.rowCapacity * shape.hidden)
        self.wide = Self.zeros(self.rowCapacity * shape.intermediate)
        let scoreWidth = Self.scoreWidth(sequenceRows)
        self.scores = Self.zeros(max(sequenceRows, Self.productRows) * scoreWidth)
        self.packed = Self.zeros(scoreWidth * shape.headWidth)
        self.converted = UnsafeMutableRawPointer.allocate(
            byteCount: ckernels_scratch_bytes(max(shape.hidden, shape.intermediate)),
            alignment: 64
        )
    }

    deinit {
        self.state.deallocate()
        self.attention.deallocate()
        self.context.deallocate()
        self.branch.deallocate()
        self.wide.deallocate()
        self.scores.deallocate()
        self.packed.deallocate()
        self.converted.deallocate()
    }

    /// Distance between two rows of scores over `count` tokens.
    static func scoreWidth(_ count: Int) -> Int {
        let lanes = Int(CKERNELS_LANES)
        return (count + lanes - 1) / lanes * lanes
    }

    private static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
        // 64 bytes: a cache line, and the widest vector register.
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<Float>.stride,
            alignment: 64
        )
        let values = raw.bindMemory(to: Float.self, capacity: count)
        values.initialize(repeating: 0, count: count)
        return values
    }
}
