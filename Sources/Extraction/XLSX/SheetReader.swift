internal import Bytes
internal import Records

/// The cells of a sheet that show something, row by row.
struct SheetCells {
    struct Cell {
        var row: Int32
        var column: Int32
        var range: Range<Int>
        var isNumber: Bool
    }

    private(set) var text: [UInt8] = []
    private(set) var cells: [Cell] = []
    /// Rows and columns that are not shown.
    var hiddenCount = 0
    /// The sheet holds more than a document does.
    private(set) var isOverLimit = false

    /// Cells of one sheet, and bytes of their text.
    private static let cellLimit = 4 << 20
    private static let byteLimit = 64 << 20

    /// Adds a cell that shows something.
    ///
    /// - Returns: false where the sheet is full.
    @discardableResult
    mutating func append(_ text: [UInt8], row: Int32, column: Int32, isNumber: Bool) -> Bool {
        guard !text.isEmpty, !self.isOverLimit else { return !self.isOverLimit }
        let start = self.text.count
        self.text += text
        self.add(Cell(row: row, column: column, range: start..<self.text.count, isNumber: isNumber))
        return !self.isOverLimit
    }

    /// Adds a cell that says what another does.
    mutating func repeatCell(_ cell: Cell, row: Int32) {
        var copy = cell
        copy.row = row
        self.add(copy)
    }

    private mutating func add(_ cell: Cell) {
        self.shownByteCount += cell.range.count
        self.cells.append(cell)
        self.isOverLimit =
            self.shownByteCount > Self.byteLimit || self.cells.count > Self.cellLimit
    }

    private var shownByteCount = 0
}

/// Reads a sheet's cells as they are shown.
///
/// - Source: ECMA-376 part 1, §18.3.
final class SheetReader: XMLEvents {
    private let strings: SharedStringReader
    private let styles: CellStyleReader
    private let epoch1904: Bool
    private(set) var cells = SheetCells()

    private var row: Int32 = 0
    private var column: Int32 = 0
    private var type = ""
    private var style = 0
    private var value: [UInt8] = []
    private var takesText = false
    private var phoneticDepth = 0

    init(_ strings: SharedStringReader, _ styles: CellStyleReader, epoch1904: Bool) {
        self.strings = strings
        self.styles = styles
        self.epoch1904 = epoch1904
    }

    func start(_ element: XMLElement) {
        guard element.name.vocabulary == .spreadsheet else { return }
        switch element.name.local {
        case "row":
            self.row = element["r"].flatMap { Int32($0) } ?? self.row + 1
            self.column = 0
            if element["hidden"] == "1" || element["hidden"] == "true" {
                self.cells.hiddenCount += 1
            }
        case "c": self.open(element)
        case "v": self.takesText = true
        case "t": self.takesText = self.phoneticDepth == 0
        case "rPh": self.phoneticDepth += 1
        case "col":
            if element["hidden"] == "1" || element["hidden"] == "true" {
                self.cells.hiddenCount += 1
            }
        default: break
        }
    }

    func end(_ name: XMLName) {
        guard name.vocabulary == .spreadsheet else { return }
        switch name.local {
        case "v", "t": self.takesText = false
        case "rPh": self.phoneticDepth -= 1
        case "c": self.close()
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.takesText, self.value.count < SharedStringReader.byteLimit else { return }
        self.value.append(contentsOf: bytes)
    }

    private func open(_ element: XMLElement) {
        self.column += 1
        if let reference = element["r"], let place = cellPlace(reference) {
            self.column = place.column
            self.row = place.row
        }
        self.type = element["t"] ?? "n"
        self.style = element["s"].flatMap { Int($0) } ?? 0
        self.value.removeAll(keepingCapacity: true)
    }

    private func close() {
        guard !self.value.isEmpty else { return }
        let shown: [UInt8]
        var isNumber = false
        switch self.type {
        case "s":
            let index = Int(String(decoding: self.value, as: UTF8.self)) ?? -1
            shown = self.strings[index].map { self.styled(Array($0)) } ?? []
        case "str", "inlineStr": shown = self.styled(self.value)
        case "b": shown = Array((self.value == [0x31] ? "TRUE" : "FALSE").utf8)
        case "e": shown = self.value
        case "d": shown = self.value.map { $0 == UInt8(ascii: "T") ? .space : $0 }
        default:
            isNumber = true
            shown = self.number()
        }
        self.cells.append(
            trimmedBytes(shown),
            row: self.row,
            column: self.column,
            isNumber: isNumber
        )
    }

    private func styled(_ text: [UInt8]) -> [UInt8] {
        let plain = withoutCharacterEscapes(text)
        return self.style == 0
            ? plain : self.styles.format(ofStyle: self.style)?.printed(plain) ?? plain
    }

    private func number() -> [UInt8] {
        let text = trimmedBytes(self.value)
        guard let value = Double(String(decoding: text, as: UTF8.self)) else { return text }
        guard let format = self.styles.format(ofStyle: self.style) else {
            // What is short is written as it is shown.
            return text.count <= 15 && !text.contains(UInt8(ascii: "E"))
                ? text : generalNumber(value)
        }
        return format.printed(value, epoch1904: self.epoch1904)
    }
}

/// Row and column of `BC12`, from 1; nil for what is no place in a sheet.
private func cellPlace(_ reference: String) -> (row: Int32, column: Int32)? {
    var column: Int32 = 0
    var row: Int32 = 0
    for byte in reference.utf8 {
        if byte.isASCIILetter, row == 0 {
            column = column * 26 + Int32((byte | 0x20) - 0x60)
            guard column <= 16_384 else { return nil }
        } else if byte.isASCIIDigit {
            row = row * 10 + Int32(byte - 0x30)
            guard row <= 1_048_576 else { return nil }
        } else {
            return nil
        }
    }
    return row > 0 && column > 0 ? (row, column) : nil
}

/// `_x000D_` and the like as the characters they stand for.
///
/// - Source: ECMA-376 part 1, §22.9.2.19, `ST_Xstring`.
private func withoutCharacterEscapes(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(.underscore) else { return text }
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
        if text[index] == .underscore, index + 6 < text.count, text[index + 1] == 0x78,
            text[index + 6] == .underscore
        {
            let digits = text[(index + 2)..<(index + 6)].compactMap(\.asciiHexadecimalValue)
            let value = digits.reduce(0) { $0 << 4 | $1 }
            if digits.count == 4, value < 0xD800 || value > 0xDFFF {
                appendScalar(UInt32(value == 0x0D || value == 0 ? 0x20 : value), to: &output)
                index += 7
                continue
            }
        }
        output.append(text[index])
        index += 1
    }
    return output
}
