internal import CPoppler

/// The file's structure tree, or nil when it is not tagged.
func readStructure(_ document: PDFDocument) -> PDFStructure? {
    guard let read = document.door.read_structure,
        let tree = read(document.handle, maximumStructureNodes)
    else { return nil }
    defer { cpoppler_free_structure(tree) }
    var count = 0
    let elements = UnsafeBufferPointer(start: cpoppler_elements(tree, &count), count: count)
    let items = UnsafeBufferPointer(start: cpoppler_content_items(tree, &count), count: count)
    guard !elements.isEmpty, !items.isEmpty else { return nil }
    return PDFStructure(
        roles: elements.map { (role(UInt32($0.role)), $0.parent) },
        items: items.map { (Int($0.page), Int($0.marked_id), $0.element) }
    )
}

/// A book of a thousand pages has about this many.
private let maximumStructureNodes = 200_000

private func role(_ code: UInt32) -> PDFStructure.Role {
    switch code {
    case CPOPPLER_PARAGRAPH.rawValue: .paragraph
    case CPOPPLER_TABLE.rawValue: .table
    case CPOPPLER_TABLE_ROW.rawValue: .row
    case CPOPPLER_TABLE_CELL.rawValue: .cell
    case CPOPPLER_CODE.rawValue: .code
    case CPOPPLER_LIST.rawValue: .list
    case CPOPPLER_LIST_ITEM.rawValue: .listItem
    case CPOPPLER_CAPTION.rawValue: .caption
    case CPOPPLER_NOTE.rawValue: .note
    case CPOPPLER_FIGURE.rawValue: .figure
    case CPOPPLER_HEADING.rawValue: .heading(level: nil)
    case CPOPPLER_HEADING_1.rawValue...CPOPPLER_HEADING_1.rawValue + 5:
        .heading(level: UInt8(code - CPOPPLER_HEADING_1.rawValue + 1))
    default: .other
    }
}
