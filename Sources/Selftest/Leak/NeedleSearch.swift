/// Finds any of many byte strings in bytes, in one pass.
struct NeedleSearch: Sendable {
    struct Hit: Sendable {
        let needle: Int
        let offset: Int
    }

    private let needles: [[UInt8]]
    /// Needles by their first two bytes.
    private var buckets: [[Int]] = Array(repeating: [], count: 1 << 16)

    /// - Precondition: every needle has two bytes at least.
    init(_ needles: [[UInt8]]) {
        self.needles = needles
        for (index, needle) in needles.enumerated() {
            precondition(needle.count >= 2, "a needle of \(needle.count) bytes is found everywhere")
            self.buckets[Int(needle[0]) << 8 | Int(needle[1])].append(index)
        }
    }

    /// The first place of every needle that is in `bytes`.
    func hits(in bytes: UnsafeRawBufferPointer) -> [Hit] {
        var found: Set<Int> = []
        var hits: [Hit] = []
        guard bytes.count >= 2 else { return [] }
        self.buckets.withUnsafeBufferPointer { buckets in
            for offset in 0..<bytes.count - 1 {
                let bucket = buckets[Int(bytes[offset]) << 8 | Int(bytes[offset + 1])]
                guard !bucket.isEmpty else { continue }
                for index in bucket
                where !found.contains(index) && Self.matches(self.needles[index], bytes, offset) {
                    found.insert(index)
                    hits.append(Hit(needle: index, offset: offset))
                }
            }
        }
        return hits
    }

    private static func matches(
        _ needle: [UInt8],
        _ bytes: UnsafeRawBufferPointer,
        _ offset: Int
    ) -> Bool {
        guard offset + needle.count <= bytes.count else { return false }
        return needle.indices.allSatisfy { bytes[offset + $0] == needle[$0] }
    }
}
