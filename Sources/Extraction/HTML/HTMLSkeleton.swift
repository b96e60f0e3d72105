/// A page cut down to what decides its content.
///
/// `markup` holds the tags that matter and nothing else: no attributes, and one ``textMark`` for a run
/// of text. libxml2 builds the tree from that; what the page's author wrote never reaches it. As it
/// reports start tags and text in the order they stand in, the n-th of them is the n-th of `starts`
/// and of `runs`.
struct HTMLSkeleton {
    var markup: [UInt8] = []
    var starts: [StartTag] = []
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
    static let lineBreak: UInt8 = 0x0B
    static let textMark: UInt8 = 0x78

    struct StartTag {
        /// As the markup names it.
        var tag: HTMLTag
        /// Index of the element's record; -1 where it has none.
        var record: Int32
    }

    struct TextRun {
        var start: Int32
        var end: Int32
        /// White space as written: the run stood in a preformatted element.
        var isVerbatim: Bool
    }

    struct ElementRecord {
        var tag: HTMLTag
        var signals: ElementSignals = []
        /// A link's target or a note's id: a range of the source's bytes, empty where absent.
        var href: SourceRange = .empty
        /// What a class or attribute names, likewise.
        var codeLanguage: SourceRange = .empty
        /// `start` of an ordered list, `colspan` of a cell; 0 where absent.
        var number: Int32 = 0
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
