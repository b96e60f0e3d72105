internal import Embedding
internal import Records
internal import Search
internal import Segments
internal import Storage

package enum SearchModeName: String, Sendable, Codable, CaseIterable {
    case fused
    case vector
    case bm25
    case sparse
}

package struct SearchRequest: Sendable {
    package var workspace: String
    package var text: String
    package var count: Int
    package var mode = SearchModeName.fused
    /// `lang=de`, `source=…`, `type=…`, `uri=PREFIX` or `meta.KEY=…`; all must hold.
    package var filters: [String] = []
    /// All members of a group of near-duplicates, not only the best.
    package var expandsGroups = false
    package var index: String?
    /// The channel whose snapshot is asked, instead of the live one.
    package var channel: String?
    package var modelsRoot: String?
    /// The pipeline file, beside which tuned weights may lie; nil for the weights of the model.
    package var pipeline: String?
    /// The number of a snapshot that is not the live one.
    package var snapshot: Int?
    /// At most one chunk of each document: its best.
    package var onePerDocument = false
    /// With the text around each hit under the same headings.
    package var expandsSections = false
    /// With the reasons for each hit's place.
    package var explains = false
    /// Words and nothing else: quotation marks, `-` and `title:` mean nothing.
    package var isPlain = false
    /// The hits in the order of the index, whoever the pipeline names to rank them anew.
    package var skipsRerank = false

    package init(workspace: String, text: String, count: Int) {
        self.workspace = workspace
        self.text = text
        self.count = count
    }
}

package struct SearchReport: Sendable, Codable {
    package var snapshot: Int
    package var index: String
    package var mode: SearchModeName
    package var hits: [FoundChunk]
    /// Who ranked the hits anew, where the pipeline names one.
    package var rerank: RerankReport?
}

/// Searches the live snapshot, or that of a channel.
///
/// - Throws: ``OperationError`` `.noSuchState` without a snapshot, `.configuration` for a filter, an
///   index or a model that is not there.
package func search(_ request: SearchRequest) throws -> SearchReport {
    try translatingErrors {
        try SearchSession(request).answer(request, text: request.text)
    }
}

/// One open index of the live snapshot with the model that embeds its queries.
final class SearchSession {
    let snapshot: Snapshot
    let index: IndexSnapshot
    private(set) var searcher: Searcher
    private let modelsRoot: String?
    private var model: (any EmbeddingModel)?
    private var expander: QueryExpander?
    private let reranking: Reranking?

    /// Of one snapshot, which the caller keeps from being cleaned away; its first index.
    ///
    /// - Parameters:
    ///   - models: Those that are loaded already; another one is loaded where it is asked for.
    ///   - fusion: Tuned weights; nil for those of the model.
    init(
        of snapshot: Snapshot,
        workspace: String,
        models: ModelSet? = nil,
        modelsRoot: String?,
        fusion: FusionLock?
    ) throws {
        (self.index, self.searcher) = try Self.open(snapshot, nil, fusion, workspace: workspace)
        self.snapshot = snapshot
        self.modelsRoot = modelsRoot
        self.reranking = nil
        let loaded = try? models?.model(self.index.modelName)
        if loaded?.identity.fingerprintText == self.index.modelFingerprint { self.model = loaded }
    }

    convenience init(_ request: SearchRequest) throws {
        try self.init(
            workspace: request.workspace,
            index: request.index,
            modelsRoot: request.modelsRoot,
            pipeline: request.pipeline,
            snapshot: request.snapshot,
            channel: request.channel,
            reranking: request.skipsRerank
                ? nil : request.pipeline.flatMap(Reranking.init(pipeline:))
        )
    }

    /// - Parameters:
    ///   - pipeline: The pipeline file, beside which tuned weights may lie; nil for those in the workspace.
    ///   - number: Of a snapshot that is still there; nil for that of the channel, or the live one.
    init(
        workspace: String,
        index name: String?,
        modelsRoot: String?,
        pipeline: String? = nil,
        snapshot number: Int? = nil,
        channel: String? = nil,
        reranking: Reranking? = nil
    ) throws {
        self.reranking = reranking
        let lock = try FusionLock.read(of: pipeline, workspace: workspace)
        // A writer may publish, and remove what came before, between any two steps: then begin anew.
        var attempt = 1
        while true {
            let snapshot =
                try number.map { try keptSnapshot($0, workspace: workspace) }
                ?? Self.snapshot(channel, workspace: workspace)
            do {
                (self.index, self.searcher) = try Self.open(
                    snapshot,
                    name,
                    lock,
                    workspace: workspace
                )
                self.snapshot = snapshot
                break
            } catch let error as StorageError
                where error.code == .notFound && attempt < Self.attemptLimit
            {
                if let number { throw lostSnapshotSegments(number, error.path) }
                let now = try Self.snapshot(channel, workspace: workspace).number
                guard now != snapshot.number else { throw error }
                attempt += 1
            }
        }
        self.modelsRoot = modelsRoot
    }

    /// Answers from now on as one is answered who holds these access labels alone: what such a one may not see
    /// takes part in nothing.
    func restrict(toLabels labels: Set<String>) throws {
        self.searcher = try self.searcher.restricted { labels.isSuperset(of: $0) }
    }

    private static let attemptLimit = 5

    /// The live snapshot, or that of a channel.
    private static func snapshot(_ channel: String?, workspace: String) throws -> Snapshot {
        guard let channel else { return try publishedSnapshot(workspace: workspace) }
        let marks = SnapshotMarks(layout: WorkspaceLayout(root: workspace))
        guard let number = try marks.channel(channel) else {
            let names = try marks.channels().keys.sorted().joined(separator: ", ")
            throw OperationError(
                .noSuchState,
                "there is no channel '\(channel)' in \(workspace); there is "
                    + (names.isEmpty
                        ? "none: set one with 'millrace publish PIPELINE --as NAME'" : names)
            )
        }
        return try Segments.snapshot(number: number, workspace: workspace)
    }

    private static func open(
        _ snapshot: Snapshot,
        _ name: String?,
        _ lock: FusionLock?,
        workspace: String
    ) throws -> (IndexSnapshot, Searcher) {
        let names = snapshot.indexes.map(\.name)
        guard let index = snapshot.indexes.first(where: { name == nil || $0.name == name })
        else {
            throw OperationError(
                .configuration,
                "there is no index '\(name ?? "")'; there are \(names.joined(separator: ", "))"
            )
        }
        let searcher = try Searcher(
            workspace: workspace,
            snapshot: snapshot,
            index: index.name,
            fusion: FusionWeights(lock, for: index)
        )
        return (index, searcher)
    }

    /// The answer to `text`, asked as `request` says.
    func answer(_ request: SearchRequest, text: String) throws -> SearchReport {
        var query = try self.query(
            text,
            mode: request.mode,
            count: self.reranking?.candidateCount(for: request.count) ?? request.count,
            filters: request.filters.map(Filter.init(parsing:)),
            isPlain: request.isPlain
        )
        query.expandsGroups = request.expandsGroups
        query.onePerDocument = request.onePerDocument
        query.expandsSections = request.expandsSections
        query.explains = request.explains
        let hits = try self.searcher.search(query)
        var report = SearchReport(
            snapshot: self.snapshot.number,
            index: self.index.name,
            mode: request.mode,
            hits: hits.map { FoundChunk($0, snapshot: self.snapshot.number) }
        )
        report.rerank = self.reranking?.rank(&report.hits, query: text)
        report.hits.removeLast(max(0, report.hits.count - request.count))
        return report
    }

    /// The chunk of this name with its document; nil where the snapshot has none.
    func chunk(
        _ id: ChunkID
    ) throws -> (hit: SearchHit, document: SegmentDocument, chunkCount: Int)? {
        guard let hit = try self.searcher.chunk(id),
            let (document, chunkCount) = try self.searcher.document(id.document)
        else { return nil }
        return (hit, document, chunkCount)
    }

    /// Documents by their best chunk, best first, without reading a text; all of `text` are words.
    func rankedURIs(_ text: String, mode: SearchModeName, count: Int) throws -> [String] {
        var query = try self.query(text, mode: mode, count: count, isPlain: true)
        query.onePerDocument = true
        return try self.searcher.rankedURIs(query)
    }

    /// Whether the pipeline names who ranks hits anew, and this session was told of it.
    var reranks: Bool { self.reranking != nil }

    /// As ``rankedURIs(_:mode:count:)`` of the fused mode, ranked anew as ``answer(_:text:)`` is.
    ///
    /// - Throws: ``OperationError`` `.fatal` where the ranker does not answer: places that are kept are none
    ///   of its own.
    func rerankedURIs(_ text: String, count: Int) throws -> [String] {
        let wanted = self.reranking?.candidateCount(for: count) ?? count
        var query = try self.query(text, mode: .fused, count: wanted, isPlain: true)
        query.onePerDocument = true
        var hits = try self.searcher.search(query).map {
            FoundChunk($0, snapshot: self.snapshot.number)
        }
        if let report = self.reranking?.rank(&hits, query: text), let failure = report.failure {
            throw OperationError(
                .fatal,
                "\(report.by) did not rank: \(failure); --no-rerank scores without it"
            )
        }
        return hits.prefix(count).map(\.uri)
    }

    func query(
        _ text: String,
        mode: SearchModeName,
        count: Int,
        filters: [Filter] = [],
        isPlain: Bool
    ) throws -> SearchQuery {
        // An index without vectors and expansions answers by words alone.
        let needsVector = (mode == .fused || mode == .vector) && self.index.dimensions > 0
        let needsExpansion = (mode == .fused || mode == .sparse) && self.index.expander != nil
        if mode == .sparse, !needsExpansion {
            throw OperationError(
                .configuration,
                "index '\(self.index.name)' has no expansions: let it read from a stage 'expand' too, or use "
                    + "--mode bm25"
            )
        }
        if mode == .vector, self.index.dimensions == 0 {
            throw OperationError(
                .configuration,
                "index '\(self.index.name)' has no vectors; use --mode bm25"
            )
        }
        let words = isPlain ? text : QueryText(parsing: text).words
        var query = SearchQuery(
            text: text,
            vector: needsVector ? try self.vector(of: words) : nil,
            expansion: needsExpansion ? try self.expansion(of: words) : nil,
            mode: needsVector || needsExpansion ? SearchQuery.Mode(mode) : .bm25,
            k: count,
            filters: filters
        )
        query.isPlain = isPlain
        return query
    }

    /// - Throws: ``OperationError`` `.configuration` when the model here is not the index's.
    func vector(of text: String) throws -> [Float] {
        try self.vectors(of: [text]).first ?? []
    }

    /// The vectors of several texts: a server is asked for many at once.
    ///
    /// - Throws: As ``vector(of:)``.
    func vectors(of texts: [String]) throws -> [[Float]] {
        let model = try self.loadedModel()
        var vectors: [[Float]] = []
        for start in stride(from: 0, to: texts.count, by: Self.batchCount) {
            let batch = texts[start..<min(start + Self.batchCount, texts.count)]
            vectors += try model.embed(batch.map { EmbeddingInput(text: $0, role: .query) })
                .map(\.vector)
        }
        return vectors
    }

    /// Choice: what servers take in one request, and little memory.
    private static let batchCount = 32

    private func loadedModel() throws -> any EmbeddingModel {
        if let model = self.model { return model }
        let name = self.index.modelName
        let model = try ModelSet(index: self.index, root: self.modelsRoot).model(of: self.index)
        guard model.identity.fingerprintText == self.index.modelFingerprint else {
            throw OperationError(
                .configuration,
                "index '\(self.index.name)' was made with another '\(name)' than the one here; "
                    + "run the pipeline again, or put the model back"
            )
        }
        self.model = model
        return model
    }
}

extension SearchSession {
    /// - Throws: ``OperationError`` `.configuration` when the tokeniser here is not the index's.
    private func expansion(of text: String) throws -> [SearchQuery.Term] {
        guard let reference = self.index.expander.flatMap(ExpanderReference.init(json:)) else {
            throw OperationError(
                .configuration,
                "index '\(self.index.name)' does not say which model expanded it; run the pipeline again"
            )
        }
        if self.expander == nil {
            let store = self.modelsRoot.map { ModelStore(root: $0) } ?? ModelStore()
            let expander: QueryExpander
            do {
                expander = try store.queryExpander(reference.model)
            } catch let error as EmbeddingError {
                throw OperationError(.configuration, error.message)
            }
            guard expander.reference == reference else {
                throw OperationError(
                    .configuration,
                    "index '\(self.index.name)' was expanded by another '\(reference.model)' than the one here; "
                        + "run the pipeline again, or put the model back"
                )
            }
            self.expander = expander
        }
        return self.expander?.terms(of: text).map {
            SearchQuery.Term(bytes: $0.piece, count: $0.count)
        } ?? []
    }
}

extension SearchQuery.Mode {
    init(_ name: SearchModeName) {
        switch name {
        case .fused: self = .fused
        case .vector: self = .vector
        case .bm25: self = .bm25
        case .sparse: self = .sparse
        }
    }
}
