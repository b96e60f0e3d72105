internal import Hashing
package import Records

/// One document as a source lists it.
package struct ListedItem: Hashable, Sendable {
    package let id: DocumentID
    /// The source's name, `/`, and the document's place within the source.
    package let uri: String
    /// What the connector finds the document by: for a folder the relative path, byte for byte.
    package let token: [UInt8]
    package let version: ItemVersion
    /// Bytes, when it was listed; nil where the source does not say.
    package let size: Int?
    /// Since 1970-01-01 UTC; nil where the source does not say.
    package let modificationNanoseconds: Int64?
    /// What the source declares; the bytes may say otherwise.
    package let mediaType: MediaType
    /// Empty where the document is asked for its own.
    package let title: String
    /// What the source says of it beside its bytes; read and redacted with it.
    package let metadata: [String: String]
    /// Who may see it, sorted, without repeats; nil where the listing does not tell.
    package let labels: [String]?
    /// The document itself, where it could not be listed without reading it.
    package let content: SourceDocument?

    package init(
        id: DocumentID,
        uri: String,
        token: [UInt8],
        version: ItemVersion,
        size: Int?,
        modificationNanoseconds: Int64?,
        mediaType: MediaType,
        title: String = "",
        metadata: [String: String] = [:],
        labels: [String]? = nil,
        content: SourceDocument? = nil
    ) {
        self.id = id
        self.uri = uri
        self.token = token
        self.version = version
        self.size = size
        self.modificationNanoseconds = modificationNanoseconds
        self.mediaType = mediaType
        self.title = title
        self.metadata = metadata
        self.labels = labels.map { Set($0).sorted() }
        self.content = content
    }

    /// An item at a place in a source: a key without its prefix, a path, a row's id.
    ///
    /// Without a `mediaType` the place's last name tells, as for a file.
    package init(
        source: String,
        place: String,
        token: [UInt8]? = nil,
        version: ItemVersion,
        size: Int? = nil,
        modificationNanoseconds: Int64? = nil,
        mediaType: MediaType? = nil,
        title: String = "",
        metadata: [String: String] = [:],
        labels: [String]? = nil,
        content: SourceDocument? = nil
    ) {
        let bytes = Array(place.utf8)
        let uri = "\(source)/\(URIPath.string(bytes))"
        self.init(
            id: documentID(uri: uri),
            uri: uri,
            token: token ?? bytes,
            version: version,
            size: size,
            modificationNanoseconds: modificationNanoseconds,
            mediaType: mediaType ?? MediaType(ofPath: place),
            title: title,
            metadata: metadata,
            labels: labels,
            content: content
        )
    }
}

extension ListedItem {
    /// The same document otherwise found, compared or labelled.
    func with(
        token: [UInt8],
        version: ItemVersion,
        labels: [String]?,
        content: SourceDocument?
    ) -> ListedItem {
        ListedItem(
            id: self.id,
            uri: self.uri,
            token: token,
            version: version,
            size: self.size,
            modificationNanoseconds: self.modificationNanoseconds,
            mediaType: self.mediaType,
            title: self.title,
            metadata: self.metadata,
            labels: labels,
            content: content
        )
    }
}

extension ItemVersion {
    /// A version of any bytes, such as an entity tag; none of no bytes.
    package init(of bytes: some Collection<UInt8>) {
        self = bytes.isEmpty ? .unknown : ItemVersion(sha256(Array(bytes)))
    }

    package init(of text: String) { self.init(of: Array(text.utf8)) }
}

/// A document as it was read.
package struct SourceDocument: Hashable, Sendable {
    package var bytes: [UInt8]
    /// What reading tells of the type, over what the listing did.
    package var mediaType: MediaType?
    /// The charset that came with the bytes, such as a header's; nil where none did.
    package var charset: String?
    /// Over the listed one; empty leaves it.
    package var title: String
    /// On top of what the listing told.
    package var metadata: [String: String]
    /// In place of the listed ones; nil leaves them.
    package var labels: [String]?

    package init(
        bytes: [UInt8],
        mediaType: MediaType? = nil,
        charset: String? = nil,
        title: String = "",
        metadata: [String: String] = [:],
        labels: [String]? = nil
    ) {
        self.bytes = bytes
        self.mediaType = mediaType
        self.charset = charset
        self.title = title
        self.metadata = metadata
        self.labels = labels
    }
}
