internal import Hashing
package import Records

/// The identity of a chunk's content, apart from how and where it is stored.
///
/// A snapshot's digest is the ``DigestSum`` of its chunks' digests, so neither shards nor segments
/// nor their order matter. Codes, postings and compression are derived and left out.
package enum LogicalDigest {
    /// SHA-256 over the document's fields: id, then each text behind its 32-bit byte count in the
    /// order URI, title, source, language, media type, then the number of metadata pairs and the
    /// pairs by ascending key bytes.
    package static func document(_ document: SegmentDocument) -> Digest {
        var bytes: [UInt8] = []
        bytes.append(contentsOf: document.id.bytes)
        for text in [
            document.uri, document.title, document.source, document.language, document.mediaType,
        ] {
            bytes.append(counted: text)
        }
        bytes.append(metadata: document.metadata)
        return sha256(bytes)
    }

    /// SHA-256 over the document's digest, then ordinal, range start, range end and page as 64
    /// bits, the page's label behind its byte count and the box's edges as 16 bits (an empty label
    /// and zeros without pages), the text hash, the number of headings as 32 bits and each heading behind its byte
    /// count, the vector encoding and dimensions as 32 bits and the stored vector's bytes.
    package static func chunk(
        _ chunk: Chunk,
        documentDigest: Digest,
        encoding: VectorEncoding,
        dimensions: Int,
        vector: UnsafeRawBufferPointer
    ) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256 + vector.count)
        bytes.append(documentDigest)
        bytes.append(little: UInt64(chunk.ordinal))
        bytes.append(little: UInt64(chunk.range.lowerBound))
        bytes.append(little: UInt64(chunk.range.upperBound))
        bytes.append(little: UInt64(chunk.page))
        bytes.append(counted: chunk.place?.label ?? "")
        for edge in chunk.place?.edges ?? [0, 0, 0, 0] { bytes.append(little: edge) }
        bytes.append(chunk.textHash)
        bytes.append(little: UInt32(chunk.headings.count))
        for heading in chunk.headings { bytes.append(counted: heading) }
        bytes.append(little: encoding.rawValue)
        bytes.append(little: UInt32(dimensions))
        bytes.append(contentsOf: vector)
        return sha256(bytes)
    }
}

extension [UInt8] {
    /// The number of pairs as 32 bits, then key and value behind their byte counts.
    mutating func append(metadata: [String: String]) {
        self.append(little: UInt32(metadata.count))
        let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (key, value) in pairs {
            self.append(counted: key)
            self.append(counted: value)
        }
    }
}
