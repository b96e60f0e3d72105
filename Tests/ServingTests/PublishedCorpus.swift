import Embedding
import Foundation
import Hashing
import Records
import Segments
import Storage
import Text

/// A workspace with a published index of a model that needs no files; it goes with the value.
final class PublishedCorpus: Sendable {
    let path: String
    private static let model = HashModel()

    init() throws {
        var template = Array("/tmp/millrace-serving-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        self.path = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    convenience init(_ documents: [CorpusDocument], shardCount: Int = 2) throws {
        try self.init()
        try self.publish(documents, number: 1, shardCount: shardCount)
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    @discardableResult
    func publish(
        _ documents: [CorpusDocument],
        number: Int,
        shardCount: Int = 2
    ) throws -> Snapshot {
        let layout = WorkspaceLayout(root: self.path)
        try layout.createFolders(shardCount: shardCount)
        let identity = Self.model.identity
        let configuration = SegmentConfiguration(
            indexName: "main",
            dimensions: identity.dimensions,
            vectorEncoding: .float16,
            modelFingerprint: identity.fingerprintText,
            analyzerRevision: TermAnalyzer.revision
        )
        let segments = try (0..<shardCount).map { shard in
            let own = documents.filter { documentID(uri: $0.uri).shard(of: shardCount) == shard }
            return SnapshotSegment(
                try Self.write(own, configuration, layout.segmentsFolder(shard: shard)),
                shard: shard
            )
        }
        let snapshot = Snapshot(
            number: number,
            pipeline: "serving",
            indexes: [
                IndexSnapshot(
                    name: "main",
                    modelFingerprint: identity.fingerprintText,
                    modelName: "hash",
                    dimensions: identity.dimensions,
                    segments: segments
                )
            ],
            digest: "",
            documentCount: segments.reduce(0) { $0 + $1.documentCount },
            chunkCount: segments.reduce(0) { $0 + $1.chunkCount }
        )
        try Segments.publish(snapshot, workspace: self.path)
        return snapshot
    }

    /// What a writer does that keeps no snapshot but `number`.
    func collect(keeping number: Int) throws {
        let layout = WorkspaceLayout(root: self.path)
        let kept = try snapshot(number: number, workspace: self.path)
        let names = Set(kept.indexes.flatMap(\.segments).map(\.name))
        for other in try snapshotNumbers(workspace: self.path) where other != number {
            try removeFile(layout.snapshot(other))
        }
        for shard in 0..<2 {
            let folder = layout.segmentsFolder(shard: shard)
            for name in try folderEntries(folder).compactMap(\.name) where !names.contains(name) {
                try removeFile(folder + "/" + name)
            }
        }
    }

    private static func write(
        _ documents: [CorpusDocument],
        _ configuration: SegmentConfiguration,
        _ folder: String
    ) throws -> SegmentReference {
        var writer = try SegmentWriter(
            folder: folder,
            configuration: configuration,
            memoryBudget: 1 << 26
        )
        var analyzer = TermAnalyzer()
        let sorted = documents.sorted { documentID(uri: $0.uri) < documentID(uri: $1.uri) }
        for document in sorted {
            let row = SegmentDocument(
                id: documentID(uri: document.uri),
                uri: document.uri,
                title: document.title,
                source: "docs",
                language: "en",
                mediaType: "text/html",
                metadata: document.metadata
            )
            let chunks = try document.texts.enumerated().map { ordinal, text in
                try Self.chunk(ordinal, Array(text.utf8), &analyzer)
            }
            try writer.add(row, chunks: chunks)
        }
        return try writer.finish()
    }

    private static func chunk(
        _ ordinal: Int,
        _ text: [UInt8],
        _ analyzer: inout TermAnalyzer
    ) throws -> SegmentChunk {
        var counted = TermCounts()
        text.withUnsafeBufferPointer { analyzer.analyze($0, into: &counted) }
        return SegmentChunk(
            chunk: Chunk(
                ordinal: ordinal,
                range: ordinal * 100..<ordinal * 100 + text.count,
                tokenCount: 1,
                page: ordinal + 1,
                headings: ["Top", "Part \(ordinal)"],
                textHash: sha256(text)
            ),
            text: text[...],
            vector: try Self.model.embed(EmbeddingInput(text: text)).vector,
            terms: SegmentTerms(
                bytes: counted.bytes,
                offsets: counted.offsets,
                counts: counted.counts,
                length: counted.length,
                positions: counted.positions
            )
        )
    }
}

struct CorpusDocument: Sendable {
    var uri: String
    var title = ""
    var texts: [String]
    var metadata: [String: String] = [:]
}

/// How many random queries a door answers in a test of what tenants see: `many` where slow tests are wanted.
func tenantQueryCount(_ few: Int, of many: Int) -> Int {
    ProcessInfo.processInfo.environment["MILLRACE_SLOW_TESTS"] == nil ? few : many
}

/// Numbers by seed.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var word = self.state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int(self.next() % UInt64(count)) }
}

/// A word, rare ones more rarely.
func seededWord(_ random: inout Seeded) -> String {
    let value = Double(random.below(1_000)) / 1_000
    return "w\(Int(value * value * 150))"
}

/// Documents of random words; each of them is one tenant's, of both, or of everybody.
func tenantDocuments(_ count: Int, seed: UInt64 = 7) -> [CorpusDocument] {
    var random = Seeded(seed)
    let labels = ["team-a", "team-b", "team-a,team-b", nil]
    return (0..<count).map { number in
        let texts = (0..<1 + random.below(3)).map { _ in
            (0..<5 + random.below(20)).map { _ in seededWord(&random) }.joined(separator: " ")
        }
        var metadata = ["part": "\(number % 5)"]
        metadata["labels"] = labels[number % labels.count]
        if number % 7 < 2 { metadata[SegmentDocument.groupKey] = "group-\(number / 7)" }
        return CorpusDocument(
            uri: "https://example.org/\(number)",
            title: "Document \(number)",
            texts: texts,
            metadata: metadata
        )
    }
}

extension CorpusDocument {
    func isVisible(to labels: Set<String>) -> Bool {
        (self.metadata["labels"] ?? "").split(separator: ",").allSatisfy {
            labels.contains(String($0))
        }
    }
}
