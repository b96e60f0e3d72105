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
    /// Enough of a document, whose other parts CLD2 reads.
    static let excerptByteCount = 192

    /// In units of ``scale`` a nat.
    private(set) var columns: [Int32]
    private(set) var byteCount = 0
    private(set) var hasFeatures = false
    let scale: Double

    /// Scores of the `limit` bytes in the middle of `text`, ``byteCountLimit`` at most.
    init(
        _ text: UnsafeBufferPointer<UInt8>,
        model: NgramModel,
        limit: Int = NgramScores.byteCountLimit
    ) {
        self.columns = model.priors.map { $0 &* countWeightUnit }
        self.columns += [Int32](repeating: 0, count: model.stride - model.priors.count)
        self.scale = Double(model.unitsPerNat * Int(countWeightUnit))
        let limit = min(limit, Self.byteCountLimit)
        let start = max(0, (text.count - limit) / 2)
        let part = UnsafeBufferPointer(rebasing: text[start...].prefix(limit))
        self.byteCount = part.count
        self.add(part, model)
    }

    private mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ model: NgramModel) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count + 2) { spaced in
            // As if between spaces: the first and the last word have their ends like the others.
            spaced.initialize(repeating: 0x20)
            _ = UnsafeMutableBufferPointer(rebasing: spaced[1...]).update(from: text)
            let capacity = spaced.count + 1
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { features in
                features.initialize(repeating: 0)
                let found = model.collectFeatures(
                    of: UnsafeBufferPointer(spaced),
                    into: features
                )
                self.hasFeatures = found > 0
                let counted = countFeatures(
                    UnsafeMutableBufferPointer(rebasing: features[..<found])
                )
                self.columns.withUnsafeMutableBufferPointer { addRows(of: counted, model, to: $0) }
            }
        }
    }
}

/// Open addressing: the count of a feature in the upper 12 bits, the feature in the lower 20.
private let tableBits = 10
private let featureBits: UInt32 = 20
private let featureMask: UInt32 = 1 << featureBits - 1

/// Turns `features` into its distinct features with their counts, by rising count.
private func countFeatures(
    _ features: UnsafeMutableBufferPointer<UInt32>
) -> UnsafeMutableBufferPointer<UInt32> {
    let tableCount = 1 << tableBits
    var distinct = 0
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: tableCount) { table in
        table.initialize(repeating: 0)
        for feature in features {
            var slot = Int((feature &* 0x9E37_79B1) >> (32 - UInt32(tableBits)))
            while table[slot] != 0, table[slot] & featureMask != feature {
                slot = (slot + 1) & (tableCount - 1)
            }
            if table[slot] == 0 {
                table[slot] = feature
                features[distinct] = UInt32(slot)
                distinct += 1
            }
            table[slot] += 1 << featureBits
        }
        for index in 0..<distinct { features[index] = table[Int(features[index])] }
    }
    var counted = UnsafeMutableBufferPointer(rebasing: features[..<distinct])
    // Most occur once; only the others need an order.
    let several = counted.partition { $0 >> featureBits > 1 }
    counted[several...].sort()
    return counted
}

/// What log(1 + count) is counted in.
private let countWeightUnit: Int32 = 256

private let countWeights: [Int32] = (0...NgramScores.byteCountLimit + 2).map {
    Int32((log1p(Double($0)) * Double(countWeightUnit)).rounded())
}

/// Adds each feature's row times the weight of its count.
///
/// - Input: `counted`, by count. Rows of one count are summed in sixteen bits, 256 of them at a time.
private func addRows(
    of counted: UnsafeMutableBufferPointer<UInt32>,
    _ model: NgramModel,
    to sums: UnsafeMutableBufferPointer<Int32>
) {
    var start = 0
    while start < counted.count {
        let count = counted[start] >> featureBits
        var end = start + 1
        while end < counted.count, end - start < 256, counted[end] >> featureBits == count {
            end += 1
        }
        let rows = UnsafeBufferPointer(rebasing: counted[start..<end])
        var column = 0
        while column < model.stride {
            column += addColumns(
                from: column,
                of: rows,
                model,
                weight: countWeights[Int(count)],
                to: sums
            )
        }
        start = end
    }
}

/// Adds 64 columns of `rows`, or the 16 that are left, and says how many.
///
/// A cache line of each row at a time: the sums stay in registers, and loads of many rows are on
/// their way at once.
private func addColumns(
    from column: Int,
    of rows: UnsafeBufferPointer<UInt32>,
    _ model: NgramModel,
    weight: Int32,
    to sums: UnsafeMutableBufferPointer<Int32>
) -> Int {
    func load(_ entry: UInt32, _ block: Int) -> SIMD16<UInt16> {
        let row = UnsafeRawPointer(model.rows + Int(entry & featureMask) * model.stride)
        return SIMD16<UInt16>(
            truncatingIfNeeded: row.loadUnaligned(
                fromByteOffset: column + 16 * block,
                as: SIMD16<UInt8>.self
            )
        )
    }
    func add(_ block: SIMD16<UInt16>, at place: Int) {
        for lane in 0..<16 {
            sums[column + 16 * place + lane] &+= Int32(block[lane]) &* weight
        }
    }
    var first = SIMD16<UInt16>.zero
    guard column + 64 <= model.stride else {
        for entry in rows { first &+= load(entry, 0) }
        add(first, at: 0)
        return 16
    }
    var (second, third, fourth) = (first, first, first)
    for entry in rows {
        first &+= load(entry, 0)
        second &+= load(entry, 1)
        third &+= load(entry, 2)
        fourth &+= load(entry, 3)
    }
    add(first, at: 0)
    add(second, at: 1)
    add(third, at: 2)
    add(fourth, at: 3)
    return 64
}
