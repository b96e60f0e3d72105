internal import Glibc
internal import Synchronization
internal import Telemetry

/// Numbers that differ between processes and moments, so that clients do not come back all at once.
///
/// Nothing that is written depends on them.
enum RetryJitter {
    private static let count = Atomic<UInt64>(0)

    /// In `0 ..< 1`.
    static func next() -> Double {
        let turn = self.count.add(1, ordering: .relaxed).newValue
        let seed = monotonicNanoseconds() ^ UInt64(UInt32(bitPattern: getpid())) << 32 ^ turn << 17
        return Double(mixed(seed) >> 11) / Double(UInt64(1) << 53)
    }

    /// - Source: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
    private static func mixed(_ seed: UInt64) -> UInt64 {
        var value = seed &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
