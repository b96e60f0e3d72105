/// A page's tree as one array in document order.
///
/// - Invariant: `nodes[i].parent < i < nodes[i].end`, and the descendants of `i` are exactly
///   `i + 1 ..< nodes[i].end`. Node 0 is the body. So a walk is a loop, skipping a subtree is one
///   assignment, and sums over subtrees are one pass from the back.
struct HTMLArena {
    var nodes: [HTMLNode] = []
    /// The parser stopped before the end of its input.
    var isTruncated = false
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

/// Turns libxml2's events into an arena.
struct ArenaBuilder {
    private var arena = HTMLArena()
    private let skeleton: HTMLSkeleton
    private var open: [Int32] = []
    private var nextStart = 0
    private var nextRun = 0
    /// Far more than a page under the byte limit can hold; keeps indexes in 32 bits.
    private static let nodeLimit = 1 << 28
    /// In `open`, an element that is no node: `html` and `body` are node 0.
    private static let none: Int32 = -1

    init(_ skeleton: HTMLSkeleton) {
        self.skeleton = skeleton
        self.arena.nodes.reserveCapacity(skeleton.starts.count + skeleton.runs.count + 1)
        self.arena.nodes.append(
            HTMLNode(
                tag: .body,
                signals: skeleton.head.bodySignals,
                parent: -1,
                end: 0,
                record: -1
            )
        )
    }

    /// Whether every tag and run of the skeleton came.
    var isExhausted: Bool {
        self.nextStart == self.skeleton.starts.count && self.nextRun == self.skeleton.runs.count
    }

    mutating func finish() -> HTMLArena {
        while let index = self.open.popLast() { self.close(index) }
        self.arena.nodes[0].end = Int32(self.arena.nodes.count)
        return self.arena
    }

    mutating func startElement(_ name: UnsafePointer<UInt8>) {
        guard self.arena.nodes.count < Self.nodeLimit else { return }
        // An element libxml2 puts in by itself is no node, and not the next of the skeleton.
        guard self.nextStart < self.skeleton.starts.count,
            self.skeleton.starts[self.nextStart].tag.isNamed(name)
        else {
            self.open.append(Self.none)
            return
        }
        let start = self.skeleton.starts[self.nextStart]
        self.nextStart += 1
        if start.tag == .html || start.tag == .body {
            self.open.append(Self.none)
            return
        }
        let parent = self.parent
        self.open.append(Int32(self.arena.nodes.count))
        if start.record >= 0 {
            let element = self.skeleton.elements[Int(start.record)]
            self.append(element.tag, element.signals, parent, start.record)
        } else {
            self.append(start.tag, [], parent, -1)
        }
    }

    mutating func endElement() {
        if let index = self.open.popLast() { self.close(index) }
    }

    mutating func characters(_ bytes: UnsafePointer<UInt8>, count: Int) {
        for offset in 0..<count where bytes[offset] == HTMLSkeleton.textMark {
            guard self.nextRun < self.skeleton.runs.count else { return }
            self.append(.text, [], self.parent, Int32(self.nextRun))
            self.close(Int32(self.arena.nodes.count - 1))
            self.nextRun += 1
        }
    }

    private var parent: Int32 { self.open.last { $0 >= 0 } ?? 0 }

    private mutating func append(
        _ tag: HTMLTag,
        _ signals: ElementSignals,
        _ parent: Int32,
        _ record: Int32
    ) {
        self.arena.nodes.append(
            HTMLNode(tag: tag, signals: signals, parent: parent, end: 0, record: record)
        )
    }

    private mutating func close(_ index: Int32) {
        if index >= 0 { self.arena.nodes[Int(index)].end = Int32(self.arena.nodes.count) }
    }
}
