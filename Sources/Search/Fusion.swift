/// Joins two rankings of the same chunks by reciprocal rank.
func fuse(
    bm25: [Candidate],
    vector: [Candidate],
    weights: FusionWeights
) -> [Candidate] {
    struct Place: Hashable {
        let segment: Int
        let chunk: Int
    }
    var positions: [Place: Int] = [:]
    var joined: [Candidate] = []
    for (ranking, weight) in [(bm25, weights.bm25), (vector, weights.vector)] where weight > 0 {
        for (index, candidate) in ranking.enumerated() {
            let share = weight / (weights.rankOffset + Double(index + 1))
            let place = Place(segment: candidate.segment, chunk: candidate.chunk)
            if let position = positions[place] {
                joined[position].score += share
            } else {
                positions[place] = joined.count
                joined.append(candidate)
                joined[joined.count - 1].score = share
            }
        }
    }
    return joined.best(joined.count)
}
