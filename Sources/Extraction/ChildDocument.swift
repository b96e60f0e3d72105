package import Formats
package import Records

/// A format whose files hold documents of their own: attachments, messages, members.
package protocol Container: Extractor {
    /// What the file itself says, after everything in it was handed to `take`.
    ///
    /// - Parameter take: called with each document in the order of the file. It answers false when no
    ///   more is wanted: the rest is counted in the warning `children_left_out`.
    func content(
        _ bytes: [UInt8],
        budget: ChildBudget,
        take: (ChildDocument) -> Bool
    ) throws(ExtractionError) -> ExtractedContent
}

extension Container {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        let limits = self.childLimits ?? ChildLimits()
        return try self.content(bytes, budget: ChildBudget(limits, of: bytes.count)) { _ in true }
    }
}

/// One document inside another, not yet read.
package struct ChildDocument {
    /// What its parent's URI goes on with: `#2/report.pdf` in a message, `!/a/b.csv` in an archive.
    package var suffix: String
    /// By its name or, where that tells nothing, as the parent declares it.
    package var mediaType: MediaType
    /// Its bytes, or why they cannot be had.
    package var bytes: Result<[UInt8], ExtractionError>

    init(suffix: String, mediaType: MediaType, bytes: Result<[UInt8], ExtractionError>) {
        self.suffix = suffix
        self.mediaType = mediaType
        self.bytes = bytes
    }
}

/// What may still be taken out of one file; shared by all containers in it.
package final class ChildBudget {
    private let limits: ChildLimits
    /// Of the outermost file: what its bytes may grow to.
    private let expansionLimit: Int
    private(set) var remainingBytes: Int
    private(set) var remainingCount: Int
    private let compressedByteCount: Int

    /// - Parameter byteCount: of the outermost file.
    package init(_ limits: ChildLimits, of byteCount: Int) {
        self.limits = limits
        self.compressedByteCount = byteCount
        self.expansionLimit = ExpansionLimit.bytes(for: byteCount)
        self.remainingBytes = min(limits.byteCount, self.expansionLimit)
        self.remainingCount = limits.count
    }

    package var depth: Int { self.limits.depth }

    /// Whether one more document may be taken; the count goes down by it.
    func takeOne() -> Bool {
        guard self.remainingCount > 0 else { return false }
        self.remainingCount -= 1
        return true
    }

    /// The bytes that `make` gives, where `byteCount` more are allowed; else `.limitExceeded`.
    func spend(_ byteCount: Int, _ make: () -> [UInt8]) -> Result<[UInt8], ExtractionError> {
        guard byteCount <= self.remainingBytes else { return .failure(self.overBytes()) }
        self.remainingBytes -= byteCount
        return .success(make())
    }

    /// Hands out one document after the other, as far as the budget and the taker go.
    ///
    /// - Parameter make: a document by its place among `sources`.
    /// - Returns: how many are left.
    func handOut<Source>(
        _ sources: [Source],
        to take: (ChildDocument) -> Bool,
        _ make: (Int, Source) -> ChildDocument
    ) -> Int {
        for (index, source) in sources.enumerated() {
            guard self.takeOne() else { return sources.count - index }
            guard take(make(index, source)) else { return sources.count - index - 1 }
        }
        return 0
    }

    /// What to say of a document that is larger than what is left; nothing larger is left from now on.
    func overBytes() -> ExtractionError {
        self.remainingBytes = 0
        return self.limits.byteCount <= self.expansionLimit
            ? ExtractionError(
                .limitExceeded,
                "the documents of this file are over \(self.limits.byteCount) bytes together; raise maximum_total_bytes to take them"
            )
            : ExtractionError(
                .limitExceeded,
                "\(self.compressedByteCount) bytes stand for more than \(self.expansionLimit): no collection of documents"
            )
    }
}
