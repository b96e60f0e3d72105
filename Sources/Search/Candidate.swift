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

    func isStoredBefore(_ other: Candidate) -> Bool {
        self.segment != other.segment ? self.segment < other.segment : self.chunk < other.chunk
    }
}

extension [Candidate] {
    /// Adds what was found in a segment, but for scores below `threshold`, in no order.
    mutating func append(
        _ found: TopK,
        atLeast threshold: Float = -.infinity,
        of reader: SegmentReader,
        number segment: Int
    ) throws {
        let entries = found.entries.filter { $0.score >= threshold }
        // Rows lie apart: a processor waits for many at once where nothing but their reading is between them.
        let documents = entries.map { reader.document(ofChunk: $0.ordinal) }
        for (entry, document) in zip(entries, documents) {
            guard document < reader.documentCount else {
                throw SegmentError(
                    .corrupt,
                    path: reader.path,
                    "chunk row \(entry.ordinal) names a document that is not there"
                )
            }
            self.append(
                Candidate(
                    segment: segment,
                    chunk: entry.ordinal,
                    documentID: try reader.documentRow(document).id,
                    ordinal: reader.ordinal(ofChunk: entry.ordinal),
                    score: Double(entry.score)
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
