internal import GRDB
internal import Records

extension ShardManifest {
    /// Checkpoints a batch of the prepare phase: one transaction, all or nothing.
    ///
    /// - A success replaces the version and clears the dead letter.
    /// - A failure keeps a version that is there and marks the document stale; without one it is failed.
    ///   A policy that wants the document looked at (`quarantined`) takes the version away.
    /// - An exclusion drops the version; a removal drops everything.
    /// - Every change that dedupe must see puts the document on the list of ``unresolved(after:limit:)``,
    ///   every change of what is served on the list of ``unindexed()``.
    /// - Parameter time: Milliseconds since 1970, for the dead letters.
    /// - Parameter keepsServed: Whether the version that is served is kept beside its next one until that is
    ///   in the segments, so that ``setAside(_:run:at:)`` can bring it back.
    package func commit(
        _ records: [PrepareRecord],
        run: RunID,
        at time: Int64,
        keepsServed: Bool = false
    ) throws {
        try self.file.write { database in
            var batch = try CommitBatch(database, run: run, time: time, keepsServed: keepsServed)
            for record in records { try batch.apply(record, path: self.path) }
            try batch.finish()
        }
    }
}

/// One transaction's statements and the next free document number.
private struct CommitBatch {
    private let database: Database
    private let keepsServed: Bool
    private let run: RunID
    private let time: Int64
    private var nextNumber: Int64

    private let find: Statement
    private let listVersion: Statement
    private let listAttempt: Statement
    private let listTouch: Statement
    private let findVersion: Statement
    private let putVersion: Statement
    private let putSignature: Statement
    private let putRedactionCount: Statement
    private let putDeadLetter: Statement
    private let putUnresolved: Statement
    private let putUnindexed: Statement
    private let putNextNumber: Statement
    private let findChildren: Statement
    private let dropDocument: Statement
    private let dropVersion: Statement
    private let dropSignature: Statement
    private let dropRedactionCounts: Statement
    private let dropChunkSets: Statement
    private let dropDeadLetter: Statement
    private let dropHeld: Statement
    private let findPageBlocks: Statement
    private let putPageBlocks: Statement
    private let putPagesUndecided: Statement
    private let putChildrenUnindexed: Statement
    private let putChildrenUnresolved: Statement
    private let labelChildren: Statement
    private let dropPageBlocks: Statement

    init(_ database: Database, run: RunID, time: Int64, keepsServed: Bool) throws {
        self.database = database
        self.keepsServed = keepsServed
        func statement(_ sql: String) throws -> Statement {
            try database.cachedStatement(sql: sql)
        }
        self.run = run
        self.time = time
        self.nextNumber =
            try Int64.fetchOne(
                database,
                sql: "SELECT value FROM meta WHERE key = 'next_number'"
            ) ?? 1
        self.find = try statement(CommitSQL.find)
        self.listVersion = try statement(CommitSQL.listVersion)
        self.listAttempt = try statement(CommitSQL.listAttempt)
        self.listTouch = try statement(CommitSQL.listTouch)
        self.findVersion = try statement(CommitSQL.findVersion)
        self.putVersion = try statement(CommitSQL.putVersion)
        self.putSignature = try statement(CommitSQL.putSignature)
        self.putRedactionCount = try statement(CommitSQL.putRedactionCount)
        self.putDeadLetter = try statement(CommitSQL.putDeadLetter)
        self.putUnresolved = try statement(CommitSQL.putUnresolved)
        self.putUnindexed = try statement(CommitSQL.putUnindexed)
        self.putNextNumber = try statement(CommitSQL.putNextNumber)
        self.findChildren = try statement(
            "SELECT id, uri FROM documents WHERE parent = ? ORDER BY id"
        )
        self.dropDocument = try statement("DELETE FROM documents WHERE id = ?")
        self.dropVersion = try statement("DELETE FROM versions WHERE number = ?")
        self.dropSignature = try statement("DELETE FROM signatures WHERE number = ?")
        self.dropRedactionCounts = try statement("DELETE FROM redaction_counts WHERE number = ?")
        self.dropChunkSets = try statement("DELETE FROM chunk_sets WHERE number = ?")
        self.dropDeadLetter = try statement("DELETE FROM dead_letters WHERE id = ?")
        self.dropHeld = try statement("DELETE FROM held WHERE id = ?")
        self.findPageBlocks = try statement(CommitSQL.findPageBlocks)
        self.putPageBlocks = try statement(CommitSQL.putPageBlocks)
        self.putPagesUndecided = try statement(CommitSQL.putPagesUndecided)
        self.putChildrenUnindexed = try statement(
            "INSERT OR IGNORE INTO unindexed (id) SELECT id FROM documents WHERE parent = ?"
        )
        self.putChildrenUnresolved = try statement(
            "INSERT OR IGNORE INTO unresolved (id) SELECT id FROM documents WHERE parent = ?"
        )
        self.labelChildren = try statement("UPDATE documents SET labels = ? WHERE parent = ?")
        self.dropPageBlocks = try statement("DELETE FROM page_blocks WHERE number = ?")
    }

    mutating func apply(_ record: PrepareRecord, path: String) throws {
        switch record {
        case .prepared(let item, let contentHash, let fingerprint, let document):
            try self.succeed(item, contentHash, fingerprint, document)
        case .failed(let item, let contentHash, let fingerprint, let failure, let isQuarantined):
            try self.fail(item, contentHash, fingerprint, failure, isQuarantined: isQuarantined)
        case .excluded(let item, let contentHash, let fingerprint, let stage, let reason):
            try self.exclude(item, contentHash, fingerprint, stage: stage, reason: reason)
        case .touched(let item):
            try self.touch(item, path: path)
        case .removed(let id):
            try self.remove(id)
        case .holds(let children, let unread, let parent):
            try self.keepOnly(Set(children), unread: unread, in: parent)
        }
    }

    func finish() throws { try self.putNextNumber.run([self.nextNumber]) }

    private mutating func succeed(
        _ item: SourceItem,
        _ contentHash: Digest,
        _ fingerprint: Digest,
        _ document: PreparedDocument
    ) throws {
        let id = item.id
        let known = try self.known(id)
        let number = known?.number ?? self.takeNumber()
        let blocks = CodedBlocks(document)
        let metadata = MetadataCoding.encode(document.metadata)
        var kept = try self.kept(of: known, item, document, blocks: blocks, metadata: metadata)
        if self.keepsServed, let known, known.state.hasVersion, !kept.row {
            try self.database.supersede(id)
        }
        if let known { try self.noteSource(of: item, known) }
        let losesGaps = try self.replacePageBlocks(
            known?.number,
            by: document.pageBlocks,
            number: number
        )
        if losesGaps { kept.chunks = false }
        if !kept.chunks { try self.dropChunkSets.run([number]) }
        try self.listVersion.run([
            id, number, item.uri, item.source, item.priority, item.size,
            item.modificationNanoseconds, item.version, LabelCoding.encode(item.labels),
            DocumentState.prepared.rawValue, contentHash, fingerprint,
            document.mediaType.name, document.language, document.textByteCount, item.parent,
        ])
        try self.putVersion.run([
            number, contentHash, fingerprint, document.textHash, document.title,
            metadata, Double(document.languageConfidence),
            document.warnings.coded, document.redactions.coded,
            blocks.blocks, document.compressedText, document.policy,
            document.redactions.codedDecisions, blocks.places,
        ])
        if !kept.signature {
            try self.sign(number, document.signature, replacing: known != nil)
            try self.putUnresolved.run([id])
        }
        if !kept.row || losesGaps { try self.putUnindexed.run([id]) }
        try self.countRedactions(number, document.redactions, replacing: known != nil)
        if let known, known.state != .prepared { try self.dropDeadLetter.run([id]) }
    }

    /// Takes over what a page's blocks are compared by; the decision is made anew where it changed.
    ///
    /// - Returns: whether blocks were left out of the document that are not any more.
    private func replacePageBlocks(
        _ known: Int64?,
        by new: PageBlocks?,
        number: Int64
    ) throws -> Bool {
        let stored = try known.flatMap { try self.storedPageBlocks($0) }
        guard stored?.blocks != new else { return false }
        try self.putPagesUndecided.run([])
        if let new {
            try self.putPageBlocks.run([
                number, Int64(bitPattern: new.host), new.entries.coded,
            ])
        } else {
            try self.dropPageBlocks.run([number])
        }
        return stored?.hasGaps == true
    }

    private func storedPageBlocks(_ number: Int64) throws -> (blocks: PageBlocks, hasGaps: Bool)? {
        try self.findPageBlocks.first([number]) { row in
            (try row.pageBlocks(0), try !row.leftOut(2).isEmpty)
        }
    }

    /// A document's blocks as the manifest stores them.
    private struct CodedBlocks {
        let blocks: [UInt8]
        let places: [UInt8]?

        init(_ document: PreparedDocument) {
            self.blocks = document.blocks.coded
            self.places = document.blocks.map(\.place).coded
        }
    }

    /// What an earlier version and this one have in common.
    private struct Kept {
        /// Chunks depend on text, title, blocks and what is withheld only.
        var chunks = false
        /// What a segment says of the document beside its chunks is the same as well.
        var row = false
        /// The signature depends on title and text only, and its place in dedupe on the priority, on
        /// the address and date among the metadata, and on the letter case and layout of the text.
        var signature = false
    }

    private func kept(
        of known: Known?,
        _ item: SourceItem,
        _ document: PreparedDocument,
        blocks: CodedBlocks,
        metadata: String
    ) throws -> Kept {
        guard let known, known.state.hasVersion else { return Kept(chunks: known == nil) }
        let found = try self.findVersion.first([known.number, item.id]) { row in
            var kept = Kept()
            let isTextEqual = try row.digest(0) == document.textHash
            kept.chunks =
                try isTextEqual && row.string(1) == document.title
                && row.withBytes(2) { $0.elementsEqual(blocks.blocks) }
                && row.optionalBytes(8) == blocks.places
                && [Redaction](coded: row.bytes(9), decisions: row.optionalBytes(10))
                    .withheldRanges == document.redactions.withheldRanges
            kept.row =
                try kept.chunks && row.string(3) == metadata
                && row.string(4) == document.language
                && row.string(5) == document.mediaType.name && row.string(6) == item.source
                && known.labels == LabelCoding.encode(item.labels)
            let hasSignature = try row.integer(7) != 0
            kept.signature =
                try isTextEqual && row.string(1) == document.title && row.string(3) == metadata
                && known.priority == item.priority
                && known.labels == LabelCoding.encode(item.labels)
                && hasSignature == (document.signature != nil)
            return kept
        }
        return found ?? Kept()
    }

    private mutating func fail(
        _ item: SourceItem,
        _ contentHash: Digest?,
        _ fingerprint: Digest,
        _ failure: StageFailure,
        isQuarantined: Bool
    ) throws {
        let known = try self.known(item.id)
        let isRepeated =
            known?.attemptFingerprint == fingerprint
            && (known?.listedHash == nil || known?.listedHash == contentHash)
        let keepsVersion = known?.state.hasVersion == true && failure.code != .quarantined
        try self.attempt(item, known, contentHash, fingerprint, keepsVersion ? .stale : .failed)
        if !keepsVersion { try self.dropVersion(item.id, known) }
        try self.putDeadLetter.run([
            item.id, item.uri, item.source, failure.stage, failure.code.rawValue,
            failure.message, self.time, self.time, self.run, isRepeated,
            (isQuarantined ? Disposition.quarantined : Disposition.open).rawValue,
        ])
    }

    private mutating func exclude(
        _ item: SourceItem,
        _ contentHash: Digest,
        _ fingerprint: Digest,
        stage: String,
        reason: String
    ) throws {
        let known = try self.known(item.id)
        try self.attempt(
            item,
            known,
            contentHash,
            fingerprint,
            .excluded,
            exclusion: (stage, reason)
        )
        try self.dropVersion(item.id, known)
        if known != nil { try self.dropDeadLetter.run([item.id]) }
    }

    private func touch(_ item: SourceItem, path: String) throws {
        let id = item.id
        guard let known = try self.known(id) else {
            throw ManifestError(
                .unknownKey,
                path: path,
                "document \(item.id) is not listed, so it has no content"
            )
        }
        try self.listTouch.run([
            item.source, item.priority, item.size, item.modificationNanoseconds,
            item.version, LabelCoding.encode(item.labels), id,
        ])
        try self.noteSource(of: item, known)
        if known.labels != LabelCoding.encode(item.labels) {
            // What is in a document is seen by whom it is seen by.
            try self.putChildrenUnindexed.run([id])
            try self.putChildrenUnresolved.run([id])
            try self.labelChildren.run([LabelCoding.encode(item.labels), id])
        }
        // The order of duplicates depends on the priority, and what is compared with what on the labels.
        let isComparedAlike =
            known.priority == item.priority && known.labels == LabelCoding.encode(item.labels)
        if !isComparedAlike, known.state.hasVersion {
            try self.putUnresolved.run([id])
        }
    }

    /// A segment names the source and the labels of a version that stays, and pages that name no host are
    /// compared by the source.
    private func noteSource(of item: SourceItem, _ known: Known) throws {
        guard known.state.hasVersion else { return }
        if known.labels != LabelCoding.encode(item.labels) {
            try self.putUnindexed.run([item.id])
        }
        guard known.source != item.source else { return }
        try self.putUnindexed.run([item.id])
        if try self.storedPageBlocks(known.number) != nil { try self.putPagesUndecided.run([]) }
    }

    private func keepOnly(
        _ children: Set<DocumentID>,
        unread: Set<String>,
        in parent: DocumentID
    ) throws {
        let known = try self.findChildren.all([parent]) {
            (id: try $0.documentID(0), uri: try $0.string(1))
        }
        for (id, uri) in known where !children.contains(id) {
            let isInUnread =
                !unread.isEmpty && enclosingURIs(of: uri).contains(where: unread.contains)
            if !isInUnread { try self.remove(id) }
        }
    }

    private func remove(_ id: DocumentID) throws {
        guard let known = try self.known(id) else { return }
        try self.dropVersion(id, known)
        try self.dropDeadLetter.run([id])
        try self.dropHeld.run([id])
        try self.dropDocument.run([id])
    }

    private mutating func attempt(
        _ item: SourceItem,
        _ known: Known?,
        _ contentHash: Digest?,
        _ fingerprint: Digest,
        _ state: DocumentState,
        exclusion: (stage: String, reason: String)? = nil
    ) throws {
        try self.listAttempt.run([
            item.id, known?.number ?? self.takeNumber(), item.uri, item.source, item.priority,
            item.size, item.modificationNanoseconds, item.version,
            LabelCoding.encode(item.labels), state.rawValue,
            contentHash, fingerprint, exclusion?.stage, exclusion?.reason,
            item.parent,
        ])
        guard let known else { return }
        try self.noteSource(of: item, known)
        if known.priority != item.priority, known.state.hasVersion {
            try self.putUnresolved.run([item.id])
        }
    }

    private func dropVersion(_ id: DocumentID, _ known: Known?) throws {
        guard let known, known.state.hasVersion else { return }
        try self.database.dropSuperseded(id)
        try self.dropVersion.run([known.number])
        try self.dropSignature.run([known.number])
        try self.dropRedactionCounts.run([known.number])
        try self.dropChunkSets.run([known.number])
        if try self.storedPageBlocks(known.number) != nil {
            try self.dropPageBlocks.run([known.number])
            try self.putPagesUndecided.run([])
        }
        try self.putUnresolved.run([id])
        try self.putUnindexed.run([id])
    }

    private func sign(_ number: Int64, _ signature: Signature?, replacing: Bool) throws {
        guard let signature else {
            if replacing { try self.dropSignature.run([number]) }
            return
        }
        try self.putSignature.run([
            number, signature.exact, BandKeyCoding.encode(signature.bandKeys),
            Int64(bitPattern: signature.facts),
        ])
    }

    private func countRedactions(
        _ number: Int64,
        _ redactions: [Redaction],
        replacing: Bool
    ) throws {
        if replacing { try self.dropRedactionCounts.run([number]) }
        guard !redactions.isEmpty else { return }
        let counts = Dictionary(redactions.map { ($0.kind, 1) }, uniquingKeysWith: +)
        for (kind, count) in counts.sorted(by: { $0.key < $1.key }) {
            try self.putRedactionCount.run([number, kind, count])
        }
    }

    private mutating func takeNumber() -> Int64 {
        defer { self.nextNumber += 1 }
        return self.nextNumber
    }

    private struct Known {
        var number: Int64
        var state: DocumentState
        var source: String
        var priority: Int
        var listedHash: Digest?
        var attemptFingerprint: Digest
        /// As the column has them.
        var labels: String?
    }

    private func known(_ id: DocumentID) throws -> Known? {
        try self.find.first([id]) { row in
            Known(
                number: try row.integer(0),
                state: try DocumentState(column: try row.integer(1)),
                source: try row.string(5),
                priority: Int(try row.integer(2)),
                listedHash: try row.optionalDigest(3),
                attemptFingerprint: try row.digest(4),
                labels: row[6] as String?
            )
        }
    }
}
