internal import Search
internal import Segments

/// How many of the nearest vectors a default search finds.
package struct RecallReport: Sendable, Codable {
    package struct Kind: Sendable, Codable {
        /// `headings`: a few words that stand above a chunk; `sentences`: a passage out of one.
        package var kind: String
        package var queryCount: Int
        /// Of the `k` nearest, the share that is found: mean, and of the worst query.
        package var recall: Double
        package var recallMin: Double
        /// Queries of which all the nearest are found.
        package var wholeQueryCount: Int
    }

    package var snapshot: Int
    package var index: String
    package var chunkCount: Int
    package var k: Int
    package var kinds: [Kind]
}

/// Scores may differ in their last bits where two chunks are equally near.
private let tie = 2e-6

/// Compares the default vector search with one that ranks every vector, on headings and passages of the
/// index itself; no judgements are needed.
///
/// - Parameters:
///   - k: How many nearest are looked for.
///   - queryCount: How many queries of each kind; the chunks they come from follow from their ids.
/// - Throws: ``OperationError`` `.configuration` for an index without vectors or text.
package func measureRecall(
    workspace: String,
    index: String?,
    k: Int,
    queryCount: Int,
    modelsRoot: String? = nil
) throws -> RecallReport {
    try translatingErrors {
        let session = try SearchSession(workspace: workspace, index: index, modelsRoot: modelsRoot)
        guard session.index.dimensions > 0 else {
            throw OperationError(
                .configuration,
                "index '\(session.index.name)' has no vectors: there is nothing to find again"
            )
        }
        let sample = try session.searcher.sample(queryCount)
        let kinds = try [
            ("headings", sample.compactMap(\.heading)), ("sentences", sample.compactMap(\.passage)),
        ].compactMap { name, texts in try recall(name, texts, session, k) }
        guard !kinds.isEmpty else {
            throw OperationError(
                .configuration,
                "index '\(session.index.name)' has no chunk with words to ask for"
            )
        }
        return RecallReport(
            snapshot: session.snapshot.number,
            index: session.index.name,
            chunkCount: session.searcher.chunkCount,
            k: k,
            kinds: kinds
        )
    }
}

private func recall(
    _ kind: String,
    _ texts: [String],
    _ session: SearchSession,
    _ k: Int
) throws -> RecallReport.Kind? {
    var shares: [Double] = []
    for text in texts {
        var query = try session.query(text, mode: .vector, count: k, isPlain: true)
        // A text without a word that the model knows is near to nothing.
        guard query.vector?.contains(where: { $0 != 0 }) == true else { continue }
        query.expandsGroups = true
        let found = try session.searcher.scores(query)
        query.isExact = true
        let exact = try session.searcher.scores(query)
        guard let last = exact.last else { continue }
        shares.append(Double(found.count { $0 >= last - tie }) / Double(exact.count))
    }
    guard !shares.isEmpty else { return nil }
    return RecallReport.Kind(
        kind: kind,
        queryCount: shares.count,
        recall: shares.reduce(0) { $0 + min($1, 1) } / Double(shares.count),
        recallMin: min(shares.min() ?? 0, 1),
        wholeQueryCount: shares.count { $0 >= 1 }
    )
}
