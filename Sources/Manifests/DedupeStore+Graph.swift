internal import GRDB
package import Records

/// The documents that have equals or near-equals; all others are kept as they are.
package struct DedupeGraph: Hashable, Sendable {
    /// Documents with equal normalised tokens, the one that comes first in front.
    package struct Group: Hashable, Sendable {
        package var exact: Digest
        package var facts: UInt64
        /// By (priority, URI).
        package var members: [DedupeMember]
    }

    /// Two groups, by their index in `groups`, that are at least as similar as the threshold.
    package struct Edge: Hashable, Sendable {
        package var low: Int
        package var high: Int
        package var similarity: Double
        /// `low` is the left.
        package var containment: Containment
    }

    /// By the (priority, URI) of their first member.
    package var groups: [Group]
    /// By (low, high); `low` is smaller.
    package var edges: [Edge]
}

extension DedupeStore {
    /// All groups with an edge or with more than one member, and all edges.
    ///
    /// - Complexity: O(duplicates) in memory and time, once the tables are read.
    package func graph() throws -> DedupeGraph {
        try self.file.read { database in
            let edges = try database.cachedStatement(
                sql: "SELECT low, high, similarity, containment FROM edges"
            ).all { row in
                (
                    low: try row.integer(0), high: try row.integer(1),
                    similarity: try row.decode(Double.self, atIndex: 2),
                    containment: Containment(rawValue: Int(try row.integer(3))) ?? .neither
                )
            }
            var numbers = Set(
                try database.cachedStatement(
                    sql: "SELECT number FROM members GROUP BY number HAVING count(*) > 1"
                ).all { try $0.integer(0) }
            )
            for edge in edges { numbers.formUnion([edge.low, edge.high]) }
            let groups = try numbers.sorted().map { number in
                (number: number, group: try database.group(number))
            }.sorted { precedes($0.group, $1.group) }
            let indexes = Dictionary(
                uniqueKeysWithValues: groups.enumerated().map { ($1.number, $0) }
            )
            let indexed = try edges.map { edge in
                guard let first = indexes[edge.low], let second = indexes[edge.high] else {
                    throw BadColumn()
                }
                return DedupeGraph.Edge(
                    low: min(first, second),
                    high: max(first, second),
                    similarity: edge.similarity,
                    containment: first < second ? edge.containment : edge.containment.reversed
                )
            }
            return DedupeGraph(
                groups: groups.map(\.group),
                edges: indexed.sorted { ($0.low, $0.high) < ($1.low, $1.high) }
            )
        }
    }

    /// The documents whose normalised tokens hash to `exact`, by (priority, URI).
    package func members(of exact: Digest) throws -> [DedupeMember] {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT m.id, m.priority, m.uri, m.canonical, m.modified, m.text_hash
                    FROM groups g JOIN members m ON m.number = g.number
                    WHERE g.exact = ? ORDER BY m.priority, m.uri
                    """
            ).all([exact.blob], DedupeMember.init(row:))
        }
    }
}

/// URIs are compared as bytes, as SQLite does, so that the order is the same everywhere.
package func precedes(_ left: DedupeMember, _ right: DedupeMember) -> Bool {
    if left.priority != right.priority { return left.priority < right.priority }
    return left.uri.utf8.lexicographicallyPrecedes(right.uri.utf8)
}

private func precedes(_ left: DedupeGraph.Group, _ right: DedupeGraph.Group) -> Bool {
    guard let first = left.members.first, let second = right.members.first else { return false }
    return precedes(first, second)
}

extension Database {
    fileprivate func group(_ number: Int64) throws -> DedupeGraph.Group {
        let found = try self.cachedStatement(
            sql: "SELECT exact, facts FROM groups WHERE number = ?"
        ).first([number]) { (exact: try $0.digest(0), facts: try $0.integer(1)) }
        let members = try self.cachedStatement(
            sql: """
                SELECT id, priority, uri, canonical, modified, text_hash
                FROM members WHERE number = ? ORDER BY priority, uri
                """
        ).all([number], DedupeMember.init(row:))
        guard let found, !members.isEmpty else { throw BadColumn() }
        return DedupeGraph.Group(
            exact: found.exact,
            facts: UInt64(bitPattern: found.facts),
            members: members
        )
    }
}

extension DedupeMember {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.documentID(0),
            priority: Int(try row.integer(1)),
            uri: try row.string(2),
            canonical: Int(try row.integer(3)),
            modified: row[4] as Int64?,
            comparedHash: try row.optionalDigest(5) ?? .zero
        )
    }
}
