internal import Bytes
internal import CKernels

/// A table of terms, each with the ascending rows that have it: chunks, or documents.
struct TermLists {
    let reader: SegmentReader
    let index: SegmentFormat.Section
    let terms: SegmentFormat.Section
    let postings: SegmentFormat.Section
    /// Nil for a table without.
    let positions: SegmentFormat.Section?
    let termCount: Int
    /// Rows are below it.
    let rowCount: Int

    /// Finds a term.
    ///
    /// - Throws: ``SegmentError`` `.corrupt` where the table is damaged on the way.
    /// - Complexity: O(log terms), then at most 63 terms of its block.
    func entry(of term: [UInt8]) throws -> SegmentTermEntry? {
        guard self.termCount > 0 else { return nil }
        var entry = mr_term_entry()
        let found = self.withTable { table in
            term.withUnsafeBufferPointer { wanted in
                // An empty term is none; the kernel wants an address even so.
                guard let first = wanted.baseAddress else { return Int32(0) }
                return mr_term_find(&table, first, wanted.count, &entry)
            }
        }
        guard found >= 0 else { throw self.damaged("cannot be read") }
        guard found > 0 else { return nil }
        return SegmentTermEntry(
            chunkCount: Int(entry.chunk_count),
            postings: Int(entry.postings_start)..<Int(entry.postings_end),
            positions: Int(entry.positions_start)..<Int(entry.positions_end)
        )
    }

    /// Replaces `target` with the rows of a term of this table.
    func postings(of entry: SegmentTermEntry, into target: inout SegmentPostings) throws {
        let count = entry.chunkCount
        // What the entry says may be damaged; no list is longer than the rows.
        guard count <= self.rowCount else { throw self.corrupt(entry) }
        target.chunks.resize(to: count)
        target.counts.resize(to: count)
        let found = self.withPostings(of: entry) {
            mr_postings_decode($0, &target.chunks, &target.counts)
        }
        guard found == count else { throw self.corrupt(entry) }
    }

    func withPostings<Result>(
        of entry: SegmentTermEntry,
        _ body: (UnsafePointer<mr_postings>) throws -> Result
    ) rethrows -> Result {
        try self.reader.withSection(self.postings, reading: entry.postings) { bytes in
            let list = UnsafeRawBufferPointer(rebasing: bytes[entry.postings])
            var postings = mr_postings(
                bytes: list.bindMemory(to: UInt8.self).baseAddress,
                byte_count: list.count,
                count: entry.chunkCount,
                chunk_limit: UInt32(self.rowCount),
                is_packed: self.reader.header.version >= SegmentFormat.packedVersion ? 1 : 0
            )
            return try body(&postings)
        }
    }

    func corrupt(_ entry: SegmentTermEntry) -> SegmentError {
        self.reader.corrupt(
            "the postings at byte \(entry.postings.lowerBound) of their section are not the "
                + "\(entry.chunkCount) of their term"
        )
    }

    /// Calls `body` with every term in ascending order.
    func forEach(_ body: (UnsafeRawBufferPointer, SegmentTermEntry) throws -> Void) throws {
        for number in 0..<self.blockCount {
            try self.withBlock(number) { block in
                while block.remaining > 0 {
                    try block.advance()
                    try block.term.withUnsafeBytes { try body($0, block.entry) }
                }
                guard block.cursor.isAtEnd else {
                    throw self.damaged("block \(number) is longer than its terms")
                }
            }
        }
    }

    /// Calls `body` with every term that begins so, in ascending order.
    ///
    /// - Complexity: O(log terms), then those terms and at most 63 before them.
    func forEach(
        startingWith prefix: [UInt8],
        _ body: ([UInt8], SegmentTermEntry) throws -> Void
    ) throws {
        // The first such term is in the last block that begins below the prefix, or begins the next.
        let after = try lowerBound(of: self.blockCount) { number in
            try self.withBlock(number) { block in
                try block.advance()
                return !block.term.lexicographicallyPrecedes(prefix)
            }
        }
        for number in max(after - 1, 0)..<max(self.blockCount, 0) {
            let isPast = try self.withBlock(number) { block in
                while block.remaining > 0 {
                    try block.advance()
                    if block.term.starts(with: prefix) {
                        try body(block.term, block.entry)
                    } else if prefix.lexicographicallyPrecedes(block.term) {
                        return true
                    }
                }
                return false
            }
            if isPast { return }
        }
    }

    private var blockCount: Int { self.reader.byteCount(self.index) / 8 - 1 }

    private var positionsByteCount: Int? { self.positions.map { self.reader.byteCount($0) } }

    private func damaged(_ message: String) -> SegmentError {
        self.reader.corrupt("the table of \(self.terms.name) is damaged: \(message)")
    }

    private func withTable<Result>(_ body: (inout mr_terms) -> Result) -> Result {
        self.reader.withSection(self.index) { index in
            self.reader.withSection(self.terms) { terms in
                var table = mr_terms(
                    index: index.bindMemory(to: UInt8.self).baseAddress,
                    block_count: self.blockCount,
                    terms: terms.bindMemory(to: UInt8.self).baseAddress,
                    terms_byte_count: terms.count,
                    term_count: self.termCount,
                    terms_per_block: SegmentFormat.termsPerBlock,
                    term_byte_count_max: SegmentFormat.termByteCountMax,
                    postings_byte_count: self.reader.byteCount(self.postings),
                    has_positions: self.positions == nil ? 0 : 1,
                    positions_byte_count: self.positionsByteCount ?? 0
                )
                return body(&table)
            }
        }
    }

    private func withBlock<Result>(
        _ number: Int,
        _ body: (inout TermBlock) throws -> Result
    ) throws -> Result {
        let (start, end) = self.reader.withSection(self.index) {
            (
                Int(clamping: $0.little(UInt64.self, at: 8 * number)),
                Int(clamping: $0.little(UInt64.self, at: 8 * number + 8))
            )
        }
        guard start < end, end <= self.reader.byteCount(self.terms) else {
            throw self.damaged("block \(number) lies outside the file")
        }
        let inBlock = min(
            SegmentFormat.termsPerBlock,
            self.termCount - number * SegmentFormat.termsPerBlock
        )
        return try self.reader.withSection(self.terms, reading: start..<end) { bytes in
            var block = try TermBlock(
                ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[start..<end])),
                termCount: inBlock,
                postingsByteCount: self.reader.byteCount(self.postings),
                positionsByteCount: self.positionsByteCount,
                damaged: self.damaged("block \(number) cannot be read")
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
    private(set) var entry = SegmentTermEntry(chunkCount: 0, postings: 0..<0, positions: 0..<0)
    private let postingsByteCount: Int
    private let positionsByteCount: Int?
    private let damaged: SegmentError

    init(
        _ cursor: ByteCursor,
        termCount: Int,
        postingsByteCount: Int,
        positionsByteCount: Int?,
        damaged: SegmentError
    ) throws {
        self.cursor = cursor
        self.remaining = termCount
        self.postingsByteCount = postingsByteCount
        self.positionsByteCount = positionsByteCount
        self.damaged = damaged
        guard let start = self.cursor.count(atMost: postingsByteCount) else { throw damaged }
        var positions = 0
        if let limit = positionsByteCount {
            guard let first = self.cursor.count(atMost: limit) else { throw damaged }
            positions = first
        }
        self.entry = SegmentTermEntry(
            chunkCount: 0,
            postings: start..<start,
            positions: positions..<positions
        )
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
        let positions = self.entry.positions.upperBound
        var positionBytes = 0
        if let limit = self.positionsByteCount {
            guard let count = self.cursor.count(atMost: limit - positions) else {
                throw self.damaged
            }
            positionBytes = count
        }
        self.term.removeSubrange(shared...)
        self.term.append(contentsOf: own)
        self.entry = SegmentTermEntry(
            chunkCount: chunkCount,
            postings: start..<start + byteCount,
            positions: positions..<positions + positionBytes
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
