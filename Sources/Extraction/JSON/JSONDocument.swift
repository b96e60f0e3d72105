internal import Bytes
internal import Records

/// A JSON tree over the bytes it was read from; valid as long as they are.
struct JSONDocument {
    let source: UnsafeBufferPointer<UInt8>
    let tree: JSONTree

    init(_ source: UnsafeBufferPointer<UInt8>) throws(ExtractionError) {
        self.source = source
        self.tree = try JSONTree(source)
    }

    func kind(_ index: Int) -> JSONTree.Kind { self.tree.nodes[index].kind }

    /// A container's members in order; none for single values.
    func members(of index: Int) -> [Int] { self.tree.members(of: index) }

    /// The member of this key.
    func member(_ key: String, of index: Int) -> Int? {
        guard self.kind(index) == .object else { return nil }
        return self.members(of: index).first { self.key($0).elementsEqual(key.utf8) }
    }

    /// The key of a member, on one line.
    func key(_ index: Int) -> [UInt8] {
        oneLine(decodedJSONString(self.bytes(self.tree.nodes[index].key)))
    }

    /// The text of a string; the bytes of any other single value.
    func text(_ index: Int) -> [UInt8] {
        let node = self.tree.nodes[index]
        return node.kind == .string
            ? decodedJSONString(self.bytes(node.range)) : Array(self.bytes(node.range))
    }

    func bytes(_ range: Range<Int32>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: self.source[Int(range.lowerBound)..<Int(range.upperBound)])
    }
}
