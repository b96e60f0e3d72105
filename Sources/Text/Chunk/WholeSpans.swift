internal import Records

/// The tokens of everything that should not be cut: code, tables, and fences inside other blocks.
///
/// - Output: token ranges, ascending.
/// - Complexity: O(text + tokens).
func findWholes(
    in text: UnsafeBufferPointer<UInt8>,
    blocks: [LaidBlock],
    _ tokenStarts: [Int32]
) -> [Range<Int>] {
    if blocks.isEmpty {
        return fences(in: text, 0..<text.count, 0..<tokenStarts.count, tokenStarts)
    }
    return blocks.flatMap { block -> [Range<Int>] in
        switch block.kind {
        case .code, .table: [block.tokens]
        case .list, .quote, .definitions, .footnote:
            fences(in: text, block.start..<block.end, block.tokens, tokenStarts)
        case .paragraph, .heading, .caption, .header, .footer, .contents, .signature: []
        }
    }
}

/// Fenced code among the lines of `bytes`, from the opening to the closing fence.
private func fences(
    in text: UnsafeBufferPointer<UInt8>,
    _ bytes: Range<Int>,
    _ tokens: Range<Int>,
    _ tokenStarts: [Int32]
) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var open: (start: Int, fence: Fence)?
    var token = tokens.lowerBound
    func tokenIndex(at offset: Int) -> Int {
        while token < tokens.upperBound, tokenStarts[token] < offset { token += 1 }
        return token
    }
    var line = bytes.lowerBound
    while line < bytes.upperBound {
        var end = line
        while end < bytes.upperBound, text[end] != 0x0A { end += 1 }
        if let current = open {
            if Fence(closing: text, line..<end).map(current.fence.isClosed) == true {
                let first = tokenIndex(at: current.start)
                found.append(first..<tokenIndex(at: end))
                open = nil
            }
        } else if let (fence, start) = Fence.opening(text, line..<end) {
            open = (start, fence)
        }
        line = end + 1
    }
    return found.filter { !$0.isEmpty }
}

/// A run of three or more backticks or tildes at the start of a line.
private struct Fence {
    let mark: UInt8
    let count: Int

    /// The fence that opens code on a line, after indentation, quote marks and list markers.
    static func opening(
        _ text: UnsafeBufferPointer<UInt8>,
        _ line: Range<Int>
    ) -> (fence: Fence, start: Int)? {
        var start = line.lowerBound
        scan: while start < line.upperBound {
            switch text[start] {
            case 0x20, 0x09, UInt8(ascii: ">"), UInt8(ascii: "-"), UInt8(ascii: "*"),
                UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: ")"), 0x30...0x39:
                start += 1
            default: break scan
            }
        }
        guard let fence = Fence(text, start..<line.upperBound) else { return nil }
        // `a ``` b` on one line is inline code.
        let rest = start + fence.count..<line.upperBound
        if fence.mark == UInt8(ascii: "`"), rest.contains(where: { text[$0] == fence.mark }) {
            return nil
        }
        return (fence, start)
    }

    /// The fence a line consists of, if nothing but white space and quote marks is around it.
    init?(closing text: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
        var start = line.lowerBound
        while start < line.upperBound,
            text[start] == 0x20 || text[start] == 0x09 || text[start] == UInt8(ascii: ">")
        {
            start += 1
        }
        self.init(text, start..<line.upperBound)
        for offset in start + self.count..<line.upperBound where text[offset] > 0x20 { return nil }
    }

    private init?(_ text: UnsafeBufferPointer<UInt8>, _ bytes: Range<Int>) {
        guard let mark = bytes.first.map({ text[$0] }),
            mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")
        else { return nil }
        self.mark = mark
        self.count = bytes.prefix { text[$0] == mark }.count
        if self.count < 3 { return nil }
    }

    func isClosed(by other: Fence) -> Bool { other.mark == self.mark && other.count >= self.count }
}
