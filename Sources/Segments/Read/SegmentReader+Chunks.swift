internal import Hashing
package import Records
internal import Storage

/// A chunk row.
package struct SegmentChunkRow: Hashable, Sendable {
    /// The document's row in the segment.
    package let document: Int
    package let ordinal: Int
    package let range: Range<Int>
    package let tokenCount: Int
    package let page: Int
    package let headingPath: Int
    package let textHash: Digest
    /// The number of the page's label; that of an empty one where the format has no pages.
    let pageLabel: Int
    /// Left, top, right and bottom; all 0 where the format has no pages.
    let edges: [UInt16]
    /// Where the chunk's text lies in the uncompressed texts.
    let text: Range<Int>
}

extension SegmentReader {
    package func chunkRow(_ index: Int) throws -> SegmentChunkRow {
        precondition(0..<self.chunkCount ~= index, "no such chunk row")
        let at = index * SegmentFormat.chunkRowByteCount
        return try self.withSection(.chunks, reading: at..<at + SegmentFormat.chunkRowByteCount) {
            bytes in
            func number(_ field: Int) -> Int { Int(bytes.little(UInt32.self, at: at + field)) }
            let start = Int(clamping: bytes.little(UInt64.self, at: at + 32))
            let byteCount = number(28)
            guard number(0) < self.documentCount, number(8) <= number(12),
                byteCount <= self.header.textByteCount,
                start <= self.header.textByteCount - byteCount
            else { throw self.corrupt("chunk row \(index) points outside the file") }
            return SegmentChunkRow(
                document: number(0),
                ordinal: number(4),
                range: number(8)..<number(12),
                tokenCount: number(16),
                page: number(20),
                headingPath: number(24),
                textHash: bytes.digest(at: at + 40),
                pageLabel: number(72),
                edges: (0..<4).map { bytes.little(UInt16.self, at: at + 76 + 2 * $0) },
                text: start..<start + byteCount
            )
        }
    }

    package func chunk(_ index: Int) throws -> Chunk {
        let row = try self.chunkRow(index)
        return Chunk(
            ordinal: row.ordinal,
            range: row.range,
            tokenCount: row.tokenCount,
            page: row.page,
            place: try self.place(of: row),
            headings: try self.headings(row.headingPath),
            textHash: row.textHash
        )
    }

    /// Where the chunk is printed; nil where the format has no pages.
    package func place(of row: SegmentChunkRow) throws -> PagePlace? {
        let label = try self.label(row.pageLabel)
        guard !label.isEmpty else { return nil }
        return PagePlace(
            label: label,
            left: row.edges[0],
            top: row.edges[1],
            right: row.edges[2],
            bottom: row.edges[3]
        )
    }

    /// The document row of a chunk, without reading the rest of the chunk's row.
    @inline(__always)
    package func document(ofChunk index: Int) -> Int {
        precondition(0..<self.chunkCount ~= index, "no such chunk row")
        let at = index * SegmentFormat.chunkRowByteCount
        return self.withSection(.chunks, reading: at..<at + 4) {
            Int($0.little(UInt32.self, at: at))
        }
    }

    /// The ordinal of a chunk, without reading the rest of its row.
    package func ordinal(ofChunk index: Int) -> Int {
        precondition(0..<self.chunkCount ~= index, "no such chunk row")
        let at = index * SegmentFormat.chunkRowByteCount + 4
        return self.withSection(.chunks, reading: at..<at + 4) {
            Int($0.little(UInt32.self, at: at))
        }
    }

    /// The number of the path of headings above a chunk, without reading the rest of its row.
    package func headingPath(ofChunk index: Int) -> Int {
        precondition(0..<self.chunkCount ~= index, "no such chunk row")
        let at = index * SegmentFormat.chunkRowByteCount + 24
        return self.withSection(.chunks, reading: at..<at + 4) {
            Int($0.little(UInt32.self, at: at))
        }
    }

    /// How many paths of headings the segment has; their numbers start at 0.
    package var headingPathCount: Int { self.tableCount(.headingPaths) }

    /// The headings of a path, outermost first.
    package func headings(_ path: Int) throws -> [String] {
        let range = try self.tableRange(.headingPaths, path, unit: 4)
        return try self.withSection(.headingPaths) { bytes in
            try stride(from: range.lowerBound, to: range.upperBound, by: 4).map {
                try self.tableString(.headings, Int(bytes.little(UInt32.self, at: $0)))
            }
        }
    }

    /// The text of a chunk.
    ///
    /// - Complexity: expands the blocks of 64 KiB it lies in, mostly one.
    package func text(ofChunk index: Int) throws -> [UInt8] {
        var block = ExpandedTextBlock()
        return try self.text(at: self.chunkRow(index).text, through: &block)
    }

    /// The text of a chunk, only where it is the text that was written: its hash is looked at.
    ///
    /// - Throws: ``SegmentError`` `.corrupt` where it is another.
    package func checkedText(of row: SegmentChunkRow) throws -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(row.text.count)
        var offset = row.text.lowerBound
        while offset < row.text.upperBound {
            let number = offset / SegmentFormat.textBlockByteCount
            let start = number * SegmentFormat.textBlockByteCount
            let end = min(row.text.upperBound - start, SegmentFormat.textBlockByteCount)
            text.append(contentsOf: try self.textBlock(number, first: end)[(offset - start)...])
            offset = start + end
        }
        try self.check(text, of: row)
        return text
    }

    /// The same for who reads chunks that lie side by side one after the other: each block is expanded once.
    ///
    /// - Parameter block: The one that was expanded last, of this reader.
    package func checkedText(
        of row: SegmentChunkRow,
        through block: inout ExpandedTextBlock
    ) throws -> [UInt8] {
        let text = try self.text(at: row.text, through: &block)
        try self.check(text, of: row)
        return text
    }

    private func check(_ text: [UInt8], of row: SegmentChunkRow) throws {
        guard sha256(text) == row.textHash else {
            throw self.corrupt(
                "the text of chunk \(row.ordinal) of document row \(row.document) does not fit its hash"
            )
        }
    }

    private func text(
        at range: Range<Int>,
        through block: inout ExpandedTextBlock
    ) throws -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var offset = range.lowerBound
        while offset < range.upperBound {
            let number = offset / SegmentFormat.textBlockByteCount
            if block.number != number {
                block = ExpandedTextBlock(number: number, bytes: try self.textBlock(number))
            }
            let start = offset - number * SegmentFormat.textBlockByteCount
            let end = min(block.bytes.count, start + range.upperBound - offset)
            text.append(contentsOf: block.bytes[start..<end])
            offset += end - start
        }
        return text
    }

    /// Expands one block; all but the last have 64 KiB.
    func textBlock(_ block: Int) throws -> [UInt8] {
        let byteCount = min(
            SegmentFormat.textBlockByteCount,
            self.header.textByteCount - block * SegmentFormat.textBlockByteCount
        )
        return try self.withTextBlock(block) { try Inflater().inflate($0, byteCount: byteCount) }
    }

    /// The first bytes of a block, for who looks at the hash of what he takes of them.
    private func textBlock(_ block: Int, first byteCount: Int) throws -> [UInt8] {
        try self.withTextBlock(block) { try inflatePrefix($0, byteCount: byteCount) }
    }

    /// Calls `body` with the bytes that stand for a block.
    private func withTextBlock(
        _ block: Int,
        _ body: (UnsafeRawBufferPointer) throws -> [UInt8]
    ) throws -> [UInt8] {
        let (start, end) = self.withSection(.textOffsets) {
            (
                Int(clamping: $0.little(UInt64.self, at: 8 * block)),
                Int(clamping: $0.little(UInt64.self, at: 8 * block + 8))
            )
        }
        guard start <= end, end <= self.byteCount(.text) else {
            throw self.corrupt("text block \(block) lies outside the file")
        }
        return try self.withSection(.text, reading: start..<end) { bytes in
            do {
                return try body(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            } catch {
                throw self.corrupt("text block \(block) does not expand to what it should")
            }
        }
    }

    /// The chunk's length for BM25: occurrences of its terms.
    @inline(__always)
    package func length(ofChunk index: Int) -> Int {
        precondition(0..<self.chunkCount ~= index, "no such chunk row")
        return self.withSection(.chunkLengths) { Int($0.little(UInt32.self, at: 4 * index)) }
    }

    /// Calls `body` with the lengths of all chunks.
    package func withChunkLengths<Result>(
        _ body: (UnsafeBufferPointer<UInt32>) throws -> Result
    ) rethrows -> Result {
        try self.withSection(.chunkLengths) { try body($0.bindMemory(to: UInt32.self)) }
    }
}

/// A block of a segment's texts as it was expanded; none at first.
package struct ExpandedTextBlock: Sendable {
    fileprivate var number: Int?
    fileprivate var bytes: [UInt8] = []

    package init() {}

    fileprivate init(number: Int, bytes: [UInt8]) {
        self.number = number
        self.bytes = bytes
    }
}
