internal import CKernels

/// The cosines and sines by which queries and keys of each position are turned: the same bits on every machine.
struct Rotations: Sendable {
    let shape: EncoderShape.Rotation
    let cosines: [Float]
    let sines: [Float]

    init(_ shape: EncoderShape.Rotation, base: Double, tokens: Int) {
        let pairs = shape.width / 2
        var sines = [Float](repeating: 0, count: pairs * tokens)
        self.cosines = [Float](unsafeUninitializedCapacity: pairs * tokens) { cosines, count in
            ckernels_rotations(base, pairs, tokens, cosines.baseAddress, &sines)
            count = pairs * tokens
        }
        self.shape = shape
        self.sines = sines
    }

    /// Turns the queries and keys of one sequence.
    ///
    /// - Parameter rows: queries, keys and values of its tokens side by side.
    func turn(_ rows: UnsafeMutablePointer<Float>, count: Int, of encoder: EncoderShape) {
        ckernels_rotate(
            rows,
            count,
            3 * encoder.hidden,
            2 * encoder.heads,
            encoder.headWidth,
            self.shape.width / 2,
            self.shape.isInterleaved ? 1 : 0,
            self.cosines,
            self.sines
        )
    }
}
