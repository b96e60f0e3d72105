import Foundation
import Storage
import Testing

@testable import Operations

/// A log in which nothing can be changed, removed, put in between or cut off without a trace.
@Suite struct AuditLogTests {
    let corpus: TestCorpus
    let layout: WorkspaceLayout

    /// Four entries: a publication, and three rollbacks to and fro.
    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(2, sections: 1)
        try self.corpus.run()
        try self.corpus.write("more.md", TestDocument(title: "More", seed: 77, sections: 1))
        try self.corpus.run(.sync)
        _ = try rollback(workspace: self.corpus.workspace, to: 1)
        _ = try rollback(workspace: self.corpus.workspace, to: 2)
        self.layout = WorkspaceLayout(root: self.corpus.workspace)
    }

    private var workspace: String { self.corpus.workspace }

    private func lines() throws -> [String] {
        String(decoding: try readFile(self.layout.auditLog, maximumBytes: 1 << 20), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    private func write(_ lines: [String]) throws {
        try replaceFile(
            self.layout.auditLog,
            with: Array((lines.joined(separator: "\n") + "\n").utf8)
        )
    }

    private func isSound() throws -> Bool { try verifyAuditLog(workspace: self.workspace).isSound }

    @Test func whatWasDoneIsThereWithWhoAndFromWhere() throws {
        let report = try auditLog(workspace: self.workspace, limit: 2)
        #expect(report.count == 4)
        #expect(report.entries.map(\.action) == [.rollback, .rollback])
        #expect(report.entries.map(\.sequence) == [4, 3])
        let entry = report.entries[0]
        #expect(entry.who.contains("@"))
        #expect(!entry.from.isEmpty)
        #expect(entry.details["snapshot"] == "2")
        #expect(entry.details["before"] == "1")
        let check = try verifyAuditLog(workspace: self.workspace)
        #expect(check.isSound && check.entries == 4)
        #expect(try verifyAuditLog(workspace: self.workspace, expectedHead: check.head).isSound)
        let other = try verifyAuditLog(workspace: self.workspace, expectedHead: "no hash")
        #expect(!other.isSound)
    }

    @Test func aRunThatChangesNothingWritesNothing() throws {
        try self.corpus.run(.sync)
        #expect(try self.lines().count == 4)
        #expect(try self.isSound())
    }

    @Test(arguments: 0..<4) func aChangedEntryShows(index: Int) throws {
        var lines = try self.lines()
        lines[index] = lines[index].replacingOccurrences(of: "snapshot", with: "snapshof")
        try self.write(lines)
        #expect(try !self.isSound())
    }

    @Test(arguments: 0..<4) func aRemovedEntryShows(index: Int) throws {
        var lines = try self.lines()
        lines.remove(at: index)
        try self.write(lines)
        #expect(try !self.isSound())
    }

    @Test func anEntryPutInBetweenOrBehindShows() throws {
        let lines = try self.lines()
        try self.write([lines[0], lines[0]] + lines[1...])
        #expect(try !self.isSound())
        try self.write(lines + [lines[3]])
        #expect(try !self.isSound())
        try self.write([lines[0], lines[2], lines[1], lines[3]])
        #expect(try !self.isSound())
        try self.write(lines)
        #expect(try self.isSound())
    }

    /// One that is hashed as it should be, by hands that know how.
    @Test func aForgedEntryBehindShowsAndNothingIsWrittenAfterIt() throws {
        let lines = try self.lines()
        var entry = try auditLog(workspace: self.workspace, limit: 1).entries[0]
        entry.sequence = 5
        entry.previous = try verifyAuditLog(workspace: self.workspace).head
        let forged = try AuditLine.bytes(of: entry)
        try self.write(lines + [String(decoding: forged.bytes.dropLast(), as: UTF8.self)])
        #expect(try !self.isSound())
        #expect(throws: OperationError.self) { try rollback(workspace: self.workspace, to: 1) }
    }

    @Test func aLogThatWasCutWithItsHeadShowsByTheCatalog() throws {
        let lines = try self.lines()
        try self.corpus.run(.sync)
        let first = try #require(AuditLine.entry(of: Array(lines[0].utf8)[...]))
        try self.write([lines[0]])
        try AuditHead(count: 1, byteCount: lines[0].utf8.count + 1, hash: first.hash)
            .write(self.layout)
        let check = try verifyAuditLog(workspace: self.workspace)
        #expect(check.problems.contains { $0.contains("catalog") })
    }

    @Test func aLostFileShows() throws {
        try removeFile(self.layout.auditHead)
        #expect(try !self.isSound())
        #expect(throws: OperationError.self) { try rollback(workspace: self.workspace, to: 1) }
    }

    /// A writer that was killed after it had said what comes, in the middle of it, and before it said that it came.
    @Test func aKilledWriterLeavesASoundLog() throws {
        let head = try #require(try AuditHead.read(self.layout))
        var entry = try auditLog(workspace: self.workspace, limit: 1).entries[0]
        entry.sequence = 5
        entry.previous = head.hash
        let next = try AuditLine.bytes(of: entry)
        var pending = head
        pending.next = next.hash
        try pending.write(self.layout)
        #expect(try self.isSound())
        for count in [0, 1, next.bytes.count / 2, next.bytes.count - 1, next.bytes.count] {
            try writeFile(
                self.layout.auditLog,
                from: head.byteCount,
                Array(next.bytes.prefix(count))
            )
            #expect(try self.isSound(), "\(count)")
        }
        #expect(try auditLog(workspace: self.workspace, limit: 9).count == 5)
        _ = try rollback(workspace: self.workspace, to: 1)
        #expect(try auditLog(workspace: self.workspace, limit: 9).count == 6)
        #expect(try self.isSound())
    }

    @Test func whatSteersATerminalIsTakenOut() throws {
        _ = try pinSnapshot(1, reason: "for \u{1B}[31mred\u{07}", workspace: self.workspace)
        let entry = try auditLog(workspace: self.workspace, limit: 1).entries[0]
        #expect(entry.details["reason"] == "for  [31mred ")
        #expect(try self.isSound())
    }
}
