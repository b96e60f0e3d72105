internal import GRDB
package import Records

/// One transaction on the dedupe store: its rows, those that were read kept for it.
///
/// It ends with the closure it was given to.
package final class DedupeTables {
    let database: Database
    private var nodes: [Int64: NearNode] = [:]
    private var bands: [UInt64: BandRows] = [:]
    /// Rows of `bands` that are not in the table yet, so that they go in by ascending key.
    private var newBandRows: [(key: UInt64, number: Int64)] = []

    init(_ database: Database) { self.database = database }

    func statement(_ sql: String) throws -> Statement {
        try self.database.cachedStatement(sql: sql)
    }

    /// Writes what waits.
    func flush() throws {
        guard !self.newBandRows.isEmpty else { return }
        let put = try self.statement("INSERT OR IGNORE INTO bands (key, number) VALUES (?, ?)")
        let rows = self.newBandRows.map { (Int64(bitPattern: $0.key), $0.number) }.sorted(by: <)
        for (key, number) in rows { try put.run([key, number]) }
        self.newBandRows.removeAll(keepingCapacity: true)
    }
}

// MARK: Groups

extension DedupeTables {
    package func node(_ number: Int64) throws -> NearNode? {
        if let node = self.nodes[number] { return node }
        let node = try self.statement(
            """
            SELECT number, rank, contained_at, facts, band_keys, container, role, partner,
                similarity, is_saturated
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
        try self.statement(
            """
            UPDATE groups SET rank = ?, container = ?, role = ?, partner = ?, similarity = ?,
                is_saturated = ?
            WHERE number = ?
            """
        ).run([
            node.rank, node.container, node.role.rawValue, node.partner, node.similarity,
            node.isSaturated, node.number,
        ])
    }

    package func drop(_ number: Int64) throws {
        self.nodes[number] = nil
        try self.statement("DELETE FROM groups WHERE number = ?").run([number])
    }

    package func group(exact: Digest) throws -> Int64? {
        try self.statement("SELECT number FROM groups WHERE exact = ?").first([exact]) {
            try $0.integer(0)
        }
    }

    package func exact(ofGroup number: Int64) throws -> Digest {
        let exact = try self.statement("SELECT exact FROM groups WHERE number = ?")
            .first([number]) { try $0.digest(0) }
        guard let exact else { throw BadColumn() }
        return exact
    }

    /// The document that stands for a group.
    package func representative(ofGroup number: Int64) throws -> DocumentID {
        let id = try self.statement("SELECT first FROM groups WHERE number = ?")
            .first([number]) { try $0.documentID(0) }
        guard let id else { throw BadColumn() }
        return id
    }

    /// The number of the next new group.
    package func nextNumber() throws -> Int64 {
        try self.statement("SELECT seq FROM sqlite_sequence WHERE name = 'groups'").first([]) {
            try $0.integer(0) + 1
        } ?? 1
    }

    /// Adds a group.
    package func add(_ node: NearNode, exact: Digest, first: DocumentID) throws {
        try self.statement(
            """
            INSERT INTO groups (number, exact, first, rank, contained_at, facts, band_keys,
                container, role, partner, similarity, is_saturated)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).run([
            node.number, exact, first, node.rank, node.containedAt,
            Int64(bitPattern: node.facts), node.bandKeys, node.container,
            node.role.rawValue, node.partner, node.similarity, node.isSaturated,
        ])
        self.nodes[node.number] = node
    }

    /// The groups whose partner this one is.
    package func followers(of number: Int64) throws -> [Int64] {
        try self.statement("SELECT number FROM groups WHERE partner = ?").all([number]) {
            try $0.integer(0)
        }
    }

    package func contained(in number: Int64) throws -> [Int64] {
        try self.statement("SELECT number FROM groups WHERE container = ? ORDER BY number")
            .all([number]) { try $0.integer(0) }
    }

    /// The largest rank among groups that are decided and not alone; empty where there is none.
    package func lastDecidedRank() throws -> [UInt8] {
        try self.statement(
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

// MARK: Bands

/// The first numbers of a band, as many as were asked for.
private struct BandRows {
    var numbers: [Int64]
    var limit: Int

    var isWhole: Bool { self.numbers.count < self.limit }
}

extension DedupeTables {
    /// The groups that have a band key, at most `limit` of them.
    package func band(_ key: UInt64, limit: Int) throws -> [Int64] {
        if let rows = self.bands[key], rows.isWhole || rows.limit >= limit {
            return rows.numbers.count <= limit ? rows.numbers : Array(rows.numbers.prefix(limit))
        }
        try self.flush()
        let numbers = try self.statement("SELECT number FROM bands WHERE key = ? LIMIT ?")
            .all([Int64(bitPattern: key), limit]) { try $0.integer(0) }
        if limit < .max { self.bands[key] = BandRows(numbers: numbers, limit: limit) }
        return numbers
    }

    /// Reads bands by ascending key, so that neighbouring rows are read together.
    package func readBands(_ keys: [UInt64], limit: Int) throws {
        for key in keys.map({ Int64(bitPattern: $0) }).sorted() {
            _ = try self.band(UInt64(bitPattern: key), limit: limit)
        }
    }

    package func addToBand(_ key: UInt64, _ number: Int64) throws {
        self.newBandRows.append((key, number))
        if let rows = self.bands[key], rows.isWhole { self.bands[key]?.numbers.append(number) }
    }

    package func dropFromBand(_ key: UInt64, _ number: Int64) throws {
        try self.flush()
        self.bands[key] = nil
        try self.statement("DELETE FROM bands WHERE key = ? AND number = ?")
            .run([Int64(bitPattern: key), number])
    }

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
        try self.statement(
            """
            INSERT OR REPLACE INTO members (id, number, rank, contained_at, is_held)
            VALUES (?, ?, ?, ?, ?)
            """
        ).run([
            member.id, member.number, member.rank, member.containedAt, member.isHeld,
        ])
    }

    package func dropMember(_ id: DocumentID) throws {
        try self.statement("DELETE FROM members WHERE id = ?").run([id])
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
    fileprivate init(row: StatementRow) throws {
        let rank = try row.bytes(1)
        let containedAt = row[2] as Int?
        guard let role = NearRole(rawValue: Int(try row.integer(6))),
            containedAt.map(rank.indices.contains) ?? true
        else { throw BadColumn() }
        self.init(
            number: try row.integer(0),
            rank: rank,
            containedAt: containedAt,
            facts: UInt64(bitPattern: try row.integer(3)),
            bandKeys: try row.withBytes(4, bandKeys(of:)),
            container: row[5] as Int64?,
            role: role,
            partner: row[7] as Int64?,
            similarity: try row.real(8),
            isSaturated: try row.integer(9) != 0
        )
    }
}

private func bandKeys(of bytes: UnsafeRawBufferPointer) throws -> [UInt64] {
    guard bytes.count.isMultiple(of: 8) else { throw BadColumn() }
    return (0..<bytes.count / 8).map {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
    }
}
