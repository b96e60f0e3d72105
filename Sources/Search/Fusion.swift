/// The rankings that a fused query joins, best first.
package struct FusionLegs: Sendable {
    /// Chunks that each ranking gives, but where more answers are wanted.
    static let depth = 200

    let bm25: [Candidate]
    let vector: [Candidate]
    let sparse: [Candidate]

    /// All as one.
    func fused(_ weights: FusionWeights) -> [Candidate] {
        var joined: [Candidate] = []
        let rankings = [
            (self.bm25, weights.bm25), (self.vector, weights.vector),
            (self.sparse, weights.sparse),
        ]
        for (ranking, weight) in rankings
        where weight > 0 {
            let shares = LegShares(ranking, weight, weights.form)
            var shared = ranking
            for index in shared.indices {
                // One that only another ranking has gets the share of this one's last.
                shared[index].score =
                    shares.share(ofRank: index, score: ranking[index].score) - shares.absent
            }
            joined = joined.joined(with: shared.sorted { $0.isStoredBefore($1) })
        }
        return joined.best(joined.count)
    }
}

extension [Candidate] {
    /// Both in the order in which chunks are stored; the scores of a chunk that both have are added.
    ///
    /// - Precondition: both are in this order.
    fileprivate func joined(with others: [Candidate]) -> [Candidate] {
        guard !self.isEmpty else { return others }
        var joined: [Candidate] = []
        joined.reserveCapacity(self.count + others.count)
        var next = 0
        for var candidate in self {
            while next < others.count, others[next].isStoredBefore(candidate) {
                joined.append(others[next])
                next += 1
            }
            if next < others.count, !candidate.isStoredBefore(others[next]) {
                candidate.score += others[next].score
                next += 1
            }
            joined.append(candidate)
        }
        joined += others[next...]
        return joined
    }
}

/// What a ranking gives to the fused score of its chunks.
struct LegShares {
    private let weight: Double
    private let form: FusionWeights.Form
    private let greatest: Double
    private let width: Double
    /// Of a chunk that the ranking has not; 0 but for rankings of more than ``FusionLegs/depth``, whose
    /// tails go on below 0.
    let absent: Double

    init(_ ranking: [Candidate], _ weight: Double, _ form: FusionWeights.Form) {
        let greatest = ranking.first?.score ?? 0
        let least = ranking.prefix(FusionLegs.depth).last?.score ?? 0
        self.weight = weight
        self.form = form
        self.greatest = greatest
        self.width = greatest - least
        switch form {
        case .ranks: self.absent = 0
        case .scores:
            let last = ranking.last?.score ?? 0
            self.absent = self.width > 0 ? weight * min(0, (last - least) / self.width) : 0
        }
    }

    func share(ofRank index: Int, score: Double) -> Double {
        switch self.form {
        case .ranks(let offset): self.weight / (offset + Double(index + 1))
        case .scores:
            // Where all are equally good, all are the best.
            self.width > 0 ? self.weight * (1 - (self.greatest - score) / self.width) : self.weight
        }
    }
}
