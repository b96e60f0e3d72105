/// The most shingle hashes a signature keeps.
///
/// A document with more (about 400 KB of text without repetition) keeps the smallest of them, and
/// its similarities become bottom-k estimates with a standard error under 0.002. A choice: four
/// bytes each, so 256 KB bounds what one document costs the manifest and a comparison.
package let shingleLimit = 65_536

/// The share of shingles two documents have in common, 0 to 1.
///
/// Exact for documents under ``shingleLimit`` shingles. Otherwise the share among the smallest
/// ``shingleLimit`` hashes of the union. Two documents without shingles have nothing in common.
///
/// - Input: distinct hashes, ascending, as in ``Signature/shingles``.
/// - Complexity: O(left + right).
/// - Source: bottom-k sketches, Cohen and Kaplan 2007.
package func jaccard(_ left: [UInt32], _ right: [UInt32]) -> Double {
    var merge = ShingleMerge()
    merge.run(left, right, unionLimit: isEstimated(left, right) ? shingleLimit : .max)
    return merge.jaccard
}

/// ``jaccard(_:_:)``, or nil where it is below `threshold`.
///
/// - Complexity: O(left + right) at most; it ends where the two have too much of their own.
func jaccard(_ left: [UInt32], _ right: [UInt32], atLeast threshold: Double) -> Double? {
    var merge = ShingleMerge()
    if isEstimated(left, right) {
        merge.run(left, right, unionLimit: shingleLimit)
    } else {
        merge.run(left, right, ownLimit: ownLimit(left, right, threshold))
    }
    return merge.isComplete && merge.jaccard >= threshold ? merge.jaccard : nil
}

/// Whether a document is similar to another and has next to everything of it.
///
/// Not known of documents of ``shingleLimit`` shingles.
///
/// - Complexity: O(larger + smaller) at most; it ends where the smaller has too much of its own.
func holds(_ larger: [UInt32], _ smaller: [UInt32], threshold: Double) -> Bool {
    guard larger.count > smaller.count, !isEstimated(larger, smaller) else { return false }
    var merge = ShingleMerge()
    merge.run(
        smaller,
        larger,
        ownLimit: ownLimit(larger, smaller, threshold),
        leftLimit: mostOwn(smaller: smaller.count, larger: larger.count)
    )
    return merge.isComplete && merge.jaccard >= threshold
}

/// How many shingles a document may have that the larger one that holds it has not.
///
/// The seam of a cut, four shingles wide, or a tenth of what the larger has beyond it: several cuts. A
/// choice.
///
/// - Parameter smaller, larger: distinct shingles of each.
func mostOwn(smaller: Int, larger: Int) -> Int {
    // own <= (own of the larger) / 10, where the larger has (larger - smaller) more of its own.
    max(ShingleHash.tokensPerShingle - 1, (larger - smaller) / 9)
}

private func isEstimated(_ left: [UInt32], _ right: [UInt32]) -> Bool {
    max(left.count, right.count) >= shingleLimit
}

/// How many shingles that only one of two has are too many for `threshold`; one to spare for the rounding.
private func ownLimit(_ left: [UInt32], _ right: [UInt32], _ threshold: Double) -> Int {
    let total = left.count + right.count
    return total - 2 * Int(threshold * Double(total) / (1 + threshold)) + 2
}

/// Counts what two ascending lists have in common.
private struct ShingleMerge {
    private(set) var isComplete = true
    private var common = 0
    private var union = 0

    /// Steps between two looks at the limits.
    private static let stride = 32

    var jaccard: Double { self.union == 0 ? 0 : Double(self.common) / Double(self.union) }

    /// - Parameter unionLimit: how many of the smallest of both are looked at.
    /// - Parameter ownLimit, leftLimit: what is in one list only, of both and of the left, before the
    ///   count is given up.
    mutating func run(
        _ left: [UInt32],
        _ right: [UInt32],
        unionLimit: Int = .max,
        ownLimit: Int = .max,
        leftLimit: Int = .max
    ) {
        guard abs(left.count - right.count) <= ownLimit else {
            self.isComplete = false
            return
        }
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                var leftIndex = 0
                var rightIndex = 0
                while leftIndex < left.count, rightIndex < right.count, self.union < unionLimit {
                    self.step(left, right, &leftIndex, &rightIndex, unionLimit)
                    let leftOwn = leftIndex - self.common
                    if leftOwn > leftLimit || leftOwn + rightIndex - self.common > ownLimit {
                        self.isComplete = false
                        return
                    }
                }
                self.union += left.count - leftIndex + right.count - rightIndex
                self.union = min(self.union, unionLimit)
                if left.count - self.common > leftLimit { self.isComplete = false }
            }
        }
    }

    @inline(__always)
    private mutating func step(
        _ left: UnsafeBufferPointer<UInt32>,
        _ right: UnsafeBufferPointer<UInt32>,
        _ leftIndex: inout Int,
        _ rightIndex: inout Int,
        _ unionLimit: Int
    ) {
        var common = self.common
        var union = self.union
        let end = min(union + Self.stride, unionLimit)
        while leftIndex < left.count, rightIndex < right.count, union < end {
            let leftValue = left[leftIndex]
            let rightValue = right[rightIndex]
            leftIndex &+= leftValue <= rightValue ? 1 : 0
            rightIndex &+= rightValue <= leftValue ? 1 : 0
            common &+= leftValue == rightValue ? 1 : 0
            union &+= 1
        }
        self.common = common
        self.union = union
    }
}
