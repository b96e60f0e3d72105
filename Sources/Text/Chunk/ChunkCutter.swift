internal import Bytes
package import Records

/// A chunk as the cutter found it: where it lies and what stands above it.
package struct ChunkCut: Hashable, Sendable {
    /// UTF-8 bytes of the text; no white space at either end.
    package var range: Range<Int>
    /// Indices into the token array: the tokens that start in `range`.
    package var tokenRange: Range<Int>
    /// 1-based page the chunk starts on, 0 where the format has no pages.
    package var page: Int
    /// The headings of the section the chunk belongs to, outermost first, its own heading included;
    /// for several small sections in one chunk, the headings they share.
    package var headings: [String]
    /// The header row of the table that the chunk goes on with.
    package var header: TableHeader?
    /// Whether the chunk's tokens are those its text alone has: it is cut inside no word.
    package var isWordAligned = true
}

/// Cuts a document's text into chunks that never pass a token budget.
///
/// A heading starts a chunk and stays with what follows it; neighbouring sections under one heading
/// share a chunk while one of them is small and all fit. A section over the budget is cut at the
/// strongest boundary in the second half of the budget: block, list item or table row, sentence,
/// line, word. Code and tables that fit the budget are never cut, and a word only if it is
/// longer than the budget. A chunk that goes on with the rows of a table carries its header row,
/// inside the budget.
package struct ChunkCutter: Sendable {
    /// Goes up when the same document may be cut elsewhere.
    package static let revision = 2

    package let maximumTokens: Int
    package let overlapTokens: Int
    package let minimumTokens: Int

    /// Makes a cutter for one token budget.
    ///
    /// - Parameters:
    ///   - maximumTokens: the budget, at least 1; special tokens and prefixes are the caller's to
    ///     subtract.
    ///   - overlapTokens: how much of the end of a chunk the next one of the same section repeats at
    ///     most; held under half the budget.
    ///   - minimumTokens: a section under this may share a chunk, and a cut leaves no less where it
    ///     can; a quarter of the budget when nil.
    package init(maximumTokens: Int, overlapTokens: Int = 0, minimumTokens: Int? = nil) {
        precondition(maximumTokens > 0, "a chunk holds at least one token")
        self.maximumTokens = maximumTokens
        self.overlapTokens = max(0, min(overlapTokens, (maximumTokens - 1) / 2))
        let room = self.maximumTokens - self.overlapTokens
        self.minimumTokens = max(0, min(minimumTokens ?? maximumTokens / 4, room / 2))
    }

    /// Cuts one document.
    ///
    /// - Input: the text; its blocks in reading order, or none; the byte offset at which each token
    ///   of the whole text starts, ascending; whole blocks that no chunk may hold any of, ascending.
    ///   Offsets are UTF-8 bytes.
    /// - Output: chunks in reading order. Without overlap each byte that is not white space and not
    ///   left out lies in exactly one. A text without tokens has no chunks.
    /// - Complexity: O(text + tokens).
    package func cut(
        text: UnsafeBufferPointer<UInt8>,
        blocks: [Block],
        tokenStarts: [Int32],
        leftOut: [Range<Int>] = []
    ) -> [ChunkCut] {
        guard !tokenStarts.isEmpty, !text.isEmpty else { return [] }
        let layout = ChunkLayout(
            text: text,
            blocks: blocks,
            tokenStarts: tokenStarts,
            maximumTokens: self.maximumTokens
        )
        let tree = SectionTree(layout)
        var output = CutOutput(layout, tree)
        let heads = layout.tableHeads(maximumTokens: self.maximumTokens)
        let gaps = leftOut.map { tokenRange(of: $0, tokenStarts) }
        for group in tree.groups(maximumTokens: self.maximumTokens, minimumTokens: minimumTokens) {
            for part in group.parts(between: gaps) {
                self.split(part, layout.strengths, heads, into: &output)
            }
        }
        return output.cuts
    }

    private func split(
        _ group: SectionGroup,
        _ strengths: [CutStrength],
        _ heads: [TableHead],
        into output: inout CutOutput
    ) {
        var start = group.tokens.lowerBound
        var chunkStart = start
        while start < group.tokens.upperBound {
            let isFirst = start == group.tokens.lowerBound
            let head = heads.head(at: start)
            let budget = self.maximumTokens - (head?.header.tokens.count ?? 0)
            let overlap = isFirst ? 0 : min(self.overlapTokens, (budget - 1) / 2)
            let end = self.nextCut(
                from: start,
                to: group.tokens.upperBound,
                budget: budget,
                overlap: overlap,
                strengths
            )
            if !isFirst {
                let earliest = max(
                    start - min(overlap, budget - (end - start)),
                    chunkStart + 1,
                    head?.rows.lowerBound ?? 0
                )
                chunkStart = self.overlapStart(before: start, earliest: earliest, strengths)
            }
            output.append(tokens: chunkStart..<end, section: group.section, head: head)
            start = end
        }
    }

    /// Where the chunk from `start` ends: a token index in `start + 1...end`.
    private func nextCut(
        from start: Int,
        to end: Int,
        budget: Int,
        overlap: Int,
        _ strengths: [CutStrength]
    ) -> Int {
        let room = budget - overlap
        let remaining = end - start
        if remaining <= room { return end }
        let furthest = min(end, start + budget)
        let minimum = min(self.minimumTokens, room / 2)
        // Leave a last chunk worth having.
        let limit = remaining < room + minimum ? end - minimum : start + room
        let floor = start + max(1, room / 2)

        if let cut = strengths.strongest(in: floor..<limit + 1, atLeast: .word) { return cut }
        // A block that must stay whole covers the window: take it in, or else stop before it.
        let beyond = limit + 1..<max(limit + 1, min(furthest + 1, end))
        if let cut = strengths.first(in: beyond, atLeast: .word) { return cut }
        if furthest == end { return end }
        for weakest in [CutStrength.word, .joint, .insideWord] {
            if let cut = strengths.last(in: start + 1..<furthest + 1, atLeast: weakest) {
                return cut
            }
        }
        // Only when one scalar has more tokens than the budget: it stays whole.
        return strengths.first(in: furthest..<end, atLeast: .insideWord) ?? end
    }

    /// Where a chunk that goes on at `start` begins to repeat the one before it.
    private func overlapStart(
        before start: Int,
        earliest: Int,
        _ strengths: [CutStrength]
    ) -> Int {
        guard earliest < start else { return start }
        return strengths.first(in: earliest..<start, atLeast: .sentence)
            ?? strengths.first(in: earliest..<start, atLeast: .word)
            ?? start
    }
}

extension SectionGroup {
    /// The group without `gaps`, which ascend: itself where none touches it.
    fileprivate func parts(between gaps: [Range<Int>]) -> [SectionGroup] {
        var parts: [SectionGroup] = []
        var rest = self
        for gap in gaps where gap.overlaps(self.tokens) {
            if gap.lowerBound > rest.tokens.lowerBound {
                var part = self
                part.tokens = rest.tokens.lowerBound..<gap.lowerBound
                parts.append(part)
            }
            rest.tokens = min(gap.upperBound, self.tokens.upperBound)..<self.tokens.upperBound
        }
        if !rest.tokens.isEmpty { parts.append(rest) }
        return parts
    }
}

/// Indices of the tokens that start in `bytes`.
private func tokenRange(of bytes: Range<Int>, _ tokenStarts: [Int32]) -> Range<Int> {
    func first(at offset: Int) -> Int {
        lowerBound(of: tokenStarts.count) { Int(tokenStarts[$0]) >= offset }
    }
    return first(at: bytes.lowerBound)..<first(at: bytes.upperBound)
}

/// Collects cuts, from token indices to trimmed byte ranges, pages and headings.
private struct CutOutput {
    private(set) var cuts: [ChunkCut] = []
    private let layout: ChunkLayout
    private let tree: SectionTree
    private var pageBlock = 0
    private var lastSection = -1
    private var lastHeadings: [String] = []

    init(_ layout: ChunkLayout, _ tree: SectionTree) {
        self.layout = layout
        self.tree = tree
    }

    mutating func append(tokens: Range<Int>, section: Int, head: TableHead?) {
        let range = self.layout.trimmedBytes(of: tokens)
        if section != self.lastSection {
            self.lastHeadings = self.tree.headings(of: section, in: self.layout)
            self.lastSection = section
        }
        self.cuts.append(
            ChunkCut(
                range: range,
                tokenRange: tokens,
                page: self.page(at: range.lowerBound),
                headings: self.lastHeadings,
                header: head?.header,
                isWordAligned: self.isWordAligned(tokens.lowerBound)
                    && self.isWordAligned(tokens.upperBound)
            )
        )
    }

    private func isWordAligned(_ token: Int) -> Bool {
        token == self.layout.strengths.count || self.layout.strengths[token] >= .joint
    }

    /// Invariant: asked for ascending offsets, so the blocks are walked once.
    private mutating func page(at offset: Int) -> Int {
        let blocks = self.layout.blocks
        while self.pageBlock + 1 < blocks.count, blocks[self.pageBlock].end <= offset {
            self.pageBlock += 1
        }
        return blocks.isEmpty ? 0 : Int(blocks[self.pageBlock].page)
    }
}
