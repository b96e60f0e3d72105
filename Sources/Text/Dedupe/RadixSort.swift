/// Sorts 32-bit values: three passes of 11, 11 and 10 bits, or a comparison sort when few.
///
/// - Complexity: O(n), with `scratch` as large as `values`.
func radixSort(_ values: inout [UInt32], scratch: inout [UInt32]) {
    let count = values.count
    guard count >= 512 else { return values.sort() }
    if scratch.count < count { scratch = Array(repeating: 0, count: count) }
    var counters = [UInt32](repeating: 0, count: 3 * 2048)
    values.withUnsafeMutableBufferPointer { values in
        scratch.withUnsafeMutableBufferPointer { scratch in
            counters.withUnsafeMutableBufferPointer { counters in
                countDigits(UnsafeBufferPointer(values), into: counters)
                scatter(UnsafeBufferPointer(values), to: scratch, 0, counters)
                scatter(UnsafeBufferPointer(rebasing: scratch[..<count]), to: values, 1, counters)
                scatter(UnsafeBufferPointer(values), to: scratch, 2, counters)
                for index in 0..<count { values[index] = scratch[index] }
            }
        }
    }
}

/// Removes repeated neighbours of a sorted array.
func removeRepeats(_ values: inout [UInt32]) {
    guard values.count > 1 else { return }
    let kept = values.withUnsafeMutableBufferPointer { values in
        var kept = 1
        for index in 1..<values.count {
            let value = values[index]
            let isNew = value != values[kept &- 1]
            values[kept] = value
            kept &+= isNew ? 1 : 0
        }
        return kept
    }
    values.removeLast(values.count - kept)
}

/// Leaves in each of the three tables the position of the first value of each digit.
private func countDigits(
    _ values: UnsafeBufferPointer<UInt32>,
    into counters: UnsafeMutableBufferPointer<UInt32>
) {
    for value in values {
        counters[Int(value & 0x7FF)] &+= 1
        counters[2048 &+ Int(value >> 11 & 0x7FF)] &+= 1
        counters[4096 &+ Int(value >> 22)] &+= 1
    }
    for table in 0..<3 {
        var position: UInt32 = 0
        for digit in 0..<2048 {
            let count = counters[table &* 2048 &+ digit]
            counters[table &* 2048 &+ digit] = position
            position &+= count
        }
    }
}

private func scatter(
    _ source: UnsafeBufferPointer<UInt32>,
    to target: UnsafeMutableBufferPointer<UInt32>,
    _ table: Int,
    _ counters: UnsafeMutableBufferPointer<UInt32>
) {
    let shift = UInt32(truncatingIfNeeded: table &* 11)
    for value in source {
        let slot = table &* 2048 &+ Int(value &>> shift & 0x7FF)
        target[Int(counters[slot])] = value
        counters[slot] &+= 1
    }
}
