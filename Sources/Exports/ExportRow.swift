package import Records
package import Search

/// A chunk as another system gets it.
package struct ExportRow: Sendable {
    package let id: ChunkID
    /// The logical digest: another one when anything of the row is.
    package let digest: Digest
    package let uri: String
    package let title: String
    package let source: String
    package let language: String
    package let mediaType: String
    /// Who may see it: the document's access labels.
    package let labels: [String]
    package let metadata: [String: String]
    package let ordinal: Int
    /// UTF-8 bytes of the document's clean text.
    package let range: Range<Int>
    /// 0 where the format has no pages.
    package let page: Int
    package let place: PagePlace?
    package let headings: [String]
    package let text: String
    /// Empty in an index without vectors; zeros where the model found nothing to embed.
    package let vector: [Float]

    package var documentID: String { self.id.document.hex }

    /// About what it takes to send.
    package var byteCount: Int {
        self.text.utf8.count + 8 * self.vector.count + self.uri.utf8.count + self.title.utf8.count
            + 512
    }
}

/// What all rows of an export have in common.
package struct ExportShape: Hashable, Sendable {
    package let pipeline: String
    package let index: String
    package let snapshot: Int
    /// The digest of all rows together, in hexadecimal: equal digests, equal rows.
    package let digest: String
    package let rowCount: Int
    /// 0 for an index without vectors.
    package let dimensions: Int
    package let model: String

    package init(
        pipeline: String,
        index: String,
        snapshot: Int,
        digest: String,
        rowCount: Int,
        dimensions: Int,
        model: String
    ) {
        self.pipeline = pipeline
        self.index = index
        self.snapshot = snapshot
        self.digest = digest
        self.rowCount = rowCount
        self.dimensions = dimensions
        self.model = model
    }
}
