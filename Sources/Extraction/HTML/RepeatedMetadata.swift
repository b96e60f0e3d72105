/// Drops from the beginning of an article what its metadata already says: the title, a standfirst
/// that repeats the description, and the line with author and date.
///
/// Documentation keeps its title: there it is the root of the outline.
func dropRepeatedMetadata(
    _ metadata: HTMLMetadata,
    in arena: inout HTMLArena,
    _ scanned: ScannedPage,
    _ selection: ContentSelection
) {
    guard !selection.isDocumentation, let first = selection.roots.first,
        let last = selection.roots.last
    else { return }
    // A page that is little more than its heading keeps it.
    var rest = selection.roots.reduce(0) { $0 + selection.statistics[$1].textBytes }
    let isArticle = selection.statistics[0].proseBytes >= ChromeJudge.articleByteCount
    let known = KnownText(metadata, isArticle: isArticle)
    /// Blocks that are the description itself: where there are two, neither is the first paragraph.
    var descriptions: [Int] = []
    var proseBlocks = 0
    var index = first
    let end = Int(arena.nodes[last].end)
    while index < end {
        let node = arena.nodes[index]
        let own = selection.statistics[index]
        if node.isDropped {
            index = Int(node.end)
            continue
        }
        let isLeaf = own.ownText > 0 && own.ownText == own.textBytes
        if isLeaf, own.ownText <= 600, rest > own.ownText * 2,
            let text = rawText(of: index, in: arena, scanned, limit: 600)
        {
            if known.isRepeated(text, by: node, isStandfirst: isStandfirst(index, in: arena)) {
                arena.nodes[index].isDropped = true
                rest -= own.ownText
                index = Int(node.end)
                continue
            }
            if known.isDescription(text) { descriptions.append(index) }
        }
        if own.isProse, !node.tag.isHeading {
            proseBlocks += 1
            if proseBlocks == 2 { break }
        }
        index += 1
    }
    guard descriptions.count > 1 else { return }
    for index in descriptions { arena.nodes[index].isDropped = true }
}

/// Whether a block is set apart as a standfirst: a heading, or named as one.
private func isStandfirst(_ index: Int, in arena: HTMLArena) -> Bool {
    let node = arena.nodes[index]
    if node.signals.contains(.standfirst) { return true }
    guard node.parent > 0 else { return false }
    return arena.nodes[Int(node.parent)].signals.contains(.standfirst)
}

/// What is known of a page, folded for comparison.
struct KnownText {
    private let title: [UInt8]
    private let fullTitle: [UInt8]
    private let description: [UInt8]
    private let author: [UInt8]
    private let dates: [[Int]]

    /// - Parameter isArticle: a date in a line is the article's; elsewhere it may be what the page says.
    init(_ metadata: HTMLMetadata, isArticle: Bool = true) {
        self.title = foldedText(Array(metadata.title.utf8))
        self.fullTitle = foldedText(Array(metadata.titleElement.utf8))
        self.description = foldedText(Array((metadata.values["description"] ?? "").utf8))
        self.author = foldedText(Array((metadata.values["author"] ?? "").utf8))
        self.dates = (isArticle ? ["published", "modified"] : []).compactMap { key in
            metadata.values[key].map { numbers($0.utf8.prefix(10)) }
        }
    }

    func isRepeated(_ raw: [UInt8], by node: HTMLNode, isStandfirst: Bool) -> Bool {
        let text = foldedText(raw)
        if self.isTitle(text, isHeading: node.tag.isHeading) { return true }
        if isStandfirst, text.count >= 30, self.beginsDescription(text) { return true }
        if node.tag.isHeading { return false }
        return self.isDateline(text, raw)
    }

    /// Whether a text is the whole description.
    func isDescription(_ raw: [UInt8]) -> Bool {
        self.description.count >= 30 && foldedText(raw) == self.description
    }

    private func isTitle(_ text: [UInt8], isHeading: Bool) -> Bool {
        guard !text.isEmpty else { return false }
        if text == self.title { return isHeading || text.count >= 16 }
        guard isHeading else { return false }
        let isLong = text.count * 2 >= self.title.count || text.count >= 24
        return isLong && (self.title.starts(with: text) || self.fullTitle.starts(with: text))
    }

    private func beginsDescription(_ text: [UInt8]) -> Bool {
        if self.description.starts(with: text) {
            return text.count * 6 >= self.description.count * 5
        }
        // A description is often cut short.
        return self.description.count >= 60 && text.starts(with: self.description)
    }

    /// Whether a short line is the author's name or gives the page's date.
    private func isDateline(_ text: [UInt8], _ raw: [UInt8]) -> Bool {
        guard text.count <= 100 else { return false }
        if self.author.count >= 5, text.count <= self.author.count + 6, text.ends(with: self.author)
        {
            return true
        }
        guard !self.dates.isEmpty else { return false }
        let found = numbers(raw)
        return self.dates.contains { date in
            date.count == 3 && found.contains(date[0]) && found.contains(date[2])
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with suffix: [UInt8]) -> Bool { self.suffix(suffix.count) == suffix[...] }
}

/// The numbers in a text, in order.
private func numbers(_ text: some Collection<UInt8>) -> [Int] {
    text.split { $0 < 0x30 || $0 > 0x39 }
        .compactMap { Int(String(decoding: $0.prefix(9), as: UTF8.self)) }
}
