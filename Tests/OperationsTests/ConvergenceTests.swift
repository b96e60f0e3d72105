import Foundation
import Operations
import Segments
import Testing

/// A snapshot is a function of the documents and the pipeline alone.
@Suite struct ConvergenceTests {
    @Test func workerCountDoesNotChangeTheSnapshot() throws {
        let corpus = try TestCorpus()
        try corpus.fill(90, sections: 2)
        for number in stride(from: 0, to: 20, by: 3) {
            try corpus.write("twin\(number).md", TestDocument(seed: UInt64(number), sections: 2))
            try corpus.write("twin\(number)b.html", TestDocument(seed: UInt64(number), sections: 2))
        }
        let one = try corpus.freshSnapshot("one", workers: 1)
        for workers in [2, 8] {
            let other = try corpus.freshSnapshot("of\(workers)", workers: workers)
            #expect(SnapshotContent(other) == SnapshotContent(one))
        }
    }

    /// Near-duplicates, and documents cut from others, are read on as many threads as there are workers.
    @Test func workerCountDoesNotChangeWhatIsADuplicate() throws {
        let corpus = try TestCorpus()
        var random = SplitMix64(seed: 3)
        let syllables = ["ba", "de", "fi", "go", "lu", "ma", "ne", "ri", "so", "tu"]
        func word() -> String { (0..<4).map { _ in syllables[random.below(10)] }.joined() }
        for group in 0..<9 {
            let words = (0..<260).map { _ in word() }
            for number in 0..<7 {
                var own = words
                for _ in 0..<number % 3 { own[random.below(own.count)] = word() }
                own.removeLast(number > 4 ? 12 : 0)
                let text = "# \(words[0])\n\n" + own.joined(separator: " ") + ".\n"
                try corpus.write("group\(group)/d\(number).md", Array(text.utf8))
            }
        }
        var found: [SnapshotContent] = []
        for workers in [1, 2, 5] {
            let workspace = corpus.workspace("of\(workers)")
            let summary = try corpus.run(workers: workers, workspace: workspace)
            #expect(summary.accounts.duplicates > 18)
            found.append(SnapshotContent(try corpus.snapshot("of\(workers)")))
        }
        #expect(found[0] == found[1] && found[1] == found[2])
    }

    @Test func overlappingChunksConvergeAsWell() throws {
        let corpus = try TestCorpus()
        try corpus.fill(12, sections: 5)
        func snapshot(_ name: String, workers: Int) throws -> Snapshot {
            let overrides = ["chunk.maximum_tokens": "32", "chunk.overlap_tokens": "8"]
            let workspace = corpus.workspace(name)
            try corpus.run(workers: workers, workspace: workspace, overrides: overrides)
            return try corpus.snapshot(name)
        }
        let one = try snapshot("one", workers: 1)
        #expect(SnapshotContent(try snapshot("eight", workers: 8)) == SnapshotContent(one))
        #expect(one.chunkCount > (try corpus.freshSnapshot()).chunkCount)
    }

    /// Ten histories, or those of `MILLRACE_SEEDS=FIRST-LAST`.
    static let seeds: ClosedRange<Int> = {
        let text = ProcessInfo.processInfo.environment["MILLRACE_SEEDS"] ?? ""
        let bounds = text.split(separator: "-").compactMap { Int($0) }
        guard let first = bounds.first, let last = bounds.last, first <= last else { return 1...10 }
        return first...last
    }()

    /// Adds, edits, renames, deletes, touches, copies: whatever happened, a fresh backfill agrees.
    @Test(arguments: seeds) func anyHistoryEndsLikeAFreshBackfill(seed: Int) throws {
        let corpus = try TestCorpus()
        var history = DocumentHistory(seed: UInt64(seed))
        for _ in 0..<15 { try history.add(to: corpus) }
        var last = try corpus.run(.backfill, workers: 1 + seed % 2)
        for step in 0..<4 {
            for _ in 0..<1 + history.random.below(6) { try history.change(corpus) }
            last = try corpus.run(.sync, workers: 1 + (seed + step) % 2)
            #expect(last.accounts.listed == history.names.count, "seed \(seed), step \(step)")
        }
        let fresh = try corpus.freshSnapshot()
        #expect(last.digest == fresh.digest)
        #expect(try verify(workspace: corpus.workspace).problems.isEmpty)
        _ = try corpus.run(.compact)
        let compacted = try corpus.snapshot()
        #expect(
            SnapshotContent(compacted) == SnapshotContent(fresh),
            "seed \(seed): \(history.log.joined(separator: ", "))"
        )
        #expect(try verify(workspace: corpus.workspace).problems.isEmpty)
    }
}

/// Changes documents by seed, as people do.
private struct DocumentHistory {
    var random: SplitMix64
    private(set) var names: [String] = []
    private(set) var log: [String] = []
    private var documents: [String: TestDocument] = [:]
    private var count: UInt64 = 0

    init(seed: UInt64) { self.random = SplitMix64(seed: seed) }

    mutating func add(to corpus: TestCorpus) throws {
        let document = TestDocument(title: "New", seed: self.fresh(), sections: 1 + random.below(4))
        try self.put(self.newName(), document, corpus, "add")
    }

    mutating func change(_ corpus: TestCorpus) throws {
        guard self.names.count > 3 else { return try self.add(to: corpus) }
        let name = self.random.pick(self.names)
        guard var document = self.documents[name] else { return }
        switch self.random.below(8) {
        case 0: try self.add(to: corpus)
        case 1:
            let place = self.random.below(document.sections.count)
            document.sections[place] = TestDocument.paragraph(seed: self.fresh())
            try self.put(name, document, corpus, "edit")
        case 2:
            document.sections.insert(TestDocument.paragraph(seed: self.fresh()), at: 0)
            try self.put(name, document, corpus, "insert")
        case 3:
            if document.sections.count > 1 { document.sections.removeLast() }
            try self.put(name, document, corpus, "shorten")
        case 4: try self.rename(name, corpus)
        case 5: try self.delete(name, corpus)
        case 6:
            self.log.append("touch \(name)")
            try corpus.touch(name, seconds: Double(1_000_000 + self.fresh()))
        default:
            // A copy, exact or of another format, sometimes with one word more.
            if self.random.below(2) == 0 { document.sections[0] += " More." }
            try self.put(self.newName(), document, corpus, "copy \(name) as")
        }
    }

    private mutating func rename(_ name: String, _ corpus: TestCorpus) throws {
        let suffix = name.split(separator: ".").last.map(String.init) ?? ""
        let other = self.newName(suffix: suffix)
        let document = self.documents.removeValue(forKey: name)
        self.log.append("rename \(name) to \(other)")
        try corpus.write(other, [])
        try corpus.delete(other)
        try corpus.rename(name, to: other)
        self.documents[other] = document
        self.names.removeAll { $0 == name }
        self.names.append(other)
    }

    private mutating func delete(_ name: String, _ corpus: TestCorpus) throws {
        self.log.append("delete \(name)")
        try corpus.delete(name)
        self.documents[name] = nil
        self.names.removeAll { $0 == name }
    }

    private mutating func put(
        _ name: String,
        _ document: TestDocument,
        _ corpus: TestCorpus,
        _ verb: String
    ) throws {
        self.log.append("\(verb) \(name)")
        try corpus.write(name, document)
        if self.documents.updateValue(document, forKey: name) == nil { self.names.append(name) }
    }

    private mutating func newName(suffix: String? = nil) -> String {
        let folder = self.random.pick(["", "a/", "m/", "z/deep/"])
        let format = self.random.pick(TestDocument.Format.allCases)
        return "\(folder)\(self.random.below(10))-\(self.fresh()).\(suffix ?? format.rawValue)"
    }

    private mutating func fresh() -> UInt64 {
        self.count += 1
        return self.count &+ (self.random.next() >> 40) &* 65_536
    }
}
