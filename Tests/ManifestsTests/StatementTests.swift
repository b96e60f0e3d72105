import GRDB
import Hashing
import Records
import Testing

@testable import Manifests

/// Values that go into SQLite and come back.
@Suite struct StatementTests {
    private func withTable(_ body: (Database) throws -> Void) throws {
        try DatabaseQueue().inDatabase { database in
            try database.execute(sql: "CREATE TABLE t (a, b)")
            try body(database)
        }
    }

    private func put(_ values: [(any Parameter)?], into database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO t (a, b) VALUES (?, ?)").run(values)
    }

    private func all<Result>(
        _ database: Database,
        _ body: (StatementRow) throws -> Result
    ) throws -> [Result] {
        try database.cachedStatement(sql: "SELECT a, b FROM t ORDER BY rowid").all([], body)
    }

    /// An optimised build lets a statement go behind its last mention.
    @Test func rowsKeepTheirStatement() throws {
        func rows(of database: Database) throws -> StatementRows {
            try database.makeStatement(sql: "SELECT a FROM t ORDER BY a").rows()
        }
        try self.withTable { database in
            for number in 0..<50 { try self.put([number, nil], into: database) }
            let rows = try rows(of: database)
            // What would be given the memory of a statement that is gone.
            let others = try (0..<50).map { number in
                try database.makeStatement(sql: "SELECT \(number), b FROM t")
            }
            var read: [Int64] = []
            while let row = try rows.next() { read.append(try row.integer(0)) }
            #expect(read == Array(0..<50))
            #expect(others.count == 50)
        }
    }

    @Test func idsAndDigestsKeepTheirOrder() throws {
        let ids = (0..<50).map { documentID(uri: "\($0)") }
        let digest = sha256("x")
        try self.withTable { database in
            for id in ids { try self.put([id, digest], into: database) }
            let sorted = try database.cachedStatement(sql: "SELECT a, b FROM t ORDER BY a").all {
                (try $0.documentID(0), try $0.digest(1))
            }
            #expect(sorted.map(\.0) == ids.sorted())
            #expect(sorted.allSatisfy { $0.1 == digest })
            let after = try database.cachedStatement(sql: "SELECT a FROM t WHERE a > ? ORDER BY a")
            #expect(try after.all([DocumentID.after(nil)]) { try $0.documentID(0) } == ids.sorted())
            let last = ids.sorted()[48]
            #expect(try after.all([DocumentID.after(last)]) { try $0.documentID(0) }.count == 1)
        }
    }

    @Test func numbersAndTextsComeBackAsTheyWere() throws {
        try self.withTable { database in
            try self.put([Int64.min, Double.pi], into: database)
            try self.put(["", "a\u{0}b ä🙂"], into: database)
            try self.put([true, UInt16.max], into: database)
            let rows = try database.cachedRows
            #expect(rows[0].0 == .integer(.min) && rows[0].1 == .real(.pi))
            #expect(rows[1].0 == .text("") && rows[1].1 == .text("a\u{0}b ä🙂"))
            #expect(rows[2].0 == .integer(1) && rows[2].1 == .integer(65_535))
        }
    }

    @Test func emptyBytesAreNull() throws {
        try self.withTable { database in
            try self.put([[UInt8](), ItemVersion.unknown], into: database)
            try self.put([[1, 2] as [UInt32], nil], into: database)
            let found = try self.all(database) {
                ($0.isNull(0), $0.isNull(1), try $0.bytes(0), try $0.optionalBytes(1))
            }
            #expect(found[0].0 && found[0].1 && found[0].2.isEmpty && found[0].3 == nil)
            #expect(!found[1].0 && found[1].1 && found[1].2 == [1, 0, 0, 0, 2, 0, 0, 0])
        }
    }

    @Test func aValueOfAnotherTypeIsABadColumn() throws {
        try self.withTable { database in
            try self.put(["7", 7], into: database)
            #expect(throws: BadColumn.self) { try self.all(database) { try $0.integer(0) } }
            #expect(throws: BadColumn.self) { try self.all(database) { try $0.string(1) } }
            #expect(throws: BadColumn.self) { try self.all(database) { try $0.documentID(0) } }
            #expect(try self.all(database) { $0[1] as UInt8? } == [7])
            #expect(try self.all(database) { $0[0] as Int64? } == [nil])
        }
    }

    /// What an error leaves open would keep the transaction from ending.
    @Test func aStatementIsReadyAfterAnError() throws {
        try self.withTable { database in
            for number in 0..<3 { try self.put([number, nil], into: database) }
            let read = try database.cachedStatement(sql: "SELECT a FROM t ORDER BY a")
            #expect(throws: BadColumn.self) { try read.all { _ in throw BadColumn() } }
            #expect(try read.first([]) { try $0.integer(0) } == 0)
            try database.execute(sql: "DROP TABLE t")
        }
    }

    @Test func anErrorOfSQLiteHasItsCodeAndWords() throws {
        try self.withTable { database in
            try database.execute(sql: "CREATE UNIQUE INDEX one ON t (a)")
            try self.put([1, 1], into: database)
            let error = #expect(throws: DatabaseError.self) {
                try self.put([1, 2], into: database)
            }
            #expect(error?.resultCode == .SQLITE_CONSTRAINT)
            #expect(error?.message?.contains("UNIQUE") == true)
        }
    }
}

extension Database {
    fileprivate var cachedRows: [(StateValue?, StateValue?)] {
        get throws {
            try self.cachedStatement(sql: "SELECT a, b FROM t ORDER BY rowid").all {
                (try $0.value(0), try $0.value(1))
            }
        }
    }
}
