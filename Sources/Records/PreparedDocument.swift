/// A document after the prepare phase, as it crosses the process boundary and is checkpointed.
///
/// The clean text is compressed already, so that it is copied, never re-encoded, on its way to the
/// manifest.
package struct PreparedDocument: Sendable {
    package var id: DocumentID
    package var mediaType: MediaType
    package var title: String
    package var metadata: [String: String]
    package var language: String
    package var languageConfidence: Float
    /// Raw DEFLATE of the clean text.
    package var compressedText: [UInt8]
    package var textByteCount: Int
    /// SHA-256 of the clean text.
    package var textHash: Digest
    package var blocks: [Block]
    package var redactions: [Redaction]
    /// The hash of the policy that made them; nil where the pipeline redacts nothing.
    package var policy: Digest?
    package var warnings: [DocumentWarning]
    /// Nil where the pipeline has no dedupe stage.
    package var signature: Signature?
    /// Nil unless what the pages of a host share is to be left out.
    package var pageBlocks: PageBlocks?

    package init(
        id: DocumentID,
        mediaType: MediaType,
        title: String,
        metadata: [String: String],
        language: String,
        languageConfidence: Float,
        compressedText: [UInt8],
        textByteCount: Int,
        textHash: Digest,
        blocks: [Block],
        redactions: [Redaction],
        policy: Digest? = nil,
        warnings: [DocumentWarning],
        signature: Signature?,
        pageBlocks: PageBlocks? = nil
    ) {
        self.id = id
        self.mediaType = mediaType
        self.title = title
        self.metadata = metadata
        self.language = language
        self.languageConfidence = languageConfidence
        self.compressedText = compressedText
        self.textByteCount = textByteCount
        self.textHash = textHash
        self.blocks = blocks
        self.redactions = redactions
        self.policy = policy
        self.warnings = warnings
        self.signature = signature
        self.pageBlocks = pageBlocks
    }
}

/// How the prepare phase ended for one document.
package enum PrepareOutcome: Sendable {
    case prepared(PreparedDocument)
    /// Set aside: a dead letter.
    case failed(StageFailure)
    /// Left out on purpose, by a policy of the named stage.
    case excluded(stage: String, reason: String)
}

/// How the prepare phase ended for a document in another one.
package struct PreparedChild: Sendable {
    /// What the URI of the listed document goes on with, such as `#2/report.pdf` or `!/a.zip!/b.csv`.
    package var suffix: String
    package var byteCount: Int
    /// Of its bytes; of none where they cannot be had.
    package var contentHash: Digest
    package var outcome: PrepareOutcome

    package init(suffix: String, byteCount: Int, contentHash: Digest, outcome: PrepareOutcome) {
        self.suffix = suffix
        self.byteCount = byteCount
        self.contentHash = contentHash
        self.outcome = outcome
    }
}
