internal import Records

/// The segments that together make one readable state of a workspace.
package struct Snapshot: Codable, Hashable, Sendable {
    package static let currentFormatVersion = 2
    /// Version 1 knew no tombstones: its segments are wholly live.
    static let oldestFormatVersion = 1

    package var formatVersion: Int
    /// Counts up from 1 in a workspace; never reused.
    package var number: Int
    package var pipeline: String
    package var indexes: [IndexSnapshot]
    /// Sum of the logical digests of all chunks of all indexes, in hexadecimal.
    package var digest: String
    /// Live documents, as the chunks.
    package var documentCount: Int
    package var chunkCount: Int

    package init(
        number: Int,
        pipeline: String,
        indexes: [IndexSnapshot],
        digest: String,
        documentCount: Int,
        chunkCount: Int
    ) {
        self.formatVersion = Self.currentFormatVersion
        self.number = number
        self.pipeline = pipeline
        self.indexes = indexes
        self.digest = digest
        self.documentCount = documentCount
        self.chunkCount = chunkCount
    }
}

/// One index of a snapshot: rows made by one model with one analysis.
package struct IndexSnapshot: Codable, Hashable, Sendable {
    package var name: String
    /// Empty for an index without vectors, as is `modelName`.
    package var modelFingerprint: String
    package var modelName: String
    package var dimensions: Int
    /// How its embedder is made again, as JSON; nil where `modelName` says it all.
    ///
    /// This room does not look into it.
    package var embedder: String?
    /// Which model expanded its texts, as JSON, and that model's fingerprint; nil for an index without expansions.
    package var expander: String?
    package var expansionFingerprint: String?
    /// By shard, then by name.
    package var segments: [SnapshotSegment]

    package init(
        name: String,
        modelFingerprint: String,
        modelName: String,
        dimensions: Int,
        embedder: String? = nil,
        expander: String? = nil,
        expansionFingerprint: String? = nil,
        segments: [SnapshotSegment]
    ) {
        self.name = name
        self.modelFingerprint = modelFingerprint
        self.modelName = modelName
        self.dimensions = dimensions
        self.embedder = embedder
        self.expander = expander
        self.expansionFingerprint = expansionFingerprint
        self.segments = segments
    }
}

/// A segment as a snapshot names it, with the tombstones in force there.
package struct SnapshotSegment: Codable, Hashable, Sendable {
    package var shard: Int
    /// The file name in the shard's segment folder.
    package var name: String
    /// The tombstones' file name in the same folder; nil when all rows are live.
    package var tombstones: String?
    /// Live chunks, as the documents.
    package var chunkCount: Int
    package var documentCount: Int
    /// Bytes of the segment's file.
    package var byteCount: Int
    /// Sum of the live chunks' logical digests, in hexadecimal; nil in a descriptor of version 1.
    package var digest: String?

    package init(
        shard: Int,
        name: String,
        tombstones: String? = nil,
        chunkCount: Int,
        documentCount: Int,
        byteCount: Int,
        digest: String? = nil
    ) {
        self.shard = shard
        self.name = name
        self.tombstones = tombstones
        self.chunkCount = chunkCount
        self.documentCount = documentCount
        self.byteCount = byteCount
        self.digest = digest
    }

    /// A segment without tombstones.
    package init(_ reference: SegmentReference, shard: Int) {
        self.init(
            shard: shard,
            name: reference.name,
            chunkCount: reference.chunkCount,
            documentCount: reference.documentCount,
            byteCount: reference.byteCount,
            digest: reference.digest
        )
    }

    /// - Throws: ``SegmentError`` `.corrupt` when a recorded digest is none.
    package init(_ live: LiveSegment, shard: Int) throws {
        self.init(
            shard: shard,
            name: live.segment.name,
            tombstones: live.tombstones?.name,
            chunkCount: live.chunkCount,
            documentCount: live.documentCount,
            byteCount: live.segment.byteCount,
            digest: try live.digest.hex
        )
    }
}
