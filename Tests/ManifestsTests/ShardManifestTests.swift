import Hashing
import Manifests
import Records
import Testing

@Suite struct ShardManifestTests {
    let folder: TemporaryFolder
    let manifest: ShardManifest

    init() throws {
        self.folder = try TemporaryFolder()
        self.manifest = try ShardManifest(path: self.folder("manifest.sqlite"), mode: .create)
    }

    @Test func versionComesBackAsItWas() throws {
        let item = item("a", priority: 3)
        let redactions = [Redaction(kind: "EMAIL", rule: "email", range: 3..<10)]
        try self.manifest.commit(
            [success(item, signature: signature("s"), redactions: redactions)],
            run: 1,
            at: 1_000
        )
        let record = try #require(try self.manifest.document(item.id))
        let document = try #require(record.version?.document)
        let expected = prepared(item, signature: signature("s"), redactions: redactions)
        #expect(record.item == item)
        #expect(record.state == .prepared)
        #expect(record.version?.contentHash == sha256("content"))
        #expect(record.version?.fingerprint == sha256("v1"))
        #expect(record.exclusion == nil)
        #expect(record.deadLetter == nil)
        var left = ByteWriter()
        var right = ByteWriter()
        document.encode(to: &left)
        expected.encode(to: &right)
        #expect(left.bytes == right.bytes)
    }

    @Test func documentWithoutTextOrSignatureComesBack() throws {
        let item = item("empty")
        var document = prepared(item, text: "      ")
        document.blocks = []
        document.compressedText = []
        document.metadata = [:]
        document.warnings = []
        try self.manifest.commit(
            [
                .prepared(
                    item,
                    contentHash: sha256("c"),
                    fingerprint: sha256("f"),
                    document: document
                )
            ],
            run: 1,
            at: 1
        )
        let version = try #require(try self.manifest.document(item.id)?.version)
        #expect(version.document.compressedText.isEmpty)
        #expect(version.document.metadata.isEmpty)
        #expect(version.document.signature == nil)
        #expect(
            try self.manifest.comparedText(of: item.id, where: { exact, _, _ in exact == .zero })
                == nil
        )
    }

    @Test func failedUpdateKeepsTheVersionAndSaysStale() throws {
        let item = item("a")
        try self.manifest.commit([success(item)], run: 1, at: 1_000)
        try self.manifest.commit([failure(item)], run: 2, at: 2_000)
        let record = try #require(try self.manifest.document(item.id))
        #expect(record.state == .stale)
        #expect(record.version?.contentHash == sha256("content"))
        #expect(record.listedHash == sha256("bad content"))
        #expect(record.deadLetter?.failure.code == .corrupt)
        #expect(record.deadLetter?.run == 2)
        #expect(try self.manifest.canonicalDocuments(after: nil).map(\.id) == [item.id])
    }

    @Test func firstFailureServesNothing() throws {
        let item = item("a")
        try self.manifest.commit([failure(item, content: nil, code: .unreadable)], run: 1, at: 1)
        let record = try #require(try self.manifest.document(item.id))
        #expect(record.state == .failed)
        #expect(record.version == nil)
        #expect(record.listedHash == nil)
        #expect(try self.manifest.canonicalDocuments(after: nil).isEmpty)
        #expect(try self.manifest.unresolved(after: nil, limit: 9).isEmpty)
    }

    @Test func successClearsTheDeadLetter() throws {
        let item = item("a")
        try self.manifest.commit([failure(item)], run: 1, at: 1)
        #expect(try self.manifest.deadLetters().map(\.uri) == [item.uri])
        try self.manifest.commit([success(item)], run: 2, at: 2)
        #expect(try self.manifest.deadLetters().isEmpty)
        #expect(try self.manifest.document(item.id)?.state == .prepared)
    }

    @Test func attemptsCountTheSameContentAndFingerprintOnly() throws {
        let item = item("a")
        func attempts(_ record: PrepareRecord, at time: Int64) throws -> Int? {
            try self.manifest.commit([record], run: time, at: time)
            return try self.manifest.deadLetter(of: item.id)?.attempts
        }
        #expect(try attempts(failure(item), at: 1) == 1)
        #expect(try attempts(failure(item), at: 2) == 2)
        #expect(try attempts(failure(item), at: 3) == 3)
        #expect(try attempts(failure(item, content: "other"), at: 4) == 1)
        #expect(try attempts(failure(item, content: "other", fingerprint: "v2"), at: 5) == 1)
        #expect(try attempts(failure(item, content: "other", fingerprint: "v2"), at: 6) == 2)
        let letter = try self.manifest.deadLetter(of: item.id)
        #expect(letter?.firstSeenMilliseconds == 1)
        #expect(letter?.lastSeenMilliseconds == 6)
    }

    @Test func exclusionDropsTheVersionAndNamesThePolicy() throws {
        let item = item("a")
        try self.manifest.commit([success(item, signature: signature("s"))], run: 1, at: 1)
        try self.manifest.markAllResolved()
        try self.manifest.commit([exclusion(item)], run: 2, at: 2)
        let record = try #require(try self.manifest.document(item.id))
        #expect(record.state == .excluded)
        #expect(record.version == nil)
        #expect(record.exclusion?.stage == "language")
        #expect(record.exclusion?.reason == "language xx is not wanted")
        #expect(
            try self.manifest.comparedText(
                of: item.id,
                where: { exact, _, _ in exact == sha256("s") }
            )
                == nil
        )
        let unresolved = try self.manifest.unresolved(after: nil, limit: 9)
        #expect(unresolved.map(\.id) == [item.id])
        #expect(unresolved.map(\.signature) == [nil])
        try self.manifest.commit([success(item)], run: 3, at: 3)
        #expect(try self.manifest.document(item.id)?.exclusion == nil)
    }

    @Test func removalLeavesNothingButTheNoteForDedupe() throws {
        let gone = item("gone")
        try self.manifest.commit(
            [
                success(
                    gone,
                    signature: signature("s"),
                    redactions: [Redaction(kind: "IP", rule: "ipv4", range: 0..<4)]
                ),
                failure(gone),
            ],
            run: 1,
            at: 1
        )
        try self.manifest.storeMaterialised(
            chunkSets: [
                ChunkSet(
                    document: gone.id,
                    stage: "chunk",
                    fingerprint: sha256("c"),
                    chunks: [chunk(0, "x")]
                )
            ],
            vectors: []
        )
        try self.manifest.markAllResolved()
        try self.manifest.commit([.removed(gone.id)], run: 2, at: 2)
        #expect(try self.manifest.document(gone.id) == nil)
        #expect(try self.manifest.totals() == ShardTotals())
        #expect(try self.manifest.listing().isEmpty)
        #expect(try self.manifest.unresolved(after: nil, limit: 9).map(\.id) == [gone.id])
        // Gone already: no error, and no second note.
        try self.manifest.markAllResolved()
        try self.manifest.commit([.removed(gone.id)], run: 3, at: 3)
        #expect(try self.manifest.unresolved(after: nil, limit: 9).isEmpty)
    }

    @Test func touchChangesTheListingOnly() throws {
        let before = item("a")
        try self.manifest.commit([success(before)], run: 1, at: 1)
        try self.manifest.markAllResolved()
        let touched = item("a", size: 11, mtime: 99)
        try self.manifest.commit([.touched(touched)], run: 2, at: 2)
        let row = try #require(try self.manifest.listing(includingURIs: true).first)
        #expect(row.modificationNanoseconds == 99)
        #expect(row.size == 11)
        #expect(row.version == touched.version)
        #expect(row.uri == before.uri)
        #expect(row.listedHash == sha256("content"))
        #expect(row.attemptFingerprint == sha256("v1"))
        #expect(try self.manifest.unresolved(after: nil, limit: 9).isEmpty)
        try self.manifest.commit([.touched(item("a", priority: 7))], run: 3, at: 3)
        #expect(try self.manifest.unresolved(after: nil, limit: 9).count == 1)
    }

    @Test func touchOfAnUnknownDocumentUndoesTheBatch() throws {
        let error = #expect(throws: ManifestError.self) {
            try self.manifest.commit([success(item("a")), .touched(item("b"))], run: 1, at: 1)
        }
        #expect(error?.code == .unknownKey)
        #expect(try self.manifest.documentCount() == 0)
    }

    @Test func listingAscendsByID() throws {
        let items = (0..<100).map { item("\($0)") }
        try self.manifest.commit(items.map { success($0) }, run: 1, at: 1)
        let rows = try self.manifest.listing()
        #expect(rows.map(\.id) == items.map(\.id).sorted())
        #expect(rows.allSatisfy { $0.uri == nil && $0.source == "docs" })
    }

    @Test func totalsAccountForEveryDocument() throws {
        var records: [PrepareRecord] = []
        for number in 0..<4 {
            let language = number < 3 ? "de" : "en"
            let redactions = [Redaction(kind: "EMAIL", rule: "r", range: 0..<number)]
            records.append(
                success(item("p\(number)"), language: language, redactions: redactions)
            )
        }
        records += [failure(item("f")), exclusion(item("x")), failure(item("p0"))]
        try self.manifest.commit(records, run: 1, at: 1)
        try self.manifest.setResolutions([
            Resolution(id: item("p1").id, canonical: item("p2").id, similarity: 0.9)
        ])
        let set = ChunkSet(
            document: item("p2").id,
            stage: "chunk",
            fingerprint: sha256("c"),
            chunks: [chunk(0, "x"), chunk(1, "y")]
        )
        var hidden = set
        hidden.document = item("p1").id
        try self.manifest.storeMaterialised(chunkSets: [set, hidden], vectors: [])
        let totals = try self.manifest.totals()
        #expect(totals.documents.documents == 6)
        #expect(totals.documents.canonical == 3)
        #expect(totals.documents.duplicate == 1)
        #expect(totals.documents.excluded == 1)
        #expect(totals.documents.failed == 1)
        #expect(totals.documents.stale == 1)
        #expect(totals.languages == ["de": 2, "en": 1])
        #expect(totals.mediaTypes == ["text/html": 3])
        #expect(totals.redactions == ["EMAIL": 4])
        #expect(totals.chunks == ["chunk": 2])
        #expect(totals.tokens == ["chunk": 41])
        #expect(totals.deadLetters == 2)
        #expect(totals.textByteCount == 30)
        var sum = totals
        sum += totals
        #expect(sum.documents.documents == 12)
        #expect(sum.languages == ["de": 4, "en": 2])
    }
}
