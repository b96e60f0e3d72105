import Testing
import Vectors

/// The standard library's binary16 is the reference.
func narrowed(_ value: Float) -> UInt16 { Float16(value).bitPattern }
func widened(_ bits: UInt16) -> Float { Float(Float16(bitPattern: bits)) }

@Suite struct HalfPrecisionTests {
    static func encode(_ values: [Float], _ level: VectorLevel) -> [UInt16] {
        [UInt16](unsafeUninitializedCapacity: values.count) { target, count in
            values.withUnsafeBufferPointer {
                HalfPrecision.encode(
                    $0,
                    into: UnsafeMutableBufferPointer(rebasing: target[0..<values.count]),
                    level: level
                )
            }
            count = values.count
        }
    }

    static func decode(_ values: [UInt16], _ level: VectorLevel) -> [Float] {
        [Float](unsafeUninitializedCapacity: values.count) { target, count in
            values.withUnsafeBufferPointer {
                HalfPrecision.decode(
                    $0,
                    into: UnsafeMutableBufferPointer(rebasing: target[0..<values.count]),
                    level: level
                )
            }
            count = values.count
        }
    }

    @Test(arguments: VectorLevel.available)
    func everyHalfWidensExactlyAndComesBack(level: VectorLevel) {
        let halves = Array(UInt16.min...UInt16.max)
        let floats = Self.decode(halves, level)
        let back = Self.encode(floats, level)
        for (index, half) in halves.enumerated() {
            let expected = widened(half)
            if expected.isNaN {
                #expect(floats[index].isNaN && Float16(bitPattern: back[index]).isNaN)
            } else {
                #expect(floats[index].bitPattern == expected.bitPattern)
                #expect(back[index] == half)
            }
        }
    }

    @Test(arguments: VectorLevel.available)
    func roundingIsToNearestEven(level: VectorLevel) {
        var values: [Float] = [
            0, -0.0, 65504, 65519.99, 65520, 1e30, -1e30, .infinity, 1, 1 + 0x1p-11, 1 + 0x3p-11,
            0x1p-14, 0x1p-24, 0x1p-25, 0x1.000002p-25, 0x1p-26, 0x1.ffcp-15, 0x1.ffep-15,
            0x1.fffp-15, .leastNonzeroMagnitude,
        ]
        var random = Seeded(3)
        for _ in 0..<50_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            if !value.isNaN { values.append(value) }
        }
        for exponent in -26...16 {
            values += random.vector(
                500,
                scale: Float(sign: .plus, exponent: exponent, significand: 1)
            )
        }
        #expect(Self.encode(values, level) == values.map { narrowed($0) })
    }

    @Test func levelsAgreeOnNaNPayloads() {
        let values: [Float] = (0..<64).map {
            Float(bitPattern: 0x7F80_0001 + UInt32($0) * 0x1_F003)
        }
        let expected = Self.encode(values, .baseline)
        for level in VectorLevel.available { #expect(Self.encode(values, level) == expected) }
    }
}
