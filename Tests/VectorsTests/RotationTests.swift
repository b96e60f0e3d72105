import Testing
import Vectors

@Suite struct RotationTests {
    static func rotated(_ vector: [Float], _ level: VectorLevel = .current) -> [Float] {
        let rotation = Rotation(dimensions: vector.count)
        var padded = vector
        padded += [Float](repeating: 0, count: rotation.paddedDimensions - vector.count)
        padded.withUnsafeMutableBufferPointer { rotation.apply($0, level: level) }
        return padded
    }

    /// SplitMix64 signs and butterflies as the documentation has them, without lanes.
    static func reference(_ vector: [Float]) -> [Float] {
        let padded = (vector.count + 63) / 64 * 64
        var values = vector + [Float](repeating: 0, count: padded - vector.count)
        var block = 64
        while block * 2 <= padded { block *= 2 }
        var generator = Seeded(Rotation.seed)
        for _ in 0..<3 {
            for word in 0..<padded / 64 {
                let bits = generator.next()
                for bit in 0..<64 where bits >> UInt64(bit) & 1 == 1 {
                    values[64 * word + bit] = -values[64 * word + bit]
                }
            }
            hadamard(&values, 0..<block)
            if block < padded { hadamard(&values, padded - block..<padded) }
        }
        return values
    }

    static func hadamard(_ values: inout [Float], _ range: Range<Int>) {
        var step = 1
        while step < range.count {
            for index in range where (index - range.lowerBound) & step == 0 {
                let (low, high) = (values[index], values[index + step])
                values[index] = low + high
                values[index + step] = low - high
            }
            step *= 2
        }
        let scale = 1 / Float(range.count).squareRoot()
        for index in range { values[index] *= scale }
    }

    @Test(arguments: [1, 3, 63, 64, 65, 128, 200, 256, 300, 384, 768])
    func everyLevelGivesTheBitsOfTheReference(dimensions: Int) {
        var random = Seeded(UInt64(dimensions) * 7)
        let vector = random.vector(dimensions)
        let expected = Self.reference(vector).map(\.bitPattern)
        for level in VectorLevel.available {
            #expect(Self.rotated(vector, level).map(\.bitPattern) == expected, "\(level.name)")
        }
    }

    @Test(arguments: [64, 100, 256, 384])
    func innerProductsArePreserved(dimensions: Int) {
        var random = Seeded(5)
        let left = random.vector(dimensions)
        let right = random.vector(dimensions)
        let before = dotProduct(left, right)
        let after = dotProduct(Self.rotated(left), Self.rotated(right))
        #expect(abs(before - after) < 1e-4 * Float(dimensions).squareRoot())
    }

    @Test func oneCoordinateIsSpreadOverAll() {
        var vector = [Float](repeating: 0, count: 384)
        vector[380] = 1
        let values = Self.rotated(vector)
        #expect(values.allSatisfy { $0.magnitude < 0.4 })
        #expect(values.filter { $0.magnitude > 0.001 }.count > 300)
    }
}
