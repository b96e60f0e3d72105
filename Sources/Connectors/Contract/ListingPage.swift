package import Records

/// A part of a listing.
package struct ListingPage: Sendable {
    package var items: [ListedItem]
    /// Of a delta: documents that are known to be gone.
    ///
    /// Those that it does not name are as they were.
    package var deleted: [DocumentID]
    /// Whether the listing names changes alone; the same on all its pages.
    package var isDelta: Bool
    /// Where the page after this one begins; nil on the last one.
    package var next: ListingCursor?
    /// Of the last page: where a later listing of changes begins; nil where the source has none.
    package var checkpoint: ListingCursor?
    /// What this page saw beside its items; `itemCount` and `byteCount` are counted by the reader.
    package var report: ListingReport

    package init(
        items: [ListedItem],
        deleted: [DocumentID] = [],
        isDelta: Bool = false,
        next: ListingCursor? = nil,
        checkpoint: ListingCursor? = nil,
        report: ListingReport = ListingReport()
    ) {
        self.items = items
        self.deleted = deleted
        self.isDelta = isDelta
        self.next = next
        self.checkpoint = checkpoint
        self.report = report
    }
}

/// What a listing saw beside its items.
package struct ListingReport: Hashable, Sendable {
    /// A part of the source that could not be listed.
    package struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// In the form of a URI.
        package let path: String
        /// The system's error number; 0 where there is none.
        package let systemCode: Int32
        package let message: String

        package init(path: String, systemCode: Int32 = 0, message: String) {
            self.path = path
            self.systemCode = systemCode
            self.message = message
        }

        package var description: String { "\(self.path): \(self.message)" }
    }

    /// Enough to show what is wrong; a disk that fails may fail a million times.
    package static let problemLimit = 1000

    package internal(set) var itemCount = 0
    package internal(set) var byteCount = 0
    /// The first ``problemLimit``; `problemCount` counts all.
    package internal(set) var errors: [Problem] = []
    package internal(set) var problemCount = 0
    /// Links left alone that could have led to documents: not followed, leading outside, back or
    /// nowhere.
    package internal(set) var skippedLinkCount = 0
    /// The first ``problemLimit`` of them, in the form of a URI.
    package internal(set) var skippedLinks: [String] = []
    /// Documents that the patterns leave out, in the folders that were opened.
    package internal(set) var unmatchedCount = 0
    /// Sockets, pipes and devices.
    package internal(set) var skippedSpecialCount = 0

    package init() {}

    /// False when documents may exist that were not listed: what is missing must not be deleted.
    package var isComplete: Bool { self.problemCount == 0 }

    package mutating func add(_ problem: Problem) {
        self.problemCount += 1
        if self.errors.count < Self.problemLimit { self.errors.append(problem) }
    }

    mutating func addSkippedLink(_ path: @autoclosure () -> String) {
        self.skippedLinkCount += 1
        if self.skippedLinks.count < Self.problemLimit { self.skippedLinks.append(path()) }
    }

    package mutating func addUnmatched(_ count: Int = 1) { self.unmatchedCount += count }

    mutating func count(_ item: ListedItem) {
        self.itemCount += 1
        self.byteCount += item.size ?? 0
    }

    /// Adds what another page saw beside its items.
    mutating func add(_ other: ListingReport) {
        self.problemCount += other.problemCount
        self.errors += other.errors.prefix(Self.problemLimit - self.errors.count)
        self.skippedLinkCount += other.skippedLinkCount
        self.skippedLinks += other.skippedLinks.prefix(Self.problemLimit - self.skippedLinks.count)
        self.unmatchedCount += other.unmatchedCount
        self.skippedSpecialCount += other.skippedSpecialCount
    }
}
