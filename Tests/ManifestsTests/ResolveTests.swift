import Hashing
import Manifests
import Records
import Testing

@Suite struct ResolveTests {
    let folder: TemporaryFolder
    let manifest: ShardManifest
    let items = (0..<10).map { item("\($0)", priority: $0) }

    init() throws {
        self.folder = try TemporaryFolder()
        self.manifest = try ShardManifest(path: self.folder("manifest.sqlite"), mode: .create)
        try self.manifest.commit(
            self.items.map { success($0, signature: signature($0.uri)) },
            run: 1,
            at: 1
        )
    }

    @Test func signaturesAreVisitedByID() throws {
        var rows: [SignatureRow] = []
        try self.manifest.visitSignatures { rows.append($0) }
        let expected = self.items.sorted { $0.id < $1.id }
        #expect(rows.map(\.id) == expected.map(\.id))
        #expect(rows.map(\.uri) == expected.map(\.uri))
        #expect(rows.map(\.priority) == expected.map(\.priority))
        #expect(rows.map(\.exact) == expected.map { sha256($0.uri) })
        #expect(signature("").bandKeys.count == 21)
        #expect(rows.allSatisfy { $0.bandKeys == signature("").bandKeys })
        #expect(
            try self.manifest.comparedText(
                of: self.items[0].id,
                where: { exact, _, _ in exact == sha256(self.items[0].uri) }
            ) == self.manifest.compressedText(of: self.items[0].id)
        )
        #expect(
            try self.manifest.comparedText(
                of: self.items[0].id,
                where: { exact, _, _ in exact == .zero }
            ) == nil
        )
    }

    @Test func documentWithoutTokensHasAnEmptySignature() throws {
        let blank = item("blank")
        try self.manifest.commit(
            [success(blank, signature: Signature(exact: .zero, minimums: []))],
            run: 1,
            at: 1
        )
        let row = try self.manifest.signatures(after: nil, limit: 99).first { $0.id == blank.id }
        #expect(row?.bandKeys == [])
        #expect(row?.exact == .zero)
    }

    @Test func unresolvedDocumentsStayUntilMarked() throws {
        let first = try self.manifest.unresolved(after: nil, limit: 4)
        let rest = try self.manifest.unresolved(after: first.last?.id, limit: 99)
        #expect((first + rest).map(\.id) == self.items.map(\.id).sorted())
        #expect((first + rest).allSatisfy { $0.signature?.id == $0.id })
        #expect(try self.manifest.unresolvedCount() == self.items.count)
        try self.manifest.markAllResolved()
        #expect(try self.manifest.unresolvedCount() == 0)
        #expect(try self.manifest.unresolved(after: nil, limit: 99) == [])
    }

    @Test func onlyChangedResolutionsAreWritten() throws {
        let duplicates = [
            Resolution(id: self.items[1].id, canonical: self.items[0].id, similarity: 0.8),
            Resolution(id: self.items[2].id, canonical: self.items[0].id, similarity: 1),
            Resolution(id: self.items[3].id, canonical: nil, similarity: nil),
        ]
        #expect(try self.manifest.setResolutions(duplicates) == 2)
        #expect(try self.manifest.setResolutions(duplicates) == 0)
        #expect(try self.manifest.document(self.items[1].id)?.resolution == duplicates[0])
        #expect(
            try self.manifest.duplicates(of: self.items[0].id)
                == [self.items[1].id, self.items[2].id].sorted()
        )
        let other = Resolution(id: self.items[1].id, canonical: self.items[0].id, similarity: 0.81)
        #expect(try self.manifest.setResolutions([other, duplicates[1]]) == 1)
        #expect(try self.manifest.document(self.items[2].id)?.resolution == duplicates[1])
        #expect(
            try self.manifest.resolvedDocuments() == [self.items[1].id, self.items[2].id].sorted()
        )
        let ids = self.items.map(\.id)
        #expect(try self.manifest.setResolutions(ids.map(Resolution.alone)) == 2)
        #expect(try self.manifest.totals().documents.duplicate == 0)
        #expect(try self.manifest.resolvedDocuments().isEmpty)
    }

    @Test func decisionsOnDocumentsThatAreGoneAreLeftOut() throws {
        let gone = Resolution(
            id: documentID(uri: "gone"),
            canonical: self.items[0].id,
            similarity: 1
        )
        #expect(try self.manifest.setResolutions([gone]) == 0)
    }

    @Test func groupsAreWrittenLikeDuplicates() throws {
        try self.manifest.setIndexes([])
        let ids = self.items.map(\.id)
        let grouped = [
            Resolution(id: ids[0], canonical: nil, similarity: nil, group: ids[0]),
            Resolution(id: ids[1], canonical: nil, similarity: nil, group: ids[0]),
            Resolution(id: ids[2], canonical: ids[1], similarity: 0.9),
        ]
        #expect(try self.manifest.setResolutions(grouped) == 3)
        #expect(try self.manifest.unindexed() == ids.prefix(3).sorted())
        #expect(try self.manifest.document(ids[1])?.resolution == grouped[1])
        #expect(try self.manifest.members(ofGroup: ids[0]) == ids.prefix(2).sorted())
        #expect(try self.manifest.totals().grouped == 2)
        #expect(try self.manifest.totals().groups == 1)
        #expect(try self.manifest.totals().documents.canonical == 9)
        let served = try self.manifest.canonicalDocuments(after: nil)
        #expect(
            Set(served.filter { $0.group == ids[0] }.map(\.id)) == Set(ids.prefix(2))
        )
        #expect(try self.manifest.setResolutions(grouped) == 0)
        try self.manifest.commit([exclusion(self.items[1])], run: 2, at: 2)
        #expect(try self.manifest.document(ids[1])?.resolution.group == nil)
        #expect(try self.manifest.resolvedDocuments() == [ids[0], ids[2]].sorted())
        #expect(try self.manifest.setResolutions(ids.map(Resolution.alone)) == 2)
        #expect(try self.manifest.totals().groups == 0)
    }

    @Test func signaturesWithoutFactsAreOfTheFirstRevision() throws {
        let rows = try self.manifest.signatures(after: nil, limit: 99)
        #expect(rows.allSatisfy { $0.facts == 0 && $0.textHash != .zero })
        try self.manifest.dropFirstSignatures()
        #expect(try self.manifest.signatures(after: nil, limit: 99).count == rows.count)
    }

    @Test func newVersionKeepsItsResolutionUntilResolved() throws {
        let duplicate = Resolution(
            id: self.items[1].id,
            canonical: self.items[0].id,
            similarity: 0.8
        )
        try self.manifest.setResolutions([duplicate])
        try self.manifest.commit([success(self.items[1], text: "New text")], run: 2, at: 2)
        #expect(try self.manifest.document(self.items[1].id)?.resolution == duplicate)
        try self.manifest.commit([exclusion(self.items[1])], run: 3, at: 3)
        #expect(try self.manifest.document(self.items[1].id)?.resolution.canonical == nil)
    }

    @Test func unindexedIsWhatChangedForTheSegmentsOnly() throws {
        try self.manifest.setIndexes([])
        func unindexed(after change: () throws -> Void) throws -> [DocumentID] {
            try change()
            defer { try? self.manifest.setIndexes([]) }
            return try self.manifest.unindexed()
        }
        let item = self.items[1]
        let duplicate = Resolution(id: item.id, canonical: self.items[0].id, similarity: 0.8)
        let manifest = self.manifest
        func commit(_ record: PrepareRecord) throws -> [DocumentID] {
            try unindexed { try manifest.commit([record], run: 2, at: 2) }
        }
        #expect(try commit(.touched(item)) == [])
        #expect(try commit(failure(item)) == [])
        #expect(try unindexed { try manifest.markAllResolved() } == [])
        #expect(try commit(success(item, text: "Other text")) == [item.id])
        #expect(try commit(success(item, text: "Other text")) == [])
        #expect(try commit(success(item, text: "Other text", language: "fr")) == [item.id])
        #expect(try unindexed { try manifest.setResolutions([duplicate]) } == [item.id])
        #expect(try unindexed { try manifest.setResolutions([duplicate]) } == [])
        #expect(try unindexed { try manifest.setResolutions([.alone(item.id)]) } == [item.id])
        #expect(try commit(exclusion(item)) == [item.id])
        #expect(try commit(.removed(item.id)) == [])
        #expect(try commit(.removed(self.items[2].id)) == [self.items[2].id])
    }

    @Test func heldDeletionsKeepTheRunThatHeldThemFirst() throws {
        let ids = self.items.prefix(3).map(\.id).sorted()
        try self.manifest.setHeld(Array(ids.prefix(2)), run: 4)
        try self.manifest.setHeld(ids, run: 5)
        #expect(try self.manifest.heldDeletions().map(\.run) == [4, 4, 5])
        #expect(try self.manifest.totals().documents.held == 3)
        #expect(try self.manifest.approveHeld(ofRun: 4) == 2)
        #expect(try self.manifest.heldDeletions().map(\.isApproved) == [true, true, false])
        try self.manifest.commit([.removed(ids[0])], run: 6, at: 6)
        #expect(try self.manifest.heldDeletions().map(\.id) == Array(ids.dropFirst()))
        try self.manifest.setHeld([], run: 6)
        #expect(try self.manifest.heldDeletions().isEmpty)
    }

    @Test func indexesAreReplacedAsAWhole() throws {
        let first = IndexRecord(name: "a", fingerprint: sha256("1"), segments: ["x", "y"])
        let second = IndexRecord(name: "b", fingerprint: sha256("2"), segments: [])
        #expect(try self.manifest.hasUnindexed())
        try self.manifest.setIndexes([second, first])
        #expect(try self.manifest.indexes() == [first, second])
        #expect(try !self.manifest.hasUnindexed())
        try self.manifest.setIndexes([second])
        #expect(try self.manifest.indexes() == [second])
    }

    @Test func documentsWithoutASignatureGetOneFromTheirText() throws {
        let plain = item("unsigned")
        try self.manifest.commit([success(plain, text: "Plain text")], run: 1, at: 1)
        let found = try self.manifest.unsigned(after: nil, limit: 9)
        #expect(found.map(\.id) == [plain.id])
        #expect(found.map(\.textByteCount) == [10])
        let signature = Signature(exact: sha256("s"), bandKeys: [1, 2])
        try self.manifest.sign([(plain.id, signature)])
        #expect(try self.manifest.unsigned(after: nil, limit: 9).isEmpty)
        #expect(
            try self.manifest.comparedText(
                of: plain.id,
                where: { exact, _, _ in exact == sha256("s") }
            )?.textByteCount == 10
        )
        try self.manifest.dropSignatures()
        #expect(try self.manifest.unsigned(after: nil, limit: 99).count == self.items.count + 1)
    }

    @Test func allSignaturesCanBeResolvedAgain() throws {
        try self.manifest.commit([success(item("unsigned"))], run: 1, at: 1)
        try self.manifest.markAllResolved()
        #expect(try self.manifest.unresolved(after: nil, limit: 99).isEmpty)
        try self.manifest.markAllUnresolved()
        #expect(
            try self.manifest.unresolved(after: nil, limit: 99).map(\.id)
                == self.items.map(\.id).sorted()
        )
    }
}

extension Resolution {
    fileprivate static func alone(_ id: DocumentID) -> Resolution {
        Resolution(id: id, canonical: nil, similarity: nil)
    }
}
