import Foundation
import Hashing
import Records
import Segments
import Storage
import Testing

@testable import Operations

/// A forgotten document leaves no byte behind, its receipt proves it, and no run brings it back.
@Suite struct ErasureTests {
    let corpus: TestCorpus
    private static let secret = "zebrafinchquokka"
    private static let uri = "docs/private.md"

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(5, sections: 1)
        try self.writePrivate("private.md")
        try self.corpus.run()
    }

    private var workspace: String { self.corpus.workspace }

    private func writePrivate(_ name: String, title: String = "Private") throws {
        try self.corpus.write(
            name,
            TestDocument(title: title, sections: ["A letter of \(Self.secret) about the garden."])
        )
    }

    private func forget(
        _ request: ErasureRequest = .uris([Self.uri]),
        copies: Bool = false,
        key: String? = nil
    ) throws -> ForgetReport {
        var options = RunOptions()
        options.isolation = .none
        options.workerCount = 2
        return try Operations.forget(
            request,
            pipeline: try self.corpus.pipelineFile(),
            includesCopies: copies,
            keyPath: key,
            options: options
        )
    }

    private func verify(_ receipt: String, text: String? = Self.secret) throws -> [String] {
        var request = ReceiptRequest(receipt: receipt)
        request.uri = Self.uri
        request.text = text
        return try verifyReceipt(request).problems
    }

    private func uris() throws -> Set<String> {
        Set(try self.corpus.search("letter garden", mode: .bm25, count: 50).hits.map(\.uri))
    }

    @Test func nothingIsLeftAndNoSyncBringsItBack() throws {
        #expect(try self.uris().contains(Self.uri))
        let reader = try WorkspaceReader(root: self.workspace)
        #expect(try !filesHolding(Array(Self.secret.utf8), in: reader).isEmpty)
        let report = try self.forget()
        #expect(report.documents == 1)
        #expect(report.leftovers.isEmpty)
        #expect(report.bytesScanned > 0)
        #expect(try self.verify(report.receipt).isEmpty)
        #expect(try !self.uris().contains(Self.uri))

        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .unchanged)
        #expect(summary.accounts.excluded == 1)
        #expect(summary.accounts.listed == 6)
        #expect(summary.exclusions?["forget: forgotten"] == 1)
        #expect(try !self.uris().contains(Self.uri))
        #expect(try self.verify(report.receipt).isEmpty)
        #expect(try audit(workspace: self.workspace).problems.isEmpty)
        #expect(try Operations.verify(workspace: self.workspace).problems.isEmpty)
        #expect(try self.corpus.run(.sync) { $0.isParanoid = true }.outcome == .unchanged)
        #expect(
            try auditLog(workspace: self.workspace, limit: 9).entries.contains {
                $0.action == .forget
            }
        )
        #expect(try verifyAuditLog(workspace: self.workspace).isSound)
    }

    @Test func itIsNotTakenUpUnderAnotherName() throws {
        let report = try self.forget()
        try self.corpus.rename("private.md", to: "renamed.md")
        let summary = try self.corpus.run(.sync)
        #expect(summary.accounts.excluded == 1)
        #expect(try self.verify(report.receipt).isEmpty)
        #expect(try self.uris().allSatisfy { !$0.contains("renamed") })
        // Another text under a name that is forgotten is left out as well.
        try self.writePrivate("private.md", title: "Another")
        #expect(try self.corpus.run(.sync).accounts.excluded == 2)
    }

    @Test func aReceiptIsOfOneWorkspaceAndCannotBeChanged() throws {
        let report = try self.forget()
        let bytes = try readFile(report.receipt, maximumBytes: 1 << 20)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains(Self.secret) && !text.contains(Self.uri))
        let changed = self.corpus.root + "/changed.json"
        try Data(
            text.replacingOccurrences(of: "\"chunksShared\":0", with: "\"chunksShared\":1").utf8
        )
        .write(to: URL(filePath: changed))
        #expect(try self.verify(changed).contains { $0.contains("signature") })
        var other = ReceiptRequest(receipt: report.receipt)
        other.uri = "docs/a000.md"
        #expect(try verifyReceipt(other).problems.contains { $0.contains("not of the URI") })
        other.uri = nil
        other.publicKey = String(repeating: "0", count: 64)
        #expect(try verifyReceipt(other).problems.contains { $0.contains("signed by the key") })
        #expect(throws: OperationError.self) {
            try verifyReceipt(ReceiptRequest(receipt: self.corpus.path("a000.md")))
        }
        let attributes = try FileManager.default.attributesOfItem(
            atPath: WorkspaceLayout(root: self.workspace).erasureKey
        )
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func whatIsLeftIsFound() throws {
        let report = try self.forget()
        let id = documentID(uri: Self.uri)
        try Data([UInt8](repeating: 7, count: 5_000_001) + id.bytes)
            .write(to: URL(filePath: self.workspace + "/stray"))
        #expect(try self.verify(report.receipt).contains { $0.contains("stray") })
        try removeFile(self.workspace + "/stray")
        #expect(try self.verify(report.receipt).isEmpty)
        try removeFile(WorkspaceLayout(root: self.workspace).forgotten)
        #expect(
            try self.verify(report.receipt).contains { $0.contains("bring the documents back") }
        )
    }

    @Test func copiesStayUnlessTheyAreAskedFor() throws {
        try self.writePrivate("second.md")
        try self.writePrivate("third.md")
        try self.corpus.run(.sync)
        let first = try self.forget()
        #expect(first.copiesKept == 2)
        #expect(try self.verify(first.receipt, text: nil).isEmpty)
        // One of the two stands for both; which one follows from their ids.
        let served = try #require(try self.uris().first)
        #expect(try self.uris() == [served])
        #expect(["docs/second.md", "docs/third.md"].contains(served))
        #expect(try self.corpus.run(.sync).accounts.excluded == 1)
        let rest = try self.forget(.uris([served]), copies: true)
        #expect(rest.documents == 2)
        #expect(try self.uris().isEmpty)
        #expect(try self.verify(first.receipt).isEmpty)
    }

    @Test func pinnedSnapshotsThatHoldItGo() throws {
        _ = try pinSnapshot(1, reason: "kept", workspace: self.workspace)
        try self.corpus.write("more.md", TestDocument(title: "More", seed: 9, sections: 1))
        try self.corpus.run(.sync)
        let report = try self.forget()
        #expect(report.snapshotsDropped == [1])
        #expect(try snapshotNumbers(workspace: self.workspace).count == 1)
        #expect(try self.verify(report.receipt).isEmpty)
    }

    @Test func aQueryNamesManyAndAPseudonymThoseThatHoldAValue() throws {
        try self.corpus.write("mail/one.md", Array("# One\n\nFrom kim.lee@corp.io today.\n".utf8))
        try self.corpus.write("mail/two.md", Array("# Two\n\nNo one wrote this.\n".utf8))
        try self.corpus.run(.sync)
        let query = self.corpus.root + "/query.txt"
        try Data("uri=docs/mail/ title=Two\n".utf8).write(to: URL(filePath: query))
        #expect(try self.forget(.query(path: query)).documents == 1)
        try Data("size=3\n".utf8).write(to: URL(filePath: query))
        #expect(throws: OperationError.self) { try self.forget(.query(path: query)) }
        #expect(throws: OperationError.self) { try self.forget(.pseudonym("kim")) }
        #expect(throws: OperationError.self) { try self.forget(.pseudonym("0123456789abcdef")) }
        #expect(throws: OperationError.self) { try self.forget(.uris(["docs/none.md"])) }
    }

    /// Ended by a crash after each durable step of its first half, then asked for again.
    @Test func whatWasCutShortIsEndedByTheNextCall() throws {
        let layout = WorkspaceLayout(root: self.workspace)
        var options = RunOptions()
        options.isolation = .none
        options.cancellation.request()
        #expect(throws: OperationError.self) {
            try Operations.forget(
                .uris([Self.uri]),
                pipeline: try self.corpus.pipelineFile(),
                options: options
            )
        }
        #expect(fileExists(layout.pendingErasure))
        let report = try self.forget()
        #expect(report.documents == 1)
        #expect(try self.verify(report.receipt).isEmpty)
        #expect(!fileExists(layout.pendingErasure))
        // Once more is no error: it proves the same again.
        let again = try self.forget()
        #expect(again.documents == 1)
        #expect(try self.verify(again.receipt).isEmpty)
    }

    @Test func aLostKeyOrListStopsEveryRun() throws {
        _ = try self.forget()
        let layout = WorkspaceLayout(root: self.workspace)
        let key = try readFile(layout.erasureKey, maximumBytes: 1 << 10)
        try removeFile(layout.erasureKey)
        #expect(throws: OperationError.self) { try self.corpus.run(.sync) }
        try createPrivateFile(layout.erasureKey, key)
        #expect(try self.corpus.run(.sync).accounts.excluded == 1)
        try replaceFile(layout.forgotten, with: [0x7B])
        #expect(throws: OperationError.self) { try self.corpus.run(.sync) }
    }

    @Test func aBackupKeepsTheListTheKeyAndTheLog() throws {
        let report = try self.forget()
        let copy = self.corpus.root + "/backup"
        _ = try backup(workspace: self.workspace, to: copy)
        let restored = self.corpus.workspace("restored")
        _ = try restore(from: copy, to: restored)
        #expect(try verifyAuditLog(workspace: restored).isSound)
        var request = ReceiptRequest(receipt: report.receipt)
        request.workspace = restored
        request.uri = Self.uri
        request.text = Self.secret
        #expect(try verifyReceipt(request).problems.isEmpty)
        #expect(try self.corpus.run(.sync, workspace: restored).accounts.excluded == 1)
    }

    @Test func aRetentionTakesOutWhatIsOld() throws {
        try self.corpus.touch("private.md", seconds: 1_000_000_000)
        self.corpus.pipeline.rootLines = ["retention: { sources: { docs: 3650 } }"]
        let summary = try self.corpus.run(.sync)
        #expect(summary.accounts.excluded == 1)
        #expect(summary.removed == 1)
        #expect(summary.accounts.held == 0)
        let reader = try WorkspaceReader(root: self.workspace)
        #expect(try filesHolding(Array(Self.secret.utf8), in: reader).isEmpty)
        #expect(try self.corpus.run(.sync).accounts.excluded == 1)
    }

    /// Among so many that its segment would be kept with the document buried in it.
    @Test func aRetentionLeavesASignedReceipt() throws {
        try self.corpus.fill(60, sections: 1)
        try self.corpus.run(.sync)
        try self.corpus.touch("private.md", seconds: 1_000_000_000)
        _ = try pinSnapshot(2, reason: "the second", workspace: self.workspace)
        self.corpus.pipeline.rootLines = ["retention: { sources: { docs: 3650 } }"]
        let summary = try self.corpus.run(.sync)
        let path = try #require(summary.retentionReceipt)
        #expect(try self.verify(path).isEmpty)
        let receipt = try SignedReceipt(path: path).receipt
        #expect(receipt.request == "retention")
        #expect(receipt.documents.map(\.id) == [documentID(uri: Self.uri).hex])
        #expect(receipt.after.digest == summary.digest)
        #expect(receipt.snapshotsDropped == [2])
        #expect(!fileExists(WorkspaceLayout(root: self.workspace).pendingRetention))
        // Nothing goes a second time, and the log tells of the first.
        #expect(try self.corpus.run(.sync).retentionReceipt == nil)
        #expect(try verifyAuditLog(workspace: self.workspace).isSound)
        // Young again it comes back; the receipt is still one of the version that went.
        try self.writePrivate("private.md", title: "Private again")
        #expect(try self.corpus.run(.sync).accounts.excluded == 0)
        var request = ReceiptRequest(receipt: path)
        request.uri = Self.uri
        let again = try verifyReceipt(request)
        #expect(again.returned == 1)
    }

    @Test func aRetentionInItemsLeavesTheSameReceipt() throws {
        try self.corpus.fill(60, sections: 1)
        try self.corpus.run(.sync)
        try self.corpus.touch("private.md", seconds: 1_000_000_000)
        self.corpus.pipeline.rootLines = ["retention: { sources: { docs: 3650 } }"]
        var engine = ItemEngine(self.corpus, seed: 1)
        let summary = try engine.run()
        #expect(summary.accounts.excluded == 1 && summary.accounts.held == 0)
        let path = try #require(summary.retentionReceipt)
        #expect(try self.verify(path).isEmpty)
        let receipt = try SignedReceipt(path: path).receipt
        #expect(receipt.documents.map(\.id) == [documentID(uri: Self.uri).hex])
        let reader = try WorkspaceReader(root: self.workspace)
        #expect(try filesHolding(Array(Self.secret.utf8), in: reader).isEmpty)
    }

    /// Ended by a crash between the deletion and the proof: the next run that publishes proves it.
    @Test func aRetentionThatWasCutShortIsProvedByTheNextRun() throws {
        try self.corpus.touch("private.md", seconds: 1_000_000_000)
        self.corpus.pipeline.rootLines = ["retention: { days: 3650 }"]
        let layout = WorkspaceLayout(root: self.workspace)
        let receipt = try #require(try self.corpus.run(.sync).retentionReceipt)
        let signed = try SignedReceipt(path: receipt).receipt
        var pending = PendingErasure(request: signed.request, before: signed.before)
        pending.documents = signed.documents
        pending.digests = signed.digests
        try pending.write(to: layout.pendingRetention, in: layout)
        let again = try #require(try self.corpus.run(.sync).retentionReceipt)
        #expect(try self.verify(again).isEmpty)
        #expect(!fileExists(layout.pendingRetention))
    }

    @Test func aRetentionTakesOutByLabelAndByAge() throws {
        try self.corpus.touch("private.md", seconds: 1_000_000_000)
        self.corpus.pipeline.rootLines = [
            "labels: [{ path: \"private*\", labels: [applicants] }, { labels: [staff] }]",
            "retention: { labels: { applicants: 180, others: 1 } }",
        ]
        let summary = try self.corpus.run(.sync)
        #expect(summary.accounts.excluded == 1)
        #expect(summary.accounts.held == 0)
        let reader = try WorkspaceReader(root: self.workspace)
        #expect(try filesHolding(Array(Self.secret.utf8), in: reader).isEmpty)
        self.corpus.pipeline.rootLines[1] = "retention: { days: 36500 }"
        #expect(try self.corpus.run(.sync).accounts.excluded == 0)
        self.corpus.pipeline.rootLines[1] = "retention: { days: 3650 }"
        #expect(try self.corpus.run(.sync).accounts.excluded == 1)
    }
}
