/// How well each judged query was answered: what two rankings of one set of queries are compared by.
///
/// The queries are those with a relevant document, by ascending id; one without a ranking counts 0 everywhere.
package struct QueryScores: Hashable, Sendable {
    package let queries: [String]
    package private(set) var ndcg10: [Double] = []
    package private(set) var recall5: [Double] = []
    package private(set) var recall10: [Double] = []
    package private(set) var recall20: [Double] = []
    package private(set) var reciprocalRank: [Double] = []
    package private(set) var precision10: [Double] = []

    /// - Parameters:
    ///   - rankings: Document names for each query, best first, none twice; 20 of them where there are so many.
    ///   - judgements: The grades.
    package init(rankings: [String: [String]], judgements: Judgements) {
        self.queries = judgements.filter { $0.value.values.contains { $0 > 0 } }.keys.sorted()
        for query in self.queries {
            let grades = judgements[query] ?? [:]
            let gains = (rankings[query] ?? []).map { grades[$0] ?? 0 }
            self.ndcg10.append(RankingMetrics.ndcg(gains, grades, 10))
            self.recall5.append(RankingMetrics.recall(gains, grades, 5))
            self.recall10.append(RankingMetrics.recall(gains, grades, 10))
            self.recall20.append(RankingMetrics.recall(gains, grades, 20))
            self.reciprocalRank.append(RankingMetrics.reciprocalRank(gains))
            self.precision10.append(Double(gains.prefix(10).count { $0 > 0 }) / 10)
        }
    }
}

/// The mean, summed in the order of the array; 0 of none.
package func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
}
