internal import Hashing
package import Records

/// A finished tombstone file: one generation of a segment's dead documents.
package struct TombstoneReference: Codable, Hashable, Sendable {
    /// The file name: SHA-256 of the file in hexadecimal, and `.mrt`; beside the segment.
    package var name: String
    package var byteCount: Int
    /// Dead documents, as are their chunks and the occurrences of terms in these.
    package var documentCount: Int
    package var chunkCount: Int
    package var termOccurrenceCount: Int
    /// Sum of the dead chunks' logical digests, in hexadecimal.
    package var digest: String

    package init(
        name: String,
        byteCount: Int,
        documentCount: Int,
        chunkCount: Int,
        termOccurrenceCount: Int,
        digest: String
    ) {
        self.name = name
        self.byteCount = byteCount
        self.documentCount = documentCount
        self.chunkCount = chunkCount
        self.termOccurrenceCount = termOccurrenceCount
        self.digest = digest
    }
}

/// A segment with the tombstones that are in force: what a shard or a snapshot lists.
package struct LiveSegment: Codable, Hashable, Sendable {
    package var segment: SegmentReference
    /// Nil when all rows are live.
    package var tombstones: TombstoneReference?

    package init(_ segment: SegmentReference, tombstones: TombstoneReference? = nil) {
        self.segment = segment
        self.tombstones = tombstones
    }

    /// Live documents.
    package var documentCount: Int {
        self.segment.documentCount - (self.tombstones?.documentCount ?? 0)
    }

    /// Chunks of live documents.
    package var chunkCount: Int {
        self.segment.chunkCount - (self.tombstones?.chunkCount ?? 0)
    }

    /// Sum of the live chunks' logical digests: what a fresh segment of the live documents has.
    ///
    /// - Throws: ``SegmentError`` `.corrupt` when a recorded digest is none.
    package var digest: Digest {
        get throws {
            func digest(_ hex: String, _ name: String) throws -> Digest {
                if let digest = Digest(hex: hex) { return digest }
                throw SegmentError(.corrupt, path: name, "its recorded digest is not one")
            }
            var sum = DigestSum(try digest(self.segment.digest, self.segment.name))
            if let tombstones { sum.subtract(try digest(tombstones.digest, tombstones.name)) }
            return sum.value
        }
    }
}
