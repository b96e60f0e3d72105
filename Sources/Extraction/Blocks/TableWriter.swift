internal import Bytes

/// Writes a table as Markdown and as plain text, cell by cell; the first row is its head.
///
/// A cell stands on one line: its line ends and tabs become blanks.
struct TableWriter {
    private(set) var markdown: [UInt8] = []
    private(set) var text: [UInt8] = []
    private let columns: Int
    private var column = 0
    private var isFirstRow = true

    /// A row wider than this is not filled up: that would cost the product of rows and columns.
    static let paddedColumnLimit = 256

    /// - Parameter columns: of the widest row.
    init(columns: Int) { self.columns = columns }

    /// A table whose rows are known.
    init(rows: [[[UInt8]]]) {
        self.init(columns: rows.map(\.count).max() ?? 0)
        for row in rows {
            for cell in row { cell.withUnsafeBufferPointer { self.add($0) } }
            self.endRow()
        }
    }

    var isEmpty: Bool { self.text.allSatisfy { $0 == .tab || $0 == .lineFeed } }

    /// Writes a head without names, for a table that has none.
    mutating func addEmptyHead() {
        for _ in 0..<self.columns { self.markdown.append(contentsOf: "|  ".utf8) }
        self.markdown.append(.verticalBar)
        self.writeRule()
        self.isFirstRow = false
    }

    mutating func add(_ cell: UnsafeBufferPointer<UInt8>) {
        if self.column == 0, !self.markdown.isEmpty {
            self.markdown.append(.lineFeed)
            if !self.text.isEmpty { self.text.append(.lineFeed) }
        }
        if self.column > 0 { self.text.append(.tab) }
        self.column += 1
        self.markdown.append(.verticalBar)
        self.markdown.append(.space)
        if cell.contains(where: { $0 < .space || $0 == .verticalBar }) {
            self.addEscaped(cell)
        } else {
            self.markdown.append(contentsOf: cell)
            self.text.append(contentsOf: cell)
        }
        self.markdown.append(.space)
    }

    private mutating func addEscaped(_ cell: UnsafeBufferPointer<UInt8>) {
        var isBlank = false
        for byte in cell {
            guard byte >= .space else {
                if !isBlank {
                    self.markdown.append(.space)
                    self.text.append(.space)
                }
                isBlank = true
                continue
            }
            isBlank = byte == .space
            if byte == .verticalBar { self.markdown.append(.backslash) }
            self.markdown.append(byte)
            self.text.append(byte)
        }
    }

    mutating func endRow() {
        guard self.column > 0 else { return }
        if self.columns <= Self.paddedColumnLimit {
            for _ in min(self.column, self.columns)..<self.columns {
                self.markdown.append(contentsOf: [.verticalBar, .space, .space])
            }
        }
        self.markdown.append(.verticalBar)
        while self.text.last == .tab { self.text.removeLast() }
        if self.isFirstRow { self.writeRule() }
        self.isFirstRow = false
        self.column = 0
    }

    private mutating func writeRule() {
        self.markdown.append(contentsOf: [.lineFeed, .verticalBar])
        for _ in 0..<self.columns { self.markdown.append(contentsOf: " --- |".utf8) }
    }
}
