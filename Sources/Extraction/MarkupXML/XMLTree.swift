internal import Bytes
internal import Records

/// An XML document of any vocabulary as a tree in one array: an element is followed by what is in it.
struct XMLTree {
    struct Node {
        /// The element's local name; empty for text.
        var name: String
        /// Text of the node, white space joined; empty for elements.
        var text: [UInt8] = []
        var attributes: [(name: String, value: [UInt8])] = []
        /// Behind the last node in it.
        var end: Int
        /// Elements right in it.
        var elementCount = 0
        /// Whether text that is no white space stands right in it.
        var hasText = false
    }

    static let nodeLimit = 2 << 20

    fileprivate(set) var nodes: [Node] = []

    /// - Throws: `.corrupt`, `.limitExceeded`, as ``readXML(_:into:expandsEntities:)``.
    init(_ bytes: [UInt8]) throws(ExtractionError) {
        let reader = XMLTreeReader()
        try readXML(bytes, into: reader, expandsEntities: true)
        guard !reader.isOverLimit else {
            throw ExtractionError(.limitExceeded, "XML of more than \(Self.nodeLimit) elements")
        }
        self.nodes = reader.nodes
    }

    /// The nodes right in an element, in order.
    func children(of index: Int) -> [Int] {
        var result: [Int] = []
        var next = index + 1
        while next < self.nodes[index].end {
            result.append(next)
            next = self.nodes[next].end
        }
        return result
    }

    func elements(of index: Int) -> [Int] {
        self.children(of: index).filter { !self.nodes[$0].name.isEmpty }
    }

    /// All text in a node, words separated by blanks.
    func text(of index: Int) -> [UInt8] { oneLine(self.rawText(of: index)) }

    /// All text in a node as it is written.
    func rawText(of index: Int) -> [UInt8] {
        var text: [UInt8] = []
        self.appendText(of: index, to: &text)
        return text
    }

    /// Appends all text in a node; raised digits keep apart from the number they stand at.
    func appendText(of index: Int, to text: inout [UInt8]) {
        var next = index
        while next < self.nodes[index].end {
            let node = self.nodes[next]
            guard let isAbove = Self.raising[node.name] else {
                text += node.text
                next += 1
                continue
            }
            let inner = self.nodes[next..<node.end].flatMap(\.text)
            text += raisedText(inner, isAbove: isAbove, after: text)
            next = node.end
        }
    }

    /// Elements that set text above (true) or below the line, in DocBook, JATS, DITA and XHTML.
    private static let raising = [
        "sup": true, "superscript": true, "sub": false, "subscript": false,
    ]

    func isRaised(_ index: Int) -> Bool { Self.raising[self.nodes[index].name] != nil }
}

private final class XMLTreeReader: XMLEvents {
    private(set) var nodes: [XMLTree.Node] = []
    private(set) var isOverLimit = false
    private var open: [Int] = []
    /// The text node that further text of the same element belongs to.
    private var openText: Int?

    func start(_ element: XMLElement) {
        guard self.nodes.count < XMLTree.nodeLimit else {
            self.isOverLimit = true
            return
        }
        self.openText = nil
        if let parent = self.open.last { self.nodes[parent].elementCount += 1 }
        self.open.append(self.nodes.count)
        self.nodes.append(
            XMLTree.Node(
                name: element.name.local,
                attributes: element.readableAttributes,
                end: self.nodes.count + 1
            )
        )
    }

    func end(_ name: XMLName) {
        guard !self.isOverLimit, let index = self.open.popLast() else { return }
        self.openText = nil
        self.nodes[index].end = self.nodes.count
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !self.isOverLimit, let parent = self.open.last else { return }
        if let last = self.openText {
            self.nodes[last].text.append(contentsOf: bytes)
        } else {
            self.openText = self.nodes.count
            self.nodes.append(XMLTree.Node(name: "", text: Array(bytes), end: self.nodes.count + 1))
        }
        if !self.nodes[parent].hasText, bytes.contains(where: { !$0.isASCIISpace }) {
            self.nodes[parent].hasText = true
        }
    }
}
