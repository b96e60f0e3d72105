/// The cells of a table in rows and columns: one that spans others stands once, at their upper left;
/// the rest of them stay empty, so that every cell keeps its column.
///
/// - Source: WHATWG HTML §4.9.12, forming a table, as far as it places cells.
struct TableGrid {
    /// A cell that spans beyond this column is an error, or an attack on the sum of all cells.
    static let columnLimit = 64

    private var rows: [[[UInt8]]] = []
    /// For each column, in how many rows from the current one on a cell from above stands.
    private var covered: [Int] = []

    mutating func beginRow() {
        if !self.rows.isEmpty {
            for column in self.covered.indices where self.covered[column] > 0 {
                self.covered[column] -= 1
            }
        }
        self.rows.append([])
    }

    /// Adds a cell to the current row.
    ///
    /// - Complexity: O(columns).
    mutating func add(_ text: [UInt8], columns: Int, rows: Int) {
        if self.rows.isEmpty { self.beginRow() }
        let last = self.rows.count - 1
        while self.rows[last].count < self.covered.count, self.covered[self.rows[last].count] > 0 {
            self.rows[last].append([])
        }
        let start = self.rows[last].count
        let width = max(1, min(columns, Self.columnLimit - start))
        self.rows[last].append(text)
        self.rows[last].append(contentsOf: repeatElement([], count: width - 1))
        guard rows > 1, start + width <= Self.columnLimit else { return }
        let missing = start + width - self.covered.count
        if missing > 0 { self.covered.append(contentsOf: repeatElement(0, count: missing)) }
        for column in start..<(start + width) { self.covered[column] = rows }
    }

    /// The rows that have text.
    var filledRows: [[[UInt8]]] {
        self.rows.filter { row in row.contains { !$0.isEmpty } }
    }
}

/// Whether a table holds data, rather than laying out the page.
///
/// Several signs speak for data: heads, a caption, rows of equal length with short cells. A page laid
/// out by a table has one cell with most of the text, long paragraphs, or headings of its own.
func isDataTable(
    _ index: Int,
    in arena: HTMLArena,
    _ statistics: [NodeStatistics]
) -> Bool {
    let node = arena.nodes[index]
    guard !node.signals.contains(.presentation) else { return false }
    let shape = TableShape(index, in: arena, statistics)
    guard shape.widest >= 2, shape.rows >= 2 || shape.heads > 0 else { return false }
    let total = max(1, statistics[index].textBytes)
    let isLopsided = shape.longest > 1_000 && Int64(shape.longest) * 2 > Int64(total)
    if shape.hasMainHeading { return false }
    if shape.heads > 0 || shape.hasCaption { return !isLopsided || shape.rows >= 3 }
    // Without heads: as many cells in most rows, and most of them short.
    let isRegular = shape.rows <= 2 || shape.regularRows * 5 >= shape.rows * 3
    let isShort = shape.longCells * 5 <= shape.cells
    if isLopsided {
        return shape.rows >= 3 && shape.regularRows == shape.rows && shape.longCells == 1
            && shape.cells == shape.rows * shape.widest
    }
    if shape.hasTable || shape.hasHeading { return isRegular && isShort && shape.rows >= 3 }
    return isShort || (isRegular && shape.rows >= 3 && shape.longest < 2_000)
}

/// What a table's rows and cells look like.
private struct TableShape {
    var rows = 0
    var widest = 0
    var cells = 0
    /// Cells above 300 bytes: prose.
    var longCells = 0
    var longest: Int32 = 0
    var heads = 0
    var hasCaption = false
    var hasHeading = false
    var hasMainHeading = false
    var hasTable = false
    /// Rows as wide as the widest.
    var regularRows = 0

    init(_ index: Int, in arena: HTMLArena, _ statistics: [NodeStatistics]) {
        var widths: [Int] = []
        var cursor = index + 1
        while cursor < Int(arena.nodes[index].end) {
            let inner = arena.nodes[cursor]
            if inner.isDropped {
                cursor = Int(inner.end)
                continue
            }
            switch inner.tag {
            case .tr:
                widths.append(0)
            case .caption:
                self.hasCaption = true
            case .td, .th:
                if widths.isEmpty { widths.append(0) }
                widths[widths.count - 1] += 1
                self.note(inner, statistics[cursor])
                self.noteHeadings(cursor, in: arena)
                cursor = Int(inner.end)
                continue
            default:
                break
            }
            cursor += 1
        }
        self.rows = widths.count { $0 > 0 }
        self.widest = widths.max() ?? 0
        self.regularRows = widths.count { $0 == self.widest }
    }

    private mutating func note(_ cell: HTMLNode, _ own: NodeStatistics) {
        if own.textBytes > 0 { self.cells += 1 }
        if own.textBytes > 300 { self.longCells += 1 }
        self.longest = max(self.longest, own.textBytes)
        if cell.tag == .th, own.textBytes > 0 { self.heads += 1 }
        if own.holds.contains(.table) { self.hasTable = true }
        if own.holds.contains(.heading) { self.hasHeading = true }
    }

    private mutating func noteHeadings(_ cell: Int, in arena: HTMLArena) {
        guard self.hasHeading, !self.hasMainHeading else { return }
        self.hasMainHeading = (cell..<Int(arena.nodes[cell].end)).contains {
            arena.nodes[$0].tag == .h1 && !arena.nodes[$0].isDropped
        }
    }
}
