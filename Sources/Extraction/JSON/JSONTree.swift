internal import Bytes
internal import Records

/// A JSON text as a tree of places in its bytes, in one array: a container's members follow it.
///
/// Comments, commas behind the last member, and keys and words without quotes are read as JSON5
/// writes them. Arrays of figures alone, however deep, are one value.
///
/// - Source: RFC 8259; JSON5 1.0.0 for what is taken beside it.
struct JSONTree {
    enum Kind: UInt8 {
        case object, array, string
        /// A number, `true`, `false`, or another bare word.
        case word
        case null
        /// An array of figures alone.
        case figures
    }

    struct Node {
        var kind: Kind
        /// The value's bytes; a string's without its quotes.
        var range: Range<Int32>
        /// The key's bytes, without quotes; empty for an item of an array.
        var key: Range<Int32> = 0..<0
        /// Behind the last node of a container.
        var end: Int32
        /// Members of an object, items of an array.
        var count: Int32 = 0
    }

    /// Containers inside containers.
    static let depthLimit = 256
    static let nodeLimit = 8 << 20

    private(set) var nodes: [Node] = []

    /// Values that could not be read: lines of a file that holds one on each.
    private(set) var damagedCount = 0

    /// Reads a text of one value, or of several that stand on lines of their own, as an array of them.
    ///
    /// - Throws: `.corrupt` where no value can be read, or the only one is damaged; `.limitExceeded`
    ///   over the limits.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(ExtractionError) {
        guard bytes.count < Int(Int32.max) else {
            throw ExtractionError(.tooLarge, "JSON of more than two gigabytes")
        }
        var reader = JSONTreeReader(bytes)
        self.nodes.append(Node(kind: .array, range: 0..<Int32(bytes.count), end: 1))
        var firstFault: ExtractionError?
        while reader.skipToValue() {
            let mark = self.nodes.count
            let start = reader.position
            do throws(ExtractionError) {
                try reader.value(into: &self.nodes, depth: 0, key: 0..<0)
                try reader.expectEndOfLine()
                self.nodes[0].count += 1
            } catch {
                guard error.code == .corrupt else { throw error }
                self.nodes.removeSubrange(mark...)
                firstFault = firstFault ?? error
                self.damagedCount += 1
                reader.skipLine(after: start)
            }
        }
        self.nodes[0].end = Int32(self.nodes.count)
        // Whole lines beside a damaged one are records; in a text of one value they are its rubble.
        if let firstFault,
            self.nodes[0].count < 2 || self.nodes[0].count <= Int32(self.damagedCount)
        {
            throw firstFault
        }
        if self.nodes[0].count == 1, self.damagedCount == 0 { self.unwrapRoot() }
    }

    /// A text of one value is that value.
    private mutating func unwrapRoot() {
        self.nodes.removeFirst()
        for index in self.nodes.indices { self.nodes[index].end -= 1 }
    }

    /// The indexes of a container's members, in order.
    func members(of index: Int) -> [Int] {
        var result: [Int] = []
        result.reserveCapacity(Int(self.nodes[index].count))
        guard self.nodes[index].kind == .object || self.nodes[index].kind == .array else {
            return []
        }
        var next = index + 1
        while next < Int(self.nodes[index].end) {
            result.append(next)
            next = Int(self.nodes[next].end)
        }
        return result
    }
}

/// Reads values from left to right.
private struct JSONTreeReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0
    /// The line of the last fault and its place: a file may have a fault on each, and none counts from the start.
    private var line = 1
    private var counted = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private var next: UInt8? {
        self.position < self.bytes.count ? self.bytes[self.position] : nil
    }

    private mutating func damaged(_ what: String) -> ExtractionError {
        let place = min(self.position, self.bytes.count)
        let between = min(place, self.counted)..<max(place, self.counted)
        let lines = self.bytes[between].count { $0 == .lineFeed }
        self.line += place < self.counted ? -lines : lines
        self.counted = place
        return ExtractionError(.corrupt, "the JSON is damaged: \(what) on line \(self.line)")
    }

    /// Whether a value follows; commas and record separators (RFC 7464) between values are skipped.
    mutating func skipToValue() -> Bool {
        self.skipBlanks()
        while let byte = self.next, byte == .comma || byte == 0x1E {
            self.position += 1
            self.skipBlanks()
        }
        return self.next != nil
    }

    mutating func skipLine(after start: Int) {
        self.position = firstIndex(of: .lineFeed, in: self.bytes, from: start) ?? self.bytes.count
    }

    /// Two values on one line are no lines of values.
    mutating func expectEndOfLine() throws(ExtractionError) {
        while let byte = self.next, byte.isASCIIBlank || byte == .comma { self.position += 1 }
        if self.next == .slash { self.skipBlanks() }
        guard let byte = self.next, byte != .lineFeed, byte != 0x1E else { return }
        guard self.position > 0, self.bytes[self.position - 1] != .lineFeed else { return }
        throw self.damaged("something follows the value")
    }

    private mutating func skipBlanks() {
        while let byte = self.next {
            if byte.isASCIISpace {
                self.position += 1
            } else if byte == .slash, self.skipComment() {
                continue
            } else if byte == .numberSign, self.isAtLineStart {
                self.skipLine(after: self.position)
            } else {
                return
            }
        }
    }

    private var isAtLineStart: Bool {
        self.position == 0 || self.bytes[self.position - 1] == .lineFeed
    }

    private mutating func skipComment() -> Bool {
        let start = self.position
        guard start + 1 < self.bytes.count else { return false }
        if self.bytes[start + 1] == .slash {
            self.skipLine(after: start)
            return true
        }
        guard self.bytes[start + 1] == .asterisk else { return false }
        var index = start + 2
        while let star = firstIndex(of: .asterisk, in: self.bytes, from: index) {
            index = star + 1
            if index < self.bytes.count, self.bytes[index] == .slash {
                self.position = index + 1
                return true
            }
        }
        self.position = self.bytes.count
        return true
    }

    mutating func value(
        into nodes: inout [JSONTree.Node],
        depth: Int,
        key: Range<Int32>
    ) throws(ExtractionError) {
        guard depth <= JSONTree.depthLimit else {
            throw ExtractionError(
                .limitExceeded,
                "JSON lies more than \(JSONTree.depthLimit) containers deep"
            )
        }
        guard nodes.count < JSONTree.nodeLimit else {
            throw ExtractionError(.limitExceeded, "JSON of more than \(JSONTree.nodeLimit) values")
        }
        self.skipBlanks()
        guard let byte = self.next else { throw self.damaged("it ends where a value should be") }
        switch byte {
        case .leftBrace, .leftBracket:
            try self.container(into: &nodes, depth: depth, key: key)
        case .quotationMark, .apostrophe:
            let range = try self.string()
            self.append(.string, range, key, to: &nodes)
        default:
            let range = try self.word()
            let isNull = self.bytes[Int(range.lowerBound)..<Int(range.upperBound)]
                .elementsEqual("null".utf8)
            self.append(isNull ? .null : .word, range, key, to: &nodes)
        }
    }

    private func append(
        _ kind: JSONTree.Kind,
        _ range: Range<Int32>,
        _ key: Range<Int32>,
        to nodes: inout [JSONTree.Node]
    ) {
        nodes.append(
            JSONTree.Node(kind: kind, range: range, key: key, end: Int32(nodes.count + 1))
        )
    }

    private mutating func container(
        into nodes: inout [JSONTree.Node],
        depth: Int,
        key: Range<Int32>
    ) throws(ExtractionError) {
        let start = self.position
        let isObject = self.bytes[start] == .leftBrace
        if !isObject, let end = self.endOfFigures(from: start) {
            self.position = end
            return self.append(.figures, Int32(start)..<Int32(end), key, to: &nodes)
        }
        let close: UInt8 = isObject ? .rightBrace : .rightBracket
        let index = nodes.count
        self.append(isObject ? .object : .array, Int32(start)..<Int32(start), key, to: &nodes)
        self.position += 1
        var count: Int32 = 0
        while true {
            self.skipBlanks()
            guard let byte = self.next else { throw self.damaged("it ends inside a container") }
            if byte == close { break }
            if byte == .comma, count > 0 {
                self.position += 1
                continue
            }
            let memberKey = isObject ? try self.key() : 0..<0
            try self.value(into: &nodes, depth: depth + 1, key: memberKey)
            count += 1
            self.skipBlanks()
            guard let after = self.next, after == .comma || after == close else {
                throw self.damaged("a comma or the end of the container is missing")
            }
        }
        self.position += 1
        nodes[index].range = Int32(start)..<Int32(self.position)
        nodes[index].count = count
        nodes[index].end = Int32(nodes.count)
    }

    /// Behind an array that holds figures and arrays of them, and two figures at least.
    private func endOfFigures(from start: Int) -> Int? {
        var depth = 0
        var commas = 0
        for index in start..<self.bytes.count {
            switch self.bytes[index] {
            case .leftBracket: depth += 1
            case .rightBracket:
                depth -= 1
                if depth == 0 { return commas > 0 ? index + 1 : nil }
            case .comma: commas += 1
            case 0x30...0x39, .hyphen, .plusSign, .fullStop, 0x65, 0x45, .space, 0x09...0x0D: break
            default: return nil
            }
            guard depth <= JSONTree.depthLimit else { return nil }
        }
        return nil
    }

    private mutating func key() throws(ExtractionError) -> Range<Int32> {
        let range: Range<Int32>
        if self.next == .quotationMark || self.next == .apostrophe {
            range = try self.string()
        } else {
            range = try self.word()
        }
        self.skipBlanks()
        guard self.next == .colon else { throw self.damaged("a colon is missing") }
        self.position += 1
        return range
    }

    /// The bytes between the quotes, escapes as they are.
    private mutating func string() throws(ExtractionError) -> Range<Int32> {
        let quote = self.bytes[self.position]
        let start = self.position + 1
        var index = start
        while index < self.bytes.count {
            let byte = self.bytes[index]
            if byte == quote {
                self.position = index + 1
                return Int32(start)..<Int32(index)
            }
            index += byte == .backslash ? 2 : 1
        }
        throw self.damaged("a string that begins there has no end")
    }

    private mutating func word() throws(ExtractionError) -> Range<Int32> {
        let start = self.position
        while let byte = self.next, Self.isWordByte(byte) { self.position += 1 }
        guard self.position > start else { throw self.damaged("there is no value") }
        return Int32(start)..<Int32(self.position)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte >= 0x80 || "+-._$".utf8.contains(byte)
    }
}
