internal import Bytes
internal import Records

/// What `workbook.xml` says: its sheets in order, and from where days are counted.
final class WorkbookReader: XMLEvents {
    struct Sheet {
        var name: String
        var relationship: String
        var isHidden: Bool
    }

    /// Sheets of one workbook.
    private static let sheetLimit = 4_096

    private(set) var sheets: [Sheet] = []
    private(set) var epoch1904 = false

    func start(_ element: XMLElement) {
        guard element.name.vocabulary == .spreadsheet else { return }
        switch element.name.local {
        case "workbookPr": self.epoch1904 = ["1", "true"].contains(element["date1904"] ?? "")
        case "sheet":
            guard let relationship = element["id"], self.sheets.count < Self.sheetLimit else {
                return
            }
            let state = element["state"] ?? "visible"
            self.sheets.append(
                Sheet(
                    name: element["name"] ?? "",
                    relationship: relationship,
                    isHidden: state != "visible"
                )
            )
        default: break
        }
    }

    func end(_ name: XMLName) {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

/// The texts that cells refer to by number.
final class SharedStringReader: XMLEvents {
    /// A cell holds 32,767 characters at most.
    static let byteLimit = 4 * 32_767

    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int] = []
    private var isText = false
    private var phoneticDepth = 0
    private var raised = RaisedText()

    subscript(index: Int) -> ArraySlice<UInt8>? {
        guard self.ends.indices.contains(index) else { return nil }
        return self.bytes[(index == 0 ? 0 : self.ends[index - 1])..<self.ends[index]]
    }

    func start(_ element: XMLElement) {
        switch element.name.local {
        case "t": self.isText = self.phoneticDepth == 0
        // How a Japanese reader would say it.
        case "rPh": self.phoneticDepth += 1
        case "vertAlign": self.raised.raise = WordRaise(element["val"])
        default: break
        }
    }

    func end(_ name: XMLName) {
        switch name.local {
        case "t": self.isText = false
        case "rPh": self.phoneticDepth -= 1
        case "r":
            let before = Array(self.bytes[(self.ends.last ?? 0)...].suffix(2))
            self.bytes += self.raised.written(after: before)
            self.raised = RaisedText()
        case "si": self.ends.append(self.bytes.count)
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.isText, self.bytes.count - (self.ends.last ?? 0) < Self.byteLimit else { return }
        if self.raised.raise == .none {
            self.bytes.append(contentsOf: bytes)
        } else if self.raised.text.count < Self.byteLimit {
            self.raised.text.append(contentsOf: bytes)
        }
    }
}

/// The number format of each cell style.
final class CellStyleReader: XMLEvents {
    private var codes: [Int: String] = [:]
    private var formatIDs: [Int] = []
    private var isInCellStyles = false
    private var formats: [Int: NumberFormat] = [:]

    func start(_ element: XMLElement) {
        switch element.name.local {
        case "numFmt":
            if let id = element["numFmtId"].flatMap({ Int($0) }), self.codes.count < 10_000 {
                self.codes[id] = element["formatCode"]
            }
        case "cellXfs": self.isInCellStyles = true
        case "xf" where self.isInCellStyles && self.formatIDs.count < 100_000:
            self.formatIDs.append(element["numFmtId"].flatMap { Int($0) } ?? 0)
        default: break
        }
    }

    func end(_ name: XMLName) {
        if name.local == "cellXfs" { self.isInCellStyles = false }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

    /// Nil for a style that shows numbers as they are.
    func format(ofStyle style: Int) -> NumberFormat? {
        guard self.formatIDs.indices.contains(style), self.formatIDs[style] != 0 else { return nil }
        let id = self.formatIDs[style]
        if let known = self.formats[id] { return known }
        let format = NumberFormat(self.codes[id] ?? NumberFormat.builtIn(id))
        self.formats[id] = format
        return format
    }
}
