internal import CKernels

/// Where a term's postings are.
package struct SegmentTermEntry: Hashable, Sendable {
    /// How many chunks hold the term.
    package let chunkCount: Int
    let postings: Range<Int>

    /// Where they start in their section: what names the list within its segment.
    package var postingsStart: Int { self.postings.lowerBound }
}

/// The chunks that hold a term, ascending, and how often each does.
package struct SegmentPostings: Hashable, Sendable {
    package var chunks: [UInt32] = []
    package var counts: [UInt32] = []

    package init() {}
}

extension SegmentReader {
    /// Finds a term.
    ///
    /// - Throws: ``SegmentError`` `.corrupt` where the table of terms is damaged on the way.
    /// - Complexity: O(log terms), then at most 63 terms of its block.
    package func term(_ term: [UInt8]) throws -> SegmentTermEntry? {
        guard self.termCount > 0 else { return nil }
        var entry = mr_term_entry()
        let found = self.withTermTable { table in
            term.withUnsafeBufferPointer { wanted in
                // An empty term is none; the kernel wants an address even so.
                guard let first = wanted.baseAddress else { return Int32(0) }
                return mr_term_find(&table, first, wanted.count, &entry)
            }
        }
        guard found >= 0 else { throw self.corrupt("the table of terms cannot be read") }
        guard found > 0 else { return nil }
        return SegmentTermEntry(
            chunkCount: Int(entry.chunk_count),
            postings: Int(entry.postings_start)..<Int(entry.postings_end)
        )
    }

    private func withTermTable<Result>(_ body: (inout mr_terms) -> Result) -> Result {
        self.withSection(.termIndex) { index in
            self.withSection(.terms) { terms in
                var table = mr_terms(
                    index: index.bindMemory(to: UInt8.self).baseAddress,
                    block_count: self.termBlockCount,
                    terms: terms.bindMemory(to: UInt8.self).baseAddress,
                    terms_byte_count: terms.count,
                    term_count: self.termCount,
                    terms_per_block: SegmentFormat.termsPerBlock,
                    term_byte_count_max: SegmentFormat.termByteCountMax,
                    postings_byte_count: self.byteCount(.postings)
                )
                return body(&table)
            }
        }
    }

    /// Replaces `target` with the postings of a term of this segment.
    package func postings(
        of entry: SegmentTermEntry,
        into target: inout SegmentPostings
    ) throws {
        let count = entry.chunkCount
        // What the entry says may be damaged; no list is longer than the chunks.
        guard count <= self.chunkCount else { throw self.corruptPostings(entry) }
        target.chunks.resize(to: count)
        target.counts.resize(to: count)
        let found = self.withPostings(of: entry) {
            mr_postings_decode($0, &target.chunks, &target.counts, count)
        }
        guard found == count else { throw self.corruptPostings(entry) }
    }

    /// Calls `body` with every term in ascending order.
    package func forEachTerm(
        _ body: (UnsafeRawBufferPointer, SegmentTermEntry) throws -> Void
    ) throws {
        for number in 0..<self.termBlockCount {
            try self.withTermBlock(number) { block in
                while block.remaining > 0 {
                    try block.advance()
                    try block.term.withUnsafeBytes { try body($0, block.entry) }
                }
                guard block.cursor.isAtEnd else {
                    throw self.corrupt("term block \(number) is longer than its terms")
                }
            }
        }
    }

    private var termBlockCount: Int { self.byteCount(.termIndex) / 8 - 1 }

    private func withTermBlock<Result>(
        _ number: Int,
        _ body: (inout TermBlock) throws -> Result
    ) throws -> Result {
        let (start, end) = self.withSection(.termIndex) {
            (
                Int(clamping: $0.little(UInt64.self, at: 8 * number)),
                Int(clamping: $0.little(UInt64.self, at: 8 * number + 8))
            )
        }
        guard start < end, end <= self.byteCount(.terms) else {
            throw self.corrupt("term block \(number) lies outside the file")
        }
        let inBlock = min(
            SegmentFormat.termsPerBlock,
            self.termCount - number * SegmentFormat.termsPerBlock
        )
        return try self.withSection(.terms) { bytes in
            var block = try TermBlock(
                ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[start..<end])),
                termCount: inBlock,
                postingsByteCount: self.byteCount(.postings),
                damaged: self.corrupt("term block \(number) cannot be read")
            )
            return try body(&block)
        }
    }
}

/// Walks the front-coded terms of one block.
private struct TermBlock {
    var cursor: ByteCursor
    private(set) var remaining: Int
    private(set) var term: [UInt8] = []
    private(set) var entry = SegmentTermEntry(chunkCount: 0, postings: 0..<0)
    private let postingsByteCount: Int
    private let damaged: SegmentError

    init(
        _ cursor: ByteCursor,
        termCount: Int,
        postingsByteCount: Int,
        damaged: SegmentError
    ) throws {
        self.cursor = cursor
        self.remaining = termCount
        self.postingsByteCount = postingsByteCount
        self.damaged = damaged
        guard let start = self.cursor.count(atMost: postingsByteCount) else { throw damaged }
        self.entry = SegmentTermEntry(chunkCount: 0, postings: start..<start)
    }

    mutating func advance() throws {
        let start = self.entry.postings.upperBound
        guard let shared = self.cursor.count(atMost: self.term.count),
            let ownByteCount = self.cursor.count(
                atMost: SegmentFormat.termByteCountMax - shared
            ),
            let own = self.cursor.slice(ownByteCount),
            let chunkCount = self.cursor.count(atMost: Int(UInt32.max)),
            let byteCount = self.cursor.count(atMost: self.postingsByteCount - start)
        else { throw self.damaged }
        self.term.removeSubrange(shared...)
        self.term.append(contentsOf: own)
        self.entry = SegmentTermEntry(
            chunkCount: chunkCount,
            postings: start..<start + byteCount
        )
        self.remaining -= 1
    }
}

extension [UInt32] {
    /// Makes room for `count` values, whatever they are.
    fileprivate mutating func resize(to count: Int) {
        if self.count > count { self.removeLast(self.count - count) }
        if self.count < count {
            self.append(contentsOf: repeatElement(0, count: count - self.count))
        }
    }
}
