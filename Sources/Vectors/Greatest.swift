internal import CKernels

/// The greatest of many values, without their places.
///
/// What is kept does not depend on the order of the offers. NaN and what is not above the floor are never
/// kept.
///
/// - Complexity: O(1) on average for a value that is kept; others are passed over sixteen at a time.
package struct Greatest: Sendable {
    /// The first `count` are held; the greatest are among them.
    private var values: [Float]
    private var count = 0
    private let capacity: Int
    private var floor: Float

    /// - Parameter floor: Is the greatest value that is not worth keeping.
    /// - Precondition: `capacity` is not negative.
    package init(_ capacity: Int, above floor: Float = -.infinity) {
        self.values = [Float](repeating: 0, count: 2 * capacity + Int(MR_GREATEST_RUN))
        self.capacity = capacity
        self.floor = floor
    }

    package var isFull: Bool { self.count >= self.capacity }

    /// The least of the values kept; -infinity while there is room for more.
    ///
    /// - Complexity: O(capacity) on average.
    package var least: Float {
        guard self.isFull else { return -.infinity }
        guard self.capacity > 0 else { return .infinity }
        var held = Array(self.values[..<self.count])
        return mr_least_of_greatest(&held, held.count, self.capacity)
    }

    package mutating func offer(
        _ values: UnsafeBufferPointer<Float>,
        level: VectorLevel = .current
    ) {
        guard let base = values.baseAddress else { return }
        self.withKernel { mr_keep_greatest(level.rawValue, base, values.count, &$0) }
    }

    package mutating func offer(_ values: [Float]) {
        values.withUnsafeBufferPointer { self.offer($0) }
    }

    /// Calls `body` with the values as the kernels take them.
    mutating func withKernel(_ body: (inout mr_greatest) -> Void) {
        var (held, floor) = (self.count, self.floor)
        let capacity = self.capacity
        self.values.withUnsafeMutableBufferPointer { values in
            var greatest = mr_greatest(
                values: values.baseAddress,
                capacity: capacity,
                count: held,
                floor: floor
            )
            body(&greatest)
            (held, floor) = (greatest.count, greatest.floor)
        }
        self.count = held
        self.floor = floor
    }
}

/// Writes to `rows` where `values` are at least `threshold`, ascending; returns how many are.
///
/// Rows of -infinity or NaN are never among them.
///
/// - Precondition: `rows` has room for all.
package func rows(
    of values: UnsafeBufferPointer<Float>,
    atLeast threshold: Float,
    into rows: UnsafeMutableBufferPointer<UInt32>,
    level: VectorLevel = .current
) -> Int {
    precondition(rows.count >= values.count, "no room for the rows")
    guard let base = values.baseAddress, let target = rows.baseAddress else { return 0 }
    return mr_rows_at_least(level.rawValue, base, values.count, threshold, 0, target)
}

/// Leaves the rows whose values are at least `threshold`, in their order; returns how many are left.
///
/// - Precondition: each row is one of `values`.
package func keepRows(
    _ rows: UnsafeMutableBufferPointer<UInt32>,
    of values: UnsafeBufferPointer<Float>,
    atLeast threshold: Float
) -> Int {
    guard let base = values.baseAddress, let target = rows.baseAddress else { return 0 }
    return mr_keep_rows(base, threshold, target, rows.count)
}

/// The values of `rows`.
///
/// - Precondition: each row is one of `values`.
package func gather(
    _ rows: UnsafeBufferPointer<UInt32>,
    of values: UnsafeBufferPointer<Float>
) -> [Float] {
    [Float](unsafeUninitializedCapacity: rows.count) { target, count in
        if let base = values.baseAddress, let from = rows.baseAddress, let to = target.baseAddress {
            mr_gather_rows(base, from, rows.count, to)
        }
        count = rows.count
    }
}
