/// Where a Markdown text is code: between fences and between backticks of one line.
struct CodeRanges {
    /// Ascending, apart from each other.
    private var ranges: [Range<Int>] = []

    /// - Complexity: O(text).
    init(_ text: [UInt8]) {
        var start = 0
        var fence: (byte: UInt8, count: Int, start: Int)?
        while start < text.count {
            let end = text[start...].firstIndex(of: 0x0A) ?? text.count
            let line = text[start..<end]
            let content = line.drop { $0 == 0x20 || $0 == 0x09 }
            let byte = content.first ?? 0
            let count = content.prefix { $0 == byte }.count
            let isFence =
                count >= 3 && (byte == UInt8(ascii: "`") || byte == UInt8(ascii: "~"))
            if let open = fence {
                if isFence, byte == open.byte, count >= open.count {
                    self.ranges.append(open.start..<start)
                    fence = nil
                }
            } else if isFence {
                fence = (byte, count, min(end + 1, text.count))
            } else {
                self.addSpans(of: line)
            }
            start = end + 1
        }
        if let fence { self.ranges.append(fence.start..<text.count) }
    }

    func contains(_ offset: Int) -> Bool {
        var (low, high) = (0, self.ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if self.ranges[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        return low < self.ranges.count && self.ranges[low].contains(offset)
    }

    /// What stands between two runs of backticks, where the second is as long as the first.
    private mutating func addSpans(of line: ArraySlice<UInt8>) {
        let tick = UInt8(ascii: "`")
        var open: (count: Int, end: Int)?
        var place = line.startIndex
        while let start = line[place...].firstIndex(of: tick) {
            let end = line[start...].firstIndex { $0 != tick } ?? line.endIndex
            if let span = open, span.count == end - start {
                self.ranges.append(span.end..<start)
                open = nil
            } else if open == nil {
                open = (end - start, end)
            }
            place = end
        }
    }
}
