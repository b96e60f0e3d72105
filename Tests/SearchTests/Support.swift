import Foundation
import Hashing
import Records
import Search
import Segments
import Storage
import Text

/// The workspace of a test: documents in, a published snapshot out.
final class TemporaryWorkspace {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("search-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        self.path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    /// Spreads the documents over `shardCount` segments.
    func publish(
        _ documents: [TestDocument],
        dimensions: Int = 0,
        shardCount: Int = 1,
        number: Int = 1,
        analyzerRevision: Int = TermAnalyzer.revision,
        isExpanded: Bool = false
    ) throws -> Snapshot {
        let layout = WorkspaceLayout(root: self.path)
        try layout.createFolders(shardCount: shardCount)
        var configuration = Self.configuration(
            dimensions: dimensions,
            analyzerRevision: analyzerRevision
        )
        if isExpanded { configuration.expansionFingerprint = "expander" }
        var segments: [SnapshotSegment] = []
        for shard in 0..<shardCount {
            let reference = try Self.write(
                documents.filter { documentID(uri: $0.uri).shard(of: shardCount) == shard },
                configuration,
                folder: layout.segmentsFolder(shard: shard)
            )
            segments.append(SnapshotSegment(reference, shard: shard))
        }
        return try self.publish(segments, configuration, number: number)
    }

    func publish(
        _ segments: [SnapshotSegment],
        _ configuration: SegmentConfiguration,
        number: Int
    ) throws -> Snapshot {
        let snapshot = Snapshot(
            number: number,
            pipeline: "test",
            indexes: [
                IndexSnapshot(
                    name: "main",
                    modelFingerprint: configuration.modelFingerprint,
                    modelName: "test-model",
                    dimensions: configuration.dimensions,
                    expander: configuration.expansionFingerprint.isEmpty ? nil : "{}",
                    expansionFingerprint: configuration.expansionFingerprint.isEmpty
                        ? nil : configuration.expansionFingerprint,
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

    static func configuration(
        dimensions: Int,
        analyzerRevision: Int = TermAnalyzer.revision
    ) -> SegmentConfiguration {
        SegmentConfiguration(
            indexName: "main",
            dimensions: dimensions,
            vectorEncoding: dimensions > 0 ? .float16 : .none,
            modelFingerprint: dimensions > 0 ? "model" : "",
            analyzerRevision: analyzerRevision
        )
    }

    static func write(
        _ documents: [TestDocument],
        _ configuration: SegmentConfiguration,
        folder: String
    ) throws -> SegmentReference {
        var writer = try SegmentWriter(
            folder: folder,
            configuration: configuration,
            memoryBudget: 1 << 26
        )
        var analyzer = TermAnalyzer()
        for document in documents.sorted(by: { documentID(uri: $0.uri) < documentID(uri: $1.uri) })
        {
            try writer.add(document.row, chunks: document.chunks(&analyzer))
        }
        return try writer.finish()
    }
}

struct TestDocument {
    var uri: String
    var title = ""
    var texts: [String]
    var vectors: [[Float]] = []
    /// Terms with their impacts, a text each.
    var expansions: [[String: UInt32]] = []
    var language = "en"
    var source = "docs"
    var mediaType = "text/html"
    var metadata: [String: String] = [:]
    /// Whether the words of the title are among the chunks' terms, as in a real index.
    var isUnderTitle = false

    var row: SegmentDocument {
        SegmentDocument(
            id: documentID(uri: self.uri),
            uri: self.uri,
            title: self.title,
            source: self.source,
            language: self.language,
            mediaType: self.mediaType,
            metadata: self.metadata
        )
    }

    func chunks(_ analyzer: inout TermAnalyzer) -> [SegmentChunk] {
        var counted = TermCounts()
        return self.texts.enumerated().map { ordinal, text in
            let bytes = Array(text.utf8)
            let above = self.isUnderTitle ? Array((self.title + "\n").utf8) : []
            (above + bytes).withUnsafeBufferPointer {
                analyzer.analyze($0, in: LightStemmer.of(self.language), into: &counted)
            }
            return SegmentChunk(
                chunk: Chunk(
                    ordinal: ordinal,
                    range: ordinal * 100..<ordinal * 100 + bytes.count,
                    tokenCount: 1,
                    page: ordinal + 1,
                    headings: ["Top", "Part \(ordinal)"],
                    textHash: sha256(bytes)
                ),
                text: bytes[...],
                vector: self.vectors.isEmpty ? [] : self.vectors[ordinal],
                terms: SegmentTerms(
                    bytes: counted.bytes,
                    offsets: counted.offsets,
                    counts: counted.counts,
                    length: counted.length,
                    positions: counted.positions
                ),
                expansion: self.expansions.isEmpty ? .none : SegmentTerms(self.expansions[ordinal])
            )
        }
    }
}

extension SearchQuery.Mode {
    /// Those of an index without expansions.
    static let plain = Self.allCases.filter { $0 != .sparse }
}

extension SegmentTerms {
    fileprivate init(_ impacts: [String: UInt32]) {
        self.init(bytes: [], offsets: [0], counts: [], length: 0)
        for (piece, impact) in impacts.sorted(by: { $0.key < $1.key }) {
            self.bytes += Array(piece.utf8)
            self.offsets.append(UInt32(self.bytes.count))
            self.counts.append(impact)
        }
    }
}

struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var word = self.state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Documents of random words and unit vectors.
func randomDocuments(_ count: Int, dimensions: Int = 0, seed: UInt64 = 1) -> [TestDocument] {
    var random = Seeded(seed)
    return (0..<count).map { number in
        let chunkCount = 1 + Int(random.next() % 3)
        let texts = (0..<chunkCount).map { _ in
            (0..<(5 + Int(random.next() % 30)))
                .map { _ in
                    let value = Double(random.next() % 1000) / 1000
                    return "w\(Int(value * value * 200))"
                }
                .joined(separator: " ")
        }
        let vectors = (0..<chunkCount).map { _ in
            (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) }
        }
        return TestDocument(
            uri: "https://example.org/\(number)",
            title: "Document \(number)",
            texts: texts,
            vectors: dimensions > 0 ? vectors : [],
            language: ["en", "de", "zh-Hans"][number % 3],
            source: number % 2 == 0 ? "docs" : "wiki",
            metadata: ["part": "\(number % 5)"]
        )
    }
}

/// The folder with data that is not part of the repository, beside it or further up; nil without.
let sharedFolder: URL? = {
    var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
        folder.deleteLastPathComponent()
        let shared = folder.appendingPathComponent("shared")
        let marker = shared.appendingPathComponent("tools/score_retrieval.py")
        if FileManager.default.fileExists(atPath: marker.path) { return shared }
    }
    return nil
}()
