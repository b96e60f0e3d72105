/// The structure tree of a tagged file: what its author says each piece of text is.
///
/// - Source: ISO 32000-1, 14.7 and 14.8.
struct PDFStructure: Sendable {
    enum Role: Equatable, Sendable {
        case other, paragraph, table, row, cell, code, list, listItem, caption, note, figure
        /// nil where the file does not tell the level.
        case heading(level: UInt8?)
    }

    struct Element: Sendable {
        var role: Role
        /// Index of the parent, which is smaller; -1 at the root.
        var parent: Int32
        /// The block it is part of: a paragraph or heading, or else the code, item or cell; or -1.
        var block: Int32 = -1
        /// The enclosing table, row and cell; or -1.
        var table: Int32 = -1
        var row: Int32 = -1
        var cell: Int32 = -1
    }

    private(set) var elements: [Element] = []
    /// Element by marked content number, by page.
    private var itemsByPage: [[Int32]] = []

    /// What a word's element is when it is in none, or in what the page repeats.
    static let none: Int32 = -1
    static let artifact: Int32 = -2

    /// - Parameter items: page and number of marked content, and its element.
    init(
        roles: [(role: Role, parent: Int32)],
        items: [(page: Int, number: Int, element: Int32)]
    ) {
        self.elements.reserveCapacity(roles.count)
        for (role, parent) in roles {
            let index = Int32(self.elements.count)
            var element = Element(role: role, parent: parent)
            if parent >= 0, parent < index {
                let outer = self.elements[Int(parent)]
                element.block = outer.block
                element.table = outer.table
                element.row = outer.row
                element.cell = outer.cell
            }
            element.take(role, at: index, isInText: self.isText(element.block))
            self.elements.append(element)
        }
        for item in items where item.number < Self.maximumNumber && item.page >= 0 {
            guard item.element >= 0, Int(item.element) < self.elements.count else { continue }
            while self.itemsByPage.count <= item.page { self.itemsByPage.append([]) }
            let missing = item.number + 1 - self.itemsByPage[item.page].count
            if missing > 0 {
                self.itemsByPage[item.page]
                    .append(contentsOf: repeatElement(Self.none, count: missing))
            }
            self.itemsByPage[item.page][item.number] = item.element
        }
    }

    private static let maximumNumber = 100_000

    /// The element of marked content, by position of the page in the file.
    func element(page: Int, number: Int32) -> Int32 {
        if number < 0 { return number }
        guard page < self.itemsByPage.count, Int(number) < self.itemsByPage[page].count else {
            return Self.none
        }
        return self.itemsByPage[page][Int(number)]
    }

    subscript(element: Int32) -> Element? {
        element >= 0 && Int(element) < self.elements.count ? self.elements[Int(element)] : nil
    }

    func role(_ element: Int32) -> Role? { self[element]?.role }

    private func isText(_ block: Int32) -> Bool {
        switch self.role(block) {
        case .paragraph, .heading, .caption, .note: true
        default: false
        }
    }
}

extension PDFStructure.Element {
    fileprivate mutating func take(_ role: PDFStructure.Role, at index: Int32, isInText: Bool) {
        switch role {
        case .paragraph, .heading, .caption, .note: self.block = index
        case .code where !isInText, .listItem where !isInText: self.block = index
        case .table:
            self.table = index
            self.row = -1
            self.cell = -1
        case .row: self.row = index
        case .cell:
            self.cell = index
            self.block = index
        default: break
        }
    }
}
