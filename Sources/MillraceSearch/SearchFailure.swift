internal import Embedding
internal import Search
internal import Segments
internal import Storage

/// Why an index cannot be opened or a question cannot be answered.
public struct SearchFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure, for programs.
    public enum Code: String, Sendable, CaseIterable {
        /// There is no workspace, or nothing is published in it yet.
        case nothingPublished = "nothing_published"
        /// The snapshot is not there any more, or never was.
        case noSuchSnapshot = "no_such_snapshot"
        case noSuchIndex = "no_such_index"
        /// The request cannot be asked of this index: the message says what to change.
        case badRequest = "bad_request"
        /// The model that made the index is not on this machine, or is another one.
        case modelUnavailable = "model_unavailable"
        /// A file of the index is damaged.
        case damaged
        /// The index was written by a newer version of this library, or needs rebuilding by one.
        case otherVersion = "other_version"
        /// More questions wait than can be answered in time: ask again later.
        case busy
        /// A file could not be read.
        case unreadable
        /// ``SearchIndex/close()`` was called.
        case closed
    }

    public let code: Code
    /// What happened and what to do; never a query or a document's text.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { self.message }
}

/// Runs `body`; what the rooms below throw becomes the library's own failure.
func translating<Value>(_ body: () throws -> Value) throws(SearchFailure) -> Value {
    do {
        return try body()
    } catch {
        throw SearchFailure(error)
    }
}

extension SearchFailure {
    init(_ error: any Error) {
        switch error {
        case let error as SearchFailure: self = error
        case let error as SearchError:
            switch error.code {
            case .noSuchIndex: self.init(.noSuchIndex, error.message)
            case .otherAnalysis: self.init(.otherVersion, error.message)
            default: self.init(.badRequest, error.message)
            }
        case let error as SegmentError:
            let isVersion = error.code == .tooNew || error.code == .tooOld
            self.init(isVersion ? .otherVersion : .damaged, error.description)
        case let error as EmbeddingError: self.init(.modelUnavailable, error.message)
        case let error as StorageError: self.init(.unreadable, error.message)
        default: self.init(.unreadable, "\(type(of: error)): the index cannot be read")
        }
    }
}
