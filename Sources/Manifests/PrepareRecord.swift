package import Records

/// What the prepare phase found out about one document.
package enum PrepareRecord: Sendable {
    /// A new version.
    case prepared(
        SourceItem,
        contentHash: Digest,
        fingerprint: Digest,
        document: PreparedDocument
    )
    /// - `contentHash` is nil when the content could not be read: it is tried again at every run.
    /// - `isQuarantined`: it ended its worker process each time, and is left alone from now on.
    case failed(
        SourceItem,
        contentHash: Digest?,
        fingerprint: Digest,
        failure: StageFailure,
        isQuarantined: Bool = false
    )
    case excluded(
        SourceItem,
        contentHash: Digest,
        fingerprint: Digest,
        stage: String,
        reason: String
    )
    /// Same content, new listing: time, version, labels, source or priority.
    case touched(SourceItem)
    /// No longer listed, or in no listed document any more.
    case removed(DocumentID)
    /// All documents that a listed one holds now: others that it held before are removed, but not what
    /// was in one that cannot be read now.
    case holds([DocumentID], unread: Set<String>, in: DocumentID)
}
