/// Drops from the chosen content the blocks that read like navigation: mostly links, little prose.
func pruneBoilerplate(
    in arena: inout HTMLArena,
    _ statistics: [NodeStatistics],
    root: Int
) {
    let total = statistics[root]
    // A page of links, such as an index or a search result, is its links.
    guard total.proseBytes * 4 > total.textBytes else { return }
    var index = root + 1
    let end = Int(arena.nodes[root].end)
    while index < end {
        let node = arena.nodes[index]
        if node.isDropped {
            index = Int(node.end)
            continue
        }
        if isBoilerplate(node, statistics[index]) {
            arena.nodes[index].isDropped = true
            index = Int(node.end)
        } else {
            index += 1
        }
    }
}

/// Drops headings at the end of the content that head nothing: "You may also like".
func trimTail(in arena: inout HTMLArena, _ statistics: [NodeStatistics], root: Int) {
    var index = Int(arena.nodes[root].end) - 1
    var dropped: [Int] = []
    var bytes: Int32 = 0
    while index > root {
        let node = arena.nodes[index]
        let own = statistics[index]
        if own.ownText > 0, !isInsideDropped(index, in: arena, root: root) {
            guard node.tag.isHeading else { break }
            dropped.append(index)
            bytes += own.ownText
        }
        index -= 1
    }
    guard bytes * 8 < statistics[root].textBytes else { return }
    for index in dropped { arena.nodes[index].isDropped = true }
}

/// Drops an article's first heading where it only repeats the title, which is kept as such.
///
/// Documentation keeps it: there it is the root of the outline.
func dropRepeatedTitle(
    _ title: String,
    in arena: inout HTMLArena,
    _ skeleton: HTMLSkeleton,
    _ selection: ContentSelection
) {
    guard !selection.isDocumentation, let first = selection.roots.first,
        let last = selection.roots.last
    else { return }
    for index in first..<Int(arena.nodes[last].end) where !arena.nodes[index].isDropped {
        if selection.statistics[index].isProse { return }
        guard arena.nodes[index].tag == .h1 else { continue }
        let page = PageText(arena: arena, skeleton: skeleton, roots: selection.roots)
        // A page that is only its heading keeps it.
        let rest = selection.roots.reduce(0) { $0 + selection.statistics[$1].textBytes }
        guard rest > selection.statistics[index].textBytes else { return }
        if let heading = page.text(of: index, limit: 400), title.hasPrefix(heading) {
            arena.nodes[index].isDropped = true
        }
        return
    }
}

private func isInsideDropped(_ index: Int, in arena: HTMLArena, root: Int) -> Bool {
    var current = index
    while current > root {
        if arena.nodes[current].isDropped { return true }
        current = Int(arena.nodes[current].parent)
    }
    return false
}

private func isBoilerplate(_ node: HTMLNode, _ own: NodeStatistics) -> Bool {
    guard own.textBytes > 0 else { return false }
    switch node.tag {
    case .ul, .ol, .menu, .dir, .dl, .table:
        return own.linkDensity > 0.6 && own.proseBytes * 3 < own.textBytes
    case .p:
        return own.linkDensity > 0.8
    default:
        guard node.tag.role == .box else { return false }
        return own.linkDensity > 0.6 && own.proseBytes * 3 < own.textBytes
    }
}
