package import Records
package import Segments
internal import Text

/// Answers queries over one index of one snapshot.
///
/// Segments are mapped and shared by all threads; a query holds no lock.
package final class Searcher: Sendable {
    package let index: IndexSnapshot
    let readers: [LiveSegmentReader]
    let vectors: VectorSearch
    let lexical: LexicalSearch
    let sparse: LexicalSearch
    /// Those whose words the segments may hold as stems.
    let languages: [LightStemmer]
    let scratches = ScratchPool.shared
    package let fusion: FusionWeights

    /// - Parameters:
    ///   - index: The index's name; nil takes the first, which is then the only one mostly.
    ///   - fusion: For queries that bring no weights of their own; nil for those of the index's model.
    /// - Throws: ``SearchError`` when there is no such index or its terms are of another analysis,
    ///   ``SegmentError`` or ``StorageError`` when a segment cannot be opened.
    package convenience init(
        workspace: String,
        snapshot: Snapshot,
        index name: String?,
        fusion: FusionWeights? = nil
    ) throws {
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
        try self.init(index: index, readers: readers, fusion: fusion)
    }

    /// - Parameters:
    ///   - readers: Of the segments of `index`; they may be restricted to a part of its documents.
    ///   - fusion: For queries that bring no weights of their own; nil for those of the index's model.
    /// - Throws: ``SearchError`` or ``SegmentError`` for a segment that is not of this index.
    package init(
        index: IndexSnapshot,
        readers: [LiveSegmentReader],
        fusion: FusionWeights? = nil
    ) throws {
        self.index = index
        self.fusion = fusion ?? .ofModel(index.modelName, isExpanded: index.expander != nil)
        self.readers = readers
        self.vectors = VectorSearch(readers: readers)
        self.lexical = LexicalSearch(readers: readers)
        self.sparse = LexicalSearch(readers: readers, in: .expansions)
        self.languages = try requiring(readers[...]) {
            try inflectedLanguages(of: readers.map(\.segment))
        }
        for reader in readers { try self.check(reader.segment) }
    }

    /// The same over the documents alone of whose access labels `isVisible` holds.
    ///
    /// - Complexity: O(documents + chunks).
    package func restricted(toLabels isVisible: ([String]) throws -> Bool) throws -> Searcher {
        try Searcher(
            index: self.index,
            readers: self.readers.map { try $0.restricted(toLabels: isVisible) },
            fusion: self.fusion
        )
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
        return try self.readingWhole { scratch in
            let asked = try self.asked(query, wantsWords: true, scratch)
            let ranked = try self.candidates(asked, scratch)
            let snippet = Snippet(asked.terms, scratch)
            return try ranked.map { candidate in
                var hit = try self.hit(candidate, snippet)
                if query.expandsSections {
                    hit.section = try self.section(around: candidate.chunk, of: candidate.segment)
                }
                if query.explains {
                    hit.explanation = try self.explanation(of: candidate, asked, scratch)
                }
                return hit
            }
        }
    }

    /// The URIs of what ``search(_:)`` would find, without reading texts but for phrases: for evaluation.
    package func rankedURIs(_ query: SearchQuery) throws -> [String] {
        try self.check(query)
        return try self.readingWhole { scratch in
            try self.candidates(try self.asked(query, wantsWords: false, scratch), scratch).map(
                self.uri
            )
        }
    }

    func readingWhole<Result>(_ body: (QueryScratch) throws -> Result) throws -> Result {
        try self.requiringBytes { try self.scratches.withScratch(body) }
    }

    /// What `body` gives, only where no byte of a segment was missing that it read.
    ///
    /// - Throws: why bytes could not be brought from elsewhere, whatever came of it.
    package func requiringBytes<Result>(_ body: () throws -> Result) throws -> Result {
        try requiring(self.readers[...], body)
    }

    private func uri(_ candidate: Candidate) throws -> String {
        let reader = self.readers[candidate.segment].segment
        return try reader.uri(ofDocument: reader.document(ofChunk: candidate.chunk))
    }

    /// The two rankings that a fused query joins, to try weights on.
    package func legs(_ query: SearchQuery) throws -> FusionLegs {
        try self.check(query)
        return try self.readingWhole { scratch in
            let asked = try self.asked(query, wantsWords: false, scratch)
            return try self.legs(asked, FusionLegs.depth, scratch)
        }
    }

    /// The URIs of the best `count` documents by these rankings.
    package func rankedURIs(_ legs: FusionLegs, _ weights: FusionWeights, count: Int) throws
        -> [String]
    {
        let ranked = legs.fused(weights).onePerDocument()
        return try self.collapse(ranked, to: count).kept.map(self.uri)
    }

    /// The chunk of this name, with an empty snippet and score 0; nil where no live chunk has it.
    ///
    /// - Throws: ``SegmentError`` where a segment is damaged.
    /// - Complexity: O(segments · log documents).
    package func chunk(_ id: ChunkID) throws -> SearchHit? {
        try self.requiringBytes { try self.foundChunk(id) }
    }

    private func foundChunk(_ id: ChunkID) throws -> SearchHit? {
        for reader in self.readers {
            guard let row = try reader.segment.documentIndex(of: id.document),
                reader.isLive(document: row)
            else { continue }
            for chunk in try reader.segment.documentRow(row).chunks {
                let found = try reader.segment.chunkRow(chunk)
                guard found.ordinal == id.ordinal else { continue }
                let hit = try self.hit(reader.segment, chunk: chunk, score: 0) { _, _ in
                    SnippetText()
                }
                return hit.chunkID == id ? hit : nil
            }
        }
        return nil
    }

    /// The document of this id with its count of chunks; nil where no live one has it.
    package func document(
        _ id: DocumentID
    ) throws -> (document: SegmentDocument, chunkCount: Int)? {
        try self.requiringBytes { try self.foundDocument(id) }
    }

    private func foundDocument(
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

    private func hit(_ candidate: Candidate, _ snippet: Snippet) throws -> SearchHit {
        try self.hit(
            self.readers[candidate.segment].segment,
            chunk: candidate.chunk,
            score: candidate.score
        ) { snippet.cut($0, in: LightStemmer.of($1)) }
    }

    private func hit(
        _ reader: SegmentReader,
        chunk: Int,
        score: Double,
        snippet: (_ text: [UInt8], _ language: String) -> SnippetText
    ) throws -> SearchHit {
        let row = try reader.chunkRow(chunk)
        let document = try reader.document(row.document)
        let text = try reader.checkedText(of: row)
        let cut = snippet(text, document.language)
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
            origin: origin(of: row.page, document.metadata),
            headings: try reader.headings(row.headingPath),
            group: document.metadata[SegmentDocument.groupKey],
            score: score,
            text: String(decoding: text, as: UTF8.self),
            snippet: cut.text,
            marks: cut.marks
        )
    }

    func check(_ query: SearchQuery) throws {
        guard query.k > 0 else {
            throw SearchError(.badQuery, "k is \(query.k), it must be 1 or more")
        }
        try self.checkExpansion(query)
        let dimensions = self.index.dimensions
        switch (query.mode, query.vector) {
        case (.bm25, _), (.sparse, _): return
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

    private func checkExpansion(_ query: SearchQuery) throws {
        let isExpanded = self.index.expander != nil
        switch query.mode {
        case .bm25, .vector: return
        case .sparse where !isExpanded:
            throw SearchError(
                .badQuery,
                "index '\(self.index.name)' has no expansions; search it with bm25"
            )
        case .sparse, .fused:
            guard !isExpanded || query.expansion != nil else {
                throw SearchError(
                    .badQuery,
                    "mode \(query.mode.rawValue) needs the query in the terms of the index's expansions"
                )
            }
        }
    }

    /// One index has one model and one analysis; a segment that differs would answer nonsense.
    private func check(_ reader: SegmentReader) throws {
        let configuration = reader.configuration
        guard TermAnalyzer.readRevisions.contains(configuration.analyzerRevision) else {
            throw SearchError(
                .otherAnalysis,
                "\(reader.path): terms of analysis \(configuration.analyzerRevision), this program "
                    + "analyses by \(TermAnalyzer.revision); run 'millrace sync' to rebuild"
            )
        }
        guard configuration.dimensions == self.index.dimensions,
            configuration.modelFingerprint == self.index.modelFingerprint,
            configuration.expansionFingerprint == self.index.expansionFingerprint ?? ""
        else {
            throw SegmentError(
                .corrupt,
                path: reader.path,
                "made by another model than the snapshot's index '\(self.index.name)'"
            )
        }
    }
}

/// The languages among the segments' labels, by their codes; a label of another kind may look like one.
///
/// - Complexity: O(labels), which are few.
private func inflectedLanguages(of segments: [SegmentReader]) throws -> [LightStemmer] {
    var found: Set<String> = []
    for segment in segments {
        for number in 0..<segment.labelCount {
            let label = try segment.label(number)
            guard label.utf8.count <= 8, let stemmer = LightStemmer.of(label) else { continue }
            found.insert(stemmer.language)
        }
    }
    return LightStemmer.all.filter { found.contains($0.language) }
}

/// What a page was read from, by what its document says of its pages.
private func origin(of page: Int, _ metadata: [String: String]) -> Block.Origin {
    let read = metadata[PageNumbers.ocrKey].flatMap { PageNumbers(text: $0) }
    return read?.contains(page) == true ? .ocr : .text
}

/// What `body` gives, only where each of the segments had all bytes that it read.
private func requiring<Result>(
    _ readers: ArraySlice<LiveSegmentReader>,
    _ body: () throws -> Result
) throws -> Result {
    guard let first = readers.first else { return try body() }
    return try first.segment.requiringBytes { try requiring(readers.dropFirst(), body) }
}
