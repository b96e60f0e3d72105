#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The log probability of one piece of text for each column of an ``NgramModel``.
///
/// Sums of integers, so they do not depend on an order.
struct NgramScores {
    /// More text than this does not change the answer, and counts stay below their bits.
    static let byteCountLimit = 400

    /// In units of ``scale`` a nat.
    private(set) var columns: [Int32]
    private(set) var byteCount = 0
    private(set) var hasFeatures = false
    let scale: Double

    /// Scores of the ``byteCountLimit`` bytes in the middle of `text`.
    init(_ text: UnsafeBufferPointer<UInt8>, model: NgramModel) {
        self.columns = [Int32](repeating: 0, count: model.stride)
        self.scale = Double(model.unitsPerNat * Int(countWeightUnit))
        let start = max(0, (text.count - Self.byteCountLimit) / 2)
        let part = UnsafeBufferPointer(rebasing: text[start...].prefix(Self.byteCountLimit))
        self.byteCount = part.count
        self.sum(part, model)
        for (column, prior) in model.priors.enumerated() {
            self.columns[column] += prior &* countWeightUnit
        }
    }

    private mutating func sum(_ text: UnsafeBufferPointer<UInt8>, _ model: NgramModel) {
        var hasFeatures = false
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: tableCount + 1) { memory in
            memory.initialize(repeating: emptyEntry)
            let table = UnsafeMutableBufferPointer(rebasing: memory[..<tableCount])
            var touched: UInt8 = 0
            model.forEachFeature(in: text) { feature in
                count(feature, in: table)
                // Rows come from far memory: they are on their way while the automaton runs.
                let row = model.rows + Int(feature) * model.stride
                for line in stride(from: 0, to: model.stride, by: 64) { touched ^= row[line] }
                hasFeatures = true
            }
            // Kept where the compiler cannot drop it.
            memory[tableCount] = UInt32(touched)
            self.columns.withUnsafeMutableBufferPointer { addRows(of: table, model, to: $0) }
        }
        self.hasFeatures = hasFeatures
    }
}

/// Open addressing: the feature in the upper 20 bits, its count in the lower 12.
private let tableCount = 1024
private let emptyEntry = UInt32.max
private let countMask: UInt32 = 0xFFF

@inline(__always)
private func count(_ feature: UInt32, in table: UnsafeMutableBufferPointer<UInt32>) {
    var index = Int((feature &* 0x9E37_79B1) >> 22)
    while true {
        let entry = table[index]
        if entry == emptyEntry {
            table[index] = feature << 12 | 1
            return
        }
        if entry >> 12 == feature {
            table[index] = entry + 1
            return
        }
        index = (index + 1) & (tableCount - 1)
    }
}

/// What log(1 + count) is counted in.
private let countWeightUnit: Int32 = 256

private let countWeights: [Int32] = (0...NgramScores.byteCountLimit + 2).map {
    Int32((log1p(Double($0)) * Double(countWeightUnit)).rounded())
}

/// Adds each feature's row times the weight of its count.
///
/// Rows of features that occur once are summed in sixteen bits, 256 of them at a time.
private func addRows(
    of table: UnsafeMutableBufferPointer<UInt32>,
    _ model: NgramModel,
    to sums: UnsafeMutableBufferPointer<Int32>
) {
    let blockCount = model.stride / 16
    withUnsafeTemporaryAllocation(of: SIMD16<UInt16>.self, capacity: blockCount) { once in
        once.initialize(repeating: .zero)
        var onceCount = 0
        for entry in table where entry != emptyEntry {
            let row = UnsafeRawPointer(model.rows + Int(entry >> 12) * model.stride)
            if entry & countMask == 1 {
                for block in 0..<blockCount {
                    let bytes = row.loadUnaligned(
                        fromByteOffset: block * 16,
                        as: SIMD16<UInt8>.self
                    )
                    once[block] &+= SIMD16<UInt16>(truncatingIfNeeded: bytes)
                }
                onceCount += 1
                if onceCount == 256 {
                    flush(once, to: sums)
                    onceCount = 0
                }
            } else {
                let weight = countWeights[Int(entry & countMask)]
                for block in 0..<blockCount {
                    let bytes = row.loadUnaligned(
                        fromByteOffset: block * 16,
                        as: SIMD16<UInt8>.self
                    )
                    let products = SIMD16<Int32>(truncatingIfNeeded: bytes) &* weight
                    for lane in 0..<16 { sums[block * 16 + lane] &+= products[lane] }
                }
            }
        }
        flush(once, to: sums)
    }
}

private func flush(
    _ once: UnsafeMutableBufferPointer<SIMD16<UInt16>>,
    to sums: UnsafeMutableBufferPointer<Int32>
) {
    for block in once.indices {
        for lane in 0..<16 {
            sums[block * 16 + lane] &+= Int32(once[block][lane]) &* countWeights[1]
        }
        once[block] = .zero
    }
}
