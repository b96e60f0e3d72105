import Testing
import Vectors

@Suite struct PackedVectorsTests {
    struct Packed: Equatable {
        var codes: [UInt64] = []
        var factors: [Float] = []
        var rows: [UInt8] = []
    }

    static func packed(_ vectors: [[Float]], level: VectorLevel = .current) -> Packed {
        var packed = Packed()
        for vector in vectors {
            let quantiser = BinaryQuantiser(dimensions: vector.count)
            vector.withUnsafeBufferPointer {
                quantiser.pack(
                    $0,
                    codes: &packed.codes,
                    factors: &packed.factors,
                    row: &packed.rows,
                    level: level
                )
            }
        }
        return packed
    }

    static func similarities(
        _ query: FineQuery,
        _ packed: Packed,
        rows: [UInt32],
        level: VectorLevel = .current
    ) -> [Float] {
        packed.codes.withUnsafeBytes { codes in
            packed.rows.withUnsafeBytes { bytes in
                rows.withUnsafeBufferPointer {
                    query.similarities(codes: codes, packed: bytes, rows: $0, level: level)
                }
            }
        }
    }

    /// The odd numbers of steps of one packed vector, and the step, one bit at a time.
    static func coordinates(_ packed: Packed, row: Int, padded: Int) -> (values: [Int], step: Float)
    {
        let stride = padded + padded / 8 + 2
        let bytes = Array(packed.rows[row * stride..<(row + 1) * stride])
        let values = (0..<padded).map { index in
            let low = Int(bytes[padded + index / 8]) >> (index % 8) & 1
            let magnitude = 2 * (2 * Int(bytes[index]) + low) + 1
            let word = packed.codes[row * padded / 64 + index / 64]
            return word >> UInt64(index % 64) & 1 == 1 ? magnitude : -magnitude
        }
        let bits = UInt32(bytes[stride - 2]) << 16 | UInt32(bytes[stride - 1]) << 24
        return (values, Float(bitPattern: bits))
    }

    @Test(arguments: [1, 64, 100, 256, 384, 640, 1536, 2049])
    func everyLevelGivesTheBitsOfTheReference(dimensions: Int) {
        var random = Seeded(UInt64(dimensions))
        let quantiser = BinaryQuantiser(dimensions: dimensions)
        var vectors = (0..<40).map { _ in random.vector(dimensions) }
        // One that has its greatest coordinates everywhere at once, and one of a single coordinate.
        vectors.append([Float](repeating: 1, count: dimensions))
        vectors.append([1] + [Float](repeating: 0, count: dimensions - 1))
        let expected = Self.packed(vectors, level: .baseline)
        let padded = quantiser.wordCount * 64
        let rows = (0..<vectors.count).reversed().map(UInt32.init)
        for queried in [random.vector(dimensions), vectors[40], vectors[41]] {
            let query = quantiser.query(queried).fine
            let scores = rows.map { row in
                let (values, step) = Self.coordinates(expected, row: Int(row), padded: padded)
                let sum = zip(values, query.values).reduce(0) { $0 + $1.0 * Int($1.1) }
                return Float(sum) * step * query.step
            }
            for level in VectorLevel.available {
                #expect(Self.packed(vectors, level: level) == expected, "\(level.name)")
                let found = Self.similarities(query, expected, rows: rows, level: level)
                #expect(found.map(\.bitPattern) == scores.map(\.bitPattern), "\(level.name)")
            }
        }
    }

    /// Sums at the ends of their range: every coordinate and every value of the query at its greatest.
    @Test func theGreatestSumsFit() {
        for dimensions in [64, 512, 1024, 4096] {
            var packed = Packed()
            packed.codes = [UInt64](repeating: .max, count: dimensions / 64)
            packed.rows =
                [UInt8](repeating: 0xFF, count: dimensions + dimensions / 8) + [0x80, 0x3F]
            let query = FineQuery(rotated: [Float](repeating: -1, count: dimensions))
            #expect(query.values.allSatisfy { $0 == -32_767 })
            let expected = Float(-32_767 * 1_023 * dimensions) * query.step
            for level in VectorLevel.available {
                #expect(Self.similarities(query, packed, rows: [0], level: level) == [expected])
            }
        }
    }

    @Test(arguments: [3, 64, 100, 256, 384])
    func aPackedVectorStandsForWhatWasGiven(dimensions: Int) {
        var random = Seeded(77)
        let quantiser = BinaryQuantiser(dimensions: dimensions)
        for scale in [Float(1), 1e-20, 1e15] {
            let vector = random.vector(dimensions, scale: scale)
            let packed = Self.packed([vector])
            let found = packed.codes.withUnsafeBytes { code in
                packed.rows.withUnsafeBytes { quantiser.vector(ofPacked: code, $0) }
            }
            #expect(found.count == dimensions)
            let errors = zip(found, vector).map { ($0 - $1) / scale }
            let length = dotProduct(vector.map { $0 / scale }, vector.map { $0 / scale })
            #expect(dotProduct(errors, errors) < 1.2e-5 * length)
            let again = packed.codes.withUnsafeBytes { code in
                packed.rows.withUnsafeBytes { quantiser.code(ofPacked: code, $0) }
            }
            #expect(again.words == packed.codes)
            #expect(again.factors == packed.factors)
        }
    }

    @Test func whatIsTooSmallForAStepIsZero() {
        let quantiser = BinaryQuantiser(dimensions: 64)
        for value in [Float(0), .leastNonzeroMagnitude] {
            let packed = Self.packed([[Float](repeating: value, count: 64)])
            #expect(packed.factors == [0, 0])
            #expect(packed.codes == [0])
            #expect(packed.rows.allSatisfy { $0 == 0 })
            let query = quantiser.query([Float](repeating: 1, count: 64)).fine
            #expect(Self.similarities(query, packed, rows: [0]) == [0])
        }
        let nothing = quantiser.query([Float](repeating: 0, count: 64)).fine
        #expect(nothing.step == 0 && nothing.values.allSatisfy { $0 == 0 })
    }
}
