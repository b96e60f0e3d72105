/// What a subtree of the arena holds, without what was dropped.
struct NodeStatistics {
    /// Bytes of text, and of the part of it inside links.
    var textBytes: Int32 = 0
    var linkBytes: Int32 = 0
    /// Bytes of text in blocks that read like prose, and how many such blocks there are.
    var proseBytes: Int32 = 0
    var proseBlocks: Int32 = 0
    /// Text whose nearest block is this node, and the part of it inside links.
    var ownText: Int32 = 0
    var ownLink: Int32 = 0
    var commas: Int32 = 0
    var holds: Holds = []

    struct Holds: OptionSet {
        let rawValue: UInt8
        static let heading = Holds(rawValue: 1 << 0)
        static let code = Holds(rawValue: 1 << 1)
        static let table = Holds(rawValue: 1 << 2)
        static let list = Holds(rawValue: 1 << 3)
        static let definitions = Holds(rawValue: 1 << 4)
        static let quote = Holds(rawValue: 1 << 5)
    }

    /// Share of the text inside links, 0 to 1.
    var linkDensity: Float {
        self.textBytes > 0 ? Float(self.linkBytes) / Float(self.textBytes) : 0
    }

    /// Whether the node's own text reads like prose: long enough, and mostly not links.
    var isProse: Bool {
        self.ownText >= Self.proseByteMinimum && self.ownLink * 5 < self.ownText * 2
    }

    /// A block shorter than this is a label, not a sentence.
    static let proseByteMinimum: Int32 = 80
}

/// Statistics of every node; one pass down for links and blocks, one pass up for sums.
///
/// - Complexity: O(nodes).
func measure(_ arena: HTMLArena, _ scanned: ScannedPage) -> [NodeStatistics] {
    let count = arena.nodes.count
    var statistics = [NodeStatistics](repeating: NodeStatistics(), count: count)
    /// Nearest block of each node and whether it is inside a link; see `collectOwnText`.
    var block = [Int32](repeating: 0, count: count)
    arena.nodes.withUnsafeBufferPointer { nodes in
        statistics.withUnsafeMutableBufferPointer { statistics in
            block.withUnsafeMutableBufferPointer { block in
                scanned.runs.withUnsafeBufferPointer { runs in
                    collectOwnText(nodes, runs, statistics, block)
                }
                sumUpwards(nodes, statistics)
            }
        }
    }
    return statistics
}

/// `block[i]` is twice the index of the nearest block, plus one inside a link.
private func collectOwnText(
    _ nodes: UnsafeBufferPointer<HTMLNode>,
    _ runs: UnsafeBufferPointer<ScannedPage.TextRun>,
    _ statistics: UnsafeMutableBufferPointer<NodeStatistics>,
    _ block: UnsafeMutableBufferPointer<Int32>
) {
    var index = 0
    while index < nodes.count {
        let node = nodes[index]
        if node.isDropped {
            index = Int(node.end)
            continue
        }
        let inherited = node.parent >= 0 ? block[Int(node.parent)] : 0
        switch node.tag {
        case .text:
            let run = runs[Int(node.record)]
            let length = run.end - run.start
            let owner = Int(inherited >> 1)
            statistics[owner].ownText += length
            statistics[index].textBytes = length
            if inherited & 1 == 1 {
                statistics[owner].ownLink += length
                statistics[index].linkBytes = length
            }
            statistics[owner].commas += Int32(run.commas)
        case .a:
            block[index] = inherited | 1
        case .span:
            block[index] = inherited
        default:
            if node.tag.role == .inline {
                block[index] = inherited
            } else {
                block[index] = Int32(index) << 1 | inherited & 1
            }
        }
        index += 1
    }
}

private func sumUpwards(
    _ nodes: UnsafeBufferPointer<HTMLNode>,
    _ statistics: UnsafeMutableBufferPointer<NodeStatistics>
) {
    var index = nodes.count - 1
    while index > 0 {
        let node = nodes[index]
        var own = statistics[index]
        if own.isProse {
            own.proseBytes += own.ownText
            own.proseBlocks += 1
            statistics[index] = own
        }
        if node.parent >= 0, !node.isDropped {
            let parent = Int(node.parent)
            statistics[parent].textBytes += own.textBytes
            statistics[parent].linkBytes += own.linkBytes
            statistics[parent].proseBytes += own.proseBytes
            statistics[parent].proseBlocks += own.proseBlocks
            statistics[parent].holds.formUnion(own.holds.union(node.tag.held))
        }
        index -= 1
    }
}

extension HTMLTag {
    fileprivate var held: NodeStatistics.Holds {
        switch self {
        case .h1, .h2, .h3, .h4, .h5, .h6: .heading
        case .pre, .listing, .xmp: .code
        case .table: .table
        case .ul, .ol, .menu, .dir: .list
        case .dl: .definitions
        case .blockquote: .quote
        default: []
        }
    }
}
