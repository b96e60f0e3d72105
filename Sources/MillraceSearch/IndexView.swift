internal import Embedding
internal import Records
internal import Search
internal import Segments
internal import Storage
internal import Synchronization

/// One snapshot of an index, open: every answer of a view is of the same state.
///
/// A view stays readable as long as it is kept, whatever is published meanwhile.
public final class IndexView: Sendable {
    public let snapshot: SnapshotSummary

    let index: IndexSnapshot
    let embedder: QueryEmbedder?
    /// Nil for an index without expansions.
    let expander: QueryExpander?
    private let whole: VisiblePart
    /// By the caller's labels; begun anew when there are many.
    private let parts = Mutex<[Set<String>: VisiblePart]>([:])
    private let queue: WorkQueue
    private let hold: SnapshotHold

    /// Choice: a server knows a handful of groups; each part has a byte for every chunk.
    private static let partCountMax = 64

    init(
        _ snapshot: Snapshot,
        index: IndexSnapshot,
        isLive: Bool,
        workspace: String,
        embedder: QueryEmbedder?,
        expander: QueryExpander?,
        queue: WorkQueue,
        hold: SnapshotHold
    ) throws {
        self.snapshot = SnapshotSummary(snapshot, isLive: isLive)
        self.index = index
        self.embedder = embedder
        self.expander = expander
        self.whole = try VisiblePart(
            index,
            readers: index.segments.map { try LiveSegmentReader($0, workspace: workspace) },
            fusion: FusionLock.read(inWorkspace: workspace)?.weights(of: index).map {
                FusionWeights(bm25: $0.bm25, vector: $0.vector, sparse: $0.sparse ?? 0)
            }
        )
        self.queue = queue
        self.hold = hold
    }

    /// The best chunks for a question, best first.
    ///
    /// - Parameter patience: How long the question may wait for its turn; nil for as long as it takes.
    /// - Throws: `.badRequest`, `.busy`, `.damaged`, `.modelUnavailable`.
    public func search(
        _ request: SearchRequest,
        patience: Duration? = nil
    ) async throws(SearchFailure) -> SearchAnswer {
        do {
            try request.check()
            let needsVector =
                (request.mode == .fused || request.mode == .vector) && self.index.dimensions > 0
            if request.mode == .sparse, self.expander == nil {
                throw SearchFailure(
                    .badRequest,
                    "index '\(self.index.name)' has no expansions; search it with mode bm25"
                )
            }
            if request.mode == .vector, self.index.dimensions == 0 {
                throw SearchFailure(
                    .badRequest,
                    "index '\(self.index.name)' has no vectors; search it with mode bm25"
                )
            }
            if needsVector, let embedder = self.embedder, !embedder.isCheap {
                let vector = try await embedder.batchedVector(request.query)
                return try await self.queue.run(patience: patience) {
                    try self.answer(request, vector: vector)
                }
            }
            return try await self.queue.run(patience: patience) {
                let vector = needsVector ? try self.embedder?.vector(request.query) : nil
                return try self.answer(request, vector: vector)
            }
        } catch {
            throw SearchFailure(error)
        }
    }

    /// The chunk of this id with its text; nil where there is none that may be seen.
    ///
    /// - Throws: `.badRequest` for what is no id of a chunk, `.damaged`.
    public func chunk(
        _ id: String,
        access: Access = .everything
    ) async throws(SearchFailure) -> SearchHit? {
        guard let chunkID = ChunkID(id) else {
            throw SearchFailure(.badRequest, "this is no id of a chunk; each hit has its own")
        }
        return try await self.read {
            try self.part(access).searcher.chunk(chunkID).map { self.hit($0, access) }
        }
    }

    /// The document of this id; nil where there is none that may be seen.
    ///
    /// - Throws: `.badRequest` for what is no id of a document, `.damaged`.
    public func document(
        _ id: String,
        access: Access = .everything
    ) async throws(SearchFailure) -> IndexedDocument? {
        guard let bytes = Hex.decode(id), let documentID = DocumentID(bytes: bytes) else {
            throw SearchFailure(
                .badRequest,
                "this is no id of a document; a chunk's id begins with its document's, 32 digits"
            )
        }
        return try await self.read { try self.part(access).document(documentID, self, access) }
    }

    private func read<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws(SearchFailure) -> Value {
        do {
            return try await self.queue.run(work)
        } catch {
            throw SearchFailure(error)
        }
    }

    private func answer(_ request: SearchRequest, vector: [Float]?) throws -> SearchAnswer {
        let part = try self.part(request.access)
        let query = try request.searchQuery(
            vector: vector,
            expansion: self.expansion(of: request),
            hasVectors: self.index.dimensions > 0
        )
        let hits = try part.searcher.search(query)
        return SearchAnswer(
            snapshot: self.snapshot.number,
            hits: hits.map { self.hit($0, request.access) }
        )
    }

    private func expansion(of request: SearchRequest) -> [SearchQuery.Term]? {
        guard request.mode == .fused || request.mode == .sparse else { return nil }
        let words = QueryText(parsing: request.query).words
        return self.expander?.terms(of: words).map {
            SearchQuery.Term(bytes: $0.piece, count: $0.count)
        }
    }

    private func hit(_ hit: Search.SearchHit, _ access: Access) -> SearchHit {
        // A group's id tells that there are others in it, whether they may be seen or not.
        SearchHit(hit, snapshot: self.snapshot.number, showsGroup: access.labels == nil)
    }

    /// - Complexity: O(documents) for labels that were not asked with before, else O(1).
    private func part(_ access: Access) throws -> VisiblePart {
        guard let labels = access.labels else { return self.whole }
        if let part = self.parts.withLock({ $0[labels] }) { return part }
        let part = try self.whole.restricted(to: access)
        self.parts.withLock { parts in
            if parts.count >= Self.partCountMax { parts.removeAll() }
            parts[labels] = part
        }
        return part
    }
}

extension SnapshotSummary {
    init(_ snapshot: Snapshot, isLive: Bool) {
        self.init(
            number: snapshot.number,
            isLive: isLive,
            digest: snapshot.digest,
            documents: snapshot.documentCount,
            chunks: snapshot.chunkCount,
            indexes: snapshot.indexes.map(\.name)
        )
    }
}
