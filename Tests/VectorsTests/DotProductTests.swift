import Testing
import Vectors

@Suite struct DotProductTests {
    @Test(arguments: [0, 1, 15, 16, 31, 32, 33, 63, 64, 65, 256, 383, 384, 768])
    func everyLevelGivesTheBitsOfTheLaneTree(count: Int) {
        var random = Seeded(UInt64(count))
        let left = random.vector(count)
        let right = random.vector(count)
        let expected = referenceDot(left, right)
        for level in VectorLevel.available {
            let found = left.withUnsafeBufferPointer { a in
                right.withUnsafeBufferPointer { dotProduct(a, $0, level: level) }
            }
            #expect(found.bitPattern == expected.bitPattern, "\(level.name)")
        }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 31, 32, 33, 256, 391])
    func halvesAreWidenedThenSummedInTheSameTree(count: Int) {
        var random = Seeded(UInt64(count) + 77)
        let left = random.vector(count)
        let right = random.vector(count).map { narrowed($0) }
        let expected = referenceDot(left, right.map { widened($0) })
        for level in VectorLevel.available {
            let found = left.withUnsafeBufferPointer { a in
                right.withUnsafeBufferPointer { dotProduct(a, half: $0, level: level) }
            }
            #expect(found.bitPattern == expected.bitPattern, "\(level.name)")
        }
    }

    @Test func boundsRefuseInfinityNaNAndLargeValues() {
        func within(_ values: [Float]) -> Bool {
            values.withUnsafeBufferPointer { allWithin(10, $0) }
        }
        #expect(within([]))
        #expect(within([10, -10, 0]))
        #expect(!within([0, 10.0001]))
        #expect(!within([.nan, 0]))
        #expect(!within([0, -.infinity]))
    }
}
