/// One line of text without its line feed.
struct TextLine {
    var range: Range<Int>
    /// First byte that is neither blank nor tab; the line's end on a blank line.
    var contentStart: Int
    /// Behind the last byte that is no white space.
    var contentEnd: Int
    /// Columns before the content, tabs counting to the next multiple of four.
    var indent: Int

    var isBlank: Bool { self.contentStart >= self.contentEnd }
}

/// The lines of a buffer, in order.
struct TextLines: Sequence, IteratorProtocol {
    private let buffer: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ buffer: UnsafeBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func next() -> TextLine? {
        guard self.position < self.buffer.count else { return nil }
        let start = self.position
        var end = start
        while end < self.buffer.count, self.buffer[end] != 0x0A { end += 1 }
        self.position = end + 1
        var indent = 0
        var first = start
        while first < end, isBlankByte(self.buffer[first]) {
            indent += self.buffer[first] == 0x09 ? 4 - indent % 4 : 1
            first += 1
        }
        var last = end
        while last > first, isBlankByte(self.buffer[last - 1]) { last -= 1 }
        return TextLine(range: start..<end, contentStart: first, contentEnd: last, indent: indent)
    }
}

@inline(__always)
private func isBlankByte(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
