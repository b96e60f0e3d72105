internal import Records

/// The header row of a table: its tokens, by index, and its bytes.
package struct TableHeader: Hashable, Sendable {
    package let tokens: Range<Int>
    package let bytes: Range<Int>
}

/// A table that is cut into several chunks, each of which carries its header row.
struct TableHead {
    /// The tokens of the rows under the header and its rule.
    let rows: Range<Int>
    let header: TableHeader
}

extension ChunkLayout {
    /// The heads of the tables that pass `maximumTokens`, ascending.
    ///
    /// A header over half the budget, or one whose cells are empty, is carried by no other chunk.
    ///
    /// - Source: GitHub Flavored Markdown 0.29, section 4.10: header row, delimiter row, rows.
    func tableHeads(maximumTokens: Int) -> [TableHead] {
        self.blocks.compactMap { block in
            guard block.kind == .table, block.tokens.count > maximumTokens else { return nil }
            return self.tableHead(block, tokenLimit: maximumTokens / 2)
        }
    }

    private func tableHead(_ block: LaidBlock, tokenLimit: Int) -> TableHead? {
        let header = self.line(from: block.start, to: block.end)
        let rule = self.line(from: header.upperBound + 1, to: block.end)
        guard !rule.isEmpty, self.text[rule].allSatisfy(isRuleByte),
            self.text[rule].contains(UInt8(ascii: "-")),
            self.text[header].contains(where: isCellByte)
        else { return nil }
        let end = self.token(from: block.tokens.lowerBound, at: header.upperBound)
        let rows = self.token(from: end, at: rule.upperBound)..<block.tokens.upperBound
        let tokens = block.tokens.lowerBound..<end
        guard !tokens.isEmpty, tokens.count <= tokenLimit, !rows.isEmpty else { return nil }
        return TableHead(rows: rows, header: TableHeader(tokens: tokens, bytes: header))
    }

    /// The bytes of the line that starts at `start`, without its line feed.
    private func line(from start: Int, to end: Int) -> Range<Int> {
        guard start < end else { return end..<end }
        var lineEnd = start
        while lineEnd < end, self.text[lineEnd] != 0x0A { lineEnd += 1 }
        return start..<lineEnd
    }

    /// The first token from `first` on that starts at or after `offset`.
    private func token(from first: Int, at offset: Int) -> Int {
        var token = first
        while token < self.tokenStarts.count, self.tokenStarts[token] < offset { token += 1 }
        return token
    }
}

extension [TableHead] {
    /// The head of the table one of whose rows is at `token`.
    func head(at token: Int) -> TableHead? {
        var low = 0
        var high = self.count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].rows.upperBound <= token { low = middle + 1 } else { high = middle }
        }
        return low < self.count && self[low].rows.contains(token) ? self[low] : nil
    }
}

private func isRuleByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "|"), UInt8(ascii: "-"), UInt8(ascii: ":"), 0x20, 0x09, 0x0D: true
    default: false
    }
}

/// Whether a byte is part of what a cell says.
private func isCellByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != UInt8(ascii: "|")
}
