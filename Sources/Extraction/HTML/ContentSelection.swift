/// Which parts of a page are its content.
struct ContentSelection {
    /// Subtrees to write, disjoint and in document order.
    var roots: [Int]
    /// Statistics of the arena after everything was dropped.
    var statistics: [NodeStatistics]
    /// Subtrees with text that were dropped because no reader sees them.
    var hiddenCount: Int
    /// The page was made by a documentation generator.
    var isDocumentation = false
}

/// Finds a page's content and drops from the arena what is not part of it.
///
/// Two opinions are formed over the same statistics, one from what elements are called and one from
/// how their text reads; where they disagree, the one that covers the page's prose wins. Where
/// neither finds an article, the page is taken whole without its chrome, so that documentation,
/// listings and forms lose nothing.
///
/// - Complexity: O(nodes).
func selectContent(
    in arena: inout HTMLArena,
    _ scanned: ScannedPage,
    _ articleText: [UInt8],
    _ options: HTMLOptions
) -> ContentSelection {
    let hiddenCount = dropHidden(in: &arena)
    var statistics = measure(arena, scanned)
    guard options.content == .main else {
        return ContentSelection(roots: [0], statistics: statistics, hiddenCount: hiddenCount)
    }
    let isDocumentation = arena.nodes.contains { $0.signals.contains(.documentation) }
    let covered = ArticleAnchor(articleText)?.coverage(of: arena, scanned)
    if let covered { markAnchored(covered, in: &arena, statistics) }
    dropChrome(in: &arena, statistics, isDocumentation: isDocumentation)
    statistics = measure(arena, scanned)
    var root = chooseRoot(in: arena, statistics, isDocumentation: isDocumentation)
    if let covered { root = anchoredRoot(beside: root, covered, in: arena) }
    guard !isDocumentation else {
        return ContentSelection(
            roots: [root],
            statistics: statistics,
            hiddenCount: hiddenCount,
            isDocumentation: true
        )
    }
    let lead = articleLead(before: root, in: arena, statistics)
    dropRelatedSections(in: &arena, scanned, statistics, root: root)
    pruneBoilerplate(in: &arena, statistics, root: root)
    dropOrphanHeadings(in: &arena, statistics, root: root)
    trimTail(in: &arena, scanned, statistics, root: root)
    statistics = measure(arena, scanned)
    return ContentSelection(roots: lead + [root], statistics: statistics, hiddenCount: hiddenCount)
}

/// Marks the nodes that the anchor keeps from being dropped: those of prose that are mostly its text,
/// and those that hold a good part of it.
///
/// Labels and links are not kept for it: publishers leave credits, calls to subscribe and related
/// headlines in the text they give.
private func markAnchored(
    _ covered: [Int32],
    in arena: inout HTMLArena,
    _ statistics: [NodeStatistics]
) {
    for index in 1..<arena.nodes.count where covered[index] > 0 {
        let own = statistics[index]
        let isMostly = Int64(covered[index]) * 5 >= Int64(own.textBytes) * 3
        let isText = own.textBytes >= NodeStatistics.proseByteMinimum && own.linkDensity < 0.8
        if (isMostly && isText) || Int64(covered[index]) * 4 >= Int64(covered[0]) {
            arena.nodes[index].signals.insert(.anchored)
        }
    }
}

/// Drops what no reader sees and the links and numbers that only serve a page's mechanics.
private func dropHidden(in arena: inout HTMLArena) -> Int {
    var hiddenCount = 0
    var index = 1
    while index < arena.nodes.count {
        let node = arena.nodes[index]
        guard !node.signals.isDisjoint(with: [.hidden, .apparatus]) else {
            index += 1
            continue
        }
        arena.nodes[index].isDropped = true
        if node.signals.contains(.hidden), Int(node.end) > index + 1 { hiddenCount += 1 }
        index = Int(node.end)
    }
    return hiddenCount
}

private func dropChrome(
    in arena: inout HTMLArena,
    _ statistics: [NodeStatistics],
    isDocumentation: Bool
) {
    let total = statistics[0].proseBytes
    var index = 1
    while index < arena.nodes.count {
        let node = arena.nodes[index]
        if node.isDropped {
            index = Int(node.end)
            continue
        }
        if isChrome(node, statistics[index], total: total, isDocumentation: isDocumentation),
            !isPartOfSentence(node, in: arena, statistics)
        {
            arena.nodes[index].isDropped = true
            index = Int(node.end)
        } else {
            index += 1
        }
    }
}

/// A link or span within prose is part of its sentence, whatever it is called.
private func isPartOfSentence(
    _ node: HTMLNode,
    in arena: HTMLArena,
    _ statistics: [NodeStatistics]
) -> Bool {
    guard node.tag == .a || node.tag.role == .inline else { return false }
    var block = Int(node.parent)
    while block > 0, arena.nodes[block].tag == .a || arena.nodes[block].tag.role == .inline {
        block = Int(arena.nodes[block].parent)
    }
    let isLoose = arena.nodes[block].tag.role == .box
    if isLoose, node.tag != .a, !node.signals.isDisjoint(with: [.caption, .byline]) {
        return false
    }
    return statistics[block].isProse
}

private func isChrome(
    _ node: HTMLNode,
    _ own: NodeStatistics,
    total: Int32,
    isDocumentation: Bool
) -> Bool {
    guard node.tag.canBeChrome, own.textBytes > 0 else { return false }
    let signals = node.signals
    guard !signals.contains(.anchored) else { return false }
    // What holds most of the page's prose is not chrome, whatever it is called.
    guard own.proseBytes * 2 < total || total == 0 else { return false }
    if isDocumentation {
        return !signals.isDisjoint(with: [.navigation, .footer, .sidebar]) && node.tag.role == .box
    }
    // Takes its section with it later.
    if node.tag.isHeading, signals.contains(.related) { return false }
    if !signals.isDisjoint(with: ElementSignals.chrome) {
        // An embedded post is quoted in a box named after the network.
        if signals.contains(.share), own.holds.contains(.quote) { return false }
        return signals.isDisjoint(with: [.markedBody, .articleBody])
    }
    if signals.contains(.caption) { return own.textBytes < 1_500 }
    if signals.contains(.byline) { return own.textBytes < 400 }
    if signals.contains(.header) { return own.proseBytes == 0 }
    if node.tag == .form { return own.proseBytes * 2 < own.textBytes }
    return false
}

extension HTMLTag {
    /// Quotations and listings are content whatever they are called: `twitter-tweet`.
    fileprivate var canBeChrome: Bool {
        self != .text && self != .blockquote && !self.isPreformatted
    }
}
