/// What one pass over a page finds beside its tree: text, and what the nodes of the tree refer to.
struct ScannedPage {
    /// All text, references resolved and white space collapsed outside preformatted elements.
    ///
    /// Valid UTF-8; a ``lineBreak`` stands for a `br`.
    var text: [UInt8] = []
    var runs: [TextRun] = []
    var elements: [ElementRecord] = []
    var head = PageHead()
    /// Invisible code points that were dropped: tags, overrides, zero-width runs.
    var invisibleCount = 0
    /// Elements nested deeper than the limit; their text is kept, their structure is not.
    var flattenedCount = 0
    /// The ids that controls name as what they open.
    var controls: [SourceRange] = []
    /// Scripts that may write what the page shows.
    var scriptCount = 0
    /// Looked at where the page has style sheets.
    var hasScripts = false
    /// Bytes of text in blocks that the page's style sheets hide.
    var styledBytes = 0
    /// Buttons with words that were passed over.
    var controlCount = 0
    static let lineBreak: UInt8 = 0x0B

    struct TextRun {
        var start: Int32
        var end: Int32
        /// White space as written: the run stood in a preformatted element.
        var isVerbatim: Bool
        /// Commas in its first bytes; a sample is enough where the score of a block is capped.
        var commas: UInt16
    }

    /// What few elements have.
    struct ElementRecord {
        /// A link's target or a note's id: a range of the source's bytes, empty where absent.
        var href: SourceRange = .empty
        /// What a class or attribute names, likewise.
        var codeLanguage: SourceRange = .empty
        /// `start` of an ordered list, `colspan` of a cell; 0 where absent.
        var number: Int32 = 0
        /// `rowspan` of a cell; 0 where absent.
        var rowSpan: Int32 = 0
    }

    /// What the head and scattered attributes say about the page, as ranges of the source's bytes.
    struct PageHead {
        var title: SourceRange = .empty
        var language: SourceRange = .empty
        var canonical: SourceRange = .empty
        var license: SourceRange = .empty
        var firstTime: SourceRange = .empty
        var publishedTime: SourceRange = .empty
        var modifiedTime: SourceRange = .empty
        var metas: [Meta] = []
        var linkedData: [SourceRange] = []
        var bodySignals: ElementSignals = []
        /// The page's markup or generator says that it is a thread or a question with answers.
        var isDiscussion = false
        /// A program that writes documentation, or a text program, made the page.
        var isDocumentation = false
    }

    struct Meta {
        var key: SourceRange
        var content: SourceRange
    }
}

/// A range of the decoded source's bytes.
struct SourceRange {
    var start: Int32
    var end: Int32

    static let empty = SourceRange(start: 0, end: 0)

    var isEmpty: Bool { self.end <= self.start }
    var range: Range<Int> { Int(self.start)..<Int(max(self.start, self.end)) }
}
