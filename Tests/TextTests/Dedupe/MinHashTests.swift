import Foundation
import Records
import Testing

@testable import Text

@Suite struct MinHashTests {
    @Test(arguments: [1, 2, 3, 7, 64, 1000])
    func theKernelEqualsTheReference(count: Int) {
        var generator = SplitMix(seed: UInt64(count))
        let shingles = (0..<count).map { _ in UInt32.random(in: 0 ... .max, using: &generator) }
        let reference = (0..<Signature.hashCount).map { function in
            shingles.map { MinHash.multipliers[function] &* $0 &+ MinHash.addends[function] }
                .min() ?? 0
        }
        #expect(MinHash.minimums(of: shingles) == reference)
    }

    @Test func multipliersAreOddAndDistinct() {
        #expect(MinHash.multipliers.allSatisfy { !$0.isMultiple(of: 2) })
        #expect(Set(MinHash.multipliers).count == MinHash.lanes)
    }

    /// Candidates among random pairs of known similarity follow the curve of 21 bands of 6 rows.
    @Test(arguments: [(0.5, 0.282), (0.6, 0.633), (0.7, 0.928), (0.8, 0.9983), (0.9, 1.0)])
    func candidatesFollowTheCurve(similarity: Double, expected: Double) {
        var generator = SplitMix(seed: 5)
        let trials = 1_000
        let unionCount = 300
        let commonCount = Int(similarity * Double(unionCount))
        var found = 0
        for _ in 0..<trials {
            let union = (0..<unionCount).map { _ in
                UInt32.random(in: 0 ... .max, using: &generator)
            }
            let middle = commonCount + (unionCount - commonCount) / 2
            let left = Self.signature(Array(union[..<middle]))
            let right = Self.signature(Array(union[..<commonCount] + union[middle...]))
            if !Set(left.bandKeys).isDisjoint(with: right.bandKeys) { found += 1 }
        }
        let deviation = (expected * (1 - expected) / Double(trials)).squareRoot()
        let share = Double(found) / Double(trials)
        #expect(abs(share - expected) <= 4 * deviation + 0.002, "\(share)")
    }

    @Test(arguments: [0, 1, 2, 511, 512, 513, 5_000])
    func theRadixSortEqualsTheLibrarys(count: Int) {
        var generator = SplitMix(seed: UInt64(count))
        for width in [UInt32(3), 0x3FF, .max] {
            var values = (0..<count).map { _ in UInt32.random(in: 0...width, using: &generator) }
            var scratch: [UInt32] = []
            let expected = values.sorted()
            radixSort(&values, scratch: &scratch)
            #expect(values == expected)
            removeRepeats(&values)
            #expect(values == Set(expected).sorted())
        }
    }

    private static func signature(_ shingles: [UInt32]) -> Signature {
        Signature(exact: .zero, minimums: MinHash.minimums(of: shingles))
    }
}

@Suite struct JaccardTests {
    @Test(
        arguments: [
            ([], [], 0), ([1], [], 0), ([1], [1], 1), ([1, 2], [2, 3], 1.0 / 3),
            ([1, 2, 3, 4], [1, 2, 3, 4, 5], 0.8), ([0, .max], [.max], 0.5),
        ] as [([UInt32], [UInt32], Double)]
    )
    func smallSetsByHand(left: [UInt32], right: [UInt32], expected: Double) {
        #expect(jaccard(left, right) == expected)
        #expect(jaccard(right, left) == expected)
    }

    @Test func equalsTheSetDefinition() {
        var generator = SplitMix(seed: 3)
        for _ in 0..<200 {
            func randomSet() -> Set<UInt32> {
                let count = Int.random(in: 0...60, using: &generator)
                return Set((0..<count).map { _ in UInt32.random(in: 0...80, using: &generator) })
            }
            let left = randomSet()
            let right = randomSet()
            let union = left.union(right).count
            let expected =
                union == 0 ? 0 : Double(left.intersection(right).count) / Double(union)
            #expect(jaccard(left.sorted(), right.sorted()) == expected)
        }
    }

    @Test func cappedSetsAreEstimatedFromTheSmallestOfTheUnion() {
        var generator = SplitMix(seed: 9)
        let common = (0..<120_000).map { _ in UInt32.random(in: 0 ... .max, using: &generator) }
        let extra = (0..<30_000).map { _ in UInt32.random(in: 0 ... .max, using: &generator) }
        let left = Set(common)
        let right = Set(common).union(extra)
        let exact = Double(left.count) / Double(right.count)
        let estimate = jaccard(
            Array(left.sorted().prefix(shingleLimit)),
            Array(right.sorted().prefix(shingleLimit))
        )
        #expect(abs(estimate - exact) < 0.01)
    }
}
