import Testing
import Vectors

@Suite struct GreatestTests {
    @Test(arguments: [0, 1, 2, 15, 16, 17, 100, 400])
    func keepsWhatSortingWouldKeepAtEveryLevel(capacity: Int) {
        var random = Seeded(UInt64(capacity))
        // Few distinct values, so that ties are among them, and some that are never kept.
        let values = (0..<333).map { index -> Float in
            index % 50 == 7 ? .nan : index % 50 == 8 ? -.infinity : Float(random.next() % 90) - 40
        }
        let sorted = values.filter { $0 > -.infinity }.sorted(by: >)
        let expected =
            capacity == 0
            ? Float.infinity : capacity <= sorted.count ? sorted[capacity - 1] : -.infinity
        for level in VectorLevel.available {
            var greatest = Greatest(capacity)
            for start in stride(from: 0, to: values.count, by: 37) {
                values[start..<min(start + 37, values.count)].withUnsafeBufferPointer {
                    greatest.offer($0, level: level)
                }
            }
            #expect(greatest.least == expected, "\(level.name)")
            #expect(greatest.isFull == (capacity <= sorted.count))
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 100])
    func rowsAreThoseThatReachTheThreshold(count: Int) {
        var random = Seeded(UInt64(count))
        let values = (0..<count).map { index -> Float in
            index % 9 == 4 ? .nan : index % 9 == 5 ? -.infinity : Float(random.next() % 7)
        }
        for threshold: Float in [-.infinity, 3, 7] {
            let expected = values.indices.filter {
                values[$0] >= threshold && values[$0] > -.infinity
            }
            for level in VectorLevel.available {
                var room = [UInt32](repeating: 9, count: count)
                let found = room.withUnsafeMutableBufferPointer { room in
                    values.withUnsafeBufferPointer {
                        rows(of: $0, atLeast: threshold, into: room, level: level)
                    }
                }
                #expect(room[..<found].map(Int.init) == expected, "\(level.name)")
            }
        }
    }

    @Test func rowsAreKeptAndGatheredByTheirValues() {
        let values: [Float] = [5, 1, 4, 2, 3]
        var some: [UInt32] = [0, 2, 3, 4]
        let kept = some.withUnsafeMutableBufferPointer { rows in
            values.withUnsafeBufferPointer { keepRows(rows, of: $0, atLeast: 3) }
        }
        #expect(some[..<kept] == [0, 2, 4])
        let gathered = [UInt32(4), 0].withUnsafeBufferPointer { rows in
            values.withUnsafeBufferPointer { gather(rows, of: $0) }
        }
        #expect(gathered == [3, 5])
    }
}

@Suite struct BoundsTests {
    @Test(arguments: [64, 256, 384], [1, 63, 64, 65, 4096, 9000])
    func boundsAreEstimatesAndSpreadsOfTheSelected(dimensions: Int, count: Int) {
        var random = Seeded(UInt64(dimensions + count))
        var vectors = random.vector(dimensions * min(count, 300))
        // A vector of zeros is no answer to anything.
        if count > 20 { for index in 0..<dimensions { vectors[7 * dimensions + index] = 0 } }
        var coded = BinaryCodesTests.encoded(vectors, dimensions: dimensions)
        while coded.factors.count < 2 * count {
            coded.codes += coded.codes
            coded.factors += coded.factors
        }
        coded.factors.removeLast(coded.factors.count - 2 * count)
        coded.codes.removeLast(coded.codes.count - count * dimensions / 64)
        let query = BinaryQuantiser(dimensions: dimensions).query(random.vector(dimensions))
        let estimates = BinaryCodesTests.scan(query, coded, level: .baseline)
        let reach: Float = 1.75
        for isSparse in [false, true] {
            // Runs of 64 without one among them.
            let isIn = (0..<count).map { isSparse ? ($0 / 64) % 3 == 1 && $0 % 5 == 0 : $0 % 3 > 0 }
            var words = [UInt64](repeating: 0, count: (count + 63) / 64)
            for row in 0..<count where isIn[row] { words[row / 64] |= 1 << UInt64(row % 64) }
            for selection in [nil, words] {
                let expected = (0..<count).map { row -> Float in
                    guard selection == nil || isIn[row], coded.factors[2 * row] > 0 else {
                        return -.infinity
                    }
                    let slack = reach * coded.factors[2 * row + 1]
                    return estimates[row] + slack
                }
                for level in VectorLevel.available {
                    var greatest = Greatest(5)
                    let bounds = Self.bounds(query, coded, reach, selection, &greatest, level)
                    #expect(
                        bounds.map(\.bitPattern) == expected.map(\.bitPattern),
                        "\(level.name)"
                    )
                    var all = Greatest(5)
                    all.offer(expected)
                    #expect(greatest.least == all.least)
                }
            }
        }
    }

    private static func bounds(
        _ query: BinaryQuery,
        _ coded: (codes: [UInt64], factors: [Float]),
        _ reach: Float,
        _ selection: [UInt64]?,
        _ greatest: inout Greatest,
        _ level: VectorLevel
    ) -> [Float] {
        var bounds = [Float](repeating: 0, count: coded.factors.count / 2)
        bounds.withUnsafeMutableBufferPointer { bounds in
            coded.codes.withUnsafeBufferPointer { codes in
                coded.factors.withUnsafeBufferPointer { factors in
                    func scan(_ words: UnsafeBufferPointer<UInt64>?) {
                        query.scan(
                            codes: codes,
                            factors: factors,
                            reach: reach,
                            selection: words,
                            into: bounds,
                            greatest: &greatest,
                            level: level
                        )
                    }
                    guard let selection else { return scan(nil) }
                    selection.withUnsafeBufferPointer { scan($0) }
                }
            }
        }
        return bounds
    }

    @Test(arguments: [1, 31, 32, 33, 256, 384])
    func rowsAreRankedByTheBitsOfTheDotProduct(dimensions: Int) {
        var random = Seeded(UInt64(dimensions))
        let matrix = random.vector(dimensions * 40)
        let query = random.vector(dimensions)
        let half = [UInt16](unsafeUninitializedCapacity: matrix.count) { target, count in
            matrix.withUnsafeBufferPointer { HalfPrecision.encode($0, into: target) }
            count = matrix.count
        }
        let chosen: [UInt32] = [39, 0, 7, 7, 21]
        query.withUnsafeBufferPointer { query in
            chosen.withUnsafeBufferPointer { chosen in
                let wide = chosen.map { row in
                    dotProduct(
                        Array(query),
                        Array(matrix[Int(row) * dimensions..<(Int(row) + 1) * dimensions])
                    )
                }
                let narrow = chosen.map { row in
                    half[Int(row) * dimensions..<(Int(row) + 1) * dimensions]
                        .withUnsafeBufferPointer { dotProduct(query, half: $0) }
                }
                for level in VectorLevel.available {
                    let ofWide = matrix.withUnsafeBytes {
                        dotProducts(query, $0, isHalf: false, rows: chosen, level: level)
                    }
                    let ofHalf = half.withUnsafeBytes {
                        dotProducts(query, $0, isHalf: true, rows: chosen, level: level)
                    }
                    #expect(ofWide.map(\.bitPattern) == wide.map(\.bitPattern))
                    #expect(ofHalf.map(\.bitPattern) == narrow.map(\.bitPattern))
                }
            }
        }
    }
}
