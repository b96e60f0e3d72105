internal import Search

/// How chunks are ranked.
public enum SearchMode: String, Sendable, Codable, CaseIterable {
    /// By all that the index has, joined: words, meaning, expansions.
    case fused
    /// By the vectors' inner product.
    case vector
    /// By words.
    case bm25
    /// By the terms that a model expanded the texts into.
    case sparse
}

/// Which chunks of one document, or of a group of near-duplicates, stand in an answer.
public enum Grouping: String, Sendable, Codable, CaseIterable {
    /// Of a group of near-duplicates only the best document's chunks.
    case duplicates
    /// Of every document only its best chunk, and of a group of near-duplicates only one document.
    case document
    /// Every chunk for itself.
    case none
}

/// A question to an index.
public struct SearchRequest: Hashable, Sendable {
    public var query: String
    /// How many hits at most, from 1.
    public var count: Int
    public var mode: SearchMode
    /// `lang=de`, `source=…`, `type=…`, `uri=PREFIX`, `meta.KEY=…`, `date>=2026-01-01` or `date<2026-02`: those of
    /// one field are alternatives, those of different fields must all hold.
    ///
    /// A document's date is when it was
    /// changed, else published; one without a date fits no condition on it.
    public var filters: [String]
    public var grouping: Grouping
    public var access: Access

    public init(
        _ query: String,
        count: Int = 10,
        mode: SearchMode = .fused,
        filters: [String] = [],
        grouping: Grouping = .duplicates,
        access: Access = .everything
    ) {
        self.query = query
        self.count = count
        self.mode = mode
        self.filters = filters
        self.grouping = grouping
        self.access = access
    }
}

extension SearchRequest {
    /// - Throws: ``SearchFailure`` `.badRequest` before anything is embedded or scanned.
    func check() throws {
        guard self.count > 0 else {
            throw SearchFailure(.badRequest, "count is \(self.count), it must be 1 or more")
        }
        _ = try self.filters.map(Filter.init(parsing:))
    }

    /// The query of the rooms below.
    ///
    /// - Parameter expansion: nil where it is not needed or the index has no expansions.
    func searchQuery(
        vector: [Float]?,
        expansion: [SearchQuery.Term]?,
        hasVectors: Bool
    ) throws -> SearchQuery {
        let mode: SearchQuery.Mode =
            switch self.mode {
            case .fused: hasVectors || expansion != nil ? .fused : .bm25
            case .vector: .vector
            case .bm25: .bm25
            case .sparse: .sparse
            }
        return SearchQuery(
            text: self.query,
            vector: mode == .bm25 ? nil : vector,
            expansion: expansion,
            mode: mode,
            k: self.count,
            filters: try self.filters.map(Filter.init(parsing:)),
            onePerDocument: self.grouping == .document,
            expandsGroups: self.grouping == .none
        )
    }
}
