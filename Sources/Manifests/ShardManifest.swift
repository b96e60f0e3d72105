internal import GRDB
package import Records

/// The documents of one shard: what was listed, the version that is served, its signature, chunks
/// and vectors, and what failed.
///
/// One writer, any number of readers. Every `commit` and `store` is one transaction; after a power cut
/// the last of them may be missing whole, and the next run redoes them.
/// - Throws: ``ManifestError`` from every method.
package final class ShardManifest: Sendable {
    let file: ManifestFile

    package init(path: String, mode: OpenMode) throws {
        self.file = try ManifestFile(path: path, schema: .shard, mode: mode)
    }

    package var path: String { self.file.path }

    /// Whether the file is not as it was when it was opened.
    package var hasChanged: Bool { self.file.hasChanged }

    /// Looks at every page and row; see ``ManifestError`` `.corrupt`.
    package func check() throws { try self.file.check() }

    /// Moves the write-ahead log into the file; for the end of a phase.
    package func checkpoint() throws { try self.file.checkpoint() }

    /// Gives back what is cached of the file.
    package func releaseMemory() throws { try self.file.releaseMemory() }

    /// Rewrites the file without free pages, which may hold what was deleted.
    package func vacuum() throws { try self.file.vacuum() }

    /// A number that is kept beside the documents; nil when it was never set.
    package func number(_ key: String) throws -> Int64? {
        try self.file.read { database in
            try database.cachedStatement(sql: "SELECT value FROM meta WHERE key = ?")
                .first([key]) { try $0.integer(0) }
        }
    }

    package func setNumber(_ key: String, to value: Int64) throws {
        try self.file.write { database in
            try database.cachedStatement(
                sql: """
                    INSERT INTO meta (key, value) VALUES (?, ?)
                    ON CONFLICT (key) DO UPDATE SET value = excluded.value
                    """
            ).run([key, value])
        }
    }
}

/// What the manifest knows a document as.
package enum DocumentState: Int, Sendable, CaseIterable {
    /// The last attempt made the version that is served.
    case prepared = 0
    /// The only attempts failed; nothing is served.
    case failed = 1
    /// Left out on purpose; nothing is served.
    case excluded = 2
    /// A version is served, and the last attempt to update it failed.
    case stale = 3

    package var name: String {
        switch self {
        case .prepared: "prepared"
        case .failed: "failed"
        case .excluded: "excluded"
        case .stale: "stale"
        }
    }

    package var hasVersion: Bool { self == .prepared || self == .stale }

    init(column value: Int64) throws {
        guard let state = DocumentState(rawValue: Int(truncatingIfNeeded: value)) else {
            throw BadColumn()
        }
        self = state
    }
}

/// A document as its source lists it.
package struct SourceItem: Hashable, Sendable {
    package var id: DocumentID
    package var uri: String
    package var source: String
    /// Lower comes first when duplicates compete.
    package var priority: Int
    /// Bytes; 0 where the source does not say and nothing was read.
    package var size: Int
    /// 0 where the source does not say.
    package var modificationNanoseconds: Int64
    /// What the source compares the document by.
    package var version: ItemVersion
    /// Who may see it; sorted.
    package var labels: [String]
    /// The listed document that it was taken out of; nil for a listed one.
    package var parent: DocumentID?

    package init(
        id: DocumentID,
        uri: String,
        source: String,
        priority: Int,
        size: Int,
        modificationNanoseconds: Int64,
        version: ItemVersion,
        labels: [String] = [],
        parent: DocumentID? = nil
    ) {
        self.id = id
        self.uri = uri
        self.source = source
        self.priority = priority
        self.size = size
        self.modificationNanoseconds = modificationNanoseconds
        self.version = version
        self.labels = labels
        self.parent = parent
    }
}
