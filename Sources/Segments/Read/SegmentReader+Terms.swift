/// Where a term's postings are.
package struct SegmentTermEntry: Hashable, Sendable {
    /// How many chunks hold the term.
    package let chunkCount: Int
    let postings: Range<Int>
    /// Empty where the file has no positions.
    let positions: Range<Int>

    /// Where they start in their section: what names the list within its segment.
    package var postingsStart: Int { self.postings.lowerBound }
}

/// The chunks that hold a term, ascending, and how often each does.
package struct SegmentPostings: Hashable, Sendable {
    package var chunks: [UInt32] = []
    package var counts: [UInt32] = []

    package init() {}
}

/// Which of a segment's lists of chunks is meant.
package enum ChunkLists: Sendable {
    /// By the words of the texts, each with how often it occurs.
    case words
    /// By the terms that a model expanded the texts into, each with its impact.
    case expansions
}

extension SegmentReader {
    package var hasExpansions: Bool { self.configuration.isExpanded }

    func lists(_ kind: ChunkLists) -> TermLists {
        kind == .words || !self.hasExpansions ? self.termLists : self.expansionLists
    }

    private var expansionLists: TermLists {
        TermLists(
            reader: self,
            index: .expansionIndex,
            terms: .expansions,
            postings: .expansionPostings,
            positions: nil,
            termCount: self.header.expansionCount,
            rowCount: self.chunkCount
        )
    }

    /// The terms of the chunks.
    var termLists: TermLists {
        TermLists(
            reader: self,
            index: .termIndex,
            terms: .terms,
            postings: .postings,
            positions: self.hasPositions ? .positions : nil,
            termCount: self.termCount,
            rowCount: self.chunkCount
        )
    }

    /// The attributes of the documents.
    var attributeTable: TermLists {
        TermLists(
            reader: self,
            index: .attributeIndex,
            terms: .attributes,
            postings: .attributePostings,
            positions: nil,
            termCount: self.header.attributeCount,
            rowCount: self.documentCount
        )
    }

    /// Finds a term.
    ///
    /// - Throws: ``SegmentError`` `.corrupt` where the table of terms is damaged on the way.
    /// - Complexity: O(log terms), then at most 63 terms of its block.
    package func term(
        _ term: [UInt8],
        in kind: ChunkLists = .words
    ) throws -> SegmentTermEntry? {
        guard kind == .words || self.hasExpansions else { return nil }
        return try self.lists(kind).entry(of: term)
    }

    /// Replaces `target` with the postings of a term of this segment.
    package func postings(
        of entry: SegmentTermEntry,
        in kind: ChunkLists = .words,
        into target: inout SegmentPostings
    ) throws {
        try self.lists(kind).postings(of: entry, into: &target)
    }

    /// Calls `body` with every term in ascending order.
    package func forEachTerm(
        in kind: ChunkLists = .words,
        _ body: (UnsafeRawBufferPointer, SegmentTermEntry) throws -> Void
    ) throws {
        guard kind == .words || self.hasExpansions else { return }
        try self.lists(kind).forEach(body)
    }
}
