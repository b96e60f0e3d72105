internal import Embedding
internal import Records
internal import Search
internal import Segments
internal import Storage

package enum SearchModeName: String, Sendable, Codable, CaseIterable {
    case fused
    case vector
    case bm25
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
}

/// Searches the live snapshot, or that of a channel.
///
/// - Throws: ``OperationError`` `.noSuchState` without a snapshot, `.configuration` for a filter, an
///   index or a model that is not there.
package func search(_ request: SearchRequest) throws -> SearchReport {
    try translatingErrors {
        let session = try SearchSession(
            workspace: request.workspace,
            index: request.index,
            channel: request.channel,
            modelsRoot: request.modelsRoot
        )
        return try session.answer(request, text: request.text)
    }
}

/// One open index of the live snapshot with the model that embeds its queries.
final class SearchSession {
    let snapshot: Snapshot
    let index: IndexSnapshot
    private let searcher: Searcher
    private let modelsRoot: String?
    private var model: (any EmbeddingModel)?

    /// Of one snapshot, which the caller keeps from being cleaned away; its first index.
    ///
    /// - Parameter models: those that are loaded already; another one is loaded where it is asked for.
    init(
        of snapshot: Snapshot,
        workspace: String,
        models: ModelSet? = nil,
        modelsRoot: String?
    ) throws {
        (self.index, self.searcher) = try Self.open(snapshot, nil, workspace: workspace)
        self.snapshot = snapshot
        self.modelsRoot = modelsRoot
        let loaded = try? models?.model(self.index.modelName)
        if loaded?.identity.fingerprintText == self.index.modelFingerprint { self.model = loaded }
    }

    init(
        workspace: String,
        index name: String?,
        channel: String? = nil,
        modelsRoot: String?
    ) throws {
        // A writer may publish, and remove what came before, between any two steps: then begin anew.
        var attempt = 1
        while true {
            let snapshot = try Self.snapshot(channel, workspace: workspace)
            do {
                (self.index, self.searcher) = try Self.open(snapshot, name, workspace: workspace)
                self.snapshot = snapshot
                break
            } catch let error as StorageError
                where error.code == .notFound && attempt < Self.attemptLimit
            {
                let now = try Self.snapshot(channel, workspace: workspace).number
                guard now != snapshot.number else { throw error }
                attempt += 1
            }
        }
        self.modelsRoot = modelsRoot
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
                    + (names.isEmpty ? "none: set one with 'millrace publish PIPELINE --as NAME'" : names)
            )
        }
        return try Segments.snapshot(number: number, workspace: workspace)
    }

    private static func open(
        _ snapshot: Snapshot,
        _ name: String?,
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
        return (
            index, try Searcher(workspace: workspace, snapshot: snapshot, index: index.name)
        )
    }

    /// The answer to `text`, asked as `request` says.
    func answer(_ request: SearchRequest, text: String) throws -> SearchReport {
        let hits = try self.search(
            text,
            mode: request.mode,
            count: request.count,
            filters: request.filters,
            expandsGroups: request.expandsGroups
        )
        return SearchReport(
            snapshot: self.snapshot.number,
            index: self.index.name,
            mode: request.mode,
            hits: hits.map { FoundChunk($0, snapshot: self.snapshot.number) }
        )
    }

    func search(
        _ text: String,
        mode: SearchModeName,
        count: Int,
        filters: [String],
        expandsGroups: Bool
    ) throws -> [SearchHit] {
        var query = try self.query(
            text,
            mode: mode,
            count: count,
            filters: filters.map(Filter.init(parsing:))
        )
        query.expandsGroups = expandsGroups
        return try self.searcher.search(query)
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

    /// Documents by their best chunk, best first, without reading a text.
    func rankedURIs(_ text: String, mode: SearchModeName, count: Int) throws -> [String] {
        var query = try self.query(text, mode: mode, count: count, filters: [])
        query.onePerDocument = true
        return try self.searcher.rankedURIs(query)
    }

    private func query(
        _ text: String,
        mode: SearchModeName,
        count: Int,
        filters: [Filter]
    ) throws -> SearchQuery {
        // An index without vectors answers by words alone.
        let needsVector = mode != .bm25 && self.index.dimensions > 0
        if mode == .vector, self.index.dimensions == 0 {
            throw OperationError(
                .configuration,
                "index '\(self.index.name)' has no vectors; use --mode bm25"
            )
        }
        return SearchQuery(
            text: text,
            vector: needsVector ? try self.vector(of: text) : nil,
            mode: needsVector ? SearchQuery.Mode(mode) : .bm25,
            k: count,
            filters: filters
        )
    }

    /// - Throws: ``OperationError`` `.configuration` when the model here is not the index's.
    private func vector(of text: String) throws -> [Float] {
        if self.model == nil {
            let name = self.index.modelName
            let model = try ModelSet(index: self.index, root: self.modelsRoot)
                .model(of: self.index)
            guard model.identity.fingerprintText == self.index.modelFingerprint else {
                throw OperationError(
                    .configuration,
                    "index '\(self.index.name)' was made with another '\(name)' than the one here; "
                        + "run the pipeline again, or put the model back"
                )
            }
            self.model = model
        }
        return try self.model?.embed(EmbeddingInput(text: text, role: .query)).vector ?? []
    }
}

extension SearchQuery.Mode {
    init(_ name: SearchModeName) {
        switch name {
        case .fused: self = .fused
        case .vector: self = .vector
        case .bm25: self = .bm25
        }
    }
}
