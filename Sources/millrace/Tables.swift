internal import Console
internal import Operations

/// Columns as wide as their widest cell; the last is left ragged.
func table(_ rows: [[String]]) -> String {
    let columnCount = rows.first?.count ?? 0
    let widths = (0..<columnCount).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
        row.enumerated().map { column, cell in
            column + 1 == columnCount ? cell : padded(cell, to: widths[column])
        }
        .joined(separator: "  ")
    }
    .joined(separator: "\n")
}

/// `2026-11-21 02:00`.
func dayAndMinute(_ milliseconds: Int64) -> String {
    String(universalTime(milliseconds).prefix(16))
}
