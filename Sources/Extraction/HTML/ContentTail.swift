/// Drops from the end of the content what is not its text: headings that head nothing, lists of
/// links, and the copyright line.
func trimTail(
    in arena: inout HTMLArena,
    _ scanned: ScannedPage,
    _ statistics: [NodeStatistics],
    root: Int
) {
    var index = Int(arena.nodes[root].end) - 1
    var dropped: [Int] = []
    var bytes: Int32 = 0
    while index > root {
        let node = arena.nodes[index]
        let own = statistics[index]
        if node.signals.contains(.anchored), own.ownText > 0 { break }
        if own.ownText > 0, !isInsideDropped(index, in: arena, root: root) {
            if let list = outermostList(around: index, in: arena, root: root),
                statistics[list].linkDensity > 0.4
            {
                dropped.append(list)
                bytes += statistics[list].textBytes
                index = list - 1
                continue
            }
            guard node.tag.isHeading || isCopyright(index, in: arena, scanned, own) else { break }
            dropped.append(index)
            bytes += own.ownText
        }
        index -= 1
    }
    guard bytes * 8 < statistics[root].textBytes else { return }
    for index in dropped { arena.nodes[index].isDropped = true }
}

private func outermostList(around index: Int, in arena: HTMLArena, root: Int) -> Int? {
    var current = index
    var list: Int?
    while current > root {
        if arena.nodes[current].tag.isList { list = current }
        current = Int(arena.nodes[current].parent)
    }
    return list
}

private func isInsideDropped(_ index: Int, in arena: HTMLArena, root: Int) -> Bool {
    var current = index
    while current > root {
        if arena.nodes[current].isDropped { return true }
        current = Int(arena.nodes[current].parent)
    }
    return false
}

/// A line such as `© 2020 The Example`.
private func isCopyright(
    _ index: Int,
    in arena: HTMLArena,
    _ scanned: ScannedPage,
    _ own: NodeStatistics
) -> Bool {
    guard own.ownText == own.textBytes, own.ownText <= 160,
        let line = rawText(of: index, in: arena, scanned, limit: 160)
    else { return false }
    let words = foldedText(line)
    return words.starts(with: "copyright".utf8) || words.starts(with: "allrightsreserved".utf8)
        || line.starts(with: "©".utf8) || line.starts(with: "(c)".utf8)
}
