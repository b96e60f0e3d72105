internal import Bytes

/// What attributes mean.
extension HTMLPrescan {
    func value(_ attribute: HTMLAttribute) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: self.bytes[self.attributes[attribute].range])
    }

    /// Everything the tag's attributes say about its content.
    mutating func classify(_ tag: HTMLTag, nameRange: SourceRange) -> ElementSignals {
        var signals = tag.ownSignals
        // Below a quotation stands who said it.
        if tag == .footer, self.open.suffix(8).contains(where: { $0.tag == .blockquote }) {
            signals.remove(.footer)
        }
        if !nameRange.isEmpty {
            signals.formUnion(self.signals(of: nameRange, isIdentifier: false))
        }
        guard !self.attributes.isEmpty else { return signals }
        self.noteControls()
        if self.attributes.has(.class) {
            signals.formUnion(self.signals(of: self.attributes[.class], isIdentifier: false))
        }
        // Generators make ids of headings' text, so a section's id says nothing about it.
        if self.attributes.has(.id), tag.idIsMeaningful {
            let found = self.signals(of: self.attributes[.id], isIdentifier: true)
            // `<div class="section" id="cookies">` is the older form of the same.
            if !found.isEmpty, !contains("section", self.value(.class)) {
                if !found.isDisjoint(with: .chrome), !signals.isDisjoint(with: .chrome) {
                    signals.insert(.certain)
                }
                signals.formUnion(found)
            }
        }
        signals.formUnion(self.hidingSignals())
        if !self.style.isEmpty, tag != .body { signals.formUnion(self.styleSignals(tag)) }
        if self.attributes.has(.role) { signals.formUnion(self.roleSignals()) }
        if self.attributes.has(.itemtype), isDiscussionType(self.value(.itemtype)) {
            self.scanned.head.isDiscussion = true
        }
        if self.attributes.has(.itemprop) { signals.formUnion(self.itemSignals()) }
        if self.attributes.has(.rel), contains("author", self.value(.rel)) {
            signals.insert(.author)
        }
        return signals
    }

    private mutating func signals(of range: SourceRange, isIdentifier: Bool) -> ElementSignals {
        self.memo.signals(of: range, in: self.bytes, isIdentifier: isIdentifier)
    }

    private func hidingSignals() -> ElementSignals {
        var signals: ElementSignals = []
        if self.attributes.has(.hidden), !matches("until-found", self.value(.hidden), at: 0) {
            signals.insert(.hidden)
        }
        if self.attributes.has(.ariaHidden), matches("true", self.value(.ariaHidden), at: 0) {
            signals.insert(.muted)
        }
        if self.attributes.has(.style) {
            let isAnimated = self.attributes.has(.dataWebflow) || self.attributes.has(.dataAOS)
            signals.formUnion(hidingStyle(self.value(.style), isAnimated: isAnimated))
        }
        return signals
    }

    /// What the page's style sheets hide, which a sheet for readers of screens may show again.
    private mutating func styleSignals(_ tag: HTMLTag) -> ElementSignals {
        guard self.attributes.has(.class) || self.attributes.has(.id) else { return [] }
        let found = self.style.signals(
            tag,
            classes: self.value(.class),
            identifier: self.value(.id)
        )
        if !found.isEmpty, !found.contains(.tabPanel), self.styledStart < 0,
            tag.role != .inline, tag.role != .anchor
        {
            self.styledStart = self.scanned.text.count
            self.styledIndex = self.open.count
        }
        return found
    }

    private func roleSignals() -> ElementSignals {
        let role = self.value(.role)
        if matches("navigation", role, at: 0) || matches("menu", role, at: 0) { return .navigation }
        if matches("search", role, at: 0) || matches("toolbar", role, at: 0) { return .navigation }
        if matches("banner", role, at: 0) { return .header }
        if matches("contentinfo", role, at: 0) { return .footer }
        if matches("complementary", role, at: 0) { return .sidebar }
        if matches("dialog", role, at: 0) || matches("alertdialog", role, at: 0) { return .dialog }
        if matches("main", role, at: 0) { return .main }
        if matches("tabpanel", role, at: 0) { return .tabPanel }
        if matches("article", role, at: 0) { return .article }
        if matches("presentation", role, at: 0) || matches("none", role, at: 0) {
            return .presentation
        }
        return []
    }

    private mutating func itemSignals() -> ElementSignals {
        let item = self.value(.itemprop)
        var signals: ElementSignals = []
        if contains("articlebody", item) || contains("blogpost", item) {
            signals.insert(.markedBody)
        }
        if contains("author", item) { signals.insert(.author) }
        if contains("comment", item) { signals.insert(.comments) }
        if contains("breadcrumb", item) { signals.insert(.navigation) }
        if contains("description", item) { signals.insert(.standfirst) }
        if contains("caption", item) { signals.insert(.caption) }
        if contains("headline", item), !contains("alternat", item) { signals.insert(.headline) }
        if contains("datepublished", item) {
            signals.formUnion([.byline, .published])
            self.note(.content, in: \.publishedTime)
        }
        if contains("datemodified", item) {
            signals.insert(.byline)
            self.note(.content, in: \.modifiedTime)
        }
        if contains("license", item) { self.note(.href, in: \.license) }
        return signals
    }

    /// Keeps an attribute's value for the metadata; the first of a page counts.
    private mutating func note(
        _ attribute: HTMLAttribute,
        in field: WritableKeyPath<ScannedPage.PageHead, SourceRange>
    ) {
        guard self.attributes.has(attribute), self.scanned.head[keyPath: field].isEmpty else {
            return
        }
        self.scanned.head[keyPath: field] = self.attributes[attribute]
    }

    // MARK: Notes

    /// What a link within the page is to its footnotes: a reference, or the way back from a note.
    func noteSignals() -> ElementSignals {
        let target = self.value(.href)
        guard target.count > 1, target[0] == 0x23 else { return [] }
        let role = self.value(.role)
        let name = self.value(.class)
        let isBack =
            contains("doc-backlink", role) || contains("backref", name)
            || contains("backlink", name) || contains("footnote-back", name)
            || contains("reversefootnote", name)
            || backReferences.contains { contains($0, target) }
        // Generated headings are links back to the table of contents.
        if isBack { return self.open.last?.tag.isHeading == true ? [] : .apparatus }
        let isReference =
            contains("doc-noteref", role) || contains("footnote", name)
            || contains("noteref", name) || contains("noteref", self.value(.epubType))
            || namesNote(target)
        return isReference ? .noteReference : []
    }

    /// Whether a block may be a footnote: its role says so, or it has the id of one.
    func isNote(_ tag: HTMLTag) -> Bool {
        guard self.attributes.has(.id), tag.canBeNote else { return false }
        let role = self.value(.role)
        if role.count == 12, matches("doc-footnote", role, at: 0) { return true }
        if role.count == 11, matches("doc-endnote", role, at: 0) { return true }
        let kind = self.value(.epubType)
        // `footnotes` is the section that holds them.
        if kind.count == 8, matches("footnote", kind, at: 0) { return true }
        if kind.count == 7, matches("endnote", kind, at: 0) { return true }
        return namesNote(self.value(.id)) || contains("footnote", self.value(.class))
    }

    mutating func noteTime() {
        let time = self.attributes[.datetime]
        guard !time.isEmpty else { return }
        let isModified =
            contains("modified", self.value(.itemprop)) || contains("updated", self.value(.class))
        if isModified {
            if self.scanned.head.modifiedTime.isEmpty { self.scanned.head.modifiedTime = time }
        } else if contains("published", self.value(.itemprop))
            || contains("published", self.value(.class))
        {
            if self.scanned.head.publishedTime.isEmpty { self.scanned.head.publishedTime = time }
        } else if self.scanned.head.firstTime.isEmpty {
            self.scanned.head.firstTime = time
        }
    }

    /// A `code` inside a `pre` often names the language for both.
    mutating func noteCodeLanguage() {
        let language = self.codeLanguage()
        guard !language.isEmpty,
            let index = self.open.suffix(4).lastIndex(where: { $0.tag.isPreformatted })
        else { return }
        let record = Int(self.open[index].record)
        if record >= 0 { self.scanned.elements[record].codeLanguage = language }
    }

    /// The language a class names: `language-x`, `lang-x`, `highlight-x`, `brush: x`; or else
    /// `data-lang`.
    func codeLanguage() -> SourceRange {
        let named = self.languageInClass()
        if !named.isEmpty { return named }
        let declared = self.attributes[self.attributes.has(.dataLang) ? .dataLang : .dataLanguage]
        return declared.range.count <= 24 ? declared : .empty
    }

    private func languageInClass() -> SourceRange {
        guard self.attributes.has(.class) else { return .empty }
        let range = self.attributes[.class]
        var index = Int(range.start)
        let end = Int(range.end)
        while index < end {
            let initial = self.bytes[index] | 0x20
            let isCandidate =
                initial == 0x6C || initial == 0x68 || initial == 0x62 || initial == 0x73
            for prefix in codeLanguagePrefixes
            where isCandidate && matches(prefix, self.bytes, at: index) {
                var start = index + prefix.utf8CodeUnitCount
                while start < end, self.bytes[start] == 0x20 { start += 1 }
                var stop = start
                while stop < end, !isHTMLBlank(self.bytes[stop]), self.bytes[stop] != 0x3B {
                    stop += 1
                }
                if stop > start, stop - start <= 24 {
                    return SourceRange(start: Int32(start), end: Int32(stop))
                }
            }
            while index < end, !isHTMLBlank(self.bytes[index]) { index += 1 }
            while index < end, isHTMLBlank(self.bytes[index]) { index += 1 }
        }
        return .empty
    }

    func number(_ attribute: HTMLAttribute) -> Int32 {
        var value: Int32 = 0
        for byte in self.value(attribute).prefix(6) {
            guard byte >= 0x30, byte <= 0x39 else { break }
            value = value * 10 + Int32(byte - 0x30)
        }
        return value
    }
}

/// They begin with one of `lhbs`.
private let codeLanguagePrefixes: [StaticString] = [
    "language-", "lang-", "highlight-source-", "highlight-", "brush:", "sourcecode-",
    "sourcecode ",
]

private let backReferences: [StaticString] = ["fnref", "noteref", "note-ref", "cite_ref"]

/// Whether an id is one that footnotes have: `fn1`, `fn:1`, `footnote-1`, `cite_note-1`.
private func namesNote(_ id: UnsafeBufferPointer<UInt8>) -> Bool {
    contains("fn", id) || contains("note", id)
}

/// Whether an address hands the page to a social network or a mail program.
func isShareTarget(_ address: UnsafeBufferPointer<UInt8>) -> Bool {
    if matches("whatsapp:", address, at: 0) || matches("mailto:?", address, at: 0) { return true }
    var index = 0
    while let slash = firstIndex(of: 0x2F, in: address, from: index) {
        index = slash + 1
        guard index < address.count, beginsShareAction(address[index]) else { continue }
        if matches("share?", address, at: index) || matches("sharer", address, at: index)
            || matches("sharearticle", address, at: index)
            || matches("intent/tweet", address, at: index)
            || matches("pin/create/", address, at: index)
            || matches("send?text=", address, at: index)
        {
            return true
        }
    }
    return false
}

/// Whether a byte is `i`, `p` or `s`, with which all actions that share a page begin.
@inline(__always)
private func beginsShareAction(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower == UInt8(ascii: "s") || lower == UInt8(ascii: "i") || lower == UInt8(ascii: "p")
}

extension HTMLTag {
    fileprivate var ownSignals: ElementSignals {
        switch self {
        case .nav, .search: .navigation
        case .footer: .footer
        case .aside: .sidebar
        case .header: .header
        case .main: .main
        case .article: .article
        case .figcaption: .caption
        case .dialog: .dialog
        case .noscript: .hidden
        default: []
        }
    }

    fileprivate var canBeNote: Bool {
        switch self {
        case .li, .p, .div, .aside, .section, .dd: true
        default: false
        }
    }

    fileprivate var idIsMeaningful: Bool {
        switch self {
        case .section, .p, .h1, .h2, .h3, .h4, .h5, .h6, .dt, .dd, .dl, .a, .span, .code, .pre, .tr:
            false
        default: true
        }
    }
}

/// - Source: schema.org types of posts, questions and their pages.
private func isDiscussionType(_ type: UnsafeBufferPointer<UInt8>) -> Bool {
    contains("discussionforumposting", type) || contains("qapage", type)
        || contains("org/question", type) || contains("org/answer", type)
}
