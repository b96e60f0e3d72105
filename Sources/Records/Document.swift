/// One source item on its way through the prepare phase.
///
/// - Invariant: `text` is valid UTF-8 Markdown; `blocks` index into it.
package struct Document: Sendable {
    package let id: DocumentID
    package let uri: String
    /// The name of the source it comes from; empty outside a pipeline.
    package var source: String
    package var mediaType: MediaType
    package var title: String
    /// Keys such as `author`, `published`, `modified`, `canonical`, `site`, `description`, `language`.
    package var metadata: [String: String]
    package var text: [UInt8]
    package var blocks: [Block]
    package var language: LanguageResult?
    package var redactions: [Redaction]
    /// The hash of the policy that made them; nil before redaction.
    package var policy: Digest?
    package var warnings: [DocumentWarning]
    /// A digest of the host it names as its own, 0 when it names none; nil unless what the pages of a
    /// host share is to be left out.
    package var host: UInt64?

    package init(id: DocumentID, uri: String, mediaType: MediaType) {
        self.id = id
        self.uri = uri
        self.source = ""
        self.mediaType = mediaType
        self.title = ""
        self.metadata = [:]
        self.text = []
        self.blocks = []
        self.language = nil
        self.redactions = []
        self.policy = nil
        self.warnings = []
    }

    /// Adds `count` to the warning of this code.
    package mutating func warn(_ code: String, count: Int = 1) {
        guard count > 0 else { return }
        if let index = self.warnings.firstIndex(where: { $0.code == code }) {
            self.warnings[index].count += count
        } else {
            self.warnings.append(DocumentWarning(code: code, count: count))
        }
    }
}

/// A document as its source gave it.
package struct RawDocument: Sendable {
    package let id: DocumentID
    package let uri: String
    /// What the connector declared (usually by file extension); extraction sniffs and may disagree.
    package let mediaType: MediaType
    package let bytes: [UInt8]
    /// The charset that came with the bytes; empty where none did.
    package let charset: String
    /// The source's title for it; empty where the document is asked for its own.
    package let title: String
    /// What the source says of it beside its bytes.
    package let metadata: [String: String]

    package init(
        id: DocumentID,
        uri: String,
        mediaType: MediaType,
        bytes: [UInt8],
        charset: String = "",
        title: String = "",
        metadata: [String: String] = [:]
    ) {
        self.id = id
        self.uri = uri
        self.mediaType = mediaType
        self.bytes = bytes
        self.charset = charset
        self.title = title
        self.metadata = metadata
    }
}

/// Something a reader should know about a document that was processed all the same.
///
/// `code` is a short fixed word such as `truncated` or `charset_guessed`; never document text.
package struct DocumentWarning: Hashable, Sendable {
    package var code: String
    package var count: Int

    package init(code: String, count: Int = 1) {
        self.code = code
        self.count = count
    }
}
