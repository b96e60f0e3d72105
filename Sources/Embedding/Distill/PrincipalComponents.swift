internal import CKernels

/// The directions in which many rows differ most, in double precision.
///
/// The order is that of the variances, descending; the greatest number of a direction is positive. Same bits
/// whatever the number of threads.
struct PrincipalComponents: Sendable {
    /// More than a matrix of doubles ever took; fewer than ten are usual.
    private static let sweepsMaximum = 60

    let width: Int
    let dimensions: Int
    let mean: [Double]
    /// A direction is a column of `width` rows; one without variance is zeros.
    let axes: [Double]
    /// Share of the whole variance that the directions hold, 0...1.
    let explainedShare: Double

    init(of table: FloatTable, dimensions: Int, on threads: ParallelParts) {
        precondition(dimensions > 0 && dimensions <= table.width, "more directions than columns")
        self.width = table.width
        self.dimensions = dimensions
        self.mean = Self.mean(of: table)
        var matrix = Self.deviationProducts(table, mean: self.mean, on: threads)
        mr_orthogonalise_rows(&matrix, table.width, Self.sweepsMaximum)
        let width = table.width
        let lengths = (0..<width).map { row in
            matrix[row * width..<(row + 1) * width].reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
        // Equal ones stay in the order of their rows: the sort is by both.
        let order = (0..<width).sorted { (lengths[$0], $1) > (lengths[$1], $0) }.prefix(dimensions)
        let total = lengths.reduce(0, +)
        self.explainedShare = total > 0 ? order.reduce(0) { $0 + lengths[$1] } / total : 1
        var axes = [Double](repeating: 0, count: width * dimensions)
        for (column, row) in order.enumerated() where lengths[row] > 1e-12 * total {
            let values = matrix[row * width..<(row + 1) * width]
            let greatest = values.max { abs($0) < abs($1) } ?? 1
            let scale = (greatest < 0 ? -1 : 1) / lengths[row]
            for (index, value) in values.enumerated() {
                axes[index * dimensions + column] = value * scale
            }
        }
        self.axes = axes
    }

    private static func mean(of table: FloatTable) -> [Double] {
        var sums = [Double](repeating: 0, count: table.width)
        mr_add_rows(table.values.baseAddress, table.count, table.width, &sums)
        return sums.map { $0 / Double(table.count) }
    }

    /// The whole symmetric matrix; each part of its rows is one thread's, over all rows of the table.
    private static func deviationProducts(
        _ table: FloatTable,
        mean: [Double],
        on threads: ParallelParts
    ) -> [Double] {
        let width = table.width
        let products = SharedNumbers<Double>(count: width * width)
        threads.run(width) { part in
            var scratch = [Double](repeating: 0, count: Int(MR_COMPONENT_ROWS) * width)
            mr_add_deviation_products(
                table.values.baseAddress,
                table.count,
                width,
                mean,
                part.lowerBound,
                part.upperBound,
                &scratch,
                products.values.baseAddress
            )
        }
        var matrix = Array(products.values)
        for row in 0..<width {
            for column in 0..<row { matrix[row * width + column] = matrix[column * width + row] }
        }
        return matrix
    }

    /// The rows of `table` in these directions, each multiplied by its weight.
    func project(_ table: FloatTable, weights: [Double], on threads: ParallelParts) -> FloatTable {
        let out = FloatTable(count: table.count, width: self.dimensions)
        threads.run(table.count) { part in
            var scratch = [Double](
                repeating: 0,
                count: Int(MR_COMPONENT_ROWS) * self.dimensions
            )
            weights[part].withUnsafeBufferPointer { weights in
                mr_project_rows(
                    table.row(part.lowerBound),
                    part.count,
                    self.width,
                    self.mean,
                    self.axes,
                    self.dimensions,
                    weights.baseAddress,
                    &scratch,
                    out.row(part.lowerBound)
                )
            }
        }
        return out
    }
}
