/// Finds the node that holds a page's content.
func chooseRoot(
    in arena: HTMLArena,
    _ statistics: [NodeStatistics],
    isDocumentation: Bool
) -> Int {
    let total = statistics[0].proseBytes
    guard total > 0 else { return namedMain(in: arena, statistics) ?? 0 }
    if isDocumentation {
        return namedMain(in: arena, statistics) ?? 0
    }
    let read = readBody(in: arena, statistics)
    if let named = namedBody(in: arena, statistics),
        isTrusted(named, beside: read, in: arena, statistics)
    {
        return named
    }
    let wide = widened(read, in: arena, statistics)
    return holdsThePage(wide, statistics) ? wide : 0
}

/// The tightest node around the root that holds nearly all of the page's text outside links: the root of a
/// page that is no article, whose parts do not outweigh each other.
func wideRoot(around root: Int, in arena: HTMLArena, _ statistics: [NodeStatistics]) -> Int {
    let all = Int64(statistics[0].textBytes - statistics[0].linkBytes)
    var wide = root
    while wide > 0, Int64(statistics[wide].textBytes - statistics[wide].linkBytes) * 10 < all * 9 {
        wide = Int(arena.nodes[wide].parent)
    }
    return max(0, wide)
}

/// The root, or where it lacks much of what the page's JSON-LD says is the article, the tightest node
/// that has nearly all of that.
func anchoredRoot(beside root: Int, _ covered: [Int32], in arena: HTMLArena) -> Int {
    let total = Int64(covered[0])
    guard Int64(covered[root]) * 4 < total * 3 else { return root }
    var best = 0
    var index = 1
    while index < Int(arena.nodes[best].end) {
        let node = arena.nodes[index]
        if !node.isDropped, node.tag.canHoldContent, Int64(covered[index]) * 10 >= total * 9 {
            best = index
            index += 1
        } else if node.tag.canHoldContent || node.tag.role == .structure {
            // What holds less than most of the text holds nothing tighter.
            index = Int64(covered[index]) * 10 >= total * 9 ? index + 1 : Int(node.end)
        } else {
            index = Int(node.end)
        }
    }
    return best
}

/// Whether a node holds enough of the page's text outside links that the rest can be left out; where
/// it does not, the page has no single body, as a list of changes or a forum thread.
private func holdsThePage(_ index: Int, _ statistics: [NodeStatistics]) -> Bool {
    let own = statistics[index].textBytes - statistics[index].linkBytes
    let all = statistics[0].textBytes - statistics[0].linkBytes
    return statistics[index].proseBytes * 2 >= statistics[0].proseBytes && own * 3 >= all
}

/// Whether a named candidate stands beside the one that reads best: around it, inside it with most
/// of its prose, or elsewhere with more.
private func isTrusted(
    _ named: Int,
    beside read: Int,
    in arena: HTMLArena,
    _ statistics: [NodeStatistics]
) -> Bool {
    let namedProse = statistics[named].proseBytes
    let readProse = statistics[read].proseBytes
    let namedRange = named..<Int(arena.nodes[named].end)
    let readRange = read..<Int(arena.nodes[read].end)
    if namedRange.contains(read) { return true }
    if readRange.contains(named) { return namedProse * 2 >= readProse }
    return namedProse >= readProse
}

/// The candidate by name: each kind of name in order of trust, the largest of its kind.
private func namedBody(in arena: HTMLArena, _ statistics: [NodeStatistics]) -> Int? {
    let total = statistics[0].proseBytes
    let kinds: [(ElementSignals, Int32)] = [
        (.markedBody, 20), (.articleBody, 30), (.article, 40), (.main, 50),
    ]
    for (kind, percent) in kinds {
        guard var best = largest(of: kind, in: arena, statistics) else { continue }
        if kind == .markedBody || kind == .articleBody {
            best = joined(best, kind, in: arena, statistics)
        }
        let prose = statistics[best].proseBytes
        if prose >= 150, Int64(prose) * 100 >= Int64(total) * Int64(percent) { return best }
    }
    return nil
}

/// Some pages cut an article's body into several of the same name, with advertisements between:
/// then it is what they have in common, if that holds little else.
private func joined(
    _ best: Int,
    _ kind: ElementSignals,
    in arena: HTMLArena,
    _ statistics: [NodeStatistics]
) -> Int {
    var common = best
    var sum = statistics[best].proseBytes
    let share = statistics[best].proseBytes / 6
    var index = 1
    while index < arena.nodes.count {
        let node = arena.nodes[index]
        if node.isDropped || index == best {
            index = Int(node.end)
            continue
        }
        let isPart = node.signals.contains(kind) && node.tag.role == .box
        if isPart, statistics[index].proseBytes > share, !(index..<Int(node.end)).contains(best) {
            common = commonAncestor(common, index, in: arena)
            sum += statistics[index].proseBytes
            index = Int(node.end)
        } else {
            index += 1
        }
    }
    return statistics[common].proseBytes * 4 <= sum * 5 ? common : best
}

private func commonAncestor(_ left: Int, _ right: Int, in arena: HTMLArena) -> Int {
    var ancestor = left
    while ancestor > 0, !(ancestor..<Int(arena.nodes[ancestor].end)).contains(right) {
        ancestor = Int(arena.nodes[ancestor].parent)
    }
    return ancestor
}

private func namedMain(in arena: HTMLArena, _ statistics: [NodeStatistics]) -> Int? {
    guard let best = largest(of: [.main, .documentation], in: arena, statistics, byText: true)
    else { return nil }
    return statistics[best].textBytes * 2 >= statistics[0].textBytes ? best : nil
}

private func largest(
    of kind: ElementSignals,
    in arena: HTMLArena,
    _ statistics: [NodeStatistics],
    byText: Bool = false
) -> Int? {
    var best: Int?
    var bestSize: Int32 = 0
    var index = 1
    while index < arena.nodes.count {
        let node = arena.nodes[index]
        if node.isDropped {
            index = Int(node.end)
            continue
        }
        let size = byText ? statistics[index].textBytes : statistics[index].proseBytes
        // Of nested candidates with the same text the inner one is the tighter.
        if !node.signals.isDisjoint(with: kind), node.tag.role == .box || node.tag == .td,
            size > 0, Int64(size) * 100 >= Int64(bestSize) * 95
        {
            if size > bestSize || index > 0 { best = index }
            bestSize = max(bestSize, size)
        }
        index += 1
    }
    return best
}

/// The candidate by reading: prose paragraphs vote for their parents and, at half, grandparents.
///
/// - Source: the scheme of Arc90's Readability, as Mozilla's Readability.js documents it.
private func readBody(in arena: HTMLArena, _ statistics: [NodeStatistics]) -> Int {
    var scores = [Float](repeating: 0, count: arena.nodes.count)
    var index = 1
    while index < arena.nodes.count {
        let node = arena.nodes[index]
        if node.isDropped {
            index = Int(node.end)
            continue
        }
        let own = statistics[index]
        if own.isProse {
            let score = 1 + Float(own.commas) + min(Float(own.ownText) / 100, 3)
            vote(score, from: node.tag.isTextBlock ? node.parent : Int32(index))
        }
        index += 1
    }
    func vote(_ score: Float, from first: Int32) {
        guard first >= 0 else { return }
        scores[Int(first)] += score
        let parent = arena.nodes[Int(first)].parent
        guard parent >= 0 else { return }
        scores[Int(parent)] += score / 2
        let grandparent = arena.nodes[Int(parent)].parent
        if grandparent >= 0 { scores[Int(grandparent)] += score / 4 }
    }
    var best = 0
    var bestScore: Float = 0
    for index in scores.indices where scores[index] > 0 {
        let score = scores[index] * (1 - statistics[index].linkDensity)
        if score > bestScore {
            best = index
            bestScore = score
        }
    }
    // A list, table or quotation is part of a content, never the whole.
    while best > 0, !arena.nodes[best].tag.canHoldContent {
        best = Int(arena.nodes[best].parent)
    }
    return best
}

/// Climbs while the parent adds a good deal of prose and little else.
private func widened(_ start: Int, in arena: HTMLArena, _ statistics: [NodeStatistics]) -> Int {
    var best = start
    var current = start
    while arena.nodes[current].parent >= 0 {
        current = Int(arena.nodes[current].parent)
        let gain = statistics[current].proseBytes - statistics[best].proseBytes
        let cost = statistics[current].textBytes - statistics[best].textBytes - gain
        if gain > statistics[best].proseBytes / 4, gain > cost { best = current }
    }
    return best
}

extension HTMLTag {
    fileprivate var canHoldContent: Bool {
        self.role == .box || self == .template || self == .td || self == .body
    }

    /// Blocks of text that belong to what is around them.
    fileprivate var isTextBlock: Bool {
        self == .p || self == .li || self == .dd || self == .dt || self.isPreformatted
            || self.isHeading
    }
}
