internal import Foundation
internal import GRDB
package import Records

extension DedupeStore {
    /// Takes documents away and adds or replaces others; applying the same again changes nothing.
    ///
    /// Transactions hold at most 4,096 documents; a crash between two of them is repaired by applying all
    /// again.
    /// - Parameter compare: Compares two groups that share a band, the one with the smaller exact
    ///   hash first; each pair once. It runs inside the transaction and must not call this store.
    /// - Complexity: O(changed documents + pairs that share a band with them).
    @discardableResult
    package func apply(
        removed: [DocumentID],
        added: [DedupeArrival],
        threshold: Double,
        compare: (DedupeCandidate, DedupeCandidate) throws -> DedupeComparison
    ) throws -> DedupeChange {
        let limit = 4_096
        var change = DedupeChange()
        for start in stride(from: 0, to: removed.count, by: limit) {
            let part = removed[start..<min(start + limit, removed.count)]
            change += try self.file.write { database in
                try database.markUndecided()
                return try DedupeBatch(database).apply(
                    removed: part,
                    added: [],
                    threshold: threshold,
                    compare: compare
                )
            }
        }
        for start in stride(from: 0, to: added.count, by: limit) {
            let part = added[start..<min(start + limit, added.count)]
            change += try self.file.write { database in
                try database.markUndecided()
                return try DedupeBatch(database).apply(
                    removed: [],
                    added: part,
                    threshold: threshold,
                    compare: compare
                )
            }
        }
        return change
    }
}

/// One transaction on the dedupe store.
private struct DedupeBatch {
    private let database: Database
    private let groupOfMember: Statement
    private let groupOfHash: Statement
    private let putGroup: Statement
    private let putMember: Statement
    private let putBand: Statement
    private let putEdge: Statement
    private let dropMember: Statement
    private let dropBand: Statement
    private let earlierInBand: Statement
    private let firstMember: Statement

    init(_ database: Database) throws {
        func statement(_ sql: String) throws -> Statement {
            try database.cachedStatement(sql: sql)
        }
        self.database = database
        self.groupOfMember = try statement("SELECT number FROM members WHERE id = ?")
        self.groupOfHash = try statement("SELECT number FROM groups WHERE exact = ?")
        self.putGroup = try statement(
            "INSERT INTO groups (exact, band_keys, facts) VALUES (?, ?, ?)"
        )
        self.putMember = try statement(
            """
            INSERT OR REPLACE INTO members
                (id, number, priority, uri, canonical, modified, text_hash)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        )
        self.putBand = try statement("INSERT INTO bands (band, key, number) VALUES (?, ?, ?)")
        self.putEdge = try statement(
            "INSERT INTO edges (low, high, similarity, containment) VALUES (?, ?, ?, ?)"
        )
        self.dropMember = try statement("DELETE FROM members WHERE id = ?")
        self.dropBand = try statement(
            "DELETE FROM bands WHERE band = ? AND key = ? AND number = ?"
        )
        self.earlierInBand = try statement(
            "SELECT number FROM bands WHERE band = ? AND key = ? AND number < ?"
        )
        self.firstMember = try statement(
            """
            SELECT g.exact, m.id FROM groups g JOIN members m ON m.number = g.number
            WHERE g.number = ? ORDER BY m.priority, m.uri LIMIT 1
            """
        )
    }

    func apply(
        removed: ArraySlice<DocumentID>,
        added: ArraySlice<DedupeArrival>,
        threshold: Double,
        compare: (DedupeCandidate, DedupeCandidate) throws -> DedupeComparison
    ) throws -> DedupeChange {
        var change = DedupeChange()
        var left: Set<Int64> = []
        for id in removed {
            guard let number = try self.group(ofMember: id) else { continue }
            try self.dropMember.run([id.blob])
            left.insert(number)
        }
        let newGroups = try self.place(added, leaving: &left)
        change.newGroups = newGroups.count
        change.droppedGroups = try self.dropEmpty(left)
        try self.insertBands(newGroups)
        for group in newGroups {
            try self.connect(group, threshold, &change, compare)
        }
        return change
    }

    private struct Group {
        var number: Int64
        var bandKeys: [UInt64]
    }

    private func group(ofMember id: DocumentID) throws -> Int64? {
        try self.groupOfMember.first([id.blob]) { try $0.integer(0) }
    }

    /// Puts each arrival into its exact group; returns the groups that are new, by ascending number.
    private func place(
        _ added: ArraySlice<DedupeArrival>,
        leaving left: inout Set<Int64>
    ) throws -> [Group] {
        var newGroups: [Group] = []
        for arrival in added {
            let before = try self.group(ofMember: arrival.member.id)
            let number: Int64
            if let present = try self.groupOfHash.first(
                [arrival.exact.blob],
                { try $0.integer(0) }
            ) {
                number = present
            } else {
                try self.putGroup.run([
                    arrival.exact.blob, Data(bandKeys: arrival.bandKeys),
                    Int64(bitPattern: arrival.facts),
                ])
                number = self.database.lastInsertedRowID
                newGroups.append(Group(number: number, bandKeys: arrival.bandKeys))
            }
            try self.putMember.run([
                arrival.member.id.blob, number, arrival.member.priority, arrival.member.uri,
                arrival.member.canonical, arrival.member.modified, arrival.member.comparedHash.blob,
            ])
            if let before, before != number { left.insert(before) }
        }
        return try self.onlyInhabited(newGroups)
    }

    /// A document that is given twice may have left a group that is new in this very batch.
    private func onlyInhabited(_ groups: [Group]) throws -> [Group] {
        try groups.filter { try self.candidate($0.number) != nil }
    }

    private func dropEmpty(_ numbers: Set<Int64>) throws -> Int {
        let keys = try self.database.cachedStatement(
            sql: "SELECT band_keys FROM groups WHERE number = ?"
        )
        let drops = try ["groups WHERE number", "edges WHERE low", "edges WHERE high"].map {
            try self.database.cachedStatement(sql: "DELETE FROM \($0) = ?")
        }
        var count = 0
        for number in numbers.sorted() where try self.candidate(number) == nil {
            let bandKeys = try keys.first([number]) { try $0.withBytes(0, bandKeys(of:)) } ?? []
            for (band, key) in bandKeys.enumerated() {
                try self.dropBand.run([band, Int64(bitPattern: key), number])
            }
            for drop in drops { try drop.run([number]) }
            count += 1
        }
        return count
    }

    /// In the order of the table's key, so that neighbouring rows share a page.
    private func insertBands(_ groups: [Group]) throws {
        let bandCount = groups.map(\.bandKeys.count).max() ?? 0
        for band in 0..<bandCount {
            var rows: [(key: Int64, number: Int64)] = []
            for group in groups where band < group.bandKeys.count {
                rows.append((Int64(bitPattern: group.bandKeys[band]), group.number))
            }
            rows.sort { $0.key != $1.key ? $0.key < $1.key : $0.number < $1.number }
            for row in rows { try self.putBand.run([band, row.key, row.number]) }
        }
    }

    /// Compares a new group with all before it that share a band; numbers ascend, so each pair once.
    private func connect(
        _ group: Group,
        _ threshold: Double,
        _ change: inout DedupeChange,
        _ compare: (DedupeCandidate, DedupeCandidate) throws -> DedupeComparison
    ) throws {
        var others: Set<Int64> = []
        for (band, key) in group.bandKeys.enumerated() {
            let rows = try Row.fetchCursor(
                self.earlierInBand,
                arguments: [band, Int64(bitPattern: key), group.number]
            )
            while let row = try rows.next() { others.insert(try row.integer(0)) }
        }
        guard !others.isEmpty, let candidate = try self.candidate(group.number) else { return }
        for number in others.sorted() {
            guard let other = try self.candidate(number) else { throw BadColumn() }
            let isOrdered = candidate.exact < other.exact
            let comparison =
                isOrdered ? try compare(candidate, other) : try compare(other, candidate)
            change.comparedPairs += 1
            guard comparison.similarity >= threshold else { continue }
            // Of an edge, the left is the group that came first.
            let containment =
                isOrdered ? comparison.containment.reversed : comparison.containment
            try self.putEdge.run([
                number, group.number, comparison.similarity, containment.rawValue,
            ])
            change.newEdges += 1
        }
    }

    /// The group with its first member; nil when no document is in it.
    private func candidate(_ number: Int64) throws -> DedupeCandidate? {
        try self.firstMember.first([number]) { row in
            DedupeCandidate(exact: try row.digest(0), representative: try row.documentID(1))
        }
    }
}

extension Data {
    /// Little-endian words.
    fileprivate init(bandKeys: [UInt64]) {
        self = bandKeys.withUnsafeBytes { Data($0) }
    }
}

private func bandKeys(of bytes: UnsafeRawBufferPointer) throws -> [UInt64] {
    guard bytes.count.isMultiple(of: 8) else { throw BadColumn() }
    return (0..<bytes.count / 8).map {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
    }
}
