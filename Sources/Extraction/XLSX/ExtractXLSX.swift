internal import Bytes
package import Formats
internal import Records

/// Extracts an Excel workbook: a sheet is a section with its tables, cited by its name.
///
/// - Output: valid UTF-8 in NFC. Cells say what they show: numbers and dates by their formats,
///   formulas by their last results; the texts of boxes and the charts stand behind them. Hidden sheets are left out, unless they are kept, and counted
///   as `hidden_sheets`; hidden rows and columns stay, and are counted as `hidden_rows_kept`.
/// - Throws: `.encrypted`, `.empty`, `.corrupt` for damaged zip or XML, `.limitExceeded` for bombs,
///   `.tooLarge` for a part over its limit.
/// - Complexity: O(n) in the bytes of the parts that are read.
/// - Source: ECMA-376 part 1, chapter 18.
package func extractXLSX(
    _ bytes: [UInt8],
    keepsHidden: Bool = false
) throws(ExtractionError) -> ExtractedContent {
    var package = try OfficePackage(bytes)
    guard let main = try package.mainPart(default: "xl/workbook.xml") else {
        throw ExtractionError(.corrupt, "the zip file holds no workbook")
    }
    let workbook = WorkbookReader()
    try readXML(main.bytes, into: workbook)
    let parts = try package.relationships(of: main.name)
    let strings = SharedStringReader()
    if let part = try package.part("sharedStrings", of: parts) { try readXML(part, into: strings) }
    let styles = CellStyleReader()
    if let part = try package.part("styles", of: parts) { try readXML(part, into: styles) }

    let names = Dictionary(parts.targets("worksheet").map { ($0.id, $0.name) }) { first, _ in first
    }
    var writer = BlockWriter()
    try package.addCoreProperties(to: &writer)
    for (index, sheet) in workbook.sheets.enumerated() {
        // What else is called a sheet is a chart or a dialogue.
        guard let name = names[sheet.relationship] else { continue }
        if sheet.isHidden {
            writer.warn("hidden_sheets")
            guard keepsHidden else { continue }
        }
        guard let part = try package.read(name) else { continue }
        let reader = SheetReader(strings, styles, epoch1904: workbook.epoch1904)
        try readXML(part, into: reader)
        guard !reader.cells.isOverLimit else {
            throw ExtractionError(.limitExceeded, "a sheet holds more cells than a document")
        }
        let drawings = try SheetDrawings(of: name, in: &package)
        guard !reader.cells.cells.isEmpty || !drawings.isEmpty else { continue }
        writer.beginPage(index + 1, label: sheet.name)
        writer.heading(Array(sheet.name.utf8), level: 1)
        SheetWriter(reader.cells).write(to: &writer)
        drawings.write(to: &writer)
        writer.warn("hidden_rows_kept", count: reader.cells.hiddenCount)
    }
    writer.warn("comments_left_out", count: try package.commentCount(of: Array(names.values)))
    return try writer.finished("the workbook's sheets are empty")
}

extension XLSXOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractXLSX(bytes, keepsHidden: self.hidden == .keep)
    }
}
