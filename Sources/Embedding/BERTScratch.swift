internal import CKernels

/// Working memory of one forward pass.
// Used by one thread at a time: `MiniLMModel` lends it out under a lock.
final class BERTScratch: @unchecked Sendable {
    /// Products run over a multiple of this many rows, so that none is small enough for
    /// OpenBLAS's small-matrix kernels, which round in another order than its main ones.
    static let rowGranularity = 32

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

    init(_ shape: BERTShape, rows: Int, sequenceRows: Int) {
        self.rowCapacity = Self.roundedUp(rows, to: Self.rowGranularity)
        self.state = Self.zeros(self.rowCapacity * shape.hidden)
        self.attention = Self.zeros(self.rowCapacity * shape.hidden * 3)
        self.context = Self.zeros(self.rowCapacity * shape.hidden)
        self.branch = Self.zeros(self.rowCapacity * shape.hidden)
        self.wide = Self.zeros(self.rowCapacity * shape.intermediate)
        self.scores = Self.zeros(sequenceRows * Self.scoreWidth(sequenceRows))
    }

    deinit {
        self.state.deallocate()
        self.attention.deallocate()
        self.context.deallocate()
        self.branch.deallocate()
        self.wide.deallocate()
        self.scores.deallocate()
    }

    /// Distance between two rows of scores over `count` tokens.
    static func scoreWidth(_ count: Int) -> Int { self.roundedUp(count, to: Int(CKERNELS_LANES)) }

    static func roundedUp(_ count: Int, to multiple: Int) -> Int {
        (count + multiple - 1) / multiple * multiple
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
