internal import Records
internal import Segments
internal import Text

/// A query in the terms of the index.
struct AskedQuery {
    let query: SearchQuery
    let terms: [FoundTerm]
    /// Those of the index's expansions.
    let expansion: [FoundTerm]
    let conditions: QueryConditions
    /// The chunks of each segment that may be answers, dead ones not among them; nil for all.
    let selected: [ChunkMask?]
}

extension Searcher {
    /// - Parameter wantsWords: Whether a query that is not by words needs its words too: for snippets and reasons.
    func asked(
        _ query: SearchQuery,
        wantsWords: Bool,
        _ scratch: QueryScratch
    ) throws -> AskedQuery {
        let text = query.isPlain ? QueryText(plain: query.text) : QueryText(parsing: query.text)
        let conditions = QueryConditions(text, in: self.languages, scratch)
        let isByWords = wantsWords || query.mode == .bm25 || query.mode == .fused
        let isExpanded = query.mode == .sparse || query.mode == .fused
        return AskedQuery(
            query: query,
            terms: isByWords
                ? try self.lexical.lookUp(
                    QueryTerms(asked: text.words, in: self.languages, with: &scratch.analyzer)
                ) : [],
            expansion: isExpanded
                ? try self.sparse.lookUp(QueryTerms(query.expansion ?? [])) : [],
            conditions: conditions,
            selected: try self.readers.map {
                try conditions.narrow(
                    selection(of: query.filters, in: $0),
                    isJoined: query.mode == .fused,
                    in: $0.segment,
                    scratch
                )
            }
        )
    }

    /// The chunks that answer, best first.
    func candidates(_ asked: AskedQuery, _ scratch: QueryScratch) throws -> [Candidate] {
        let query = asked.query
        var verdicts = Verdicts()
        var room = query.k
        var lastCount = -1
        while true {
            var ranked = try self.rank(asked, room: room, scratch)
            let isWhole = ranked.count == lastCount
            lastCount = ranked.count
            let rest = try self.keepFitting(
                &ranked,
                enough: max(Self.fittingMin, 2 * room),
                asked,
                &verdicts,
                scratch
            )
            let fittingCount = ranked.count
            if query.onePerDocument { ranked = ranked.onePerDocument() }
            let sameCount = fittingCount - ranked.count
            let (kept, droppedCount) = try self.collapse(
                ranked,
                to: query.k,
                isWanted: !query.expandsGroups
            )
            // Others may have taken the places of answers: chunks of the same documents, members of groups
            // and what does not fit.
            let lostCount = sameCount + droppedCount + rest.unfitCount + rest.unreadCount
            guard kept.count < query.k, lostCount > 0,
                !isWhole || rest.unreadCount > 0
            else { return kept }
            room *= 4
        }
    }

    /// The fewest fitting chunks that are looked for at once, where texts have to be read.
    private static let fittingMin = 10

    /// Leaves of a ranking the first chunks that hold the conditions, `enough` of them if there are.
    ///
    /// - Returns: How many do not hold them, and how many were not looked at.
    private func keepFitting(
        _ ranked: inout [Candidate],
        enough: Int,
        _ asked: AskedQuery,
        _ verdicts: inout Verdicts,
        _ scratch: QueryScratch
    ) throws -> (unfitCount: Int, unreadCount: Int) {
        guard asked.conditions.readsTexts else { return (0, 0) }
        var fitting: [Candidate] = []
        var unfitCount = 0
        for candidate in ranked where fitting.count < enough {
            let isFitting = try verdicts.verdict(of: candidate) {
                try asked.conditions.hold(
                    of: candidate.chunk,
                    in: self.readers[candidate.segment].segment,
                    scratch
                )
            }
            if isFitting { fitting.append(candidate) } else { unfitCount += 1 }
        }
        let unreadCount = ranked.count - fitting.count - unfitCount
        ranked = fitting
        return (unfitCount, unreadCount)
    }

    /// The first `count` of a ranking, without members of a group of which a better one stands before.
    func collapse(
        _ ranked: [Candidate],
        to count: Int,
        isWanted: Bool = true
    ) throws -> (kept: [Candidate], droppedCount: Int) {
        guard isWanted else { return (Array(ranked.prefix(count)), 0) }
        var groups: [DocumentID: String] = [:]
        var best: [String: DocumentID] = [:]
        var kept: [Candidate] = []
        var droppedCount = 0
        for candidate in ranked where kept.count < count {
            let id = candidate.documentID
            let group = try groups[id] ?? self.group(of: candidate)
            groups[id] = group
            if !group.isEmpty, best[group, default: id] != id {
                droppedCount += 1
                continue
            }
            if !group.isEmpty { best[group] = id }
            kept.append(candidate)
        }
        return (kept, droppedCount)
    }

    /// The group of the candidate's document; empty for none.
    private func group(of candidate: Candidate) throws -> String {
        let reader = self.readers[candidate.segment].segment
        return try reader.metadata(
            ofDocument: reader.document(ofChunk: candidate.chunk),
            under: SegmentDocument.groupKey
        ) ?? ""
    }

    private func rank(
        _ asked: AskedQuery,
        room: Int,
        _ scratch: QueryScratch
    ) throws -> [Candidate] {
        let query = asked.query
        // Room for documents that take several places, and for the tails that fusion joins.
        let wanted = query.onePerDocument ? room * 2 : room
        let depth = min(wanted, self.chunkCount + 1)
        switch query.mode {
        case .vector: return try self.vectorRanking(asked, depth, scratch)
        case .bm25:
            return try self.lexical.best(depth, for: asked.terms, selected: asked.selected, scratch)
        case .sparse: return try self.sparseRanking(asked, depth, scratch)
        case .fused:
            let legs = try self.legs(asked, max(FusionLegs.depth, 2 * depth), scratch)
            return legs.fused(query.fusion ?? self.fusion)
        }
    }

    func legs(_ asked: AskedQuery, _ count: Int, _ scratch: QueryScratch) throws -> FusionLegs {
        FusionLegs(
            bm25: try self.lexical.best(count, for: asked.terms, selected: asked.selected, scratch),
            vector: try self.vectorRanking(asked, count, scratch),
            sparse: try self.sparseRanking(asked, count, scratch)
        )
    }

    private func sparseRanking(
        _ asked: AskedQuery,
        _ count: Int,
        _ scratch: QueryScratch
    ) throws -> [Candidate] {
        guard !asked.expansion.isEmpty else { return [] }
        return try self.sparse.best(
            count,
            for: asked.expansion,
            selected: asked.selected,
            scratch
        )
    }

    private func vectorRanking(
        _ asked: AskedQuery,
        _ count: Int,
        _ scratch: QueryScratch
    ) throws -> [Candidate] {
        guard let vector = asked.query.vector, self.index.dimensions > 0 else { return [] }
        return try self.vectors.best(
            count,
            for: vector,
            selected: asked.selected,
            isExact: asked.query.isExact,
            scratch
        )
    }
}

/// Which chunks were found to hold a query's conditions, so that none is read twice.
private struct Verdicts {
    private struct Place: Hashable {
        let segment: Int
        let chunk: Int
    }

    private var known: [Place: Bool] = [:]

    mutating func verdict(of candidate: Candidate, _ body: () throws -> Bool) rethrows -> Bool {
        let place = Place(segment: candidate.segment, chunk: candidate.chunk)
        if let verdict = self.known[place] { return verdict }
        let verdict = try body()
        self.known[place] = verdict
        return verdict
    }
}
