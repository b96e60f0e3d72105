internal import Bytes

/// The page's head, and content that is passed over.
extension HTMLPrescan {
    mutating func readPageTag(_ tag: HTMLTag, from end: Int) -> Int {
        switch tag {
        case .html:
            if self.scanned.head.language.isEmpty {
                self.scanned.head.language = self.attributes[.lang]
            }
        case .body:
            self.scanned.head.bodySignals = self.classify(.body, nameRange: .empty)
        case .title:
            return self.readTitle(from: end)
        case .meta:
            self.readMeta()
        case .link:
            if contains("canonical", self.value(.rel)), self.scanned.head.canonical.isEmpty {
                self.scanned.head.canonical = self.attributes[.href]
            } else if contains("license", self.value(.rel)), self.scanned.head.license.isEmpty {
                self.scanned.head.license = self.attributes[.href]
            }
        default:
            break
        }
        return end
    }

    private mutating func readTitle(from start: Int) -> Int {
        let (contentEnd, next) = self.findEnd(of: .title, from: start) ?? (start, start)
        if self.scanned.head.title.isEmpty {
            let cut = characterStart(atOrBefore: min(contentEnd, start + Self.titleByteLimit))
            self.scanned.head.title = SourceRange(start: Int32(start), end: Int32(cut))
        }
        return next
    }

    private static var titleByteLimit: Int { 2_048 }

    private func characterStart(atOrBefore index: Int) -> Int {
        var start = index
        while start > 0, start < self.bytes.count, self.bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    private mutating func readMeta() {
        if matches("generator", self.value(.name), at: 0) {
            let generator = self.value(.content)
            if namesForum(generator) { self.scanned.head.isDiscussion = true }
            if namesDocumentationTool(generator) { self.scanned.head.isDocumentation = true }
        }
        guard self.scanned.head.metas.count < 256, self.attributes.has(.content) else { return }
        for attribute in [HTMLAttribute.property, .name, .itemprop]
        where self.attributes.has(attribute) {
            self.scanned.head.metas.append(
                ScannedPage.Meta(
                    key: self.attributes[attribute],
                    content: self.attributes[.content]
                )
            )
        }
    }

    /// Passes over an element with all it holds; where it never ends, over its start tag alone,
    /// except for the kinds whose content no browser shows.
    mutating func skip(_ tag: HTMLTag, from start: Int, isSelfClosing: Bool) -> Int {
        if isSelfClosing, tag == .svg || self.isXHTML { return start }
        if tag == .script { self.scanned.scriptCount += 1 }
        let isLinkedData = tag == .script && contains("ld+json", self.value(.type))
        guard let (contentEnd, next) = self.findEnd(of: tag, from: start) else {
            return tag == .script || tag == .style ? self.bytes.count : start
        }
        if isLinkedData, self.scanned.head.linkedData.count < 64 {
            self.scanned.head.linkedData.append(
                SourceRange(start: Int32(start), end: Int32(contentEnd))
            )
        }
        if tag == .style { self.readStyle(start..<contentEnd) }
        // Where MathJax has not run yet, a formula stands in a script.
        if tag == .script, contains("math/tex", self.value(.type)) {
            let isDisplayed = contains("mode=display", self.value(.type))
            self.write(
                formula: attributeText(
                    UnsafeBufferPointer(rebasing: self.bytes[start..<contentEnd])
                ),
                isDisplayed: isDisplayed
            )
        }
        return next
    }

    /// Takes up what a style sheet of the page hides on screens.
    private mutating func readStyle(_ range: Range<Int>) {
        guard self.readsStyle, !self.open.suffix(8).contains(where: { $0.tag == .noscript }),
            !contains("print", self.value(.media)), !contains("(", self.value(.media))
        else { return }
        if !self.scanned.hasScripts { self.scanned.hasScripts = contains("<script", self.bytes) }
        self.style.read(
            UnsafeBufferPointer(rebasing: self.bytes[range]),
            hasScripts: self.scanned.hasScripts
        )
    }

    /// Where an element's content ends and what follows begins; counts elements of its own kind.
    mutating func findEnd(of tag: HTMLTag, from start: Int) -> (content: Int, next: Int)? {
        guard !self.neverClosed.contains(tag) else { return nil }
        let nests = tag == .template || tag == .svg || tag == .object || tag == .canvas
        if !nests, let known = self.knownEnds[tag], start <= known.content { return known }
        var depth = 1
        var index = start
        while let open = firstIndex(of: 0x3C, in: self.bytes, from: index) {
            index = open + 1
            guard index < self.bytes.count else { break }
            if self.bytes[index] == 0x2F {
                guard self.isName(tag, at: index + 1) else { continue }
                depth -= 1
                if depth == 0 {
                    let close = firstIndex(of: 0x3E, in: self.bytes, from: index)
                    let found = (content: open, next: close.map { $0 + 1 } ?? self.bytes.count)
                    self.knownEnds[tag] = found
                    return found
                }
            } else if nests, self.isName(tag, at: index) {
                depth += 1
            }
        }
        self.neverClosed.insert(tag)
        return nil
    }

    private func isName(_ tag: HTMLTag, at index: Int) -> Bool {
        let name = tagNames[Int(tag.rawValue)]
        guard index + name.count < self.bytes.count else { return false }
        for offset in 0..<name.count where self.bytes[index + offset] | 0x20 != name[offset] {
            return false
        }
        let next = self.bytes[index + name.count]
        return next == 0x3E || next == 0x2F || isHTMLBlank(next)
    }

    /// The end of a comment, doctype or CDATA section that begins at `index`.
    func endOfDeclaration(from index: Int) -> Int {
        guard index + 3 < self.bytes.count, self.bytes[index + 2] == 0x2D,
            self.bytes[index + 3] == 0x2D
        else {
            if matches("doctype", self.bytes, at: index + 2) {
                return self.endOfDoctype(from: index)
            }
            return self.endOfBogusComment(from: index + 2)
        }
        var cursor = index + 4
        // `<!-->` and `<!--->` are whole comments (WHATWG HTML §13.2.5.43).
        if cursor < self.bytes.count, self.bytes[cursor] == 0x3E { return cursor + 1 }
        if matches("->", self.bytes, at: cursor) { return cursor + 2 }
        while let close = firstIndex(of: 0x3E, in: self.bytes, from: cursor) {
            cursor = close + 1
            if close >= index + 6, self.bytes[close - 1] == 0x2D, self.bytes[close - 2] == 0x2D {
                return cursor
            }
            if close >= index + 7, self.bytes[close - 1] == 0x21, self.bytes[close - 2] == 0x2D,
                self.bytes[close - 3] == 0x2D
            {
                return cursor
            }
        }
        return self.bytes.count
    }

    /// XML allows a list of declarations in brackets; none of them is read.
    private func endOfDoctype(from index: Int) -> Int {
        let close = self.endOfBogusComment(from: index)
        guard let bracket = firstIndex(of: 0x5B, in: self.bytes, from: index), bracket < close
        else { return close }
        var cursor = bracket
        while let end = firstIndex(of: 0x5D, in: self.bytes, from: cursor) {
            cursor = end + 1
            while cursor < self.bytes.count, isHTMLBlank(self.bytes[cursor]) { cursor += 1 }
            if cursor < self.bytes.count, self.bytes[cursor] == 0x3E { return cursor + 1 }
        }
        return close
    }

    func endOfBogusComment(from index: Int) -> Int {
        firstIndex(of: 0x3E, in: self.bytes, from: index).map { $0 + 1 } ?? self.bytes.count
    }
}

private let tagNames: [[UInt8]] = HTMLTag.allCases.map { Array($0.name.utf8) }

private let forumPrograms: [StaticString] = [
    "discourse", "phpbb", "vbulletin", "xenforo", "mybb", "simple machines", "invision", "nodebb",
    "flarum", "vanilla", "woltlab", "fluxbb", "punbb",
]

private func namesForum(_ generator: UnsafeBufferPointer<UInt8>) -> Bool {
    forumPrograms.contains { contains($0, generator) }
}
