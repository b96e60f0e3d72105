/// Decides for each unit of a page whether it is content, and drops the rest.
///
/// Rules on elements and names make a proposal; learnt weights over all evidence are a second opinion.
/// A unit that the rules keep goes where the weights speak against it; one they drop comes back where
/// the weights are sure of it. So no name decides alone. A heading with kept text under it stays.
///
/// - Parameters:
///   - shown: which nodes were dropped before the rules, because no reader sees them.
///   - statistics: those of the page without these.
///   - wide: the node that holds nearly all of a page that is no article; nil for an article.
///   - isSettled: what stands under a label that leads elsewhere; it stays out.
///   - proposed: subtrees the rules chose; what they dropped inside is dropped in the arena.
/// - Output: how many units of text were left out, by kind; and what was decided on.
/// - Complexity: O(nodes).
func decideUnits(
    in arena: inout HTMLArena,
    _ scanned: ScannedPage,
    shown: [Bool],
    _ statistics: [NodeStatistics],
    proposed: [Int],
    root: Int,
    hasAnchor: Bool,
    isThread: Bool,
    wide: Int?,
    isSettled: [Bool]
) -> (removed: RemovedText, page: UnitPage) {
    let ruled = arena
    for index in arena.nodes.indices { arena.nodes[index].isDropped = shown[index] }
    let units = textUnits(of: arena, statistics)
    let page = UnitPage(arena, scanned, statistics, units, root: root, hasAnchor: hasAnchor)
    let isRuledOut = ruledOut(ruled, proposed: proposed)
    var keeps = [Bool](repeating: false, count: units.count)
    UnitWeights.values.withUnsafeBufferPointer { weights in
        for index in units.indices {
            var sink = ScoreSink(weights)
            page.describe(index, to: &sink)
            let isKept = !isRuledOut[units[index].node]
            // Posts are short, and their places are unlike those in an article.
            let unit = units[index]
            let isAnchored = unit.context.elements.contains(.anchored)
            let isLead = proposed.dropLast().contains(unit.node)
            let keptLimit = isThread || isLead ? UnitWeights.plainLimit : page.limit(of: index)
            keeps[index] = sink.sum > (isKept ? keptLimit : UnitWeights.droppedLimit)
            if page.isAnnounced(index) || page.isHeadedTable(index) { keeps[index] = true }
            if page.isProtected(index), isKept || unit.hasNotes { keeps[index] = true }
            // The page itself says that this is its article's text.
            if ruled.nodes[unit.node].signals.contains(.anchored) { keeps[index] = true }
            // What leads elsewhere, and what the page's own account of its article lacks.
            let isForeign = hasAnchor && !isAnchored && !page.isInRoot(index)
            if isSettled[unit.node] || (isForeign && !isKept) { keeps[index] = false }
        }
    }
    if let wide {
        takeBack(page, ruledOut(ruled, proposed: [wide]), isSettled, &keeps)
    }
    settleHeadings(page, isRuledOut, isSettled, &keeps)
    var removed = RemovedText()
    for (index, unit) in units.enumerated() {
        if keeps[index] {
            if !isRuledOut[unit.node] { takeOver(ruled, unit, in: &arena) }
        } else {
            drop(unit, in: &arena)
            removed.note(unit.context, arena.nodes[unit.node].signals)
        }
    }
    return (removed, page)
}

/// For each node whether the rules left it out: dropped, inside something dropped, or outside of what
/// they chose.
private func ruledOut(_ ruled: HTMLArena, proposed: [Int]) -> [Bool] {
    var isOut = [Bool](repeating: true, count: ruled.nodes.count)
    for root in proposed {
        isOut[root] = false
        for index in root..<Int(ruled.nodes[root].end) {
            let node = ruled.nodes[index]
            isOut[index] = node.isDropped || (index > root && isOut[Int(node.parent)])
        }
    }
    return isOut
}

/// Keeps what no name calls chrome of a page that is no article, where the root and the weights leave
/// out a good part of that: what they learnt does not hold there.
private func takeBack(
    _ page: UnitPage,
    _ isRuledOut: [Bool],
    _ isSettled: [Bool],
    _ keeps: inout [Bool]
) {
    let isDisputed = page.units.indices.map { index in
        let unit = page.units[index]
        return !keeps[index] && !isRuledOut[unit.node] && !isSettled[unit.node]
            && page.isPlain(index)
    }
    var all: Int64 = 0
    var disputed: Int64 = 0
    for (index, unit) in page.units.enumerated() {
        if keeps[index] || isDisputed[index] { all += Int64(unit.textBytes - unit.linkBytes) }
        if isDisputed[index] { disputed += Int64(unit.textBytes - unit.linkBytes) }
    }
    guard disputed * disputedShare > all else { return }
    for index in keeps.indices where isDisputed[index] { keeps[index] = true }
}

/// One in so many bytes makes the choice doubtful: less than that stands around most articles.
private let disputedShare: Int64 = 3

/// A heading stands or falls with the text under it, up to the next of its rank.
private func settleHeadings(
    _ page: UnitPage,
    _ isRuledOut: [Bool],
    _ isSettled: [Bool],
    _ keeps: inout [Bool]
) {
    /// A bit for each rank: kept text follows before the next heading of that rank or above.
    var headsText: UInt16 = 0
    for index in page.units.indices.reversed() {
        let unit = page.units[index]
        let level = UInt16(page.arena.nodes[unit.node].tag.headingLevel)
        guard level > 0 else {
            if keeps[index] { headsText = .max }
            continue
        }
        if headsText >> level & 1 == 1, !isSettled[unit.node] {
            let isPlaced = page.isInRoot(index) || unit.context.elements.contains(.article)
            keeps[index] = keeps[index] || !isRuledOut[unit.node] || isPlaced
        }
        // A heading ends the sections of its own rank and of those below.
        headsText &= (1 << level) - 1
    }
}

/// Takes over what the rules dropped inside a unit that both keep.
private func takeOver(_ ruled: HTMLArena, _ unit: TextUnit, in arena: inout HTMLArena) {
    var cursor = unit.node + 1
    let end = Int(arena.nodes[unit.node].end)
    let isTable = arena.nodes[unit.node].tag == .table
    while cursor < end {
        let node = arena.nodes[cursor]
        let isInline = node.tag == .text || node.tag == .a || node.tag.role == .inline
        if !unit.isWhole, !isInline {
            cursor = Int(node.end)
            continue
        }
        // The rows of a table stay together.
        if ruled.nodes[cursor].isDropped, !isTable || isInline {
            arena.nodes[cursor].isDropped = true
        }
        cursor += 1
    }
}

private func drop(_ unit: TextUnit, in arena: inout HTMLArena) {
    guard !unit.isWhole else {
        arena.nodes[unit.node].isDropped = true
        return
    }
    var cursor = unit.node + 1
    while cursor < Int(arena.nodes[unit.node].end) {
        let node = arena.nodes[cursor]
        if node.tag == .text || node.tag == .a || node.tag.role == .inline {
            arena.nodes[cursor].isDropped = true
        }
        cursor = Int(node.end)
    }
}

/// How many units of visible text were left out, by kind.
struct RemovedText {
    private(set) var counts: [(code: String, count: Int)] = []

    mutating func note(_ context: UnitContext, _ own: ElementSignals) {
        let signals = context.signals.union(own)
        let code: String
        if signals.contains(.comments) {
            code = "comments_removed"
        } else if !signals.isDisjoint(with: [.navigation, .footer, .header, .sidebar]) {
            code = "navigation_removed"
        } else if !signals.isDisjoint(with: [.share, .related, .promotion, .dialog]) {
            code = "promotion_removed"
        } else if !signals.isDisjoint(with: [.byline, .caption, .author]) {
            code = "byline_removed"
        } else {
            code = "chrome_removed"
        }
        if let index = self.counts.firstIndex(where: { $0.code == code }) {
            self.counts[index].count += 1
        } else {
            self.counts.append((code, 1))
        }
    }
}
