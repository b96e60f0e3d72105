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
final class ArenaBuilder {
    private(set) var arena = HTMLArena()
    private let elements: [HTMLSkeleton.ElementRecord]
    private let runCount: Int
    private var open: [Int32] = []
    private let tags = TagTable.shared
    /// Far more than a page under the byte limit can hold; keeps indexes in 32 bits.
    private static let nodeLimit = 1 << 28

    init(_ skeleton: HTMLSkeleton) {
        self.elements = skeleton.elements
        self.runCount = skeleton.runs.count
        self.arena.nodes.reserveCapacity(skeleton.runs.count * 2 + 16)
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

    func finish() -> HTMLArena {
        while let index = self.open.popLast() { self.close(index) }
        self.arena.nodes[0].end = Int32(self.arena.nodes.count)
        return self.arena
    }

    func startElement(
        _ name: UnsafePointer<UInt8>,
        marks: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    ) {
        var record: Int32 = -1
        var tag = self.tag(name)
        var signals: ElementSignals = []
        // The skeleton has no other attribute.
        if let index = recordIndex(marks), index < self.elements.count {
            record = Int32(index)
            tag = self.elements[index].tag
            signals = self.elements[index].signals
        }
        guard self.arena.nodes.count < Self.nodeLimit else { return }
        self.open.append(Int32(self.arena.nodes.count))
        // `html` and `body` are node 0; they are opened, so that ends match, but are not nodes.
        if tag == .html || tag == .body {
            self.open[self.open.count - 1] = -1
            return
        }
        self.append(tag, signals, record)
    }

    func endElement() {
        if let index = self.open.popLast() { self.close(index) }
    }

    func characters(_ bytes: UnsafePointer<UInt8>, count: Int) {
        var value = 0
        var hasDigit = false
        for offset in 0..<count where bytes[offset] >= 0x30 && bytes[offset] <= 0x39 {
            value = value * 10 + Int(bytes[offset] - 0x30)
            hasDigit = true
            if value >= self.runCount { return }
        }
        guard hasDigit, value < self.runCount else { return }
        self.append(.text, [], Int32(value))
        self.close(Int32(self.arena.nodes.count - 1))
    }

    private func append(_ tag: HTMLTag, _ signals: ElementSignals, _ record: Int32) {
        var parent: Int32 = 0
        let isElement = tag != .text
        var cursor = self.open.count - (isElement ? 2 : 1)
        while cursor >= 0 {
            if self.open[cursor] >= 0 {
                parent = self.open[cursor]
                break
            }
            cursor -= 1
        }
        self.arena.nodes.append(
            HTMLNode(tag: tag, signals: signals, parent: parent, end: 0, record: record)
        )
    }

    private func close(_ index: Int32) {
        if index >= 0 { self.arena.nodes[Int(index)].end = Int32(self.arena.nodes.count) }
    }

    private func tag(_ name: UnsafePointer<UInt8>) -> HTMLTag {
        var packed = TagName()
        var length = 0
        while length < 16, name[length] != 0 {
            packed.append(name[length], at: length)
            length += 1
        }
        return self.tags.tag(named: packed)
    }
}

/// The index of the record that an element's attributes name; see ``appendMark(_:to:)``.
private func recordIndex(
    _ marks: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
) -> Int? {
    guard let marks else { return nil }
    var index: Int?
    var cursor = 0
    // Names and values alternate; a null name ends the list.
    while cursor < 6, let name = marks[cursor] {
        guard name[0] >= 0x61, name[0] <= 0x63, let digits = decimal(name + 1) else { return nil }
        index = (index ?? 0) + digits << (10 * Int(name[0] - 0x61))
        cursor += 2
    }
    return index
}

private func decimal(_ digits: UnsafePointer<UInt8>) -> Int? {
    var value = 0
    var index = 0
    while index < 10, digits[index] >= 0x30, digits[index] <= 0x39 {
        value = value * 10 + Int(digits[index] - 0x30)
        index += 1
    }
    return index > 0 ? value : nil
}
