package import Records

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
    compareShingles(left, right).similarity
}

/// What two documents' shingles say of them, by the same rule.
///
/// - Complexity: O(left + right).
package func compareShingles(
    _ left: [UInt32],
    _ right: [UInt32]
) -> (similarity: Double, containment: Containment) {
    let isEstimate = left.count >= shingleLimit || right.count >= shingleLimit
    let counts = left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
            mergeCounts(left, right, unionLimit: isEstimate ? shingleLimit : .max)
        }
    }
    return (
        counts.union == 0 ? 0 : Double(counts.common) / Double(counts.union),
        isEstimate
            ? .neither
            : Containment(common: counts.common, left: left.count, right: right.count)
    )
}

private func mergeCounts(
    _ left: UnsafeBufferPointer<UInt32>,
    _ right: UnsafeBufferPointer<UInt32>,
    unionLimit: Int
) -> (common: Int, union: Int) {
    var leftIndex = 0
    var rightIndex = 0
    var common = 0
    var union = 0
    while leftIndex < left.count, rightIndex < right.count, union < unionLimit {
        let leftValue = left[leftIndex]
        let rightValue = right[rightIndex]
        leftIndex &+= leftValue <= rightValue ? 1 : 0
        rightIndex &+= rightValue <= leftValue ? 1 : 0
        common &+= leftValue == rightValue ? 1 : 0
        union &+= 1
    }
    union += left.count - leftIndex + right.count - rightIndex
    return (common, min(union, unionLimit))
}
