/// The paragraphs between a page's main heading and the root: the lead that many designs set apart
/// from the article's body.
///
/// - Output: at most three prose blocks in document order, none of them in a dropped subtree.
func articleLead(before root: Int, in arena: HTMLArena, _ statistics: [NodeStatistics]) -> [Int] {
    guard let heading = lastHeading(before: root, in: arena) else { return [] }
    var lead: [Int] = []
    var bytes: Int32 = 0
    var index = heading
    while index < root {
        let node = arena.nodes[index]
        let own = statistics[index]
        if node.isDropped {
            index = Int(node.end)
            continue
        }
        if own.isProse, node.tag != .li, Int(node.end) <= root {
            lead.append(index)
            bytes += own.textBytes
            index = Int(node.end)
        } else {
            index += 1
        }
    }
    // More than a lead means that the root is not what follows the heading.
    return lead.count <= 3 && bytes <= 1_500 ? lead : []
}

private func lastHeading(before root: Int, in arena: HTMLArena) -> Int? {
    var index = root
    while index > 0 {
        index -= 1
        if arena.nodes[index].tag == .h1 { return Int(arena.nodes[index].end) }
    }
    return nil
}
