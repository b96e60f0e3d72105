import Testing
import Vectors

@Suite struct BinaryCodesTests {
    static func encoded(
        _ vectors: [Float],
        dimensions: Int,
        level: VectorLevel = .current
    ) -> (codes: [UInt64], factors: [Float]) {
        var codes: [UInt64] = []
        var factors: [Float] = []
        vectors.withUnsafeBufferPointer {
            BinaryQuantiser(dimensions: dimensions)
                .encode($0, codes: &codes, factors: &factors, level: level)
        }
        return (codes, factors)
    }

    static func scan(
        _ query: BinaryQuery,
        _ coded: (codes: [UInt64], factors: [Float]),
        level: VectorLevel = .current
    ) -> [Float] {
        let count = coded.factors.count / 2
        return [Float](unsafeUninitializedCapacity: count) { target, initialized in
            coded.codes.withUnsafeBufferPointer { codes in
                coded.factors.withUnsafeBufferPointer { factors in
                    query.scan(
                        codes: codes,
                        factors: factors,
                        into: UnsafeMutableBufferPointer(rebasing: target[0..<count]),
                        level: level
                    )
                }
            }
            initialized = count
        }
    }

    @Test(arguments: [1, 64, 100, 256, 384, 512, 640])
    func everyLevelGivesTheSameCodesFactorsAndScores(dimensions: Int) {
        var random = Seeded(UInt64(dimensions))
        let vectors = random.vector(dimensions * 21)
        let query = BinaryQuantiser(dimensions: dimensions).query(random.vector(dimensions))
        let expected = Self.encoded(vectors, dimensions: dimensions, level: .baseline)
        let scores = Self.scan(query, expected, level: .baseline)
        for level in VectorLevel.available {
            let found = Self.encoded(vectors, dimensions: dimensions, level: level)
            #expect(found.codes == expected.codes, "\(level.name)")
            #expect(found.factors.map(\.bitPattern) == expected.factors.map(\.bitPattern))
            #expect(
                Self.scan(query, expected, level: level).map(\.bitPattern)
                    == scores.map(\.bitPattern),
                "\(level.name)"
            )
        }
    }

    @Test func scoresAreTheSignedSumOverTheQuantisedQuery() {
        let dimensions = 100
        var random = Seeded(11)
        let vectors = random.vector(dimensions * 9)
        let query = BinaryQuantiser(dimensions: dimensions).query(random.vector(dimensions))
        let coded = Self.encoded(vectors, dimensions: dimensions)
        let scores = Self.scan(query, coded)
        let words = query.wordCount
        for row in 0..<9 {
            var total = 0
            for index in 0..<64 * words {
                var level = 0
                for plane in 0..<4 {
                    let word = query.planes[plane * words + index / 64]
                    level |= Int(word >> UInt64(index % 64) & 1) << plane
                }
                let positive = coded.codes[row * words + index / 64] >> UInt64(index % 64) & 1 == 1
                total += positive ? 2 * level - 15 : 15 - 2 * level
            }
            #expect(scores[row] == Float(total) * coded.factors[2 * row] * query.step)
        }
    }

    @Test func estimatesStayWithinTheirSpread() {
        let dimensions = 256
        var random = Seeded(21)
        let quantiser = BinaryQuantiser(dimensions: dimensions)
        let vectors = (0..<200).map { _ in random.vector(dimensions) }
        let coded = Self.encoded(vectors.flatMap { $0 }, dimensions: dimensions)
        let query = random.vector(dimensions)
        let norm = dotProduct(query, query).squareRoot()
        let scores = Self.scan(quantiser.query(query), coded)
        var outside = 0
        for (row, vector) in vectors.enumerated() {
            let error = (scores[row] - dotProduct(vector, query)).magnitude
            if error > 1.9 * coded.factors[2 * row + 1] * norm { outside += 1 }
        }
        // Two standard deviations: about one in twenty.
        #expect(outside < 25)
        #expect(coded.factors.allSatisfy { $0 > 0 })
    }

    @Test func zeroVectorsScoreZero() {
        let coded = Self.encoded([Float](repeating: 0, count: 128), dimensions: 64)
        var random = Seeded(2)
        let query = BinaryQuantiser(dimensions: 64).query(random.vector(64))
        #expect(Self.scan(query, coded) == [0, 0])
        let nothing = BinaryQuantiser(dimensions: 64).query([Float](repeating: 0, count: 64))
        #expect(Self.scan(nothing, Self.encoded(random.vector(64), dimensions: 64)) == [0])
    }

    @Test func fiveHundredCandidatesHoldTheTenNearest() {
        let dimensions = 128
        var random = Seeded(2026)
        let centres = (0..<40).map { _ in random.vector(dimensions) }
        func member() -> [Float] {
            let centre = centres[Int(random.next() % 40)]
            let noise = random.vector(dimensions, scale: 0.6)
            var vector = zip(centre, noise).map { $0 + $1 }
            let norm = dotProduct(vector, vector).squareRoot()
            for index in vector.indices { vector[index] /= norm }
            return vector
        }
        let rows = (0..<8_000).map { _ in member() }
        let coded = Self.encoded(rows.flatMap { $0 }, dimensions: dimensions)
        var found = 0
        for _ in 0..<20 {
            let query = member()
            let estimates = Self.scan(BinaryQuantiser(dimensions: dimensions).query(query), coded)
            var candidates = TopK(500)
            for (row, score) in estimates.enumerated() { candidates.offer(score, row) }
            var ranked = TopK(10)
            for entry in candidates.sorted() {
                ranked.offer(dotProduct(rows[entry.ordinal], query), entry.ordinal)
            }
            var exact = TopK(10)
            for (row, vector) in rows.enumerated() { exact.offer(dotProduct(vector, query), row) }
            found += Set(exact.sorted()).intersection(ranked.sorted()).count
        }
        #expect(found >= 198)
    }
}
