import Hashing
import Records
import Search
import Segments
import Storage
import Testing

/// A workspace that syncs as a pipeline does: dead documents are buried, new ones go to a segment
/// of their own, and the tiers are merged.
struct History {
    let workspace: TemporaryWorkspace
    let configuration: SegmentConfiguration
    private let layout: WorkspaceLayout
    private var shards: [[LiveSegment]]
    private(set) var current: [DocumentID: TestDocument] = [:]
    private var number = 0
    private(set) var mergeCount = 0

    init(dimensions: Int, shardCount: Int) throws {
        self.workspace = try TemporaryWorkspace()
        self.configuration = TemporaryWorkspace.configuration(dimensions: dimensions)
        self.layout = WorkspaceLayout(root: self.workspace.path)
        try self.layout.createFolders(shardCount: shardCount)
        self.shards = Array(repeating: [], count: shardCount)
    }

    var segments: [LiveSegment] { self.shards.flatMap { $0 } }
    var tombstoneCount: Int { self.segments.count { $0.tombstones != nil } }

    var documents: [TestDocument] {
        self.current.sorted { $0.key < $1.key }.map(\.value)
    }

    var digest: Digest {
        get throws {
            var sum = DigestSum()
            for segment in self.segments { sum.add(try segment.digest) }
            return sum.value
        }
    }

    /// What is both put and deleted is put.
    mutating func sync(put: [TestDocument], delete: [TestDocument] = []) throws {
        for shard in self.shards.indices {
            func own(_ documents: [TestDocument]) -> [DocumentID: TestDocument] {
                let rows = documents.map { (documentID(uri: $0.uri), $0) }
                    .filter { $0.0.shard(of: self.shards.count) == shard }
                return Dictionary(rows) { $1 }
            }
            try self.sync(shard, put: own(put), delete: own(delete))
        }
    }

    private mutating func sync(
        _ shard: Int,
        put: [DocumentID: TestDocument],
        delete: [DocumentID: TestDocument]
    ) throws {
        let folder = self.layout.segmentsFolder(shard: shard)
        let gone = Set(put.keys).union(delete.keys).sorted()
        var segments = try self.shards[shard].map { try bury(gone, in: $0, folder: folder) }
        for id in delete.keys { self.current[id] = nil }
        self.current.merge(put) { $1 }
        let merged = segmentsToMerge(segments, adding: put.count)
        var rows = Set(put.keys)
        for index in merged {
            rows.formUnion(try liveDocumentIDs(of: segments[index], folder: folder))
        }
        for index in merged.reversed() { segments.remove(at: index) }
        if !merged.isEmpty { self.mergeCount += 1 }
        if !rows.isEmpty {
            let written = try TemporaryWorkspace.write(
                rows.sorted().compactMap { self.current[$0] },
                self.configuration,
                folder: folder
            )
            segments.append(LiveSegment(written))
        }
        self.shards[shard] = segments
    }

    mutating func searcher() throws -> Searcher {
        self.number += 1
        let segments = try self.shards.enumerated().flatMap { shard, segments in
            try segments.map { try SnapshotSegment($0, shard: shard) }
        }
        let snapshot = try self.workspace.publish(
            segments,
            self.configuration,
            number: self.number
        )
        return try Searcher(workspace: self.workspace.path, snapshot: snapshot, index: nil)
    }

    func verify() throws {
        for (shard, segments) in self.shards.enumerated() {
            let folder = self.layout.segmentsFolder(shard: shard)
            for segment in segments { try Segments.verify(segment, folder: folder) }
        }
    }
}

@Suite struct HistoryTests {
    static let dimensions = 8

    static func queries(_ random: inout Seeded, k: Int) -> [SearchQuery] {
        let vector = (0..<Self.dimensions).map { _ in Float.random(in: -1...1, using: &random) }
        let words =
            (0..<4).map { _ in "w\(random.next() % 40)" } + ["w\(random.next() % 200)", "x"]
        let filters: [[Filter]] = [
            [], [.language("de")], [.source("docs"), .metadata(key: "part", value: "3")],
        ]
        var queries: [SearchQuery] = []
        for mode in SearchQuery.Mode.plain {
            for (number, filters) in filters.enumerated() {
                queries.append(
                    SearchQuery(
                        text: words.joined(separator: " "),
                        vector: vector,
                        mode: mode,
                        k: k,
                        filters: filters,
                        onePerDocument: number == 1
                    )
                )
            }
        }
        return queries
    }

    /// Same chunks, same bits: hits with scores and snippets, and the URIs that evaluation sees.
    static func compare(_ history: inout History, _ queries: [SearchQuery]) throws {
        let other = try TemporaryWorkspace()
        let snapshot = try other.publish(history.documents, dimensions: Self.dimensions)
        let fresh = try Searcher(workspace: other.path, snapshot: snapshot, index: nil)
        let grown = try history.searcher()
        #expect(try history.digest.hex == snapshot.indexes[0].segments[0].digest)
        #expect(grown.chunkCount == fresh.chunkCount)
        for query in queries {
            let expected = try fresh.search(query)
            let found = try grown.search(query)
            let place = "\(query.mode), \(query.filters.count) filters"
            #expect(
                found.map(\.score.bitPattern) == expected.map(\.score.bitPattern),
                "\(place)"
            )
            let isSame = found == expected
            #expect(isSame, "\(place)")
            let hasSameURIs = try grown.rankedURIs(query) == expected.map(\.uri)
            #expect(hasSameURIs, "\(place)")
        }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func theAnswerIsThatOfAFreshSegment(seed: UInt64) throws {
        var random = Seeded(seed)
        var history = try History(dimensions: Self.dimensions, shardCount: 1 + Int(seed % 3))
        var tombstoneCount = 0
        for step in 0..<8 {
            // A seed of its own, so that a document met again is another version of it.
            let versions = randomDocuments(
                60,
                dimensions: Self.dimensions,
                seed: seed * 100 + UInt64(step)
            )
            let put = versions.filter { _ in random.next() % (step == 0 ? 2 : 8) == 0 }
            let deletes = step % 3 == 0 ? 3 : 10
            let delete = versions.filter { _ in random.next() % UInt64(deletes) == 0 }
            try history.sync(put: step == 5 ? [] : put, delete: step == 0 ? [] : delete)
            tombstoneCount += history.tombstoneCount
            try Self.compare(&history, Self.queries(&random, k: 7))
        }
        try history.verify()
        #expect(tombstoneCount > 0 && history.mergeCount > 0)
    }

    @Test func whatIsDeadHidesNothingAndFindsNothing() throws {
        var history = try History(dimensions: Self.dimensions, shardCount: 1)
        let documents = randomDocuments(30, dimensions: Self.dimensions)
        try history.sync(put: documents)
        var random = Seeded(3)
        try Self.compare(&history, Self.queries(&random, k: 100))
        for count in [1, 14, 29, 30] {
            try history.sync(put: [], delete: Array(documents[..<count]))
            #expect(history.documents.count == 30 - count)
            if count == 14 { #expect(history.tombstoneCount == 1) }
            try Self.compare(&history, Self.queries(&random, k: 100))
        }
        #expect(history.segments.isEmpty)
    }

    /// More chunks with the best vector than there are candidates: which of them are taken must go
    /// by document, not by segment.
    @Test func candidatesAreChosenOverAllSegmentsAlike() throws {
        var random = Seeded(11)
        let pool = (0..<2).map { _ in
            (0..<Self.dimensions).map { _ in Float.random(in: -1...1, using: &random) }
        }
        func documents(_ range: Range<Int>) -> [TestDocument] {
            range.map { number in
                TestDocument(
                    uri: "https://example.org/\(number)",
                    texts: ["w\(number % 3) w1", "w\(number % 5) x"],
                    vectors: (0..<2).map { _ in pool[Int(random.next() % 2)] },
                    language: number % 2 == 0 ? "de" : "en",
                    metadata: ["part": "\(number % 5)"]
                )
            }
        }
        var history = try History(dimensions: Self.dimensions, shardCount: 3)
        try history.sync(put: documents(0..<800))
        try history.sync(put: documents(700..<810), delete: documents(0..<100))
        try history.sync(put: documents(790..<793), delete: documents(200..<210))
        #expect(history.segments.count > 3 && history.tombstoneCount > 0)
        try Self.compare(&history, Self.queries(&random, k: 40))
        try Self.compare(&history, Self.queries(&random, k: 130))
    }
}
