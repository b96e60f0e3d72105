/// A document's content before it is written.
enum WordBlock {
    case paragraph(WordParagraph)
    case table(WordTable)

    var hasText: Bool {
        switch self {
        case .paragraph(let paragraph): !paragraph.isEmpty
        case .table(let table):
            table.rows.contains { $0.contains { $0.contains(where: \.hasText) } }
        }
    }
}

struct WordParagraph {
    var line = WordLine()
    var role = WordRole.body
    /// Set for an item of a list.
    var item: WordItem?

    var isEmpty: Bool { self.line.text.isEmpty }
}

struct WordItem {
    var level: Int
    /// What is printed before it.
    var mark: WordMark

    var isNumbered: Bool { self.mark.number != nil }
}

/// A line's text, with and without the marks of notes and links.
struct WordLine {
    var markdown: [UInt8] = []
    var text: [UInt8] = []
    /// Numbers of the notes it refers to.
    var notes: [Int] = []

    mutating func append(_ bytes: some Collection<UInt8>) {
        self.markdown.append(contentsOf: bytes)
        self.text.append(contentsOf: bytes)
    }

    mutating func append(_ other: WordLine) {
        self.markdown.append(contentsOf: other.markdown)
        self.text.append(contentsOf: other.text)
        self.notes.append(contentsOf: other.notes)
    }
}

/// Rows of cells; a cell merged into the one before or above it is empty.
struct WordTable {
    var rows: [[[WordBlock]]] = []
}
