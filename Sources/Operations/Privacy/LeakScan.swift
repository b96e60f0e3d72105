internal import Bytes
internal import Dataflow
internal import Dispatch
internal import Foundation
internal import Manifests
internal import Records
internal import Redact
internal import Segments
internal import Stages
internal import Storage
internal import Synchronization

/// Where a value that a policy would redact still stands; never the value.
package struct LeakReport: Sendable, Codable {
    package struct Leak: Sendable, Codable, Hashable {
        /// `text`, `title`, `metadata`, `heading`, `uri`, `term`, `free page` or `log`.
        package var part: String
        /// The segment or manifest that holds it.
        package var file: String
        /// The document; empty for a term, which many may share.
        package var document: String
        package var kind: String
        package var rule: String
        package var score: Float
        /// UTF-8 bytes of the part.
        package var start: Int
        package var end: Int
        /// False in a row that a later sync buried; 'millrace compact' takes it off the disk.
        package var isServed: Bool
    }

    /// The URIs by which the manifests find their files.
    ///
    /// They are no leaks: a manifest needs them as they are, whatever an index shows of them. Who wants
    /// such a value gone has to rename the file.
    package struct ManifestURIs: Sendable, Codable, Hashable {
        /// Documents known, failed and excluded ones included.
        package var count = 0
        /// False where the policy keeps URIs, so that none was looked at.
        package var isJudged = false
        package var withValues = 0
        package var byKind: [String: Int] = [:]
        /// The ids of the first documents whose URI holds a value.
        package var documents: [String] = []
    }

    package var snapshot: Int
    /// The hash of the policy that was looked by.
    package var policy: String
    package var segments = 0
    package var documents = 0
    package var terms = 0
    package var bytes = 0
    package var leakCount = 0
    package var byKind: [String: Int] = [:]
    /// The first ones found.
    package var leaks: [Leak] = []
    package var manifestURIs = ManifestURIs()
    /// What is stored and could not be looked through, with what takes it away.
    package var unjudged: [String] = []

    package static let leaksShown = 100
}

/// Scans every stored text, title, heading and term of the live snapshot, of earlier ones and of segments
/// that nothing names, every text of the manifests and of those set aside, and the free pages and logs of
/// all, for what the pipeline's policy redacts; and the URIs of both, where it redacts those.
///
/// - Parameter policy: a policy file to look by, instead of the pipeline's.
/// - Throws: ``OperationError`` `.noSuchState` without a snapshot.
package func scanForLeaks(
    workspace root: String,
    pipeline: @autoclosure () throws -> String,
    policy: String? = nil
) throws -> LeakReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let snapshot = try reader.liveSnapshot()
        let redactors = try scanRedactors(policy: policy, pipeline: pipeline)
        var scan = LeakScan(redactors, snapshot: snapshot.number)
        var files: Set<String> = []
        for segment in snapshot.indexes.flatMap(\.segments)
        where files.insert(segment.path(workspace: root)).inserted {
            let live = try LiveSegmentReader(segment, workspace: root)
            try scan.scan(live.segment, file: segment.name) { live.isLive(document: $0) }
        }
        for shard in 0..<reader.shardCount {
            guard let manifest = try reader.shard(shard) else { continue }
            try scan.scan(manifest, isServed: true)
        }
        try scan.scan(
            StoredLeftovers(reader.layout, shardCount: reader.shardCount, snapshot: snapshot),
            isAtRest: WorkspaceLock.holder(at: reader.layout.lock) == nil
        )
        return scan.report
    }
}

private func scanRedactors(
    policy: String?,
    pipeline: () throws -> String
) throws -> [PolicyRedactor] {
    if let policy {
        let read = try readPolicy(policy).policy
        guard !read.needsNames || NameTableFile.table != nil else {
            throw OperationError(
                .configuration,
                "\(policy) looks for names, and the table of names is not at "
                    + "\(NameTableFile.path); \(NameTableFile.remedy)"
            )
        }
        return [try scanRedactor(read)]
    }
    let redactors = try scanRedactors(of: try loadPipeline(path: try pipeline(), for: .inspection))
    guard redactors.isEmpty else { return redactors }
    throw OperationError(
        .configuration,
        "the pipeline redacts nothing; name what to look for with --policy FILE"
    )
}

/// What looks for what a plan's policies replace; empty where it redacts nothing.
///
/// - Precondition: the plan's policies are read.
func scanRedactors(of plan: Plan) throws -> [PolicyRedactor] {
    try plan.nodes.filter { $0.uses == redactStageName }.map { node in
        for absent in stageResources(of: node) where !absent.isThere && !absent.isOptional {
            throw OperationError(.configuration, absent.absence)
        }
        return try scanRedactor(try redactionPolicy(of: node))
    }
}

/// Looks through the served documents of `readers` for what `redactors` replace: through all of them, or, where
/// they have more than `byteLimit` bytes of text, through every n-th, so that about so many are looked at.
func sampledLeaks(
    in readers: [LiveSegmentReader],
    by redactors: [PolicyRedactor],
    byteLimit: Int
) throws -> LeakReport {
    var byteCount = 0
    for reader in readers {
        for chunk in 0..<reader.segment.chunkCount {
            byteCount += try reader.segment.chunkRow(chunk).range.count
        }
    }
    let step = byteCount / max(1, byteLimit) + 1
    var sample: [(reader: LiveSegmentReader, row: Int)] = []
    var number = 0
    for reader in readers {
        for row in 0..<reader.segment.documentCount where reader.isLive(document: row) {
            if number.isMultiple(of: step) { sample.append((reader, row)) }
            number += 1
        }
    }
    return try scanned(sample, by: redactors)
}

/// In parts by as many threads as there are processors, joined in their order.
private func scanned(
    _ sample: [(reader: LiveSegmentReader, row: Int)],
    by redactors: [PolicyRedactor]
) throws -> LeakReport {
    let partCount = max(1, min(ProcessInfo.processInfo.activeProcessorCount, sample.count))
    let parts = Mutex([Int: Result<LeakReport, any Error>]())
    DispatchQueue.concurrentPerform(iterations: partCount) { part in
        let rows = sample.count * part / partCount..<sample.count * (part + 1) / partCount
        let result = Result {
            var scan = LeakScan(redactors, snapshot: 0)
            for place in sample[rows] {
                try scan.scan(
                    row: place.row,
                    of: place.reader.segment,
                    file: place.reader.segment.path,
                    isServed: true
                )
            }
            return scan.report
        }
        parts.withLock { $0[part] = result }
    }
    var report = LeakScan(redactors, snapshot: 0).report
    for (_, part) in parts.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
        report.add(try part.get())
    }
    return report
}

extension LeakReport {
    /// Takes in what was found in other documents.
    fileprivate mutating func add(_ other: LeakReport) {
        self.documents += other.documents
        self.bytes += other.bytes
        self.leakCount += other.leakCount
        self.byKind.merge(other.byKind, uniquingKeysWith: +)
        self.leaks += other.leaks.prefix(Self.leaksShown - self.leaks.count)
    }
}

/// A scan replaces nothing, so it needs no key.
private func scanRedactor(_ policy: RedactionPolicy) throws -> PolicyRedactor {
    try PolicyRedactor(
        policy,
        key: PseudonymKey(id: policy.keyID, bytes: RedactionPolicy.caseKeyBytes),
        names: policy.needsNames ? NameTableFile.table : nil
    )
}

private struct LeakScan {
    private let redactors: [PolicyRedactor]
    private let inflater = Inflater()
    private(set) var report: LeakReport

    init(_ redactors: [PolicyRedactor], snapshot: Int) {
        self.redactors = redactors
        self.report = LeakReport(
            snapshot: snapshot,
            policy: redactors.map(\.hash.hex).joined(separator: " ")
        )
        self.report.manifestURIs.isJudged = self.hidesURIs
    }

    /// Where the texts of a document are.
    private struct Place {
        var file: String
        /// How a report names the document: by its URI, unless the policy hides URIs.
        var document: String
        var source: String
        var language: String
        var isServed: Bool
    }

    private var hidesURIs: Bool { self.redactors.contains { $0.policy.redactsURIs } }

    private func name(_ uri: String, _ id: DocumentID) -> String {
        self.hidesURIs ? "\(id)" : uri
    }

    /// - Parameter isAtRest: false while a writer is at work, whose files and logs are his own.
    mutating func scan(_ leftovers: StoredLeftovers, isAtRest: Bool) throws {
        for path in try leftovers.segments() {
            do {
                try self.scan(SegmentReader(path: path), file: path) { _ in false }
            } catch let error as StorageError where error.code == .notFound {
                continue
            }
        }
        for path in try leftovers.setAsideManifests() {
            do {
                try self.scan(ShardManifest(path: path, mode: .readOnly), isServed: false)
            } catch {
                self.leave(path, "was set aside as damaged", "'millrace compact PIPELINE --purge'")
            }
        }
        guard isAtRest else { return }
        for path in try leftovers.stagedFiles() {
            self.leave(path, "was left by a writer that was killed", "'millrace resume PIPELINE'")
        }
        for path in leftovers.stateFiles { try self.scanLeftovers(of: path) }
    }

    /// Free pages and logs: texts are compressed in them, so that what cannot be read is told as such.
    private mutating func scanLeftovers(of path: String) throws {
        let place = Place(file: path, document: "", source: "", language: "", isServed: false)
        var byteCounts: [ManifestLeftovers.Part: Int] = [:]
        try ManifestLeftovers(path: path).visit { part, bytes in
            byteCounts[part, default: 0] += bytes.count
            self.check(printableText(bytes), part.rawValue, place)
        }
        if let count = byteCounts[.freePage] {
            self.leave(path, "has \(count) bytes of free pages", "'millrace compact PIPELINE'")
        }
        if let count = byteCounts[.log] {
            self.leave(
                path,
                "has \(count) bytes of a killed writer's log",
                "'millrace resume PIPELINE'"
            )
        }
    }

    private mutating func leave(_ path: String, _ what: String, _ remedy: String) {
        self.report.unjudged.append("\(path): \(what); \(remedy) takes it away")
    }

    mutating func scan(
        _ segment: SegmentReader,
        file: String,
        isServed: (_ row: Int) -> Bool
    ) throws {
        self.report.segments += 1
        for row in 0..<segment.documentCount {
            try self.scan(row: row, of: segment, file: file, isServed: isServed(row))
        }
        try self.checkTerms(of: segment, file: file)
    }

    /// One document, without the terms it is found by.
    mutating func scan(
        row: Int,
        of segment: SegmentReader,
        file: String,
        isServed: Bool
    ) throws {
        let document = try segment.document(row)
        let place = Place(
            file: file,
            document: self.name(document.uri, document.id),
            source: document.source,
            language: document.language,
            isServed: isServed
        )
        self.report.documents += 1
        self.check(Array(document.title.utf8), "title", place)
        self.check(document.metadata, place)
        self.checkURI(document.uri, place)
        try self.checkChunks(of: row, in: segment, place)
    }

    /// A word that looks like a value is one only if the texts it is indexed for do not have it: what
    /// stands in a text is judged there, by what is around it.
    private mutating func checkTerms(of segment: SegmentReader, file: String) throws {
        let place = Place(file: file, document: "", source: "", language: "", isServed: true)
        try segment.forEachTerm { term, entry in
            self.report.terms += 1
            let word = [UInt8](term)
            let finding = self.redactors.lazy
                .compactMap { $0.redact(word).findings.first { $0.action != .allow } }.first
            guard let finding else { return }
            var postings = SegmentPostings()
            try segment.postings(of: entry, into: &postings)
            for chunk in postings.chunks {
                let text = try segment.text(ofChunk: Int(chunk)).map(loweredASCII)
                if text.firstRange(of: word) != nil { continue }
                self.add(finding, "term", place)
                return
            }
        }
    }

    /// The chunks put where they are in the clean text, so that a value is seen with what is around it.
    private mutating func checkChunks(
        of row: Int,
        in segment: SegmentReader,
        _ place: Place
    ) throws {
        let chunks = try segment.documentRow(row).chunks
        var text: [UInt8] = []
        var headings: Set<String> = []
        for index in chunks {
            let chunk = try segment.chunk(index)
            // What stands before its range is a header row that is there already.
            let bytes = try segment.text(ofChunk: index).suffix(chunk.range.count)
            headings.formUnion(chunk.headings)
            if chunk.range.lowerBound > text.count {
                let gap = min(chunk.range.lowerBound - text.count, Self.gapByteCountMax)
                text += [UInt8](repeating: 0x0A, count: gap)
            }
            // An overlap repeats the end of the chunk before.
            text += bytes.dropFirst(max(0, min(bytes.count, text.count - chunk.range.lowerBound)))
        }
        self.check(text, "text", place)
        for heading in headings.sorted() { self.check(Array(heading.utf8), "heading", place) }
    }

    /// A chunk that is not kept leaves a hole, which need not be as long as the chunk was.
    private static let gapByteCountMax = 4_096

    mutating func scan(_ manifest: ShardManifest, isServed: Bool) throws {
        try manifest.visitTexts { text in
            let place = Place(
                file: manifest.path,
                document: self.name(text.uri, text.id),
                source: text.source,
                language: text.language,
                isServed: isServed
            )
            self.check(Array(text.title.utf8), "title", place)
            self.check(text.metadata, place)
            self.check(
                try self.inflater.inflate(text.compressedText, byteCount: text.textByteCount),
                "text",
                place
            )
        }
        try manifest.visitListing(includingURIs: self.hidesURIs) { self.judgeURI(of: $0) }
    }

    private mutating func judgeURI(of row: ListingRow) {
        self.report.manifestURIs.count += 1
        guard let uri = row.uri else { return }
        // Documents that failed have no language, so no URI is judged by one.
        let findings = self.findings(inURI: uri, source: row.source, language: "")
        guard !findings.isEmpty else { return }
        self.report.manifestURIs.withValues += 1
        for kind in Set(findings.map(\.kind.rawValue)) {
            self.report.manifestURIs.byKind[kind, default: 0] += 1
        }
        if self.report.manifestURIs.documents.count < LeakReport.leaksShown {
            self.report.manifestURIs.documents.append("\(row.id)")
        }
    }

    private mutating func checkURI(_ uri: String, _ place: Place) {
        let found = self.findings(inURI: uri, source: place.source, language: place.language)
        for finding in found { self.add(finding, "uri", place) }
    }

    private func findings(
        inURI uri: String,
        source: String,
        language: String
    ) -> [PolicyFinding] {
        self.redactors.filter(\.policy.redactsURIs).flatMap {
            $0.redactURI(uri, source: source, language: language).findings
        }
    }

    private mutating func check(_ metadata: [String: String], _ place: Place) {
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            self.check(Array(key.utf8), "metadata", place)
            self.check(Array(value.utf8), "metadata", place)
        }
    }

    private mutating func check(_ text: [UInt8], _ part: String, _ place: Place) {
        self.report.bytes += text.count
        for redactor in self.redactors {
            let findings = redactor.redact(text, source: place.source, language: place.language)
                .findings
            for finding in findings where finding.action != .allow {
                self.add(finding, part, place)
            }
            // What the redactor's own way of reading hides from it is seen by another.
            let plain = redactor.plainFindings(
                in: text,
                source: place.source,
                language: place.language
            )
            for finding in plain
            where !findings.contains(where: { $0.range.overlaps(finding.range) }) {
                self.add(finding, part, place)
            }
        }
    }

    private mutating func add(_ finding: PolicyFinding, _ part: String, _ place: Place) {
        self.report.leakCount += 1
        self.report.byKind[finding.kind.rawValue, default: 0] += 1
        guard self.report.leaks.count < LeakReport.leaksShown else { return }
        self.report.leaks.append(
            .init(
                part: part,
                file: place.file,
                document: place.document,
                kind: finding.kind.rawValue,
                rule: finding.rule,
                score: finding.score,
                start: finding.range.lowerBound,
                end: finding.range.upperBound,
                isServed: place.isServed
            )
        )
    }
}

private func loweredASCII(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
}
