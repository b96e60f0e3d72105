package import Records

/// Where documents come from: what there is, and the bytes of each.
///
/// A connector is a value without state; several workers may read through one at the same time.
package protocol Connector: Sendable {
    /// Visits every document there is, in the order of URIs.
    ///
    /// - Output: an item for each document, readable or not; no URI twice.
    /// - Throws: ``ConnectorError`` when there is no listing at all, or when `visit` throws
    ///   (`.stopped`). Anything less is in the report.
    func list(_ visit: (ListedItem) throws -> Void) throws(ConnectorError) -> ListingReport

    /// The bytes of `item`, all from one state of the document.
    ///
    /// - Throws: ``ConnectorError`` whose `failureCode` says what becomes of the document.
    func read(_ item: ListedItem, maximumBytes: Int) throws(ConnectorError) -> [UInt8]
}

/// One document as a source lists it.
package struct ListedItem: Hashable, Sendable {
    package let id: DocumentID
    /// The source's name, `/`, and the document's place within the source.
    package let uri: String
    /// What the connector finds the document by: for a folder the relative path, byte for byte.
    package let token: [UInt8]
    /// Bytes, when it was listed.
    package let size: Int
    /// Since 1970-01-01 UTC.
    package let modificationNanoseconds: Int64
    /// Stays the same when a file is renamed; 0 where a source has no such thing.
    package let inode: UInt64
    /// What the source changes with every change of the document, whatever its time and size say.
    ///
    /// For a folder the time of the file's last change, which no user can set; 0 where a source has none.
    package let versionToken: Int64
    /// By the name's extension; the bytes may say otherwise.
    package let mediaType: MediaType

    package init(
        id: DocumentID,
        uri: String,
        token: [UInt8],
        size: Int,
        modificationNanoseconds: Int64,
        inode: UInt64,
        versionToken: Int64 = 0,
        mediaType: MediaType
    ) {
        self.id = id
        self.uri = uri
        self.token = token
        self.size = size
        self.modificationNanoseconds = modificationNanoseconds
        self.inode = inode
        self.versionToken = versionToken
        self.mediaType = mediaType
    }
}

/// What a listing saw beside its items.
package struct ListingReport: Hashable, Sendable {
    /// A part of the source that could not be listed.
    package struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// In the form of a URI.
        package let path: String
        /// The system's error number.
        package let systemCode: Int32
        package let message: String

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
    /// Files that the patterns leave out, in the folders that were opened.
    package internal(set) var unmatchedCount = 0
    /// Sockets, pipes and devices.
    package internal(set) var skippedSpecialCount = 0

    /// False when documents may exist that were not listed: what is missing must not be deleted.
    package var isComplete: Bool { self.problemCount == 0 }

    mutating func add(_ problem: Problem) {
        self.problemCount += 1
        if self.errors.count < Self.problemLimit { self.errors.append(problem) }
    }

    mutating func addSkippedLink(_ path: @autoclosure () -> String) {
        self.skippedLinkCount += 1
        if self.skippedLinks.count < Self.problemLimit { self.skippedLinks.append(path()) }
    }
}
