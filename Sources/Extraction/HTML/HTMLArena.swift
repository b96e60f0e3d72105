/// A page's tree as one array in document order.
///
/// - Invariant: `nodes[i].parent < i < nodes[i].end`, and the descendants of `i` are exactly
///   `i + 1 ..< nodes[i].end`. Node 0 is the body. So a walk is a loop, skipping a subtree is one
///   assignment, and sums over subtrees are one pass from the back.
struct HTMLArena {
    var nodes: [HTMLNode] = []
}

struct HTMLNode {
    var tag: HTMLTag
    /// Nothing of this subtree is content.
    var isDropped = false
    var signals: ElementSignals
    var parent: Int32
    var end: Int32
    /// Index of the element's record or, of a text node, of its run; -1 where it has none.
    var record: Int32
}
