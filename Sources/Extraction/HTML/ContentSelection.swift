internal import Formats

/// Which parts of a page are its content.
struct ContentSelection {
    /// Subtrees to write, disjoint and in document order.
    var roots: [Int]
    /// Where the page's own heading is looked for.
    var bodyRoots: [Int] = [0]
    /// Statistics of the arena after everything was dropped.
    var statistics: [NodeStatistics]
    /// Subtrees with text that were dropped because no reader sees them.
    var hiddenCount: Int
    var removed = RemovedText()
    /// No main content was found: all visible text is kept.
    var isFallback = false
    /// The units that were decided on; nil for documentation.
    var page: UnitPage?
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
    _ source: [UInt8],
    _ linked: LinkedData,
    _ options: HTMLOptions
) -> ContentSelection {
    let hiddenCount = source.withUnsafeBufferPointer {
        dropHidden(in: &arena, scanned, $0, options.hidden)
    }
    var statistics = measure(arena, scanned)
    guard options.content == .main else {
        return ContentSelection(roots: [0], statistics: statistics, hiddenCount: hiddenCount)
    }
    let isDocumentation =
        scanned.head.isDocumentation
        || arena.nodes.contains { $0.signals.contains(.documentation) }
    let covered = ArticleAnchor(linked.articleText)?.coverage(of: arena, scanned)
    if let covered { markAnchored(covered, in: &arena, statistics) }
    let isThread = isDiscussion(
        arena,
        statistics,
        saysSo: scanned.head.isDiscussion || linked.isThread
    )
    if isThread {
        for index in arena.nodes.indices { arena.nodes[index].signals.remove(.comments) }
    }
    let shown = arena.nodes.map(\.isDropped)
    let whole = statistics
    /// Neither an article, nor a page whose generator says what it is.
    let isUnsigned =
        !isDocumentation && !isThread && !saysPublished(arena, scanned, source, linked, whole)
    let isReference = isDocumentation || (isUnsigned && readsLikeReference(arena, whole))
    dropChrome(
        in: &arena,
        statistics,
        isDocumentation: isDocumentation,
        isReference: isReference
    )
    statistics = measure(arena, scanned)
    var root = chooseRoot(in: arena, statistics, isDocumentation: isDocumentation)
    let wide = isUnsigned ? wideRoot(around: root, in: arena, statistics) : nil
    if let covered { root = anchoredRoot(beside: root, covered, in: arena) }
    if isThread { root = discussionRoot(in: arena, statistics) }
    guard !isReference else {
        return wholeContent(
            root: wide ?? root,
            in: &arena,
            whole,
            statistics,
            shown,
            hiddenCount
        )
    }
    let lead = articleLead(before: root, in: arena, statistics)
    let before = arena.nodes.map(\.isDropped)
    dropRelatedSections(in: &arena, scanned, statistics, root: root)
    var isSettled = [Bool](repeating: false, count: arena.nodes.count)
    for index in 1..<max(1, arena.nodes.count) {
        let node = arena.nodes[index]
        isSettled[index] = isSettled[Int(node.parent)] || (node.isDropped && !before[index])
    }
    for slideshow in slideshows(in: arena, scanned, statistics, root: root) {
        for index in slideshow..<Int(arena.nodes[slideshow].end) { isSettled[index] = true }
    }
    pruneBoilerplate(in: &arena, statistics, root: root)
    dropOrphanHeadings(in: &arena, statistics, root: root)
    trimTail(in: &arena, scanned, statistics, root: root)
    let (removed, page) = decideUnits(
        in: &arena,
        scanned,
        shown: shown,
        whole,
        proposed: lead + [root],
        root: root,
        hasAnchor: covered != nil,
        isThread: isThread,
        wide: wide,
        isSettled: isSettled
    )
    statistics = measure(arena, scanned)
    if keepsTooLittle(statistics[0], of: whole[0]) {
        var fallback = allContent(of: &arena, whole, shown, hiddenCount)
        fallback.page = page
        return fallback
    }
    return ContentSelection(
        roots: [0],
        bodyRoots: lead + [root],
        statistics: statistics,
        hiddenCount: hiddenCount,
        removed: removed,
        page: page
    )
}

/// All visible text, for want of a main part: what was dropped since `shown` was noted is taken back.
func allContent(
    of arena: inout HTMLArena,
    _ whole: [NodeStatistics],
    _ shown: [Bool],
    _ hiddenCount: Int
) -> ContentSelection {
    for index in arena.nodes.indices { arena.nodes[index].isDropped = shown[index] }
    return ContentSelection(
        roots: [0],
        statistics: whole,
        hiddenCount: hiddenCount,
        isFallback: true
    )
}

/// Whether what was kept is nothing, or so small a part of a page that is no list of links that the
/// choice must be wrong.
private func keepsTooLittle(_ kept: NodeStatistics, of all: NodeStatistics) -> Bool {
    let words = Int64(kept.textBytes - kept.linkBytes)
    let allWords = Int64(all.textBytes - all.linkBytes)
    if kept.textBytes == 0 { return all.textBytes > 0 }
    // A page of a few lines has no article whose signs could be told from chance.
    if allWords < 300, words * 2 < allWords, all.linkDensity < 0.5 { return true }
    return words * 10 < allWords && all.linkDensity < 0.6
}

/// A choice: labels and calls are shorter.
private let shortSentenceByteCountMin: Int32 = 60

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
        // A short sentence counts where all of it is in the text that the page names.
        let isWhole =
            own.textBytes >= shortSentenceByteCountMin && own.linkBytes == 0
            && Int64(covered[index]) * 20 >= Int64(own.textBytes) * 19
        if isWhole || (isMostly && isText) || Int64(covered[index]) * 4 >= Int64(covered[0]) {
            arena.nodes[index].signals.insert(.anchored)
        }
    }
}

private func dropChrome(
    in arena: inout HTMLArena,
    _ statistics: [NodeStatistics],
    isDocumentation: Bool,
    isReference: Bool
) {
    let total = statistics[0].proseBytes
    let mainParts = total == 0 || isDocumentation ? namedParts(in: arena, statistics) : []
    /// The first of them that does not start before the node at hand.
    var nextPart = 0
    /// Where the innermost article or main part that holds a good part of the page ends.
    var articleEnd = 0
    var index = 1
    while index < arena.nodes.count {
        let node = arena.nodes[index]
        let own = statistics[index]
        if node.isDropped || node.tag.isPreformatted {
            index = Int(node.end)
            continue
        }
        let isArticle = !node.signals.isDisjoint(with: ElementSignals.body)
        if isArticle, node.tag.role == .box, Int64(own.proseBytes) * 5 >= Int64(total) {
            articleEnd = max(articleEnd, Int(node.end))
        }
        while nextPart < mainParts.count, mainParts[nextPart] < index { nextPart += 1 }
        let holdsPart = nextPart < mainParts.count && mainParts[nextPart] < Int(node.end)
        // Beside a main part that is named, no share of the sentences makes a footer content.
        let judge = ChromeJudge(
            total: isDocumentation && !mainParts.isEmpty ? 0 : total,
            isInArticle: index < articleEnd
        )
        let isChrome =
            isDocumentation ? judge.isGeneratorChrome(node, own) : judge.isChrome(node, own)
        // The head of a page of reference is its name.
        let isHead = isReference && node.signals.isDisjoint(with: .chrome)
        if isChrome, !isHead, !holdsPart, !isPartOfSentence(node, in: arena, statistics) {
            arena.nodes[index].isDropped = true
            index = Int(node.end)
        } else {
            index += 1
        }
    }
}

/// The parts that a page calls its main one or its article, ascending: on a page without a sentence,
/// such as a list of chapters, nothing else tells `<body class="body-for-nav">` from its navigation.
private func namedParts(in arena: HTMLArena, _ statistics: [NodeStatistics]) -> [Int] {
    let names = ElementSignals.body.union(.documentation)
    return arena.nodes.indices.filter {
        arena.nodes[$0].tag.role == .box && statistics[$0].textBytes > 0
            && !arena.nodes[$0].signals.isDisjoint(with: names)
            // `rst-footer-buttons`
            && arena.nodes[$0].signals.isDisjoint(with: [.navigation, .footer, .sidebar])
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

/// Weighs what an element is and is called against what it holds.
struct ChromeJudge {
    /// Bytes of the page's prose.
    let total: Int32
    /// Less prose is no article.
    static let articleByteCount: Int32 = 200
    /// Inside an article or a main part one word is not enough.
    let isInArticle: Bool

    func isGeneratorChrome(_ node: HTMLNode, _ own: NodeStatistics) -> Bool {
        guard self.canBeChrome(node, own), node.tag.role == .box else { return false }
        let isLinks = own.linkDensity > 0.5
        // `Next: Types, Up: Manual`
        if node.signals.contains(.header), isLinks, !own.holds.contains(.heading) { return true }
        if !node.signals.isDisjoint(with: [.navigation, .footer]) {
            return node.tag != .aside || isLinks
        }
        // A manual's remarks beside the text are called a sidebar as well.
        return node.signals.contains(.sidebar) && (isLinks || own.proseBytes == 0)
    }

    func isChrome(_ node: HTMLNode, _ own: NodeStatistics) -> Bool {
        guard self.canBeChrome(node, own) else { return false }
        let signals = node.signals
        // Takes its section with it later.
        if node.tag.isHeading, self.isInArticle || signals.contains(.related) { return false }
        let kinds = signals.intersection(.chrome)
        if !kinds.isEmpty {
            // An embedded post is quoted in a box named after the network.
            if signals.contains(.share), own.holds.contains(.quote) { return false }
            guard signals.isDisjoint(with: [.markedBody, .articleBody]) else { return false }
            return self.evidence(node, own, kinds) >= (self.isInArticle ? 3 : 2)
        }
        if signals.contains(.caption) {
            let isCaption = node.tag == .figcaption || node.tag == .caption
            return own.textBytes < 1_500 && !(self.isInArticle && isCaption)
                && !(self.isInArticle && own.holds.contains(.heading))
        }
        if signals.contains(.byline) {
            // A page with hardly a sentence is no article: its dates and places are what it says.
            guard own.proseBytes == 0, self.total >= Self.articleByteCount else { return false }
            return own.textBytes < (self.isInArticle && own.linkBytes == 0 ? 50 : 400)
        }
        if signals.contains(.header) {
            return own.proseBytes == 0 && !(self.isInArticle && own.holds.contains(.heading))
        }
        if node.tag == .form {
            return own.proseBytes * 2 < own.textBytes
                && !(self.isInArticle && own.holds.contains(.table))
        }
        return false
    }

    private func canBeChrome(_ node: HTMLNode, _ own: NodeStatistics) -> Bool {
        guard node.tag.canBeChrome, own.textBytes > 0, !node.signals.contains(.anchored) else {
            return false
        }
        // What holds most of the page's prose is not chrome, whatever it is called.
        return own.proseBytes * 2 < self.total || self.total == 0
    }

    private func evidence(
        _ node: HTMLNode,
        _ own: NodeStatistics,
        _ kinds: ElementSignals
    ) -> Int {
        var evidence = 0
        switch node.tag {
        case .nav, .footer, .dialog: evidence = 3
        case .aside: evidence = self.isInArticle ? 1 : 2
        default: evidence = node.signals.contains(.certain) ? 2 : 1
        }
        if node.tag == .aside, node.signals.contains(.certain) { evidence += 1 }
        if kinds.rawValue.nonzeroBitCount > 1 { evidence += 1 }
        if own.linkDensity > 0.5 { evidence += 1 }
        if own.textBytes < 16, !own.holds.contains(.heading) { evidence += 1 }
        if own.proseBytes == 0, !own.holds.contains(.heading), !self.isPlainList(node, own) {
            evidence += 1
        }
        return evidence
    }

    /// A list in an article whose items lead nowhere: its items are short and no prose.
    private func isPlainList(_ node: HTMLNode, _ own: NodeStatistics) -> Bool {
        let isList = node.tag.isList || !own.holds.isDisjoint(with: [.list, .definitions])
        return self.isInArticle && isList && own.linkBytes == 0
    }
}

extension HTMLTag {
    /// Quotations and listings are content whatever they are called: `twitter-tweet`.
    fileprivate var canBeChrome: Bool {
        self != .text && self != .blockquote && !self.isPreformatted
    }
}
