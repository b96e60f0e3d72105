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
            if node.tag.role == .box, !node.signals.contains(.anchored) {
                dropLinkLines(in: index, &arena, statistics)
            }
            index += 1
        }
    }
}

/// Drops lines of nothing but links that stand in a box without a paragraph of their own.
private func dropLinkLines(in box: Int, _ arena: inout HTMLArena, _ statistics: [NodeStatistics]) {
    let end = Int(arena.nodes[box].end)
    var line = box + 1
    while line < end {
        var cursor = line
        var textBytes: Int32 = 0
        var linkBytes: Int32 = 0
        while cursor < end, arena.nodes[cursor].tag.isInline {
            if !arena.nodes[cursor].isDropped {
                textBytes += statistics[cursor].textBytes
                linkBytes += statistics[cursor].linkBytes
            }
            cursor = Int(arena.nodes[cursor].end)
        }
        if cursor == line {
            line = Int(arena.nodes[line].end)
            continue
        }
        if linkBytes >= 60, linkBytes * 5 > textBytes * 4 {
            var dropped = line
            while dropped < cursor {
                arena.nodes[dropped].isDropped = true
                dropped = Int(arena.nodes[dropped].end)
            }
        }
        line = cursor
    }
}

/// Drops headings whose whole section was links, and dropped.
func dropOrphanHeadings(in arena: inout HTMLArena, _ statistics: [NodeStatistics], root: Int) {
    var heading: Int?
    var isOrphan = false
    func settle(before level: UInt8) {
        if let heading, isOrphan, level <= arena.nodes[heading].tag.headingLevel {
            arena.nodes[heading].isDropped = true
        }
    }
    var index = root + 1
    while index < Int(arena.nodes[root].end) {
        let node = arena.nodes[index]
        if node.isDropped {
            let own = statistics[index]
            if own.linkBytes * 2 > own.textBytes { isOrphan = true }
            index = Int(node.end)
            continue
        }
        if statistics[index].ownText > 0 {
            if node.tag.isHeading {
                settle(before: node.tag.headingLevel)
                heading = index
            } else {
                heading = nil
            }
            isOrphan = false
        }
        index += 1
    }
    settle(before: 0)
}

private func isBoilerplate(_ node: HTMLNode, _ own: NodeStatistics) -> Bool {
    guard own.textBytes > 0, !node.signals.contains(.anchored) else { return false }
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

extension HTMLTag {
    /// Text, links and marks inside a line.
    fileprivate var isInline: Bool { self == .text || self == .a || self.role == .inline }
}
