internal import Records

/// What a segment finds documents by without reading their strings: a kind's byte, then what is asked for.
///
/// Attributes have a table and lists of rows of their own, laid out as those of terms.
package enum Attribute {
    private static let uriKind = UInt8(ascii: "u")
    private static let metadataKind = UInt8(ascii: "m")

    /// The beginning of the URIs that start so; nil for one that is longer than what is kept of a URI.
    static func uri(startingWith prefix: [UInt8]) -> [UInt8]? {
        prefix.count < SegmentFormat.termByteCountMax ? [Self.uriKind] + prefix : nil
    }

    /// A key of the metadata and its value; nil where the two are not kept: too long, or a key with the byte
    /// that ends one.
    static func metadata(_ key: some Sequence<UInt8>, _ value: some Sequence<UInt8>) -> [UInt8]? {
        let bytes = [Self.metadataKind] + key + [0] + value
        return bytes.count <= SegmentFormat.termByteCountMax && !key.contains(0) ? bytes : nil
    }

    /// A document's URI, cut where it is too long, and its metadata, but for what is not kept.
    static func terms(of document: SegmentDocument) -> SegmentTerms {
        var attributes = document.metadata.compactMap { Self.metadata($0.key.utf8, $0.value.utf8) }
        let room = SegmentFormat.termByteCountMax - 1
        attributes.append([Self.uriKind] + document.uri.utf8.prefix(room))
        attributes.sort { $0.lexicographicallyPrecedes($1) }
        var terms = SegmentTerms(bytes: [], offsets: [0], counts: [], length: 0)
        for attribute in attributes where terms.counts.isEmpty || attribute != terms.last {
            terms.bytes += attribute
            terms.offsets.append(UInt32(terms.bytes.count))
            terms.counts.append(1)
        }
        return terms
    }
}

extension SegmentTerms {
    /// The last term.
    fileprivate var last: [UInt8] {
        Array(self.bytes[Int(self.offsets[self.counts.count - 1])...])
    }
}

extension SegmentReader {
    /// The rows of the documents with this value under this key of their metadata, ascending; nil where
    /// the segment does not know without reading strings.
    ///
    /// - Complexity: O(log attributes + rows).
    package func documents(with value: [UInt8], under key: [UInt8]) throws -> [UInt32]? {
        guard self.header.version > 2, let attribute = Attribute.metadata(key, value) else {
            return nil
        }
        guard let entry = try self.attributeTable.entry(of: attribute) else { return [] }
        var rows = SegmentPostings()
        try self.attributeTable.postings(of: entry, into: &rows)
        return rows.chunks
    }

    /// Calls `body` with each value under this key of the documents' metadata and the rows that have it, but
    /// for values that are not kept.
    ///
    /// - Complexity: O(log attributes + rows).
    func forEachValue(
        under key: [UInt8],
        _ body: (String, [UInt32]) throws -> Void
    ) throws {
        guard self.header.version > 2, let start = Attribute.metadata(key, []) else { return }
        var rows = SegmentPostings()
        try self.attributeTable.forEach(startingWith: start) { term, entry in
            try self.attributeTable.postings(of: entry, into: &rows)
            try body(String(decoding: term[start.count...], as: UTF8.self), rows.chunks)
        }
    }

    /// The rows of the documents whose URIs start so, ascending; nil where the segment does not know
    /// without reading strings.
    ///
    /// - Complexity: O(log attributes + rows · log rows).
    package func documents(withURIPrefix prefix: [UInt8]) throws -> [UInt32]? {
        guard self.header.version > 2, let attribute = Attribute.uri(startingWith: prefix) else {
            return nil
        }
        var rows: [UInt32] = []
        var postings = SegmentPostings()
        try self.attributeTable.forEach(startingWith: attribute) { _, entry in
            try self.attributeTable.postings(of: entry, into: &postings)
            rows += postings.chunks
        }
        return rows.sorted()
    }
}
