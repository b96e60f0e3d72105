internal import Bytes

/// A sheet of an OpenDocument spreadsheet while it is read: cells and rows may stand for many.
struct SpreadsheetTable {
    let name: String
    private(set) var cells = SheetCells()

    private var row: Int32 = 0
    private var rowRepeat = 1
    private var column: Int32 = 0
    private var repeated = 1
    private var isNumber = false
    private var isCovered = false
    private var text: [UInt8] = []
    /// Where the cells of the row begin.
    private var rowStart = 0

    private static let columnLimit: Int32 = 16_384
    private static let rowLimit: Int32 = 1_048_576

    init(name: String) { self.name = name }

    mutating func beginRow(repeated: Int) {
        self.row += 1
        self.column = 0
        self.rowRepeat = max(1, min(repeated, Int(Self.rowLimit)))
        self.rowStart = self.cells.cells.count
    }

    mutating func beginCell(repeated: Int, isNumber: Bool, isCovered: Bool) {
        self.repeated = max(1, min(repeated, Int(Self.columnLimit)))
        self.isNumber = isNumber
        self.isCovered = isCovered
        self.text.removeAll(keepingCapacity: true)
    }

    /// A paragraph of the open cell.
    mutating func append(_ paragraph: [UInt8]) {
        if !self.text.isEmpty { self.text.append(.space) }
        self.text += paragraph
    }

    mutating func endCell() {
        let first = self.column + 1
        self.column = min(self.column + Int32(self.repeated), Self.columnLimit)
        let text = trimmedBytes(self.text)
        guard !text.isEmpty, !self.isCovered, first <= self.column else { return }
        for column in first...self.column {
            guard self.cells.append(text, row: self.row, column: column, isNumber: self.isNumber)
            else {
                return
            }
        }
    }

    /// Rows alike are written as often as they stand.
    mutating func endRow() {
        let cells = self.cells.cells[self.rowStart...]
        let last = min(Self.rowLimit, self.row + Int32(self.rowRepeat) - 1)
        if !cells.isEmpty, last > self.row {
            for row in (self.row + 1)...last where !self.cells.isOverLimit {
                for cell in cells { self.cells.repeatCell(cell, row: row) }
            }
        }
        self.row = last
        self.rowStart = self.cells.cells.count
    }
}
