import Testing
import Vectors

@Suite struct TopKTests {
    @Test(arguments: [0, 1, 2, 9, 10, 11, 200])
    func keepsWhatSortingWouldKeep(capacity: Int) {
        var random = Seeded(UInt64(capacity))
        // Few distinct scores, so that ties decide.
        let rows = (0..<100).map { (Float(random.next() % 7), $0) }
        let expected = rows.sorted { $0.0 != $1.0 ? $0.0 > $1.0 : $0.1 < $1.1 }
            .prefix(capacity).map { TopK.Entry(score: $0.0, ordinal: $0.1) }
        for _ in 0..<20 {
            var best = TopK(capacity)
            for (score, ordinal) in rows.shuffled(using: &random) { best.offer(score, ordinal) }
            #expect(best.sorted() == expected)
        }
    }

    @Test func neverKeepsNaN() {
        var best = TopK(3)
        best.offer(.nan, 0)
        best.offer(-.infinity, 1)
        best.offer(1, 2)
        #expect(best.sorted().map(\.ordinal) == [2, 1])
    }
}
