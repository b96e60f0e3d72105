internal import Hashing
internal import Records
internal import Search
internal import Segments
internal import Storage

/// The weights that fit a collection's queries best, and what they are worth on others.
package struct TuningReport: Sendable, Codable {
    package struct Trial: Sendable, Codable {
        package var bm25: Double
        package var vector: Double
        /// Nil for an index without expansions.
        package var sparse: Double?
        package var ndcg10: Double
    }

    package var snapshot: Int
    package var index: String
    package var model: String
    package var trainQueryCount: Int
    package var heldOutQueryCount: Int
    /// On the train queries.
    package var trials: [Trial]
    package var bm25: Double
    package var vector: Double
    /// Nil for an index without expansions.
    package var sparse: Double?
    /// nDCG@10 of the chosen weights on the held-out queries, and of what there would be without them.
    package var heldOutNdcg10: Double
    package var heldOutNdcg10ByDefault: Double
    package var heldOutNdcg10ByWords: Double
    /// 0 for an index without vectors.
    package var heldOutNdcg10ByVectors: Double
    /// Nil for an index without expansions.
    package var heldOutNdcg10BySparse: Double?
    /// Where the weights were written.
    package var path: String
}

/// What is tried beside 1 for BM25, then each other ranking alone; the least first.
private func triedWeights(of index: IndexSnapshot) -> [FusionWeights] {
    let steps = [0, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3]
    let hasVectors = index.dimensions > 0
    guard index.expander != nil else {
        return steps.map { FusionWeights(vector: $0) } + [FusionWeights(bm25: 0, vector: 1)]
    }
    let both = steps.flatMap { sparse in
        (hasVectors ? steps : [0]).map { FusionWeights(vector: $0, sparse: sparse) }
    }
    let alone = FusionWeights(bm25: 0, vector: 0, sparse: 1)
    return both + (hasVectors ? [FusionWeights(bm25: 0, vector: 1), alone] : [alone])
}

/// Tries weights on two thirds of the queries, writes the best beside the pipeline, and scores them on the
/// third that had no say.
///
/// Which queries are held out follows from their ids, so that a repeat finds the same.
///
/// - Throws: ``OperationError`` `.configuration` without a pipeline file, for an index without vectors
///   and for files that are no queries or judgements.
package func tuneFusion(_ request: EvaluationRequest) throws -> TuningReport {
    try translatingErrors {
        guard let pipeline = request.pipeline else {
            throw OperationError(
                .configuration,
                "the weights are written beside the pipeline file; name it instead of the workspace"
            )
        }
        let judged = try JudgedQueries(
            queriesPath: request.queriesPath,
            judgementsPath: request.judgementsPath
        )
        let session = try SearchSession(request)
        let isExpanded = session.index.expander != nil
        guard session.index.dimensions > 0 || isExpanded else {
            throw OperationError(
                .configuration,
                "index '\(session.index.name)' has no vectors and no expansions: there is nothing to weigh"
            )
        }
        let train = judged.part { !isHeldOut($0) }
        let heldOut = judged.part(isHeldOut)
        guard !train.queries.isEmpty, !heldOut.queries.isEmpty else {
            throw OperationError(
                .configuration,
                "\(judged.queries.count) judged queries are too few to hold some of them out"
            )
        }
        let trainLegs = try legs(of: train, session)
        let trials = try triedWeights(of: session.index).map { weights in
            TuningReport.Trial(
                bm25: weights.bm25,
                vector: weights.vector,
                sparse: isExpanded ? weights.sparse : nil,
                ndcg10: try ndcg10(train, trainLegs, session, weights)
            )
        }
        // The first of the best: the least weights.
        guard let greatest = trials.map(\.ndcg10).max(),
            let best = trials.first(where: { $0.ndcg10 == greatest })
        else { throw OperationError(.fatal, "no weights were tried") }
        let heldOutLegs = try legs(of: heldOut, session)
        func score(_ weights: FusionWeights) throws -> Double {
            try ndcg10(heldOut, heldOutLegs, session, weights)
        }
        let report = TuningReport(
            snapshot: session.snapshot.number,
            index: session.index.name,
            model: session.index.modelName,
            trainQueryCount: train.queries.count,
            heldOutQueryCount: heldOut.queries.count,
            trials: trials,
            bm25: best.bm25,
            vector: best.vector,
            sparse: best.sparse,
            heldOutNdcg10: try score(
                .init(bm25: best.bm25, vector: best.vector, sparse: best.sparse ?? 0)
            ),
            heldOutNdcg10ByDefault: try score(
                .ofModel(session.index.modelName, isExpanded: isExpanded)
            ),
            heldOutNdcg10ByWords: try score(.init(bm25: 1, vector: 0)),
            heldOutNdcg10ByVectors: session.index.dimensions > 0
                ? try score(.init(bm25: 0, vector: 1)) : 0,
            heldOutNdcg10BySparse: isExpanded
                ? try score(.init(bm25: 0, vector: 0, sparse: 1)) : nil,
            path: FusionLock.path(besides: pipeline)
        )
        var lock = try FusionLock.read(besides: pipeline) ?? FusionLock()
        lock.indexes[report.index] = FusionLock.Weights(
            model: report.model,
            bm25: best.bm25,
            vector: best.vector,
            sparse: best.sparse,
            trainQueryCount: report.trainQueryCount,
            trainNdcg10: best.ndcg10,
            heldOutQueryCount: report.heldOutQueryCount,
            heldOutNdcg10: report.heldOutNdcg10
        )
        try lock.write(FusionLock.path(besides: pipeline))
        // Those who may not write there have it once the next run has.
        try? copyFusionLock(of: pipeline, to: WorkspaceLayout(root: request.workspace))
        return report
    }
}

/// One in three, by the hash of its id.
private func isHeldOut(_ id: String) -> Bool { sha256(Array(id.utf8)).word0 % 3 == 0 }

extension JudgedQueries {
    fileprivate func part(_ isIn: (String) -> Bool) -> JudgedQueries {
        JudgedQueries(queries: self.queries.filter { isIn($0.id) }, judgements: self.judgements)
    }
}

private func legs(of judged: JudgedQueries, _ session: SearchSession) throws -> [FusionLegs] {
    try judged.queries.map { query in
        try session.searcher.legs(
            session.query(query.text, mode: .fused, count: 10, isPlain: true)
        )
    }
}

private func ndcg10(
    _ judged: JudgedQueries,
    _ legs: [FusionLegs],
    _ session: SearchSession,
    _ weights: FusionWeights
) throws -> Double {
    var rankings: [String: [String]] = [:]
    for (query, legs) in zip(judged.queries, legs) {
        let uris = try session.searcher.rankedURIs(legs, weights, count: 10)
        rankings[query.id] = judged.names(of: uris, for: query.id)
    }
    return RankingMetrics(rankings: rankings, judgements: judged.judgements, k: 10).ndcg
}
