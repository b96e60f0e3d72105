package import Records
package import Segments
internal import Text

/// Answers queries over one index of one snapshot.
///
/// Segments are mapped and shared by all threads; a query holds no lock.
package final class Searcher: Sendable {
    package let index: IndexSnapshot
    private let readers: [LiveSegmentReader]
    private let vectors: VectorSearch
    private let lexical: LexicalSearch

    /// - Parameter index: The index's name; nil takes the first, which is then the only one mostly.
    /// - Throws: ``SearchError`` when there is no such index or its terms are of another analysis,
    ///   ``SegmentError`` or ``StorageError`` when a segment cannot be opened.
    package convenience init(workspace: String, snapshot: Snapshot, index name: String?) throws {
        guard let index = snapshot.indexes.first(where: { name == nil || $0.name == name }) else {
            let names = snapshot.indexes.map(\.name).joined(separator: ", ")
            throw SearchError(
                .noSuchIndex,
                "snapshot \(snapshot.number) has no index '\(name ?? "")'; it has: \(names)"
            )
        }
        let readers = try index.segments.map {
            try LiveSegmentReader($0, workspace: workspace)
        }
        try self.init(index: index, readers: readers)
    }

    /// - Parameter readers: Of the segments of `index`; they may be restricted to a part of its documents.
    /// - Throws: ``SearchError`` or ``SegmentError`` for a segment that is not of this index.
    package init(index: IndexSnapshot, readers: [LiveSegmentReader]) throws {
        self.index = index
        self.readers = readers
        self.vectors = VectorSearch(readers: readers)
        self.lexical = LexicalSearch(readers: readers)
        for reader in readers { try self.check(reader.segment) }
    }

    /// Live chunks.
    package var chunkCount: Int { self.readers.reduce(0) { $0 + $1.chunkCount } }

    /// The best `k` chunks, best first.
    ///
    /// The answer depends on the live chunks alone, not on their spread over segments nor on what
    /// is dead; equal scores go by document id and ordinal.
    ///
    /// - Throws: ``SearchError`` for a query that does not fit the index, ``SegmentError`` where a
    ///   segment is damaged.
    /// - Complexity: O(chunks) for the scan of the codes and the postings of the query's terms.
    package func search(_ query: SearchQuery) throws -> [SearchHit] {
        try self.check(query)
        let terms = try self.lexical.lookUp(QueryTerms(query.text))
        let ranked = try self.candidates(query, terms)
        var snippet = Snippet(
            weights: Dictionary(uniqueKeysWithValues: terms.map { ($0.term, $0.rarity) })
        )
        return try ranked.map { try self.hit($0, &snippet) }
    }

    /// The URIs of what ``search(_:)`` would find, without reading texts: for evaluation.
    package func rankedURIs(_ query: SearchQuery) throws -> [String] {
        try self.check(query)
        let isLexical = query.mode != .vector
        let terms = isLexical ? try self.lexical.lookUp(QueryTerms(query.text)) : []
        return try self.candidates(query, terms).map { candidate in
            let reader = self.readers[candidate.segment].segment
            return try reader.document(reader.chunkRow(candidate.chunk).document).uri
        }
    }

    private func candidates(_ query: SearchQuery, _ terms: [FoundTerm]) throws -> [Candidate] {
        let selected = try self.readers.map { try selection(of: query.filters, in: $0) }
        var room = query.k
        var lastCount = -1
        while true {
            var ranked = try self.rank(query, terms, selected, room: room)
            let isWhole = ranked.count == lastCount
            lastCount = ranked.count
            if query.onePerDocument { ranked = ranked.onePerDocument() }
            guard !query.expandsGroups else { return Array(ranked.prefix(query.k)) }
            let (kept, droppedCount) = try self.collapse(ranked, to: query.k)
            // Only members of groups can have taken the places of others.
            guard kept.count < query.k, droppedCount > 0, !isWhole else { return kept }
            room *= 4
        }
    }

    /// The first `count` of a ranking, without members of a group of which a better one stands before.
    private func collapse(
        _ ranked: [Candidate],
        to count: Int
    ) throws -> (kept: [Candidate], droppedCount: Int) {
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
        let document = try reader.document(reader.chunkRow(candidate.chunk).document)
        return document.metadata[SegmentDocument.groupKey] ?? ""
    }

    private func rank(
        _ query: SearchQuery,
        _ terms: [FoundTerm],
        _ selected: [[Bool]?],
        room: Int
    ) throws -> [Candidate] {
        // Room for documents that take several places, and for the tails that fusion joins.
        let depth = query.onePerDocument ? room * 8 : room
        func vectorRanking(_ count: Int) throws -> [Candidate] {
            guard let vector = query.vector, self.index.dimensions > 0 else { return [] }
            return try self.vectors.best(count, for: vector, selected: selected)
        }
        switch query.mode {
        case .vector: return try vectorRanking(depth)
        case .bm25: return try self.lexical.best(depth, for: terms, selected: selected)
        case .fused:
            let count = max(200, 2 * depth)
            return fuse(
                bm25: try self.lexical.best(count, for: terms, selected: selected),
                vector: try vectorRanking(count),
                weights: query.fusion
            )
        }
    }

    /// The chunk of this name, with an empty snippet and score 0; nil where no live chunk has it.
    ///
    /// - Throws: ``SegmentError`` where a segment is damaged.
    /// - Complexity: O(segments · log documents).
    package func chunk(_ id: ChunkID) throws -> SearchHit? {
        for reader in self.readers {
            guard let row = try reader.segment.documentIndex(of: id.document),
                reader.isLive(document: row)
            else { continue }
            for chunk in try reader.segment.documentRow(row).chunks {
                let found = try reader.segment.chunkRow(chunk)
                guard found.ordinal == id.ordinal else { continue }
                let hit = try self.hit(reader.segment, chunk: chunk, score: 0) { _ in "" }
                return hit.chunkID == id ? hit : nil
            }
        }
        return nil
    }

    /// The document of this id with its count of chunks; nil where no live one has it.
    package func document(
        _ id: DocumentID
    ) throws -> (document: SegmentDocument, chunkCount: Int)? {
        for reader in self.readers {
            guard let row = try reader.segment.documentIndex(of: id), reader.isLive(document: row)
            else { continue }
            return (
                try reader.segment.document(row), try reader.segment.documentRow(row).chunks.count
            )
        }
        return nil
    }

    private func hit(_ candidate: Candidate, _ snippet: inout Snippet) throws -> SearchHit {
        try self.hit(
            self.readers[candidate.segment].segment,
            chunk: candidate.chunk,
            score: candidate.score
        ) { snippet.cut($0) }
    }

    private func hit(
        _ reader: SegmentReader,
        chunk: Int,
        score: Double,
        snippet: ([UInt8]) -> String
    ) throws -> SearchHit {
        let row = try reader.chunkRow(chunk)
        let document = try reader.document(row.document)
        let text = try reader.checkedText(of: row)
        return SearchHit(
            documentID: document.id,
            chunkID: ChunkID(document: document.id, ordinal: row.ordinal, textHash: row.textHash),
            uri: document.uri,
            title: document.title,
            source: document.source,
            language: document.language,
            mediaType: document.mediaType,
            ordinal: row.ordinal,
            range: row.range,
            page: row.page,
            place: try reader.place(of: row),
            headings: try reader.headings(row.headingPath),
            group: document.metadata[SegmentDocument.groupKey],
            score: score,
            text: String(decoding: text, as: UTF8.self),
            snippet: snippet(text)
        )
    }

    private func check(_ query: SearchQuery) throws {
        guard query.k > 0 else {
            throw SearchError(.badQuery, "k is \(query.k), it must be 1 or more")
        }
        let dimensions = self.index.dimensions
        switch (query.mode, query.vector) {
        case (.bm25, _): return
        case (.vector, _) where dimensions == 0:
            throw SearchError(
                .badVector,
                "index '\(self.index.name)' has no vectors; search it with bm25"
            )
        case (.fused, _) where dimensions == 0: return
        case (_, nil):
            throw SearchError(
                .badVector,
                "mode \(query.mode.rawValue) needs the query's vector"
            )
        case (_, .some(let vector)):
            guard vector.count == dimensions else {
                throw SearchError(
                    .badVector,
                    "the query's vector has \(vector.count) dimensions, index "
                        + "'\(self.index.name)' has \(dimensions); embed it with "
                        + self.index.modelName
                )
            }
            guard vector.allSatisfy(\.isFinite) else {
                throw SearchError(.badVector, "the query's vector holds a value that is not finite")
            }
        }
    }

    /// One index has one model and one analysis; a segment that differs would answer nonsense.
    private func check(_ reader: SegmentReader) throws {
        let configuration = reader.configuration
        guard configuration.analyzerRevision == TermAnalyzer.revision else {
            throw SearchError(
                .otherAnalysis,
                "\(reader.path): terms of analysis \(configuration.analyzerRevision), this program "
                    + "analyses by \(TermAnalyzer.revision); run 'millrace sync' to rebuild"
            )
        }
        guard configuration.dimensions == self.index.dimensions,
            configuration.modelFingerprint == self.index.modelFingerprint
        else {
            throw SegmentError(
                .corrupt,
                path: reader.path,
                "made by another model than the snapshot's index '\(self.index.name)'"
            )
        }
    }
}
