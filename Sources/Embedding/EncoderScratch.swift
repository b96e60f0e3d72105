internal import CKernels

/// Working memory of one forward pass.
// Used by one thread at a time: `EncoderModel` lends it out under a lock.
final class EncoderScratch: @unchecked Sendable {
    /// Every product runs over at least this many rows; those past the sequences are idle.
    static let productRows = Int(CKERNELS_PRODUCT_ROWS)

    /// Of the longest sequence there is room for.
    let tokens: Int
    let rowCapacity: Int
    /// The running state, one row a token.
    let state: UnsafeMutablePointer<Float>
    /// Queries, keys and values side by side.
    let attention: UnsafeMutablePointer<Float>
    let context: UnsafeMutablePointer<Float>
    let branch: UnsafeMutablePointer<Float>
    /// Of some rows, between the products of a feed-forward layer.
    let wide: UnsafeMutablePointer<Float>
    /// Attention scores of some queries of one head of one sequence.
    let scores: UnsafeMutablePointer<Float>
    /// Keys, then values, of that head.
    let packed: UnsafeMutablePointer<Float>
    /// Some rows of a product in its number format.
    let converted: UnsafeMutableRawPointer

    /// - Parameter tokens: of the longest sequence.
    init(_ shape: EncoderShape, tokens: Int) {
        self.tokens = tokens
        // A short last block reaches past its rows, see `EncoderWeights.attend`.
        self.rowCapacity = max(EncoderModel.rowsPerPass, tokens) + Self.productRows
        self.state = Self.zeros(self.rowCapacity * shape.hidden)
        self.attention = Self.zeros(self.rowCapacity * shape.hidden * 3)
        self.context = Self.zeros(self.rowCapacity * shape.hidden)
        self.branch = Self.zeros(self.rowCapacity * shape.hidden)
        self.wide = Self.zeros((EncoderModel.rowsPerPass + Self.productRows) * shape.wide)
        let whole = max(min(tokens, QueryBlock.wholeMax), Self.productRows)
        let scoreWidth = Self.scoreWidth(tokens)
        self.scores = Self.zeros(
            max(whole * Self.scoreWidth(whole), QueryBlock.rows * scoreWidth)
        )
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
