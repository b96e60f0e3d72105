import CKernels
import Testing

@testable import Embedding

/// Products of bf16 and int8 against sums that are written out, and kernels against each other.
@Suite struct ProductKernelTests {
    /// Rows, inputs and outputs around the sizes of tiles, panels and blocks.
    private static let shapes = [
        (16, 16, 16), (17, 48, 32), (29, 16, 48), (43, 400, 80), (16, 4_096, 16), (190, 384, 16),
    ]

    private static let kernels: [ckernels_kernel_t] = [
        CKERNELS_PORTABLE, CKERNELS_V3, CKERNELS_V4, CKERNELS_DOT_256, CKERNELS_DOT_512,
    ]

    /// Values of one size, of many sizes, and so small that their products are no normal numbers.
    enum Range: CaseIterable {
        case even, wide, tiny

        func value(_ random: inout SplitMix64) -> Float {
            let value = Float.random(in: -1...1, using: &random)
            let power = Int.random(in: -12...12, using: &random)
            return switch self {
            case .even: value
            case .wide: value * Float(sign: .plus, exponent: power, significand: 1)
            case .tiny: value * Float(sign: .plus, exponent: power - 66, significand: 1)
            }
        }
    }

    private struct Case {
        let rows: Int
        let inputs: Int
        let outputs: Int
        var x: [Float]
        var weights: [Float]
        var bias: [Float]

        init(_ shape: (Int, Int, Int), _ range: Range, seed: UInt64) {
            var random = SplitMix64(state: seed)
            (self.rows, self.inputs, self.outputs) = shape
            self.x = (0..<shape.0 * shape.1).map { _ in range.value(&random) }
            self.weights = (0..<shape.1 * shape.2).map { _ in range.value(&random) }
            self.bias = (0..<shape.2).map { _ in range == .tiny ? 0 : range.value(&random) }
        }

        func run(_ arithmetic: Arithmetic, gelu: Bool = false) -> [Float] {
            var packed = PackedWeights(arithmetic)
            self.weights.withUnsafeBufferPointer {
                packed.append($0, outputs: self.outputs, inputs: self.inputs)
            }
            let scratch = UnsafeMutableRawPointer.allocate(
                byteCount: ckernels_scratch_bytes(self.inputs),
                alignment: 64
            )
            defer { scratch.deallocate() }
            var out = [Float](repeating: .nan, count: self.rows * self.outputs)
            self.x.withUnsafeBufferPointer { x in
                self.bias.withUnsafeBufferPointer { bias in
                    out.withUnsafeMutableBufferPointer { out in
                        var product = ckernels_product_t()
                        product.x = x.baseAddress
                        product.x_stride = self.inputs
                        product.bias = bias.baseAddress
                        product.rows = self.rows
                        product.inputs = self.inputs
                        product.outputs = self.outputs
                        product.gelu = gelu ? 1 : 0
                        product.out = out.baseAddress
                        product.out_stride = self.outputs
                        product.scratch = scratch
                        packed.run(&product)
                    }
                }
            }
            return out
        }
    }

    // MARK: bf16

    /// To the nearest bfloat16, ties to even; denormals are zero.
    private func rounded(_ value: Float) -> Float {
        let bits = value.bitPattern
        guard value.isNormal else { return Float(bitPattern: bits & 0x8000_0000) }
        return Float(bitPattern: (bits + 0x7FFF + bits >> 16 & 1) & 0xFFFF_0000)
    }

    private func flushed(_ value: Float) -> Float { value.isSubnormal ? value * 0 : value }

    private func bf16Sums(_ this: Case) -> [Float] {
        let x = this.x.map(self.rounded)
        let weights = this.weights.map(self.rounded)
        return (0..<this.rows * this.outputs).map { place in
            let (row, output) = (place / this.outputs, place % this.outputs)
            var sum: Float = 0
            for pair in stride(from: 0, to: this.inputs, by: 2) {
                for input in [pair + 1, pair] {
                    sum = self.flushed(
                        sum.addingProduct(
                            x[row * this.inputs + input],
                            weights[output * this.inputs + input]
                        )
                    )
                }
            }
            return sum + this.bias[output]
        }
    }

    private func requireBF16(_ kernel: ckernels_kernel_t) throws {
        guard ckernels_bf16_runs(kernel) != 0 else {
            try Test.cancel("this processor or program has no bf16 kernel \(kernel.rawValue)")
        }
    }

    @Test(arguments: [CKERNELS_V3, CKERNELS_V4, CKERNELS_DOT_512], Range.allCases)
    func bf16ProductsHaveTheBitsOfFusedSumsInTheOrderOfPairs(
        kernel: ckernels_kernel_t,
        range: Range
    ) throws {
        try self.requireBF16(kernel)
        for (seed, shape) in Self.shapes.enumerated() {
            let this = Case(shape, range, seed: UInt64(seed))
            let found = this.run(.bf16(kernel))
            let expected = self.bf16Sums(this)
            let differing = zip(found, expected).count { $0.bitPattern != $1.bitPattern }
            #expect(differing == 0, "\(shape): \(differing) of \(expected.count)")
        }
    }

    @Test(arguments: [CKERNELS_V4, CKERNELS_DOT_512])
    func bf16KernelsAgreeBehindGELUToo(kernel: ckernels_kernel_t) throws {
        try self.requireBF16(kernel)
        for shape in Self.shapes {
            let this = Case(shape, .wide, seed: 7)
            #expect(this.run(.bf16(kernel), gelu: true) == this.run(.bf16(CKERNELS_V3), gelu: true))
        }
    }

    @Test func theKernelThatIsChosenRunsHere() {
        let bf16 = ckernels_bf16_best()
        #expect(bf16 == CKERNELS_NONE || ckernels_bf16_runs(bf16) != 0)
        #expect(ckernels_int8_runs(ckernels_int8_best()) != 0)
        // Where any bf16 runs, the one that all such machines have does.
        #expect((bf16 == CKERNELS_NONE) == (ckernels_bf16_runs(CKERNELS_V3) == 0))
    }

    // MARK: int8

    private func steps(_ value: Float) -> Int { Int(value.rounded(.toNearestOrEven)) }

    private func int8Sums(_ this: Case) -> [Float] {
        let weights = (0..<this.outputs).map { output in
            let row = this.weights[output * this.inputs..<(output + 1) * this.inputs]
            let step = (row.map(abs).max() ?? 0) / 127
            let inverse = step > 0 ? 1 / step : 0
            return (step: step, steps: row.map { self.steps($0 * inverse) })
        }
        return (0..<this.rows).flatMap { row in
            let values = this.x[row * this.inputs..<(row + 1) * this.inputs]
            let low = values.min() ?? 0
            let range = (values.max() ?? 0) - low
            let inverse = range > 0 ? 255 / range : 0
            let steps = values.map { self.steps(($0 - low) * inverse) }
            return weights.enumerated().map { output, weight in
                let sum = zip(steps, weight.steps).reduce(0) { $0 + $1.0 * $1.1 }
                let ofWeights = weight.steps.reduce(0, +)
                let value = (Float(sum) * (range / 255) + Float(ofWeights) * low) * weight.step
                return value + this.bias[output]
            }
        }
    }

    @Test(arguments: kernels, [Range.even, .wide])
    func int8ProductsHaveTheBitsOfExactSums(kernel: ckernels_kernel_t, range: Range) throws {
        guard ckernels_int8_runs(kernel) != 0 else {
            try Test.cancel("this processor or program has no int8 kernel \(kernel.rawValue)")
        }
        for (seed, shape) in Self.shapes.enumerated() {
            let this = Case(shape, range, seed: UInt64(seed))
            let found = this.run(.int8(kernel))
            let expected = self.int8Sums(this)
            let differing = zip(found, expected).count { $0.bitPattern != $1.bitPattern }
            #expect(differing == 0, "\(shape): \(differing) of \(expected.count)")
        }
    }

    @Test(arguments: kernels)
    func int8SumsOfTheGreatestStepsFit(kernel: ckernels_kernel_t) throws {
        guard ckernels_int8_runs(kernel) != 0 else {
            try Test.cancel("this processor or program has no int8 kernel \(kernel.rawValue)")
        }
        var this = Case((16, 65_536, 16), .even, seed: 1)
        // All steps are 255 and -127 but for the first value, which is the lowest.
        this.x = this.x.indices.map { $0.isMultiple(of: this.inputs) ? 0 : 1 }
        this.weights = this.weights.map { _ in -1 }
        this.bias = this.bias.map { _ in 0 }
        let found = this.run(.int8(kernel))
        #expect(found.allSatisfy { abs($0 + 65_535) < 1 }, "\(found[0])")
    }

    @Test(arguments: [Arithmetic.fp32, .bf16(ckernels_bf16_best()), .int8(CKERNELS_PORTABLE)])
    func whatIsNoNumberStaysNone(arithmetic: Arithmetic) throws {
        if case .bf16(CKERNELS_NONE) = arithmetic {
            try Test.cancel("this processor has no bf16 kernel")
        }
        for stray in [Float.nan, .infinity] {
            var this = Case((16, 32, 32), .even, seed: 3)
            this.x[5 * 32 + 9] = stray
            this.weights[20 * 32 + 7] = stray
            let found = this.run(arithmetic)
            for (place, value) in found.enumerated() {
                let isStray = place / 32 == 5 || place % 32 == 20
                #expect(value.isFinite != isStray, "row \(place / 32), output \(place % 32)")
            }
        }
    }
}
