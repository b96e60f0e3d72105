internal import Connectors
internal import Dataflow
internal import Hashing
internal import Manifests
internal import Records

/// A document with all that its source says of it, as listing and reading told.
struct ReadDocument: Sendable {
    /// As it was listed, with what reading told of it.
    let item: SourceItem
    let raw: RawDocument
    /// Of all that the prepare stages make something of: the bytes alone, unless the source says more of
    /// them than their name does.
    let content: Digest

    /// What a source may say of a document, keys and values together.
    private static let metadataBytesMaximum = 64 << 10

    /// - Throws: ``StageError`` `.limitExceeded` for more of it than a document is given.
    init(_ pending: PendingDocument, _ document: SourceDocument) throws(StageError) {
        let listed = pending.listed
        let metadata = listed.metadata.merging(document.metadata) { $1 }
        let title = document.title.isEmpty ? listed.title : document.title
        let byteCount = metadata.reduce(title.utf8.count) {
            $0 + $1.key.utf8.count + $1.value.utf8.count
        }
        guard byteCount <= Self.metadataBytesMaximum else {
            throw StageError(
                .limitExceeded,
                "its source says \(byteCount) bytes of title and metadata of it, limit "
                    + "\(Self.metadataBytesMaximum); name fewer keys in the source's 'metadata'"
            )
        }
        var item = pending.item
        if listed.size == nil { item.size = document.bytes.count }
        if let labels = document.labels { item.labels = Set(labels).sorted() }
        self.item = item
        self.raw = RawDocument(
            id: item.id,
            uri: item.uri,
            mediaType: document.mediaType ?? listed.mediaType,
            bytes: document.bytes,
            charset: document.charset ?? "",
            title: title,
            metadata: metadata
        )
        self.content = self.raw.contentDigest
    }
}

extension RawDocument {
    /// Whether nothing is said of it but its bytes and its name.
    var isPlain: Bool {
        self.charset.isEmpty && self.title.isEmpty && self.metadata.isEmpty
            && self.mediaType == MediaType(ofPath: self.uri)
    }

    fileprivate var contentDigest: Digest {
        let bytes = sha256(self.bytes)
        guard !self.isPlain else { return bytes }
        var fields = [self.mediaType.name, self.charset, self.title]
        for (key, value) in self.metadata.sorted(by: { $0.key < $1.key }) {
            fields += [key, value]
        }
        let head = fields.map { "\($0.utf8.count):\($0)" }.joined()
        return sha256(Array("described\n\(head)\n".utf8) + bytes.bytes)
    }
}
