internal import GRDB
internal import Storage
internal import Synchronization

/// How a manifest is opened.
package enum OpenMode: Sendable {
    /// For readers: nothing is written, not even a migration.
    case readOnly
    /// The file must exist; an older one is migrated.
    case readWrite
    /// Made when it does not exist.
    case create
}

/// The schema of one kind of manifest: migration `n` leads from version `n` to `n + 1`.
///
/// Invariant: a migration that was released is never edited; a change is a new one at the end.
struct Schema: Sendable {
    /// The kind of file, for messages: `shard manifest`.
    let name: String
    /// Four ASCII letters in SQLite's header, so that a file of another kind is refused.
    let applicationID: Int32
    let migrations: [String]
    /// Larger pages make fewer writes of large rows, and more of small scattered ones.
    let pageByteCount: Int
    let cacheKibibytes: Int
    /// True syncs the log at every commit; false may lose the last commits in a power cut, never
    /// in a crash of the process, and never leaves a damaged file.
    let syncsEveryCommit: Bool

    var version: Int { self.migrations.count }
}

/// One SQLite file with its schema checked: the only door to SQLite in this room.
final class ManifestFile: Sendable {
    let path: String
    private let queue: DatabaseQueue
    private let access: ReadAccess?
    private let isChanged = Mutex(false)

    init(path: String, schema: Schema, mode: OpenMode) throws {
        self.path = path
        guard mode == .create || fileExists(path) else {
            throw ManifestError(
                .notFound,
                path: path,
                "there is no \(schema.name) here; run 'millrace backfill'"
            )
        }
        // SQLite needs such a journal until the file has its log, and none but a writer takes it up.
        if mode == .readOnly, ((try? fileStatus(path + "-journal").size) ?? 0) > 0 {
            throw schema.isUnfilled(path)
        }
        let isNew = !fileExists(path)
        // A writer that was killed leaves a log, which goes into the file when this one closes it.
        let hasLog = Self.hasLog(path)
        let access = mode == .readOnly ? try ReadAccess(path: path) : nil
        self.access = access
        do {
            self.queue = try DatabaseQueue(
                path: access?.name ?? path,
                configuration: Self.configuration(path: path, schema: schema, mode: mode)
            )
            let isPrepared = try self.queue.inDatabase {
                try schema.prepare($0, path: path, mode: mode)
            }
            if isPrepared || hasLog { self.isChanged.withLock { $0 = true } }
            // SQLite does not sync the folder when it drops the journal of a new file's first
            // transaction; a journal that a power cut brings back would undo all that came later.
            if isNew { try syncFolder(parentFolder(of: path)) }
        } catch {
            let error = ManifestError.translated(error, path: path)
            throw access?.explained(error) ?? error
        }
    }

    /// Whether the file is not as it was when it was opened, or will not be once its log is in it.
    ///
    /// A transaction that changed nothing writes no log.
    var hasChanged: Bool { self.isChanged.withLock { $0 } || Self.hasLog(self.path) }

    private static func hasLog(_ path: String) -> Bool {
        ((try? fileStatus(path + "-wal").size) ?? 0) > 0
    }

    /// Runs `body` on one unchanging state of the file.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let result = try self.translating {
            try self.queue.inDatabase { database in
                var result: Result?
                try database.inTransaction(.deferred) {
                    result = try body(database)
                    return .commit
                }
                guard let result else { throw BadColumn() }
                return result
            }
        }
        try self.access?.check()
        return result
    }

    /// Runs `body` in one transaction: all of it is durable at return, or none of it happened.
    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try self.translating {
            try self.queue.inDatabase { database in
                var result: Result?
                try database.inTransaction(.immediate) {
                    result = try body(database)
                    return .commit
                }
                guard let result else { throw BadColumn() }
                return result
            }
        }
    }

    /// As ``write(_:)``, with another file of the same schema beside this one under a name.
    ///
    /// - Parameter functions: what `body` may call in its statements.
    func writeAttaching<Result>(
        _ path: String,
        as name: String,
        _ functions: [DatabaseFunction],
        _ body: (Database) throws -> Result
    ) throws -> Result {
        try self.translating {
            try self.queue.inDatabase { database in
                try database.execute(sql: "ATTACH DATABASE ? AS \(name)", arguments: [path])
                for function in functions { database.add(function: function) }
            }
        }
        defer {
            // One that stays attached is let go when the file is closed.
            try? self.queue.inDatabase { database in
                for function in functions { database.remove(function: function) }
                try database.execute(sql: "DETACH DATABASE \(name)")
            }
        }
        return try self.write(body)
    }

    /// Looks at every page and row, not at whether indexes agree with their tables.
    ///
    /// - Throws: ``ManifestError`` `.corrupt` for the first thing that is wrong.
    func check() throws {
        try self.read { database in
            let found = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "no answer"
            guard found == "ok" else {
                let line = found.replacing("\n", with: " ")
                throw ManifestError(.corrupt, path: self.path, "is damaged: \(line)")
            }
        }
    }

    /// Moves the log into the file and empties it.
    func checkpoint() throws {
        if Self.hasLog(self.path) { self.isChanged.withLock { $0 = true } }
        try self.translating {
            try self.queue.inDatabase { _ = try $0.checkpoint(.truncate) }
        }
    }

    /// Gives back what is cached of the file.
    func releaseMemory() throws {
        try self.translating {
            try self.queue.inDatabase { try $0.execute(sql: "PRAGMA shrink_memory") }
        }
    }

    /// Rewrites the file without free pages, and empties the log.
    func vacuum() throws {
        self.isChanged.withLock { $0 = true }
        try self.translating {
            try self.queue.vacuum()
            try self.queue.inDatabase { _ = try $0.checkpoint(.truncate) }
        }
    }

    private func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw ManifestError.translated(error, path: self.path) }
    }

    private static func configuration(
        path: String,
        schema: Schema,
        mode: OpenMode
    ) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.readonly = mode == .readOnly
        // Choice: longer than any batch of ours holds the write lock.
        configuration.busyMode = .timeout(20)
        configuration.label = schema.name
        configuration.prepareDatabase { database in
            // Before anything is set, so that a file that is refused is not touched.
            try schema.check(database, path: path)
            if mode != .readOnly {
                try database.execute(sql: "PRAGMA page_size = \(schema.pageByteCount)")
                // What is deleted must not stay readable in free pages; most builds ask for it too.
                _ = try Int.fetchOne(database, sql: "PRAGMA secure_delete = ON")
            }
            try database.execute(sql: "PRAGMA cache_size = -\(schema.cacheKibibytes)")
        }
        return configuration
    }
}

extension Schema {
    /// Refuses a file that is not ours, or newer than this binary.
    func check(_ database: Database, path: String) throws {
        let identity = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let found = try self.foundVersion(database)
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard identity == self.applicationID || (identity == 0 && found == 0 && tables == 0) else {
            throw ManifestError(
                .corrupt,
                path: path,
                "this is not a \(self.name); check the workspace path"
            )
        }
        guard found <= self.version else {
            throw ManifestError(
                .tooNew,
                path: path,
                "\(self.name) version \(found), this binary knows up to \(self.version);"
                    + " use the newer binary"
            )
        }
    }

    /// Migrates what may be migrated and sets what a connection needs; returns whether the file changed.
    fileprivate func prepare(_ database: Database, path: String, mode: OpenMode) throws -> Bool {
        let found = try self.foundVersion(database)
        switch mode {
        case .readOnly where found == 0:
            throw self.isUnfilled(path)
        case .readOnly where found < self.version:
            throw ManifestError(
                .tooOld,
                path: path,
                "\(self.name) version \(found), \(self.version) is needed;"
                    + " any command that writes, such as 'millrace sync', migrates it"
            )
        case .readOnly:
            return false
        case .readWrite, .create:
            break
        }
        // Here and not by GRDB, which writes to every file it opens so that its log is not empty: a
        // run that changes nothing would sync every shard.
        let isLogged = try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal"
        if !isLogged {
            // Where a write fails, SQLite stays as it was and says so in its answer alone.
            let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            guard mode == "wal" else {
                throw ManifestError(.io, path: path, "this \(self.name) could not be given a log")
            }
        }
        let level = self.syncsEveryCommit ? "FULL" : "NORMAL"
        try database.execute(sql: "PRAGMA synchronous = \(level)")
        try self.migrate(database, from: found)
        return !isLogged || found < self.version
    }

    fileprivate func isUnfilled(_ path: String) -> ManifestError {
        ManifestError(.notFound, path: path, "this \(self.name) was never filled")
    }

    private func migrate(_ database: Database, from found: Int) throws {
        for version in found..<self.version {
            try database.inTransaction(.immediate) {
                let functions = [ListingVersion.function, EmbeddedText.function]
                for function in functions { database.add(function: function) }
                defer { for function in functions { database.remove(function: function) } }
                try database.execute(sql: self.migrations[version])
                try database.execute(sql: "PRAGMA application_id = \(self.applicationID)")
                try database.execute(sql: "PRAGMA user_version = \(version + 1)")
                return .commit
            }
        }
    }

    private func foundVersion(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    }
}
