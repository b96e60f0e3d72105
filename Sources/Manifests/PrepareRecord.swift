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
    /// - `contentHash` is nil when the content could not be read.
    case failed(SourceItem, contentHash: Digest?, fingerprint: Digest, failure: StageFailure)
    case excluded(
        SourceItem,
        contentHash: Digest,
        fingerprint: Digest,
        stage: String,
        reason: String
    )
    /// Same content, new listing: time, inode, source or priority.
    case touched(SourceItem)
    /// No longer listed.
    case removed(DocumentID)
}
