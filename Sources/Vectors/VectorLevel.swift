internal import CKernels

/// The instruction set that the kernels of this room run on; every level gives the same bits.
package enum VectorLevel: Int32, Sendable, CaseIterable, Comparable {
    case baseline = 0
    /// AVX2, F16C, POPCNT.
    case v3 = 1
    /// AVX-512 F, BW, CD, DQ, VL.
    case v4 = 2
    /// And AVX-512 VPOPCNTDQ.
    case v4PopulationCount = 3

    /// The best level of this processor.
    package static var current: VectorLevel {
        VectorLevel(rawValue: Int32(mr_vector_level())) ?? .baseline
    }

    /// The levels this processor can run, for tests that compare them.
    package static var available: [VectorLevel] { Self.allCases.filter { $0 <= .current } }

    /// The name `doctor` prints.
    package var name: String {
        switch self {
        case .baseline: "baseline"
        case .v3: "x86-64-v3"
        case .v4: "x86-64-v4"
        case .v4PopulationCount: "x86-64-v4+vpopcntdq"
        }
    }

    package static func < (left: VectorLevel, right: VectorLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}
