import Vectors

/// SplitMix64: the same vectors on every machine.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var word = self.state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func vector(_ count: Int, scale: Float = 1) -> [Float] {
        (0..<count).map { _ in Float.random(in: -scale...scale, using: &self) }
    }
}

/// The documented lane tree, one step at a time.
func referenceDot(_ left: [Float], _ right: [Float]) -> Float {
    var lanes = [Float](repeating: 0, count: 32)
    for index in left.indices {
        let product = left[index] * right[index]
        lanes[index % 32] += product
    }
    for half in [16, 8, 4, 2, 1] {
        for index in 0..<half { lanes[index] += lanes[index + half] }
    }
    return lanes[0]
}
