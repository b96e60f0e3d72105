internal import Bytes

/// Turns MathML into LaTeX, so that a fraction is not the product of its parts.
///
/// An annotation in TeX is taken as it is; without one the elements of presentation MathML are
/// written out. Letters and signs stay as they are: `α` is easier to find than `\alpha`.
///
/// - Complexity: O(n) for n bytes; what is nested deeper than ``depthLimit`` is written as plain text.
/// - Source: MathML Core, and W3C MathML 3 §3 for elements it has no more.
struct MathMarkup {
    static let depthLimit = 48
    /// A choice: more is no formula.
    private static let nodeLimit = 20_000
    private static let annotationByteLimit = 8_192

    private let bytes: UnsafeBufferPointer<UInt8>
    private var nodes: [Node] = []
    /// Elements that are open: index, and the last child so far or -1.
    private var open: [(node: Int, last: Int)] = []
    private var annotation: [UInt8] = []

    struct Node {
        var element: Element
        /// Of leaves, the text with references resolved.
        var text: [UInt8] = []
        var firstChild = -1
        var next = -1
        /// Range of the attributes in the source.
        var attributes = 0..<0
    }

    enum Element: String, CaseIterable {
        case mrow, mi, mn, mo, mtext, ms, mspace, mfrac, msqrt, mroot, msup, msub, msubsup, munder
        case mover, munderover, mtable, mtr, mlabeledtr, mtd, mfenced, mphantom, semantics
        case mprescripts, mmultiscripts, none, math, mstyle, mpadded, menclose, merror, maction
        case annotation, annotationXML = "annotation-xml"

        var isLeaf: Bool {
            switch self {
            case .mi, .mn, .mo, .mtext, .ms, .annotation: true
            default: false
            }
        }

        var isVoid: Bool { self == .mspace || self == .mprescripts || self == .none }
    }

    /// - Parameter bytes: what stands between the `math` element's tags.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        self.nodes.append(Node(element: .mrow))
        self.open.append((0, -1))
        self.read()
    }

    var isAnnotated: Bool { !self.annotation.isEmpty }

    /// The formula in LaTeX, or nothing.
    var latex: [UInt8] {
        if !self.annotation.isEmpty { return withoutDisplayStyle(self.annotation) }
        var writer = MathWriter(nodes: self.nodes)
        writer.write(0, depth: 0)
        return trimmed(writer.output)
    }

    // MARK: Reading

    private mutating func read() {
        var index = 0
        while index < self.bytes.count, self.nodes.count < Self.nodeLimit {
            if self.bytes[index] == UInt8(ascii: "<") {
                index = self.readTag(at: index)
            } else {
                let end =
                    firstIndex(of: UInt8(ascii: "<"), in: self.bytes, from: index)
                    ?? self.bytes.count
                self.readText(index..<end)
                index = end
            }
        }
    }

    private mutating func readText(_ range: Range<Int>) {
        guard let parent = self.open.last else { return }
        let text = attributeText(UnsafeBufferPointer(rebasing: self.bytes[range]))
        guard !text.isEmpty else { return }
        if self.nodes[parent.node].element == .annotation {
            let room = Self.annotationByteLimit - self.annotation.count
            if self.isTeX(self.nodes[parent.node]), text.count <= room { self.annotation += text }
        } else if self.nodes[parent.node].element.isLeaf {
            self.nodes[parent.node].text += text
        } else {
            self.append(Node(element: .mtext, text: text))
        }
    }

    private func isTeX(_ node: Node) -> Bool {
        let attributes = UnsafeBufferPointer(rebasing: self.bytes[node.attributes])
        return contains("x-tex", attributes) || contains("latex", attributes)
    }

    private mutating func readTag(at index: Int) -> Int {
        let close = firstIndex(of: UInt8(ascii: ">"), in: self.bytes, from: index)
        guard let close else { return self.bytes.count }
        let isEnd = index + 1 < close && self.bytes[index + 1] == UInt8(ascii: "/")
        var start = index + (isEnd ? 2 : 1)
        var end = start
        while end < close, !endsName(self.bytes[end]) {
            // A prefix says nothing.
            if self.bytes[end] == UInt8(ascii: ":") { start = end + 1 }
            end += 1
        }
        let element = Self.element(UnsafeBufferPointer(rebasing: self.bytes[start..<end]))
        guard let element else { return close + 1 }
        if isEnd {
            self.close(element)
            return close + 1
        }
        var node = Node(element: element)
        node.attributes = end..<close
        self.append(node)
        let isClosed = self.bytes[close - 1] == UInt8(ascii: "/") || element.isVoid
        if !isClosed, self.open.count <= Self.depthLimit {
            self.open.append((self.nodes.count - 1, -1))
        }
        return close + 1
    }

    private static func element(_ name: UnsafeBufferPointer<UInt8>) -> Element? {
        guard name.count <= 16 else { return nil }
        return Element(rawValue: String(decoding: name, as: UTF8.self).lowercased())
    }

    private mutating func append(_ node: Node) {
        guard let parent = self.open.last else { return }
        let index = self.nodes.count
        self.nodes.append(node)
        if parent.last < 0 {
            self.nodes[parent.node].firstChild = index
        } else {
            self.nodes[parent.last].next = index
        }
        self.open[self.open.count - 1].last = index
    }

    private mutating func close(_ element: Element) {
        guard
            let index = self.open.lastIndex(where: { self.nodes[$0.node].element == element }),
            index > 0
        else { return }
        self.open.removeSubrange(index...)
    }
}

/// `{\displaystyle x}` is what Wikipedia writes for `x`.
func withoutDisplayStyle(_ tex: [UInt8]) -> [UInt8] {
    let text = trimmed(tex)
    for style in ["{\\displaystyle ", "{\\textstyle "] where text.starts(with: style.utf8) {
        guard text.last == UInt8(ascii: "}") else { continue }
        return trimmed(Array(text.dropFirst(style.utf8.count).dropLast()))
    }
    return text
}

private func trimmed(_ text: [UInt8]) -> [UInt8] {
    let start = text.firstIndex { !isHTMLBlank($0) } ?? text.endIndex
    let end = text.lastIndex { !isHTMLBlank($0) }.map { $0 + 1 } ?? start
    return Array(text[start..<max(start, end)])
}
