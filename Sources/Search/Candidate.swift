internal import Records
internal import Segments

/// A scored chunk on its way to a hit.
struct Candidate: Sendable {
    let segment: Int
    let chunk: Int
    let documentID: DocumentID
    let ordinal: Int
    var score: Double

    /// Higher scores first, then by document and ordinal: never by where a chunk is stored.
    func ranksBefore(_ other: Candidate) -> Bool {
        if self.score != other.score { return self.score > other.score }
        if self.documentID != other.documentID { return self.documentID < other.documentID }
        return self.ordinal < other.ordinal
    }
}

extension SegmentReader {
    func candidate(chunk: Int, score: Double, segment: Int) throws -> Candidate {
        let row = try self.chunkRow(chunk)
        return Candidate(
            segment: segment,
            chunk: chunk,
            documentID: try self.documentRow(row.document).id,
            ordinal: row.ordinal,
            score: score
        )
    }
}

extension [Candidate] {
    /// The first `count` by rank.
    func best(_ count: Int) -> [Candidate] {
        Array(self.sorted { $0.ranksBefore($1) }.prefix(count))
    }

    /// Of a ranked list, the first chunk of each document.
    func onePerDocument() -> [Candidate] {
        var seen: Set<DocumentID> = []
        return self.filter { seen.insert($0.documentID).inserted }
    }
}
