internal import Bytes

/// Opening and closing: blocks are always properly nested.
extension HTMLPrescan {
    /// Deeper elements are flattened: the cost of walks grows with depth.
    private static var depthLimit: Int { 200 }
    /// How far up an end tag is matched; beyond that the page is nonsense.
    private static var searchLimit: Int { 512 }

    // MARK: Blocks

    mutating func openBlock(_ tag: HTMLTag, nameRange: SourceRange) {
        if self.open.last?.tag == .p { self.pop() }
        guard self.makeRoom(for: tag) else { return }
        var signals = self.classify(tag, nameRange: tag == .custom ? nameRange : .empty)
        if self.isNote(tag) { signals.insert(.note) }
        self.push(tag, signals, record: self.record(tag, signals))
    }

    /// Closes what the element cannot stand in; false where it has no place at all.
    private mutating func makeRoom(for tag: HTMLTag) -> Bool {
        switch tag {
        case .li:
            self.closeOpen(.li, within: \.isItemScope)
        case .dt, .dd:
            self.closeOpen(.dt, within: \.isItemScope)
            self.closeOpen(.dd, within: \.isItemScope)
        case .td, .th:
            guard self.openTables > 0 else { return false }
            self.popTo { $0 == .tr || $0 == .table }
            if self.open.last?.tag == .table { self.push(.tr, [], record: -1) }
        case .tr:
            guard self.openTables > 0 else { return false }
            self.popTo { $0 == .thead || $0 == .tbody || $0 == .tfoot || $0 == .table }
        case .thead, .tbody, .tfoot, .caption:
            guard self.openTables > 0 else { return false }
            self.popTo { $0 == .table }
        default:
            if tag.isHeading, self.open.last?.tag.isHeading == true { self.pop() }
        }
        return true
    }

    mutating func closeBlock(_ tag: HTMLTag) {
        switch tag {
        case .p:
            if self.open.last?.tag == .p { self.pop() }
        case .li, .dt, .dd:
            self.closeOpen(tag, within: \.isListEdge)
        case .td, .th, .tr, .thead, .tbody, .tfoot, .caption:
            guard self.openTables > 0 else { return }
            self.closeOpen(tag) { $0 != .table }
        case .h1, .h2, .h3, .h4, .h5, .h6:
            // Any heading's end tag ends the open heading.
            if let index = self.lastOpen(where: \.isHeading, within: \.isInsideCell) {
                self.pop(through: index)
            }
        case .table:
            guard self.openTables > 0 else { return }
            self.closeOpen(tag) { _ in true }
        default:
            self.closeOpen(tag, within: \.isInsideCell)
        }
    }

    private mutating func closeOpen(_ tag: HTMLTag, within isInScope: (HTMLTag) -> Bool) {
        if let index = self.lastOpen(where: { $0 == tag }, within: isInScope) {
            self.pop(through: index)
        }
    }

    /// The innermost open element that matches, not looking past one out of scope.
    private func lastOpen(
        where isMatch: (HTMLTag) -> Bool,
        within isInScope: (HTMLTag) -> Bool
    ) -> Int? {
        var index = self.open.count - 1
        let limit = max(0, self.open.count - Self.searchLimit)
        while index >= limit {
            let tag = self.open[index].tag
            if isMatch(tag) { return index }
            if !isInScope(tag) { return nil }
            index -= 1
        }
        return nil
    }

    private mutating func popTo(_ isTarget: (HTMLTag) -> Bool) {
        if let index = self.lastOpen(where: isTarget, within: { _ in true }) {
            self.pop(through: index + 1)
        }
    }

    private mutating func pop(through index: Int) {
        while self.open.count > index { self.pop() }
    }

    private mutating func push(_ tag: HTMLTag, _ signals: ElementSignals, record: Int32) {
        let isEmitted = self.emittedDepth < Self.depthLimit
        if isEmitted {
            self.emittedDepth += 1
            self.writeStart(tag.nesting, as: tag, signals, record: record)
        } else {
            self.scanned.flattenedCount += 1
            self.breaksPending = 2
        }
        if tag == .table { self.openTables += 1 }
        if tag.isPreformatted { self.preformattedDepth += 1 }
        self.open.append(OpenElement(tag: tag, isEmitted: isEmitted, record: record))
    }

    private mutating func pop() {
        guard let element = self.open.popLast() else { return }
        if element.isEmitted {
            self.emittedDepth -= 1
            self.writeEnd(element.tag.nesting)
        } else {
            self.breaksPending = 2
        }
        if element.tag == .table { self.openTables -= 1 }
        if element.tag.isPreformatted { self.preformattedDepth -= 1 }
        if self.styledStart >= 0, self.open.count <= self.styledIndex {
            self.scanned.styledBytes += self.scanned.text.count - self.styledStart
            self.styledStart = -1
        }
    }

    // MARK: Inline elements

    private static var inlineDepthLimit: Int { 48 }

    mutating func openInline(_ tag: HTMLTag, isSelfClosing: Bool) {
        if isSelfClosing, tag == .unknown || self.isXHTML { return }
        var isKept = false
        if !self.attributes.isEmpty {
            let signals = self.classify(tag, nameRange: .empty)
            if tag == .code, self.preformattedDepth > 0 { self.noteCodeLanguage() }
            if tag == .time { self.noteTime() }
            // Cells of a table that is none by its elements.
            if self.attributes.has(.role),
                contains("cell", self.value(.role)) || contains("header", self.value(.role))
            {
                self.spaceIsPending = true
            }
            isKept =
                !signals.isDisjoint(with: .inlineKept) && self.inlineDepth < Self.inlineDepthLimit
            if isKept {
                self.writeStart(.span, as: tag, signals, record: self.record(tag, signals))
            }
        }
        self.pushInline(tag, isKept: isKept)
    }

    mutating func openAnchor() {
        if self.attributes.has(.rel), contains("license", self.value(.rel)),
            self.scanned.head.license.isEmpty
        {
            self.scanned.head.license = self.attributes[.href]
        }
        let isKept = self.attributes.has(.href) && self.inlineDepth < Self.inlineDepthLimit
        if isKept {
            var signals = self.classify(.a, nameRange: .empty)
            if isShareTarget(self.value(.href)) { signals.insert(.share) }
            signals.formUnion(self.noteSignals())
            self.writeStart(.a, as: .a, signals, record: self.record(.a, signals))
        }
        self.pushInline(.a, isKept: isKept)
    }

    private mutating func pushInline(_ tag: HTMLTag, isKept: Bool) {
        let slot = Int(tag.rawValue)
        self.inlineKept[slot] = self.inlineKept[slot] << 1 | (isKept ? 1 : 0)
        if isKept { self.inlineDepth += 1 }
    }

    mutating func closeInline(_ tag: HTMLTag) {
        let slot = Int(tag.rawValue)
        let isKept = self.inlineKept[slot] & 1 == 1
        self.inlineKept[slot] >>= 1
        if isKept {
            self.inlineDepth -= 1
            self.writeEnd(tag == .a ? .a : .span)
        }
    }

    // MARK: Writing

    mutating func writeStart(
        _ nesting: HTMLTag,
        as tag: HTMLTag,
        _ signals: ElementSignals,
        record: Int32
    ) {
        self.endRun()
        if nesting != .a, nesting != .span { self.forgetSpace() }
        self.tree.start(nesting, as: tag, signals, record: record)
    }

    mutating func writeEnd(_ nesting: HTMLTag) {
        self.endRun()
        if nesting != .a, nesting != .span { self.forgetSpace() }
        self.tree.end(nesting)
    }

    /// White space at the edge of a block is not text.
    private mutating func forgetSpace() {
        self.spaceIsPending = false
        self.lineEndIsPending = false
        self.breaksPending = 0
        self.blockStart = self.scanned.text.count
    }

    /// How many rows a cell spans; 0 as written means down to the table's end.
    private var rowSpan: Int32 {
        let span = self.number(.rowspan)
        return span == 0 && self.value(.rowspan).first == UInt8(ascii: "0") ? .max : span
    }

    private mutating func record(_ tag: HTMLTag, _ signals: ElementSignals) -> Int32 {
        var record = ScannedPage.ElementRecord()
        var isNeeded = tag == .a || signals.contains(.note)
        if tag == .a { record.href = self.attributes[.href] }
        if signals.contains(.note) { record.href = self.attributes[.id] }
        if tag != .a, !signals.isDisjoint(with: [.hidden, .muted]), self.attributes.has(.id) {
            record.href = self.attributes[.id]
            isNeeded = true
        }
        if tag == .div || tag == .pre || tag == .figure {
            record.codeLanguage = self.codeLanguage()
            // A `code` inside may name the language later.
            isNeeded = isNeeded || tag == .pre || !record.codeLanguage.isEmpty
        }
        if tag == .ol || tag == .td || tag == .th {
            record.number = self.number(tag == .ol ? .start : .colspan)
            if tag != .ol { record.rowSpan = self.rowSpan }
            isNeeded = isNeeded || record.number != 0 || record.rowSpan > 1
        }
        guard isNeeded else { return -1 }
        self.scanned.elements.append(record)
        return Int32(self.scanned.elements.count - 1)
    }
}

extension HTMLTag {
    /// What decides how it nests: a box is a box.
    fileprivate var nesting: HTMLTag {
        switch self {
        case .menu, .dir: .ul
        case .listing, .xmp: .pre
        default: self.role == .box || self.isRead ? .div : self
        }
    }

    /// A list item's end tag is implied by the next item across these (WHATWG HTML §13.2.6.4.7).
    fileprivate var isItemScope: Bool {
        switch self {
        case .div, .address, .p, .center, .custom, .li, .dt, .dd: true
        default: self.isHeading
        }
    }

    /// A list's item may be closed from anywhere inside it but a nested list or table.
    fileprivate var isListEdge: Bool { !self.isList && self != .dl && self.isInsideCell }

    fileprivate var isInsideCell: Bool {
        self != .td && self != .th && self != .caption && self != .table
    }
}
