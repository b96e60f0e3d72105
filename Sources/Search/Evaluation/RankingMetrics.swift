internal import Foundation

/// Relevance judgements: for each query, the grade of each judged document; over 0 is relevant.
package typealias Judgements = [String: [String: Double]]

/// How well rankings agree with judgements, each measure a mean over the judged queries.
///
/// The queries are those with a relevant document; one without a ranking counts 0 everywhere, so
/// losing queries cannot raise a figure.
///
/// - Source: the definitions of trec_eval, as BEIR uses them: gain is the grade, the discount
///   1 / log2(rank + 1); recall is of all relevant documents; the reciprocal rank is uncut.
package struct RankingMetrics: Hashable, Sendable, Codable {
    package var queryCount: Int
    package var k: Int
    package var ndcg: Double
    package var recall: Double
    package var meanReciprocalRank: Double

    /// - Parameters:
    ///   - rankings: Document names for each query, best first, none twice.
    ///   - judgements: The grades.
    ///   - k: Where nDCG and recall are cut.
    package init(rankings: [String: [String]], judgements: Judgements, k: Int) {
        self.queryCount = 0
        self.k = k
        self.ndcg = 0
        self.recall = 0
        self.meanReciprocalRank = 0
        // In a fixed order: a sum of doubles depends on it.
        for query in judgements.keys.sorted() {
            guard let grades = judgements[query], grades.values.contains(where: { $0 > 0 }) else {
                continue
            }
            let gains = (rankings[query] ?? []).map { grades[$0] ?? 0 }
            self.queryCount += 1
            self.ndcg += Self.ndcg(gains, grades, k)
            self.recall += Self.recall(gains, grades, k)
            self.meanReciprocalRank += Self.reciprocalRank(gains)
        }
        guard self.queryCount > 0 else { return }
        self.ndcg /= Double(self.queryCount)
        self.recall /= Double(self.queryCount)
        self.meanReciprocalRank /= Double(self.queryCount)
    }

    static func ndcg(_ gains: [Double], _ grades: [String: Double], _ k: Int) -> Double {
        let ideal = grades.values.filter { $0 > 0 }.sorted(by: >)
        return self.discounted(gains, k) / self.discounted(ideal, k)
    }

    private static func discounted(_ gains: [Double], _ k: Int) -> Double {
        var sum = 0.0
        for (index, gain) in gains.prefix(k).enumerated() where gain > 0 {
            sum += gain / log2(Double(index + 2))
        }
        return sum
    }

    static func recall(_ gains: [Double], _ grades: [String: Double], _ k: Int) -> Double {
        let relevant = grades.values.count { $0 > 0 }
        return Double(gains.prefix(k).count { $0 > 0 }) / Double(relevant)
    }

    static func reciprocalRank(_ gains: [Double]) -> Double {
        guard let first = gains.firstIndex(where: { $0 > 0 }) else { return 0 }
        return 1 / Double(first + 1)
    }
}
