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
    let named = namedBody(in: arena, statistics)
    let read = readBody(in: arena, statistics)
    guard let named else { return read }
    // The name wins unless it misses most of what reads like the article.
    if statistics[named].proseBytes * 5 >= statistics[read].proseBytes * 3 { return named }
    return read
}

/// The candidate by name: each kind of name in order of trust, the largest of its kind.
private func namedBody(in arena: HTMLArena, _ statistics: [NodeStatistics]) -> Int? {
    let total = statistics[0].proseBytes
    let kinds: [(ElementSignals, Int32)] = [
        (.markedBody, 20), (.articleBody, 30), (.article, 50), (.main, 50),
    ]
    for (kind, percent) in kinds {
        guard let best = largest(of: kind, in: arena, statistics) else { continue }
        let prose = statistics[best].proseBytes
        if prose >= 150, Int64(prose) * 100 >= Int64(total) * Int64(percent) { return best }
    }
    return nil
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
        if own.ownText >= NodeStatistics.proseByteMinimum, own.ownLink * 5 < own.ownText * 2 {
            let score = 1 + Float(own.commas) + min(Float(own.ownText) / 100, 3)
            vote(score, from: node.tag == .p || node.tag == .pre ? node.parent : Int32(index))
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
    return widened(best, in: arena, statistics)
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
