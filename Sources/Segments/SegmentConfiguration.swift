package import Records
internal import Vectors

/// How vectors are stored for exact re-ranking.
package enum VectorEncoding: UInt32, Sendable, CaseIterable, Codable {
    case none = 0
    case float32 = 1
    case float16 = 2
    /// Ten bits a coordinate of the rotated vector: the sign in its code, the rest beside it.
    case packed = 3

    /// Bytes of a vector in the section of vectors.
    func rowByteCount(dimensions: Int) -> Int {
        switch self {
        case .none: 0
        case .float32: 4 * dimensions
        case .float16: 2 * dimensions
        case .packed: packedRowByteCount(dimensions: dimensions)
        }
    }

    package var name: String {
        switch self {
        case .none: "none"
        case .float32: "f32"
        case .float16: "f16"
        case .packed: "q10"
        }
    }
}

/// What all rows of a segment have in common; part of its bytes.
package struct SegmentConfiguration: Hashable, Sendable {
    package var indexName: String
    /// 0 for an index without vectors.
    package var dimensions: Int
    package var vectorEncoding: VectorEncoding
    /// Fingerprint of the embedding model; empty for an index without vectors.
    package var modelFingerprint: String
    /// The revision of the analysis that made the terms.
    package var analyzerRevision: Int
    /// Fingerprint of the model that expands the texts; empty for an index without expansions.
    package var expansionFingerprint: String
    /// Further facts about how the rows were made, such as the hash of a redaction policy.
    package var properties: [String: String]

    /// - Precondition: `dimensions` is 0 exactly when `vectorEncoding` is `none`, at most 65,536.
    package init(
        indexName: String,
        dimensions: Int,
        vectorEncoding: VectorEncoding,
        modelFingerprint: String,
        analyzerRevision: Int,
        expansionFingerprint: String = "",
        properties: [String: String] = [:]
    ) {
        precondition(
            (dimensions == 0) == (vectorEncoding == .none)
                && 0...SegmentFormat.dimensionsMax ~= dimensions,
            "vectors have dimensions and an encoding, or neither"
        )
        self.indexName = indexName
        self.dimensions = dimensions
        self.vectorEncoding = vectorEncoding
        self.modelFingerprint = modelFingerprint
        self.analyzerRevision = analyzerRevision
        self.expansionFingerprint = expansionFingerprint
        self.properties = properties
    }

    var isExpanded: Bool { !self.expansionFingerprint.isEmpty }
}

/// A document row.
package struct SegmentDocument: Hashable, Sendable {
    package var id: DocumentID
    package var uri: String
    package var title: String
    /// The name of the source in the pipeline file.
    package var source: String
    package var language: String
    package var mediaType: String
    package var metadata: [String: String]

    /// The metadata key of a document's access labels: sorted, one a line; absent where it has
    /// none.
    ///
    /// What a document says of itself may separate them by commas or white space.
    package static let labelsKey = "labels"

    /// The metadata key under which a document of a group of near-duplicates names the group: the id of
    /// the document that leads it, in hexadecimal.
    package static let groupKey = "duplicate_group"

    /// The access labels in a document's metadata, in their order there.
    package static func labels(in metadata: [String: String]) -> [String] {
        guard let text = metadata[Self.labelsKey] else { return [] }
        let isByLine = text.contains("\n")
        return text.split { isByLine ? $0 == "\n" : $0 == "," || $0.isWhitespace }.map(String.init)
    }

    package init(
        id: DocumentID,
        uri: String,
        title: String,
        source: String,
        language: String,
        mediaType: String,
        metadata: [String: String]
    ) {
        self.id = id
        self.uri = uri
        self.title = title
        self.source = source
        self.language = language
        self.mediaType = mediaType
        self.metadata = metadata
    }
}

/// The distinct terms of one chunk with their counts, in flat buffers.
package struct SegmentTerms: Hashable, Sendable {
    /// The terms' bytes, one after the other.
    package var bytes: [UInt8]
    /// Where each term starts, and the end of the last: one more than there are terms; or empty.
    package var offsets: [UInt32]
    /// How often each term occurs: 1 or more.
    package var counts: [UInt32]
    /// The chunk's length for BM25: occurrences of all its terms.
    package var length: Int
    /// Which words of the text they are, counted from 0: for each term as many as it has occurrences, ascending.
    ///
    /// Empty for what has no places in a text, such as expansions.
    package var positions: [UInt32]

    package init(
        bytes: [UInt8],
        offsets: [UInt32],
        counts: [UInt32],
        length: Int,
        positions: [UInt32] = []
    ) {
        self.bytes = bytes
        self.offsets = offsets
        self.counts = counts
        self.length = length
        self.positions = positions
    }

    package static let none = SegmentTerms(bytes: [], offsets: [], counts: [], length: 0)
}

/// A chunk with everything a segment stores of it.
package struct SegmentChunk: Sendable {
    package var chunk: Chunk
    /// The chunk's clean text.
    package var text: ArraySlice<UInt8>
    /// Empty for an index without vectors; zeros where the model found nothing to embed, and then
    /// found by words only.
    package var vector: [Float]
    package var terms: SegmentTerms
    /// What a model says it should be found by, with impacts as counts; none in an index without expansions.
    package var expansion: SegmentTerms

    package init(
        chunk: Chunk,
        text: ArraySlice<UInt8>,
        vector: [Float],
        terms: SegmentTerms,
        expansion: SegmentTerms = .none
    ) {
        self.chunk = chunk
        self.text = text
        self.vector = vector
        self.terms = terms
        self.expansion = expansion
    }
}

/// A finished segment file.
package struct SegmentReference: Codable, Hashable, Sendable {
    /// The file name: SHA-256 of the file in hexadecimal, and `.mrs`.
    package var name: String
    package var shard: Int?
    package var byteCount: Int
    package var documentCount: Int
    package var chunkCount: Int
    /// Sum of the chunks' logical digests, in hexadecimal.
    package var digest: String

    package init(
        name: String,
        shard: Int? = nil,
        byteCount: Int,
        documentCount: Int,
        chunkCount: Int,
        digest: String
    ) {
        self.name = name
        self.shard = shard
        self.byteCount = byteCount
        self.documentCount = documentCount
        self.chunkCount = chunkCount
        self.digest = digest
    }
}
