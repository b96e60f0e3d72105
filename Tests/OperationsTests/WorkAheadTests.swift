import Foundation
import Manifests
import Records
import Segments
import Storage
import Testing

@testable import Operations

/// Duplicates that are looked for in items are those that one process finds, and its store is the same.
@Suite struct WorkAheadTests {
    @Test(arguments: [1, 2]) func itemsDecideWhatOneProcessDecides(seed: UInt64) throws {
        var pipeline = TestPipeline()
        pipeline.rootLines = [
            "labels: [{ path: \"private*\", labels: [board] }, { labels: [staff] }]"
        ]
        let corpus = try TestCorpus(pipeline)
        try fill(corpus, seed: seed)
        var engine = ItemEngine(corpus, seed: seed)
        engine.resolvesInItemsFrom = 1
        let first = try engine.run()
        #expect(engine.phases.contains(.verify))
        try self.compare(corpus, first, with: "first")

        try change(corpus, seed: seed)
        let second = try engine.run()
        #expect(engine.phases.count { $0 == .verify } == 2)
        try self.compare(corpus, second, with: "second")

        // A run in one process goes on with what items left.
        try corpus.delete("series/a030.txt")
        try corpus.write("late.md", near(4, change: 1))
        let third = try corpus.run(.sync)
        try self.compare(corpus, third, with: "third")
        #expect(try audit(workspace: corpus.workspace).problems.isEmpty)
    }

    /// The store has all, and the shards say that it has not: a crash between the two.
    @Test func whatTheStoreHasIsTakenUpAgain() throws {
        let corpus = try TestCorpus()
        try fill(corpus, seed: 3)
        var engine = ItemEngine(corpus, seed: 3)
        engine.resolvesInItemsFrom = 1
        let path = try corpus.pipelineFile()
        let item = try #require(try self.planOfDecision(engine, path: path).items.first)
        let result = try engine.perform(item)
        let layout = WorkspaceLayout(root: corpus.workspace)
        for shard in 0..<corpus.pipeline.shards {
            try ShardManifest(path: layout.manifest(shard: shard), mode: .readWrite)
                .markAllUnresolved()
        }
        try FileManager.default.removeItem(atPath: WorkFiles(layout: layout).done(item.name))
        let again = try engine.perform(item)
        #expect(again.wasDone == nil && again.outputs == result.outputs)
        _ = try finishWork(path: path, options: engine.options)
        try self.compare(corpus, engine.run(), with: "fresh")
    }

    @Test func aDamagedFileOfTheRunIsRefused() throws {
        let corpus = try TestCorpus()
        try fill(corpus, seed: 4)
        var engine = ItemEngine(corpus, seed: 4)
        engine.resolvesInItemsFrom = 1
        let path = try corpus.pipelineFile()
        let files = WorkFiles(layout: WorkspaceLayout(root: corpus.workspace))
        let plan = try self.planOfDecision(engine, path: path)
        let item = try #require(plan.items.first)
        let ahead = try WorkAhead.named(item.inputs[1], files)
        let names = [ahead.arrivals[0], ahead.buckets[1]] + ahead.verdicts.values.prefix(1)
        for name in names {
            let file = files.input(name)
            let bytes = try Data(contentsOf: URL(filePath: file))
            for place in [0, bytes.count - 1] {
                var damaged = bytes
                damaged[place] ^= 1
                try damaged.write(to: URL(filePath: file))
                let error = #expect(throws: OperationError.self) { try engine.perform(item) }
                #expect(error?.status == .fatal && error?.message.contains(name) == true)
            }
            try bytes.dropLast().write(to: URL(filePath: file))
            #expect(throws: OperationError.self) { try engine.perform(item) }
            try bytes.write(to: URL(filePath: file))
        }
        try self.compare(corpus, engine.run(), with: "fresh")
    }

    /// Does the items of all phases before the one that decides.
    private func planOfDecision(_ engine: ItemEngine, path: String) throws -> WorkPlan {
        while true {
            let plan = try planWork(path: path, options: engine.options)
            guard plan.phase != .resolve else { return plan }
            for item in plan.items { try engine.perform(item) }
            _ = try finishWork(path: path, options: engine.options)
        }
    }

    /// Each bucket has its share of the keys, and its keys are behind those of the bucket before.
    @Test(arguments: [1, 3, 16, 400]) func keysAreSpreadOverAllBuckets(count: Int) {
        let step = (UInt64(1) << UInt64(BandKey.bitCount)) / UInt64(count * 10)
        let buckets = (0..<UInt64(count * 10)).map { number in
            ArrivalBand.bucket(of: number * step + step / 2, count: count)
        }
        #expect(buckets == (0..<count).flatMap { Array(repeating: $0, count: 10) })
        let greatest = (UInt64(1) << UInt64(BandKey.bitCount)) - 1
        #expect(ArrivalBand.bucket(of: greatest, count: count) == count - 1)
    }

    /// Runs that an older program began are gone on with.
    @Test func formsOfBeforeAreRead() throws {
        let item = """
            {"fingerprint":"f","form":"work-item/1","inputs":["a","b"],\
            "name":"d3ce41158cd16b366bec31fe0f9816310c463987ec4d4696b638aff2bc09ee6f",\
            "part":3,"phase":"prepare","run":7}
            """
        let read = try WorkItem(line: Array(item.utf8), place: "x")
        #expect(read.phase == .prepare && read.part == 3 && read.form == "work-item/1")
        let folder = try TestCorpus()
        let files = WorkFiles(layout: WorkspaceLayout(root: folder.root))
        try files.createFolders()
        let session = """
            {"documents":["d"],"fingerprint":"f","form":"work-session/1","gone":[],"isOver":false,\
            "isParanoid":false,"items":[\(item)],"listing":"l","overrides":{},"phase":"prepare","run":7,\
            "shardsWithVectors":[],"startedMilliseconds":5,"tally":\(try Self.emptyTally()),"verb":"sync"}
            """
        try Data(session.utf8).write(to: URL(filePath: files.layout.workSession))
        let open = try #require(try WorkSession.read(files))
        #expect(open.items == [read] && open.ahead == nil)
    }

    private static func emptyTally() throws -> String {
        String(decoding: try JSONEncoder().encode(RunTally()), as: UTF8.self)
    }

    /// - Parameter name: of a workspace that a backfill makes of the same documents.
    private func compare(
        _ corpus: TestCorpus,
        _ summary: RunSummary,
        with name: String
    ) throws {
        let fresh = try corpus.freshSnapshot(name)
        #expect(summary.digest == fresh.digest)
        #expect(try DedupeState(corpus.workspace) == DedupeState(corpus.workspace(name)))
        #expect(try verify(workspace: corpus.workspace).problems.isEmpty)
        _ = try corpus.run(.compact)
        #expect(SnapshotContent(try corpus.snapshot()) == SnapshotContent(fresh))
    }
}

// MARK: Documents

/// Six sections, of which one has other words.
private func near(_ group: UInt64, change: UInt64) -> TestDocument {
    var document = TestDocument(title: "Group \(group)", seed: 900 + group, sections: 6)
    document.sections[Int(change % 6)] += " " + TestDocument.paragraph(seed: change, words: 3)
    return document
}

/// Groups of near-duplicates, copies, documents that hold others, all of them under two labels, and one band that is
/// hot.
private func fill(_ corpus: TestCorpus, seed: UInt64) throws {
    try corpus.fill(12, sections: 2, seed: seed)
    for number in 0..<30 as Range<UInt64> {
        let folder = number % 5 == 4 ? "private/" : ""
        try corpus.write("\(folder)n\(number).md", near(seed + number % 4, change: number / 4))
    }
    for number in 0..<4 as Range<UInt64> {
        try corpus.write("copy\(number).html", near(seed + number, change: 1))
        var longer = near(seed + number, change: 2)
        longer.sections.append(TestDocument.paragraph(seed: 31 + number))
        try corpus.write("longer\(number).md", longer)
    }
    let line = TestDocument.paragraph(seed: 77 + seed, words: 40)
    for number in 0..<70 {
        let digits = String(1_000 + number).dropFirst()
        try corpus.write("series/a\(digits).txt", Array("\(line) Number \(number / 2).\n".utf8))
    }
    try corpus.write("empty.txt", Array("…\n".utf8))
}

private func change(_ corpus: TestCorpus, seed: UInt64) throws {
    try corpus.write("n0.md", near(seed, change: 40))
    try corpus.write("n1.md", TestDocument(title: "Other", seed: 5_000, sections: 3))
    try corpus.delete("n2.md")
    try corpus.delete("copy3.html")
    try corpus.delete("longer1.md")
    try corpus.rename("n3.md", to: "private/n3.md")
    for number in 0..<6 as Range<UInt64> {
        try corpus.write("new\(number).txt", near(seed + number, change: 50 + number))
    }
    try corpus.write("alone.md", TestDocument(title: "Alone", seed: 6_000, sections: 3))
    for number in 0..<9 { try corpus.delete("series/a00\(number).txt") }
}

// MARK: What a store says

/// All that later runs depend on, without the numbers of groups, which have a history.
private struct DedupeState: Equatable {
    struct Document: Equatable {
        var rank: [UInt8]
        var isHeld: Bool
        var exact: Digest
        var role: NearRole?
        var facts: UInt64?
        var isContained: Bool
        var isSaturated: Bool?
        var similarity: Double?
        var representative: DocumentID
        var partner: DocumentID?
        /// Under each band key.
        var neighbours: [UInt64: Set<DocumentID>]
    }

    var documents: [DocumentID: Document] = [:]
    var memberCount: Int
    var queuedCount: Int
    var unwrittenCount: Int
    var fingerprint: String?

    init(_ workspace: String) throws {
        let layout = WorkspaceLayout(root: workspace)
        let store = try DedupeStore(path: layout.dedupe, mode: .readWrite)
        try store.check()
        self.memberCount = try store.memberCount()
        self.queuedCount = try store.queuedCount()
        self.unwrittenCount = try store.unwrittenCount()
        self.fingerprint = try store.fingerprint()
        var ids: [DocumentID] = []
        for shard in 0..<TestPipeline().shards {
            let manifest = try ShardManifest(path: layout.manifest(shard: shard), mode: .readOnly)
            #expect(try manifest.unresolvedCount() == 0)
            try manifest.visitSignatures { ids.append($0.id) }
        }
        self.documents = try store.update { tables in
            var documents: [DocumentID: Document] = [:]
            for id in ids { documents[id] = try Document(id, tables) }
            return documents
        }
    }
}

extension DedupeState.Document {
    init?(_ id: DocumentID, _ tables: DedupeTables) throws {
        guard let member = try tables.member(id) else { return nil }
        let node = try tables.node(member.number)
        self.init(
            rank: member.rank,
            isHeld: member.isHeld,
            exact: try tables.exact(ofGroup: member.number),
            role: node?.role,
            facts: node?.facts,
            isContained: node?.container != nil,
            isSaturated: node?.isSaturated,
            similarity: node?.similarity,
            representative: try tables.representative(ofGroup: member.number),
            partner: try node?.partner.map { try tables.representative(ofGroup: $0) },
            neighbours: [:]
        )
        for key in tables.bandKeys(of: member.number) {
            self.neighbours[key] = Set(
                try tables.band(key, limit: .max).map { try tables.representative(ofGroup: $0) }
            )
        }
    }
}
