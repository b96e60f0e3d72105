internal import Records
internal import Segments
internal import Vectors

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
    /// Adds what was found in a segment.
    ///
    /// - Parameter floor: The best scores of all segments so far. Below its threshold nothing of a
    ///   further segment can be among them; at it, the documents decide, so ties are kept.
    mutating func append(
        _ found: [TopK.Entry],
        of reader: SegmentReader,
        number segment: Int,
        raising floor: inout TopK
    ) throws {
        for entry in found {
            floor.offer(entry.score, self.count)
            self.append(
                try reader.candidate(
                    chunk: entry.ordinal,
                    score: Double(entry.score),
                    segment: segment
                )
            )
        }
    }

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
