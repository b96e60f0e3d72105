/// Whether a page is a discussion: a forum's thread, a question with answers, an issue's comments.
///
/// Then every post is content, and what is called a comment is one.
///
/// The page may say so itself, in JSON-LD, microdata or the generator's name. Else what is called
/// comments, or the posts beside each other, must be nearly all there is to read.
///
/// - Complexity: O(nodes).
func isDiscussion(
    _ arena: HTMLArena,
    _ statistics: [NodeStatistics],
    saysSo: Bool
) -> Bool {
    let shape = DiscussionShape(arena, statistics)
    if saysSo { return shape.commentBytes > 0 || shape.postCount > 1 }
    if shape.commentBytes > 0, shape.commentBytes > shape.articleBytes * 8 {
        return shape.commentBytes > shape.restBytes * 2
    }
    return shape.postCount > 1 && shape.postBytes > shape.restBytes
        && shape.largestPost * 10 < shape.postBytes * 7 && shape.commentBytes == 0
}

/// Bytes of text outside links, by what they stand in.
private struct DiscussionShape {
    var commentBytes: Int64 = 0
    var articleBytes: Int64 = 0
    var restBytes: Int64 = 0
    /// Boxes called posts that do not stand in one another.
    var postCount = 0
    var postBytes: Int64 = 0
    var largestPost: Int64 = 0

    init(_ arena: HTMLArena, _ statistics: [NodeStatistics]) {
        var total = Self.words(statistics[0])
        var index = 1
        while index < arena.nodes.count {
            let node = arena.nodes[index]
            let bytes = Self.words(statistics[index])
            let isBox = node.tag.role == .box || node.tag == .td || node.tag == .li
            if node.isDropped || statistics[index].textBytes == 0 {
                index = Int(node.end)
            } else if isBox, node.signals.contains(.comments) {
                self.commentBytes += bytes
                index = Int(node.end)
            } else if isBox, !node.signals.isDisjoint(with: [.navigation, .footer, .sidebar]),
                bytes * 2 < Self.words(statistics[0])
            {
                total -= bytes
                index = Int(node.end)
            } else if isBox, node.signals.contains(.article), bytes > 0,
                !Self.holdsComments(index, in: arena)
            {
                self.articleBytes += bytes
                self.postCount += 1
                self.postBytes += bytes
                self.largestPost = max(self.largestPost, bytes)
                index = Int(node.end)
            } else {
                index += 1
            }
        }
        self.restBytes = max(0, total - self.commentBytes - self.articleBytes)
    }

    private static func words(_ own: NodeStatistics) -> Int64 {
        Int64(own.textBytes - own.linkBytes)
    }

    private static func holdsComments(_ index: Int, in arena: HTMLArena) -> Bool {
        (index + 1..<min(Int(arena.nodes[index].end), index + 512)).contains {
            arena.nodes[$0].signals.contains(.comments)
        }
    }
}

/// The tightest node around all posts of a discussion.
func discussionRoot(in arena: HTMLArena, _ statistics: [NodeStatistics]) -> Int {
    let all = Int64(statistics[0].textBytes - statistics[0].linkBytes)
    let title = arena.nodes.firstIndex { $0.tag == .h1 && !$0.isDropped } ?? 0
    var best = 0
    var index = 1
    while index < Int(arena.nodes[best].end) {
        let node = arena.nodes[index]
        let own = Int64(statistics[index].textBytes - statistics[index].linkBytes)
        guard !node.isDropped, own * 10 >= all * 8, node.tag.role == .box else {
            // What holds less than most of the text holds nothing tighter.
            index = !node.isDropped && own * 10 >= all * 8 ? index + 1 : Int(node.end)
            continue
        }
        // The title belongs to the discussion.
        if title == 0 || (index..<Int(node.end)).contains(title) { best = index }
        index += 1
    }
    return best
}
