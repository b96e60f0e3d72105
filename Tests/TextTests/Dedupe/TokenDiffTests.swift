import Testing

@testable import Text

@Suite struct TokenDiffTests {
    /// The length of a longest common subsequence, by the table.
    private func commonCount(_ left: [UInt64], _ right: [UInt64]) -> Int {
        var row = [Int](repeating: 0, count: right.count + 1)
        for value in left {
            var diagonal = 0
            for (place, other) in right.enumerated() {
                let above = row[place + 1]
                row[place + 1] = value == other ? diagonal + 1 : max(above, row[place])
                diagonal = above
            }
        }
        return row[right.count]
    }

    @Test(arguments: 1...8) func hunksAreAShortestEditScript(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        for _ in 0..<120 {
            let left = (0..<Int.random(in: 0...14, using: &generator)).map { _ in
                UInt64.random(in: 0...3, using: &generator)
            }
            let right = (0..<Int.random(in: 0...14, using: &generator)).map { _ in
                UInt64.random(in: 0...3, using: &generator)
            }
            guard let hunks = tokenHunks(left, right, limit: 28) else {
                Issue.record("no script for \(left) and \(right)")
                continue
            }
            let edits = hunks.reduce(0) { $0 + $1.left.count + $1.right.count }
            #expect(edits == left.count + right.count - 2 * self.commonCount(left, right))
            // Putting the right sides in place of the left ones makes the right text.
            var made: [UInt64] = []
            var place = 0
            for hunk in hunks {
                made += left[place..<hunk.left.lowerBound] + right[hunk.right]
                place = hunk.left.upperBound
            }
            #expect(made + left[place...] == right)
        }
    }

    @Test func limitCountsEdits() {
        let left = (0..<40).map { UInt64($0) }
        let right = left.map { $0 % 10 == 5 ? 99 : $0 }
        #expect(tokenHunks(left, right, limit: 8)?.count == 4)
        #expect(tokenHunks(left, right, limit: 7) == nil)
        // A cut costs nothing, however long it is.
        #expect(tokenHunks(left, Array(left[..<3]), limit: 0)?.count == 1)
        #expect(tokenHunks(left, left, limit: 0) == [])
    }
}
