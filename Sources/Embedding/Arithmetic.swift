internal import CKernels

/// The number format of an encoder's products, and which kernel computes them.
///
/// Attention, softmax, norms and sums are fp32 in each.
enum Arithmetic: Sendable {
    case fp32
    /// bfloat16 values, fp32 sums, in the order and with the rounding of `vdpbf16ps`.
    case bf16(ckernels_kernel_t)
    /// Weights in steps of their own size for each output, tokens in steps of theirs; exact sums.
    case int8(ckernels_kernel_t)

    /// The fastest kernel here: it decides no bit of a vector.
    ///
    /// - Throws: ``EmbeddingError`` `.unsupportedProcessor`.
    init(_ precision: Precision) throws(EmbeddingError) {
        switch precision {
        case .auto, .fp32: self = .fp32
        case .bf16:
            let kernel = ckernels_bf16_best()
            guard kernel != CKERNELS_NONE else {
                throw EmbeddingError(
                    .unsupportedProcessor,
                    "'precision: bf16' needs an x86-64 processor with AVX2 and FMA, which this one is not; "
                        + "use auto or fp32 and embed anew: their vectors are others"
                )
            }
            self = .bf16(kernel)
        case .int8: self = .int8(ckernels_int8_best())
        }
    }

    /// What a model's identity calls it: two vectors of one name have the same bits on every machine.
    var name: String {
        // Sums of fused products round once a step, others twice, so they are told apart.
        let suffix = ckernels_product_fuses() != 0 ? "" : "-unfused"
        return switch self {
        case .fp32: "f32" + suffix
        case .bf16: "bf16"
        case .int8: "int8" + suffix
        }
    }
}

/// A matrix of weights in the number format and order that products read.
enum PackedWeights: Sendable {
    case fp32([Float])
    case bf16([UInt32], ckernels_kernel_t)
    case int8(steps: [Int8], scales: [Float], sums: [Int32], ckernels_kernel_t)

    init(_ arithmetic: Arithmetic) {
        switch arithmetic {
        case .fp32: self = .fp32([])
        case .bf16(let kernel): self = .bf16([], kernel)
        case .int8(let kernel): self = .int8(steps: [], scales: [], sums: [], kernel)
        }
    }

    /// Adds outputs behind those that are there.
    ///
    /// - Parameter rows: A row an output; inputs and outputs are multiples of the lanes.
    mutating func append(_ rows: UnsafeBufferPointer<Float>, outputs: Int, inputs: Int) {
        let weight = rows.baseAddress
        let count = outputs * inputs
        switch self {
        case .fp32(var packed):
            self = .fp32([])
            packed.append(count: count) { ckernels_pack(weight, inputs, outputs, inputs, $0) }
            self = .fp32(packed)
        case .bf16(var packed, let kernel):
            self = .bf16([], kernel)
            packed.append(count: count / 2) {
                ckernels_pack_bf16(weight, inputs, outputs, inputs, $0)
            }
            self = .bf16(packed, kernel)
        case .int8(var steps, var scales, var sums, let kernel):
            self = .int8(steps: [], scales: [], sums: [], kernel)
            steps.append(count: count) { steps in
                scales.append(count: outputs) { scales in
                    sums.append(count: outputs) { sums in
                        ckernels_pack_int8(weight, inputs, outputs, inputs, steps, scales, sums)
                    }
                }
            }
            self = .int8(steps: steps, scales: scales, sums: sums, kernel)
        }
    }

    /// Runs `product`, whose other fields are set.
    func run(_ product: inout ckernels_product_t) {
        switch self {
        case .fp32(let packed):
            packed.withUnsafeBytes { packed in
                product.packed = packed.baseAddress
                ckernels_product(&product)
            }
        case .bf16(let packed, let kernel):
            packed.withUnsafeBytes { packed in
                product.packed = packed.baseAddress
                ckernels_product_bf16(kernel, &product)
            }
        case .int8(let steps, let scales, let sums, let kernel):
            steps.withUnsafeBytes { steps in
                scales.withUnsafeBufferPointer { scales in
                    sums.withUnsafeBufferPointer { sums in
                        product.packed = steps.baseAddress
                        product.scales = scales.baseAddress
                        product.sums = sums.baseAddress
                        ckernels_product_int8(kernel, &product)
                    }
                }
            }
        }
    }
}

extension Array {
    /// Adds `count` elements, all of which `fill` writes.
    fileprivate mutating func append(
        count: Int,
        filledBy fill: (UnsafeMutablePointer<Element>) -> Void
    ) {
        self += [Element](unsafeUninitializedCapacity: count) { target, filled in
            guard let start = target.baseAddress else { return }
            fill(start)
            filled = count
        }
    }
}
