internal import GRDB
package import Records
internal import Storage

/// A document that has no band in common with any other: alone in its group, which nothing is compared with.
package struct LoneDocument: Sendable {
    package var id: DocumentID
    package var exact: Digest
    package var facts: UInt64
    package var rank: [UInt8]
    package var containedAt: Int?
    /// Whether its shard may say something else of it.
    package var isUnwritten: Bool

    package init(
        id: DocumentID,
        exact: Digest,
        facts: UInt64,
        rank: [UInt8],
        containedAt: Int?,
        isUnwritten: Bool
    ) {
        self.id = id
        self.exact = exact
        self.facts = facts
        self.rank = rank
        self.containedAt = containedAt
        self.isUnwritten = isUnwritten
    }
}

extension DedupeStore {
    /// Takes lone documents up in one transaction, as ``update(_:)`` would one by one.
    ///
    /// - Precondition: no other document, in the store or among these, has one of their band keys.
    /// - Parameters:
    ///   - documents: calls its argument with every document, which returns the number of its group; nil, and
    ///     nothing is done, for one that the store has in some form.
    ///   - nextEntry: one band key of a group that was added after the other, by ascending key; then nil. A
    ///     document comes under at most ``Signature/bandCount`` of them.
    package func load(
        _ documents: (_ add: (LoneDocument) throws -> Int64?) throws -> Void,
        nextEntry: () throws -> (key: UInt64, number: Int64)?
    ) throws {
        try self.change { database, old in
            var loader = try GroupLoader(database)
            try documents { try loader.add($0) }
            guard loader.count > 0 else { return ((), old) }
            try loader.finish()
            try createFolder(self.folder)
            var writer = try BandRunWriter(
                BandRunShape(
                    low: loader.first,
                    high: loader.next - 1,
                    count: loader.count * Signature.bandCount
                ),
                in: self.folder
            )
            while let entry = try nextEntry() {
                try writer.append(BandEntry(key: entry.key, number: entry.number))
            }
            guard let run = try writer.finish() else { throw BadColumn() }
            let new = try old.appending(run, in: self.folder)
            try new.write(to: database, replacing: old)
            return ((), new)
        }
    }
}

/// Writes the rows of lone documents: those that ``DedupeTables`` writes for them.
private struct GroupLoader {
    let first: Int64
    private(set) var next: Int64
    private let database: Database
    private let isEmpty: Bool
    private let find: Statement
    private let putMember: Statement
    private let putGroup: Statement
    private let note: Statement

    var count: Int { Int(self.next - self.first) }

    init(_ database: Database) throws {
        self.database = database
        self.first = try DedupeTables.nextNumber(database)
        self.next = self.first
        self.isEmpty =
            try database.cachedStatement(sql: "SELECT 1 FROM members LIMIT 1")
            .first([]) { try $0.integer(0) } == nil
        self.find = try database.cachedStatement(sql: "SELECT 1 FROM members WHERE id = ?")
        self.putMember = try database.cachedStatement(
            sql: """
                INSERT INTO members (id, number, rank, contained_at, is_held) VALUES (?, ?, ?, ?, 0)
                """
        )
        self.putGroup = try database.cachedStatement(
            sql: """
                INSERT INTO groups (number, exact, first, contained_at, facts, role, similarity,
                    is_saturated)
                VALUES (?, ?, ?, ?, ?, ?, 0, 0)
                """
        )
        self.note = try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO unwritten (id) VALUES (?)"
        )
    }

    mutating func add(_ document: LoneDocument) throws -> Int64? {
        if !self.isEmpty, try self.find.first([document.id], { try $0.integer(0) }) != nil {
            return nil
        }
        let number = self.next
        self.next += 1
        try self.putMember.run([document.id, number, document.rank, document.containedAt])
        try self.putGroup.run([
            number, document.exact, document.id, document.containedAt,
            Int64(bitPattern: document.facts), NearRole.lonely.rawValue,
        ])
        if document.isUnwritten { try self.note.run([document.id]) }
        return number
    }

    func finish() throws { try DedupeTables.setNextNumber(self.next, self.database) }
}
