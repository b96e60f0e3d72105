/// The first index below `count` for which `isTrue` holds; `count` where it holds for none.
///
/// - Precondition: once it holds, it holds for every index after that.
/// - Complexity: O(log `count`) calls.
@inlinable
package func lowerBound(
    of count: Int,
    where isTrue: (Int) throws -> Bool
) rethrows -> Int {
    var low = 0
    var high = count
    while low < high {
        let middle = low + (high - low) / 2
        if try isTrue(middle) {
            high = middle
        } else {
            low = middle + 1
        }
    }
    return low
}
