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
