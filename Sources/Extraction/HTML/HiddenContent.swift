internal import Bytes
internal import Formats

/// Drops what no reader sees, and the links and numbers that only serve a page's mechanics.
///
/// What a control of the page opens is written for the reader: tab panes, answers, folded sections.
/// What is hidden with no control, or by size, colour or place, is not; it is the channel of prompt
/// injection.
///
/// - Output: the number of subtrees with text that were dropped as hidden.
/// - Complexity: O(nodes) and O(depth) for each hidden one.
func dropHidden(
    in arena: inout HTMLArena,
    _ scanned: ScannedPage,
    _ source: UnsafeBufferPointer<UInt8>,
    _ policy: HTMLOptions.Hidden
) -> Int {
    var hiddenCount = 0
    var buttons: [Int] = []
    var opened: OpenedIDs?
    var index = 1
    while index < arena.nodes.count {
        let node = arena.nodes[index]
        if node.tag == .button { buttons.append(index) }
        guard !node.signals.isDisjoint(with: ElementSignals.unread) else {
            index += 1
            continue
        }
        if node.signals.contains(.apparatus) {
            arena.nodes[index].isDropped = isApparatus(index, in: arena, scanned)
        }
        let isHidden = !node.signals.isDisjoint(with: [.hidden, .unseen, .muted])
        if isHidden, !arena.nodes[index].isDropped, policy != .keep {
            if opened == nil, policy == .interactive { opened = OpenedIDs(arena, scanned, source) }
            let isKept =
                isSignOrFormula(index, in: arena, scanned)
                || (opened.map { isOpened(index, in: arena, scanned, source, by: $0) } ?? false)
            if !isKept {
                arena.nodes[index].isDropped = true
                if hasText(index, in: arena) { hiddenCount += 1 }
            }
        }
        index = arena.nodes[index].isDropped ? Int(node.end) : index + 1
    }
    for button in buttons where !headsSection(button, in: arena) {
        arena.nodes[button].isDropped = true
    }
    return hiddenCount
}

/// What the page's controls open, as hashes of ids.
private struct OpenedIDs {
    private var ids: Set<UInt64> = []

    init(_ arena: HTMLArena, _ scanned: ScannedPage, _ source: UnsafeBufferPointer<UInt8>) {
        for range in scanned.controls {
            for id in source[range.range].split(whereSeparator: isHTMLBlank) {
                self.ids.insert(Self.hash(id.first == UInt8(ascii: "#") ? id.dropFirst() : id))
            }
        }
        // A link to what is hidden leads nowhere without a script that opens it.
        for node in arena.nodes where node.tag == .a && node.record >= 0 {
            let target = source[scanned.elements[Int(node.record)].href.range]
            if target.count > 1, target.first == UInt8(ascii: "#") {
                self.ids.insert(Self.hash(target.dropFirst()))
            }
        }
    }

    func contains(_ id: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        !id.isEmpty && self.ids.contains(Self.hash(id))
    }

    private static func hash(_ id: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
        id.reduce(fnvBasis) { fnvStep($0, $1) }
    }
}

/// Whether a hidden element is one that a reader can open, or that only screen readers pass over.
private func isOpened(
    _ index: Int,
    in arena: HTMLArena,
    _ scanned: ScannedPage,
    _ source: UnsafeBufferPointer<UInt8>,
    by opened: OpenedIDs
) -> Bool {
    let node = arena.nodes[index]
    guard !node.signals.contains(.unseen), node.tag != .a else { return false }
    guard node.tag.role != .inline else {
        return node.record >= 0
            && opened.contains(source[scanned.elements[Int(node.record)].href.range])
    }
    if node.tag == .noscript { return isNotice(index, in: arena, scanned) == false }
    // A note in an `aside` waits for its mark to be clicked.
    guard node.signals.contains(.note) || node.signals.isDisjoint(with: ElementSignals.chrome)
    else { return false }
    if node.signals.contains(.tabPanel) { return true }
    if node.record >= 0, opened.contains(source[scanned.elements[Int(node.record)].href.range]) {
        return true
    }
    if node.signals.contains(.pane), isHeaded(index, in: arena) { return true }
    // `aria-hidden` alone hides nothing from sight; it is set on what scripts move away.
    return !node.signals.contains(.hidden) && proseBytes(index, in: arena, scanned) >= 40
}

/// Whether a `noscript` only asks for scripts.
private func isNotice(_ index: Int, in arena: HTMLArena, _ scanned: ScannedPage) -> Bool {
    guard let text = rawText(of: index, in: arena, scanned, limit: 1 << 16) else { return false }
    return text.count < 30
        || text.contains(UInt8(ascii: "<"))
        || text.withUnsafeBufferPointer { contains("javascript", $0) || contains("cookie", $0) }
}

/// Whether a heading, a button or another pane stands before a pane.
private func isHeaded(_ index: Int, in arena: HTMLArena) -> Bool {
    let parent = arena.nodes[index].parent
    var before = index - 1
    guard before > parent else { return false }
    while arena.nodes[before].parent != parent { before = Int(arena.nodes[before].parent) }
    let sibling = arena.nodes[before]
    if sibling.tag.isHeading || sibling.tag == .dt || sibling.tag == .label
        || sibling.signals.contains(.pane)
    {
        return true
    }
    return (before..<Int(sibling.end)).prefix(16).contains {
        arena.nodes[$0].tag == .button || arena.nodes[$0].tag.isHeading
    }
}

/// A plus sign for screen readers between the parts of a mixed fraction, or a formula beside its
/// picture: what is seen says the same.
private func isSignOrFormula(_ index: Int, in arena: HTMLArena, _ scanned: ScannedPage) -> Bool {
    let node = arena.nodes[index]
    guard node.tag.role == .inline || node.tag == .div, Int(node.end) > index + 1 else {
        return false
    }
    if arena.nodes[index + 1].tag == .math { return arena.nodes[index + 1].end == node.end }
    guard Int(node.end) == index + 2, arena.nodes[index + 1].tag == .text else { return false }
    let run = scanned.runs[Int(arena.nodes[index + 1].record)]
    guard run.end - run.start == 1 else { return false }
    let sign = scanned.text[Int(run.start)]
    return sign == UInt8(ascii: "+") || sign == UInt8(ascii: "/")
}

private func hasText(_ index: Int, in arena: HTMLArena) -> Bool {
    (index + 1..<max(index + 1, Int(arena.nodes[index].end))).contains {
        arena.nodes[$0].tag == .text
    }
}

/// Bytes of text outside links, counted up to a hundred.
private func proseBytes(_ index: Int, in arena: HTMLArena, _ scanned: ScannedPage) -> Int {
    var bytes = 0
    var cursor = index + 1
    while cursor < Int(arena.nodes[index].end), bytes < 100 {
        let node = arena.nodes[cursor]
        if node.tag == .text {
            let run = scanned.runs[Int(node.record)]
            bytes += Int(run.end - run.start)
        }
        cursor = node.tag == .a ? Int(node.end) : cursor + 1
    }
    return bytes
}

/// Whether a control that opens something has words, and text after it that is kept.
private func headsSection(_ button: Int, in arena: HTMLArena) -> Bool {
    guard hasText(button, in: arena) else { return false }
    var box = button
    for _ in 0..<3 {
        let parent = Int(arena.nodes[box].parent)
        guard parent > 0 || box == button else { return false }
        let next = Int(arena.nodes[box].end)
        if next < arena.nodes.count, Int(arena.nodes[next].parent) == parent {
            return !arena.nodes[next].isDropped && arena.nodes[next].tag != .button
                && arena.nodes[next].tag != .a && !arena.nodes[next].tag.isList
                && hasText(next, in: arena)
        }
        box = parent
    }
    return false
}

/// Whether what is named a gutter or permalink has no words worth the name; of a line's number, or a
/// sign, there are few letters.
private func isApparatus(_ index: Int, in arena: HTMLArena, _ scanned: ScannedPage) -> Bool {
    var letters = 0
    for cursor in index..<Int(arena.nodes[index].end) where arena.nodes[cursor].tag == .text {
        let run = scanned.runs[Int(arena.nodes[cursor].record)]
        letters += scanned.text[Int(run.start)..<Int(run.end)].count { $0 > 0x40 }
        if letters > 60 { return false }
    }
    return true
}
