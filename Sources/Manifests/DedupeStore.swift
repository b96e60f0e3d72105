internal import GRDB
package import Records
internal import Storage
internal import Synchronization

/// Which documents are equal or nearly so, and what was decided for them.
///
/// Its band keys are in files of their own beside it, in ``runsFolder(of:)``.
///
/// Invariant: what follows for a document depends on the set of documents only, never on the order or
/// the history of their coming and going, once nothing is queued. Memory does not grow with the corpus.
/// - Throws: ``ManifestError`` from every method.
package final class DedupeStore: Sendable {
    let file: ManifestFile
    let folder: String
    /// Choice: small beside any disk, and seldom reached.
    private static let unnamedBytesMin = 16 << 20
    /// Nil where they are not known: read no transaction yet, or the last one failed.
    private let runs = Mutex<BandRuns?>(nil)
    /// Of runs that were merged with others since the last checkpoint.
    private let unnamedByteCount = Mutex(0)

    package init(path: String, mode: OpenMode) throws {
        self.file = try ManifestFile(path: path, schema: .dedupe, mode: mode)
        self.folder = Self.runsFolder(of: path)
        if mode != .readOnly, try !self.unnamedRuns().isEmpty { try self.checkpoint() }
    }

    /// Where the band keys of the store at `path` are: `dedupe` for `dedupe.sqlite`.
    package static func runsFolder(of path: String) -> String {
        path.hasSuffix(".sqlite") ? String(path.dropLast(7)) : path + ".runs"
    }

    /// The files that hold the band keys of a store, and those that a writer which was killed left, ascending.
    package static func runFiles(of path: String) throws -> [String] {
        let folder = Self.runsFolder(of: path)
        guard fileExists(folder) else { return [] }
        return try folderEntries(folder).compactMap(\.name)
            .filter { $0.hasSuffix(WorkspaceLayout.bandsSuffix) }.sorted().map { "\(folder)/\($0)" }
    }

    package var path: String { self.file.path }

    /// Whether the file is not as it was when it was opened.
    package var hasChanged: Bool { self.file.hasChanged }

    /// The rule that the stored decisions follow; nil in an empty store.
    package func fingerprint() throws -> String? {
        try self.file.read { database in
            try database.cachedStatement(
                sql: "SELECT value FROM settings WHERE key = 'fingerprint'"
            ).first([]) { try $0.string(0) }
        }
    }

    /// Forgets everything and starts with a new fingerprint; all documents must be taken up again.
    ///
    /// - Parameter unwritten: documents of which a shard says what no longer follows from the store.
    package func reset(fingerprint: String, unwritten: [DocumentID]) throws {
        try self.file.write { database in
            let tables = [
                "runs", "dropped", "listed", "queue", "unwritten", "members", "groups", "settings",
            ]
            for table in tables { try database.execute(sql: "DELETE FROM \(table)") }
            self.runs.withLock { $0 = nil }
            try database.cachedStatement(
                sql: "INSERT INTO settings (key, value) VALUES ('fingerprint', ?)"
            ).run([fingerprint])
            let put = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO unwritten (id) VALUES (?)"
            )
            for id in unwritten { try put.run([id]) }
        }
    }

    /// Runs `body` in one transaction: all of it is durable at return, or none of it happened.
    package func update<Result>(_ body: (DedupeTables) throws -> Result) throws -> Result {
        try self.change { database, old in
            let tables = try DedupeTables(database, runs: old, folder: self.folder)
            let result = try body(tables)
            return (result, try tables.flush())
        }
    }

    /// One transaction of `body`, which writes what it names of other runs.
    ///
    /// - Parameter body: gets the present runs, and returns those that are named after it.
    func change<Result>(
        _ body: (Database, BandRuns) throws -> (Result, BandRuns)
    ) throws -> Result {
        do {
            let (result, old, runs) = try self.file.write { database in
                let old = try self.runs(database)
                let (result, runs) = try body(database, old)
                return (result, old, runs)
            }
            runs.release()
            self.runs.withLock { $0 = runs }
            try self.makeRoom(after: old, runs)
            return result
        } catch {
            self.runs.withLock { $0 = nil }
            throw error
        }
    }

    /// Removes merged runs before they take more room than what there is.
    private func makeRoom(after old: BandRuns, _ new: BandRuns) throws {
        let unnamed = self.unnamedByteCount.withLock { count in
            count += old.byteCount(without: new)
            return count
        }
        guard unnamed > max(Self.unnamedBytesMin, new.byteCount(without: .none)) else { return }
        try self.checkpoint()
    }

    private func runs(_ database: Database) throws -> BandRuns {
        if let known = self.runs.withLock({ $0 }) { return known }
        return try BandRuns(database, in: self.folder)
    }

    /// How many groups wait to be decided.
    package func queuedCount() throws -> Int { try self.count("queue") }

    /// How many documents' decisions wait to be written to their shards.
    package func unwrittenCount() throws -> Int { try self.count("unwritten") }

    package func memberCount() throws -> Int { try self.count("members") }

    private func count(_ table: String) throws -> Int {
        try self.file.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    /// The members that are held, ascending.
    package func heldMembers() throws -> [DocumentID] {
        try self.file.read { database in
            try database.cachedStatement(sql: "SELECT id FROM members WHERE is_held ORDER BY id")
                .all { try $0.documentID(0) }
        }
    }

    /// Has every document taken up anew by the next run, whatever rule it follows.
    package func forgetFingerprint() throws {
        try self.file.write {
            try $0.execute(sql: "DELETE FROM settings WHERE key = 'fingerprint'")
        }
    }

    /// One page of what is decided for documents whose shards may say something else, by ascending id.
    ///
    /// They stay on the list until ``markWritten()``, so a crash in between repeats them.
    /// - Parameter after: The last id of the page before; nil for the first page.
    package func unwritten(after: DocumentID?, limit: Int) throws -> [Resolution] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT u.id, g.first, g.role, g.similarity, p.first, EXISTS
                        (SELECT 1 FROM groups f WHERE f.partner = g.number AND f.role = 2)
                    FROM (SELECT id FROM unwritten WHERE id > ? ORDER BY id LIMIT ?) u
                    LEFT JOIN members m ON m.id = u.id
                    LEFT JOIN groups g ON g.number = m.number
                    LEFT JOIN groups p ON p.number = g.partner
                    ORDER BY u.id
                    """
            ).all([DocumentID.after(after), limit], Resolution.init(row:))
        }
    }

    /// Empties the list, once the shards have every decision of it on the disk.
    package func markWritten() throws {
        try self.file.write { try $0.execute(sql: "DELETE FROM unwritten") }
    }

    /// Looks at every page, row and run; see ``ManifestError`` `.corrupt`.
    package func check() throws {
        try self.file.check()
        let names = try self.file.read(BandRuns.names)
        for name in names {
            do {
                _ = try BandRun(name, in: self.folder)
            } catch let error as ManifestError {
                // A writer may have merged it with others meanwhile.
                if try self.file.read(BandRuns.names).contains(name) { throw error }
            }
        }
    }

    /// Moves the write-ahead log into the file, and removes the runs that it names no more; for the end of
    /// a phase.
    package func checkpoint() throws {
        try self.file.checkpoint()
        for path in try self.unnamedRuns() { try removeFile(path) }
        self.unnamedByteCount.withLock { $0 = 0 }
    }

    /// Gives back what is cached of the file.
    package func releaseMemory() throws { try self.file.releaseMemory() }

    /// Rewrites the file without free pages, and the runs without groups that are gone.
    package func vacuum() throws {
        let runs = try self.file.write { database in
            let old = try self.runs(database)
            guard !old.dropped.isEmpty else { return old }
            let new = try old.changed(adding: [], dropping: [], in: self.folder, isWhole: true)
            try new.write(to: database, replacing: old)
            return new
        }
        self.runs.withLock { $0 = runs }
        try self.file.vacuum()
        try self.checkpoint()
    }

    /// Runs that no transaction names, or none any more.
    private func unnamedRuns() throws -> [String] {
        let files = try Self.runFiles(of: self.path)
        guard !files.isEmpty else { return [] }
        let named = try self.file.read(BandRuns.names).map { BandRun.path($0, in: self.folder) }
        return files.filter { !named.contains($0) }
    }
}

extension Resolution {
    fileprivate init(row: StatementRow) throws {
        let id = try row.documentID(0)
        guard let first = try row.optionalDocumentID(1) else {
            self.init(id: id, canonical: nil, similarity: nil)
            return
        }
        guard let role = NearRole(rawValue: Int(try row.integer(2))) else { throw BadColumn() }
        let partner = try row.optionalDocumentID(4)
        switch role {
        case .removed:
            let similarity = Float(try row.real(3))
            self.init(id: id, canonical: partner, similarity: similarity)
        case _ where id != first: self.init(id: id, canonical: first, similarity: 1)
        case .member: self.init(id: id, canonical: nil, similarity: nil, group: partner)
        case .undecided, .leader, .lonely:
            let leads = try row.integer(5) != 0
            self.init(id: id, canonical: nil, similarity: nil, group: leads ? id : nil)
        }
    }
}
