/// Builds the arena from start tags, end tags and runs of text in the order they are read.
///
/// Blocks come properly nested; links and spans may begin in one element and end in another. What that
/// means, and what an element cannot stand in, is decided as the HTML parser of libxml2 decides it: of
/// all ways to repair a page the one with known results, and the one tests can hold this to. It is
/// not followed where it takes apart what every browser leaves together: lists of two kinds, and code
/// directly in a list.
///
/// - Complexity: O(d) a tag, where d is how many elements are open.
struct HTMLTreeBuilder {
    private var arena = HTMLArena()
    /// Elements that are open, outermost first; the body is not among them.
    private var open: [OpenElement] = []

    private struct OpenElement {
        var tag: HTMLTag
        var node: Int32
    }

    /// - Parameter capacity: about how many nodes there will be.
    init(capacity: Int) {
        self.arena.nodes.reserveCapacity(capacity)
        self.append(.body, [], record: -1)
    }

    /// - Parameters:
    ///   - tag: what decides the nesting; every box is a `div`.
    ///   - element: what the node is.
    ///   - record: index of the element's record, or -1.
    mutating func start(
        _ tag: HTMLTag,
        as element: HTMLTag,
        _ signals: ElementSignals,
        record: Int32
    ) {
        while let last = self.open.last, tag.ends(last.tag) { self.closeLast() }
        let node = Int32(self.arena.nodes.count)
        self.append(element, signals, record: record)
        self.open.append(OpenElement(tag: tag, node: node))
    }

    /// Closes the innermost element of this tag with all inside it, where there is one in reach.
    mutating func end(_ tag: HTMLTag) {
        var index = self.open.count - 1
        while index >= 0, self.open[index].tag != tag {
            guard self.open[index].tag.closingRank <= tag.closingRank else { return }
            index -= 1
        }
        guard index >= 0 else { return }
        while self.open.count > index { self.closeLast() }
    }

    mutating func text(run: Int) {
        self.append(.text, [], record: Int32(run))
        self.arena.nodes[self.arena.nodes.count - 1].end = Int32(self.arena.nodes.count)
    }

    /// The whole tree.
    mutating func finish(bodySignals: ElementSignals) -> HTMLArena {
        while !self.open.isEmpty { self.closeLast() }
        self.arena.nodes[0].end = Int32(self.arena.nodes.count)
        self.arena.nodes[0].signals = bodySignals
        return self.arena
    }

    private mutating func append(_ tag: HTMLTag, _ signals: ElementSignals, record: Int32) {
        let parent = self.open.last?.node ?? (self.arena.nodes.isEmpty ? -1 : 0)
        self.arena.nodes.append(
            HTMLNode(tag: tag, signals: signals, parent: parent, end: 0, record: record)
        )
    }

    private mutating func closeLast() {
        guard let last = self.open.popLast() else { return }
        self.arena.nodes[Int(last.node)].end = Int32(self.arena.nodes.count)
    }
}

extension HTMLTag {
    /// Whether the start of an element ends the innermost open one, `other`.
    ///
    /// - Source: `htmlStartClose` of libxml2 2.9.14 for the tags that nest, without its rules for an
    ///   `ol` or `pre` in a `ul`, and a `ul` in an `ol`.
    fileprivate func ends(_ other: HTMLTag) -> Bool {
        switch other {
        case .p: self != .a && self != .span && self != .thead
        case .h1, .h2, .h3, .h4, .h5, .h6: self == .p || self == .li || self == .table
        case .li: self == .li
        case .dl: self == .li
        case .dt: self == .dl || self == .dd
        case .dd: self == .dt
        case .pre: self.isListPart || self == .table
        case .caption: self.isRowGroup || self == .tr
        case .thead, .tbody: self == .tbody || self == .tfoot
        case .tfoot: self == .tbody
        case .tr: self == .tbody || self == .tfoot || self == .tr
        case .td, .th: self == .tbody || self == .tfoot || self == .tr || self.isCell
        case .a: self == .table || self.isCell || self == .a
        case .span: self.isCell
        default: false
        }
    }

    private var isCell: Bool { self == .td || self == .th }
    private var isRowGroup: Bool { self == .thead || self == .tbody || self == .tfoot }
    private var isListPart: Bool {
        self == .ul || self == .li || self == .dl || self == .dt || self == .dd
    }

    /// An end tag does not reach past an open element of higher rank than its own.
    ///
    /// - Source: `htmlEndPriority` of libxml2 2.9.14.
    fileprivate var closingRank: UInt8 {
        switch self {
        case .div: 1
        case .td, .th: 2
        case .tr: 3
        case .thead, .tbody, .tfoot: 4
        case .table: 5
        default: 0
        }
    }
}
