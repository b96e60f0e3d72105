/// A structural part of a document's text.
///
/// - Units: `range` is in UTF-8 bytes of the text the block belongs to. Blocks are in reading order
///   and do not overlap; the text between two blocks is white space.
package struct Block: Hashable, Sendable {
    package enum Kind: UInt8, Sendable, CaseIterable {
        case paragraph = 0
        case heading = 1
        case list = 2
        case code = 3
        case table = 4
        case quote = 5
        case caption = 6
        case footnote = 7
        case definitions = 8
        /// A line that runs along the pages' edges; no chunk holds any of it.
        case header = 9
        case footer = 10
        /// What a mail's writer ends every mail with.
        case signature = 11
        /// A line of a table of contents, which repeats headings; no chunk holds any of it.
        case contents = 12

        /// The name used in JSON output.
        package var name: String {
            switch self {
            case .paragraph: "paragraph"
            case .heading: "heading"
            case .list: "list"
            case .code: "code"
            case .table: "table"
            case .quote: "quote"
            case .caption: "caption"
            case .footnote: "footnote"
            case .definitions: "definitions"
            case .header: "header"
            case .footer: "footer"
            case .signature: "signature"
            case .contents: "contents"
            }
        }
    }

    /// Whether it is printed beside the text and says what the text says, so that chunks leave it out.
    package var isAside: Bool {
        switch self.kind {
        case .header, .footer, .contents: true
        default: false
        }
    }

    /// What a block's text was read from.
    package enum Origin: UInt8, Sendable, CaseIterable {
        case text = 0
        /// A picture of it, by OCR: here, or by the program that made the file.
        case ocr = 1

        /// The name used in JSON output.
        package var name: String {
            switch self {
            case .text: "text"
            case .ocr: "ocr"
            }
        }
    }

    package var kind: Kind
    /// 1 to 6 for headings, otherwise 0.
    package var level: UInt8
    /// 1-based page number, 0 where the format has no pages.
    package var page: Int32
    package var range: Range<Int>
    /// Where its first part is printed; nil where the format has no pages.
    package var place: PagePlace?
    package var origin: Origin

    package init(
        kind: Kind,
        level: UInt8 = 0,
        page: Int32 = 0,
        range: Range<Int>,
        place: PagePlace? = nil,
        origin: Origin = .text
    ) {
        self.kind = kind
        self.level = level
        self.page = page
        self.range = range
        self.place = place
        self.origin = origin
    }
}
