/// One line of text without its line feed.
package struct TextLine {
    package var range: Range<Int>
    /// First byte that is neither blank nor tab; the line's end on a blank line.
    package var contentStart: Int
    /// Behind the last byte that is no white space.
    package var contentEnd: Int
    /// Columns before the content, tabs counting to the next multiple of four.
    package var indent: Int

    package var isBlank: Bool { self.contentStart >= self.contentEnd }
}

/// The lines of a buffer, in order.
package struct TextLines: Sequence, IteratorProtocol {
    private let buffer: UnsafeBufferPointer<UInt8>
    private var position = 0

    package init(_ buffer: UnsafeBufferPointer<UInt8>) { self.buffer = buffer }

    package mutating func next() -> TextLine? {
        guard self.position < self.buffer.count else { return nil }
        let start = self.position
        var end = start
        while end < self.buffer.count, self.buffer[end] != .lineFeed { end += 1 }
        self.position = end + 1
        var indent = 0
        var first = start
        while first < end, self.buffer[first].isASCIISpace {
            indent += self.buffer[first] == .tab ? 4 - indent % 4 : 1
            first += 1
        }
        var last = end
        while last > first, self.buffer[last - 1].isASCIISpace { last -= 1 }
        return TextLine(range: start..<end, contentStart: first, contentEnd: last, indent: indent)
    }
}
