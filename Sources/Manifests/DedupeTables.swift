internal import GRDB
package import Records

/// One transaction on the dedupe store: its rows and runs, those that were read kept for it.
///
/// It ends with the closure it was given to.
package final class DedupeTables {
    let database: Database
    let runs: BandRuns
    private let folder: String
    private var nodes: [Int64: NearNode] = [:]
    /// Groups that are in no table yet: most come to be what they stay in the same transaction.
    private var newGroups: [Int64: NewGroup] = [:]
    private var newGroupOf: [Digest: Int64] = [:]
    /// Numbers from here on are of this transaction.
    let firstNew: Int64
    private var next: Int64
    var bands = BandRows()

    private struct NewGroup {
        var exact: Digest
        var first: DocumentID
    }

    init(_ database: Database, runs: BandRuns, folder: String) throws {
        self.database = database
        self.runs = runs
        self.folder = folder
        self.firstNew = try Self.nextNumber(database)
        self.next = self.firstNew
    }

    /// The least number that was never given to a group.
    static func nextNumber(_ database: Database) throws -> Int64 {
        let next = try database.cachedStatement(
            sql: "SELECT value FROM settings WHERE key = 'next_number'"
        ).first([]) { try $0.string(0) }
        return next.flatMap { Int64($0) } ?? 1
    }

    static func setNextNumber(_ number: Int64, _ database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO settings (key, value) VALUES ('next_number', ?)"
        ).run([String(number)])
    }

    func statement(_ sql: String) throws -> Statement {
        try self.database.cachedStatement(sql: sql)
    }

    /// Writes what waits; returns the runs that are then named.
    func flush() throws -> BandRuns {
        try self.flushGroups()
        let entries = self.bands.newEntries()
        self.next = max(self.next, 1 + (entries.lazy.map(\.number).max() ?? 0))
        if self.next != self.firstNew { try Self.setNextNumber(self.next, self.database) }
        guard !entries.isEmpty || !self.bands.gone.isEmpty else { return self.runs }
        let changed = try self.runs.changed(
            adding: entries,
            dropping: self.bands.gone,
            in: self.folder
        )
        try changed.write(to: self.database, replacing: self.runs)
        return changed
    }

    private func flushGroups() throws {
        guard !self.newGroups.isEmpty else { return }
        let put = try self.statement(
            """
            INSERT INTO groups (number, exact, first, rank, contained_at, facts, container, role,
                partner, similarity, is_saturated)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        for (number, group) in self.newGroups.sorted(by: { $0.key < $1.key }) {
            guard let node = self.nodes[number] else { continue }
            try put.run([
                number, group.exact, group.first, node.storedRank, node.containedAt,
                Int64(bitPattern: node.facts), node.container, node.role.rawValue, node.partner,
                node.similarity, node.isSaturated,
            ])
        }
        self.newGroups = [:]
        self.newGroupOf = [:]
    }
}

// MARK: Groups

extension DedupeTables {
    package func node(_ number: Int64) throws -> NearNode? {
        if let node = self.nodes[number] { return node }
        // Those that are not in the cache are in no table either.
        guard number < self.firstNew else { return nil }
        let node = try self.statement(
            """
            SELECT number, coalesce(rank, (SELECT m.rank FROM members m WHERE m.id = first)),
                contained_at, facts, container, role, partner, similarity, is_saturated
            FROM groups WHERE number = ?
            """
        ).first([number], NearNode.init(row:))
        self.nodes[number] = node
        return node
    }

    /// A group that another row names: without it the store is damaged.
    package func group(_ number: Int64) throws -> NearNode {
        guard let node = try self.node(number) else { throw BadColumn() }
        return node
    }

    /// Writes what may change of a group.
    package func put(_ node: NearNode) throws {
        guard self.nodes[node.number] != node else { return }
        self.nodes[node.number] = node
        guard self.newGroups[node.number] == nil else { return }
        try self.statement(
            """
            UPDATE groups SET rank = ?, container = ?, role = ?, partner = ?, similarity = ?,
                is_saturated = ?
            WHERE number = ?
            """
        ).run([
            node.storedRank, node.container, node.role.rawValue, node.partner, node.similarity,
            node.isSaturated, node.number,
        ])
    }

    package func drop(_ number: Int64) throws {
        self.nodes[number] = nil
        if let group = self.newGroups.removeValue(forKey: number) {
            self.newGroupOf[group.exact] = nil
        } else {
            try self.statement("DELETE FROM groups WHERE number = ?").run([number])
        }
    }

    package func group(exact: Digest) throws -> Int64? {
        if let number = self.newGroupOf[exact] { return number }
        return try self.statement("SELECT number FROM groups WHERE exact = ?").first([exact]) {
            try $0.integer(0)
        }
    }

    package func exact(ofGroup number: Int64) throws -> Digest {
        if let group = self.newGroups[number] { return group.exact }
        let exact = try self.statement("SELECT exact FROM groups WHERE number = ?")
            .first([number]) { try $0.digest(0) }
        guard let exact else { throw BadColumn() }
        return exact
    }

    /// The document that stands for a group.
    package func representative(ofGroup number: Int64) throws -> DocumentID {
        if let group = self.newGroups[number] { return group.first }
        let id = try self.statement("SELECT first FROM groups WHERE number = ?")
            .first([number]) { try $0.documentID(0) }
        guard let id else { throw BadColumn() }
        return id
    }

    /// The number of the next new group.
    package func nextNumber() -> Int64 { self.next }

    /// Adds a group, its number new or that of one that was dropped in this transaction.
    package func add(_ node: NearNode, exact: Digest, first: DocumentID) {
        self.nodes[node.number] = node
        self.newGroups[node.number] = NewGroup(exact: exact, first: first)
        self.newGroupOf[exact] = node.number
        self.next = max(self.next, node.number + 1)
    }

    /// The groups whose partner this one is.
    package func followers(of number: Int64) throws -> [Int64] {
        try self.flushGroups()
        return try self.statement("SELECT number FROM groups WHERE partner = ?").all([number]) {
            try $0.integer(0)
        }
    }

    package func contained(in number: Int64) throws -> [Int64] {
        try self.flushGroups()
        return try self.statement("SELECT number FROM groups WHERE container = ? ORDER BY number")
            .all([number]) { try $0.integer(0) }
    }

    /// The largest rank among groups that are decided and not alone; empty where there is none.
    package func lastDecidedRank() throws -> [UInt8] {
        try self.flushGroups()
        return try self.statement(
            "SELECT rank FROM groups WHERE role IN (1, 2, 3) ORDER BY rank DESC LIMIT 1"
        ).first([]) { try $0.bytes(0) } ?? []
    }
}

// MARK: The queue

extension DedupeTables {
    package func enqueue(_ node: NearNode) throws {
        try self.statement("INSERT OR IGNORE INTO queue (rank, number) VALUES (?, ?)")
            .run([node.rank, node.number])
    }

    package func dequeue(_ node: NearNode) throws {
        try self.statement("DELETE FROM queue WHERE rank = ? AND number = ?")
            .run([node.rank, node.number])
    }

    /// The first groups of the queue, by rank.
    package func queued(limit: Int) throws -> [Int64] {
        try self.statement("SELECT number FROM queue ORDER BY rank LIMIT ?").all([limit]) {
            try $0.integer(0)
        }
    }
}

// MARK: Lists of hot bands

extension DedupeTables {
    /// - Parameter facts: nil for the list of leaders.
    package func listed(_ key: UInt64, facts: UInt64?, standing: Int) throws -> [Int64] {
        try self.statement(
            """
            SELECT number FROM listed WHERE key = ? AND list = ? AND facts = ? AND standing = ?
            """
        ).all([
            Int64(bitPattern: key), facts == nil ? 0 : 1, Int64(bitPattern: facts ?? 0), standing,
        ]) { try $0.integer(0) }
    }

    /// - Parameter facts: nil for the list of leaders.
    /// - Parameter old, new: nil where the group is not in the list.
    package func setStanding(
        _ key: UInt64,
        facts: UInt64?,
        _ number: Int64,
        from old: Int?,
        to new: Int?
    ) throws {
        let list: [(any Parameter)?] = [
            Int64(bitPattern: key), facts == nil ? 0 : 1, Int64(bitPattern: facts ?? 0),
        ]
        if let old {
            try self.statement(
                """
                DELETE FROM listed
                WHERE key = ? AND list = ? AND facts = ? AND standing = ? AND number = ?
                """
            ).run(list + [old, number])
        }
        if let new {
            try self.statement(
                """
                INSERT OR IGNORE INTO listed (key, list, facts, standing, number)
                VALUES (?, ?, ?, ?, ?)
                """
            ).run(list + [new, number])
        }
    }

    package func dropLists(_ key: UInt64) throws {
        try self.statement("DELETE FROM listed WHERE key = ?").run([Int64(bitPattern: key)])
    }
}

// MARK: Members

/// A document of a group.
package struct DedupeMember: Hashable, Sendable {
    package var id: DocumentID
    /// The group.
    package var number: Int64
    /// Its place in the order of preference; see ``NearNode``.
    package var rank: [UInt8]
    package var containedAt: Int?
    /// No source lists it any more.
    package var isHeld: Bool

    package init(
        id: DocumentID,
        number: Int64,
        rank: [UInt8],
        containedAt: Int?,
        isHeld: Bool
    ) {
        self.id = id
        self.number = number
        self.rank = rank
        self.containedAt = containedAt
        self.isHeld = isHeld
    }
}

extension DedupeTables {
    package func member(_ id: DocumentID) throws -> DedupeMember? {
        try self.statement(
            "SELECT id, number, rank, contained_at, is_held FROM members WHERE id = ?"
        ).first([id], DedupeMember.init(row:))
    }

    package func put(_ member: DedupeMember) throws {
        // The rank of a group that is alone stands with its first member: before that changes.
        _ = try self.node(member.number)
        try self.statement(
            """
            INSERT OR REPLACE INTO members (id, number, rank, contained_at, is_held)
            VALUES (?, ?, ?, ?, ?)
            """
        ).run([
            member.id, member.number, member.rank, member.containedAt, member.isHeld,
        ])
    }

    package func drop(_ member: DedupeMember) throws {
        // As above.
        _ = try self.node(member.number)
        try self.statement("DELETE FROM members WHERE id = ?").run([member.id])
    }

    /// The member of a group that comes first; nil where it has none.
    package func firstMember(ofGroup number: Int64) throws -> DedupeMember? {
        try self.statement(
            """
            SELECT id, number, rank, contained_at, is_held FROM members
            WHERE number = ? ORDER BY rank LIMIT 1
            """
        ).first([number], DedupeMember.init(row:))
    }

    /// The documents of a group, by rank.
    package func members(ofGroup number: Int64) throws -> [DocumentID] {
        try self.statement("SELECT id FROM members WHERE number = ? ORDER BY rank")
            .all([number]) { try $0.documentID(0) }
    }

    /// Says that a document's shard may not have what is decided for it.
    package func noteUnwritten(_ id: DocumentID) throws {
        try self.statement("INSERT OR IGNORE INTO unwritten (id) VALUES (?)").run([id])
    }

    /// Its documents.
    package func noteUnwritten(ofGroup number: Int64) throws {
        try self.statement(
            "INSERT OR IGNORE INTO unwritten (id) SELECT id FROM members WHERE number = ?"
        ).run([number])
    }
}

extension DedupeMember {
    fileprivate init(row: StatementRow) throws {
        self.init(
            id: try row.documentID(0),
            number: try row.integer(1),
            rank: try row.bytes(2),
            containedAt: row[3] as Int?,
            isHeld: try row.integer(4) != 0
        )
    }
}

extension NearNode {
    /// Nil where it is that of the group's first member, which no container makes another.
    fileprivate var storedRank: [UInt8]? {
        self.role == .lonely && self.container == nil ? nil : self.rank
    }

    fileprivate init(row: StatementRow) throws {
        let rank = try row.bytes(1)
        let containedAt = row[2] as Int?
        guard let role = NearRole(rawValue: Int(try row.integer(5))), !rank.isEmpty,
            containedAt.map(rank.indices.contains) ?? true
        else { throw BadColumn() }
        self.init(
            number: try row.integer(0),
            rank: rank,
            containedAt: containedAt,
            facts: UInt64(bitPattern: try row.integer(3)),
            container: row[4] as Int64?,
            role: role,
            partner: row[6] as Int64?,
            similarity: try row.real(7),
            isSaturated: try row.integer(8) != 0
        )
    }
}
