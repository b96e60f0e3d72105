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

/// The same, in few calls where it is near `guess`.
///
/// - Complexity: O(log distance from `guess`) calls.
@inlinable
package func lowerBound(
    of count: Int,
    near guess: Int,
    where isTrue: (Int) throws -> Bool
) rethrows -> Int {
    var low = 0
    var high = min(max(guess, 0), count)
    // Choice: a few cache lines of small rows.
    var step = 16
    if high < count, try !isTrue(high) {
        low = high + 1
        high = count
        while high - low > step {
            if try isTrue(low + step) {
                high = low + step
            } else {
                low += step + 1
                step *= 2
            }
        }
    } else {
        while high - low > step {
            if try isTrue(high - step) {
                high -= step
                step *= 2
            } else {
                low = high - step + 1
            }
        }
    }
    let start = low
    return try start + lowerBound(of: high - start) { try isTrue(start + $0) }
}
