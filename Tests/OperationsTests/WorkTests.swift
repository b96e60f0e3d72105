import Dispatch
import Foundation
import Segments
import Storage
import Synchronization
import Testing

@testable import Operations

/// A run in items ends as a run in one process does, whoever does the items, when and how often.
@Suite struct WorkTests {
    @Test(arguments: [1, 2]) func anyOrderAndAnyNumberOfTimes(seed: Int) throws {
        let corpus = try TestCorpus()
        try corpus.fill(40, sections: 2, seed: UInt64(seed))
        for number in stride(from: 0, to: 12, by: 3) {
            try corpus.write("twin\(number).md", TestDocument(seed: UInt64(number), sections: 2))
            try corpus.write("twin\(number)b.html", TestDocument(seed: UInt64(number), sections: 2))
        }
        var engine = Engine(corpus, seed: UInt64(seed))
        let first = try engine.run()
        let fresh = try corpus.freshSnapshot("first")
        #expect(first.digest == fresh.digest)
        #expect(first.listed == 48 && first.added == 48)
        #expect(SnapshotContent(try corpus.snapshot()) == SnapshotContent(fresh))

        try corpus.write("a003.md", TestDocument(title: "Edited", seed: 999, sections: 3))
        try corpus.rename("a005.txt", to: "renamed.txt")
        try corpus.delete("a007.html")
        try corpus.delete("twin0.md")
        try corpus.write("new.md", TestDocument(title: "New", seed: 4_711, sections: 3))
        let second = try engine.run()
        #expect(second.verb == "sync" && second.removed == 3)
        #expect(second.renamed == 1, "its prepared form is in another shard or in its own")
        let changed = try corpus.freshSnapshot("second")
        #expect(second.digest == changed.digest)
        #expect(try verify(workspace: corpus.workspace).problems.isEmpty)
        _ = try corpus.run(.compact)
        #expect(SnapshotContent(try corpus.snapshot()) == SnapshotContent(changed))
        #expect(try audit(workspace: corpus.workspace).problems.isEmpty)
    }

    @Test func nothingToDoIsNoItem() throws {
        let corpus = try TestCorpus()
        try corpus.fill(6)
        var engine = Engine(corpus, seed: 1)
        let first = try engine.run()
        let plan = try planWork(path: corpus.pipelineFile(), options: engine.options)
        #expect(plan.items.isEmpty)
        #expect(plan.summary?.digest == first.digest && plan.summary?.outcome == .unchanged)
        #expect(!FileManager.default.fileExists(atPath: corpus.workspace + "/work"))
        // Whoever asks once more is told the same.
        let progress = try finishWork(path: corpus.pipelineFile(), options: engine.options)
        #expect(progress.phase == nil && progress.summary?.digest == first.digest)
    }

    @Test func aPhaseThatIsOverIsSaidOnceAndTheNextBegins() throws {
        let corpus = try TestCorpus()
        try corpus.fill(8)
        let engine = Engine(corpus, seed: 1)
        var phases: [WorkPhase] = []
        for _ in WorkPhase.allCases {
            let plan = try planWork(path: corpus.pipelineFile(), options: engine.options)
            phases.append(plan.phase)
            #expect(!plan.items.isEmpty)
            for item in plan.items { try engine.perform(item) }
            if plan.phase == .publish { break }
            let over = try planWork(path: corpus.pipelineFile(), options: engine.options)
            #expect(over.items.isEmpty && over.phase == plan.phase)
        }
        #expect(phases == WorkPhase.allCases)
        #expect(try corpus.snapshot().digest == corpus.freshSnapshot().digest)
    }

    @Test func whatComesOutOtherwiseIsRefusedAndBothAreNamed() throws {
        let corpus = try TestCorpus()
        try corpus.fill(8)
        let engine = Engine(corpus, seed: 1)
        let item = try #require(
            try planWork(path: corpus.pipelineFile(), options: engine.options).items.first
        )
        let result = try engine.perform(item)
        #expect(try engine.perform(item, isAgain: true).outputs == result.outputs)
        let path = WorkFiles(layout: WorkspaceLayout(root: corpus.workspace)).done(item.name)
        let output = try #require(result.outputs.first)
        let other = String(output.reversed())
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data(text.replacing(output, with: other).utf8).write(to: URL(filePath: path))
        let error = #expect(throws: OperationError.self) {
            try engine.perform(item, isAgain: true)
        }
        #expect(error?.status == .fatal)
        #expect(error?.message.contains(output) == true && error?.message.contains(other) == true)
    }

    @Test func anItemIsOfOneRunAndOnePipeline() throws {
        let corpus = try TestCorpus()
        try corpus.fill(8)
        let engine = Engine(corpus, seed: 1)
        let path = try corpus.pipelineFile()
        let item = try #require(try planWork(path: path, options: engine.options).items.first)
        let early = #expect(throws: OperationError.self) {
            try finishWork(path: path, options: engine.options)
        }
        #expect(early?.status == .fatal && early?.message.contains(item.name) == true)
        var other = engine.options
        other.overrides = ["chunk.maximum_tokens": "32"]
        let changed = #expect(throws: OperationError.self) {
            try planWork(path: path, options: other)
        }
        #expect(changed?.status == .configuration)

        // A run in one process takes over what there is, and the items go with the run.
        let summary = try corpus.run(.sync)
        #expect(try summary.digest == corpus.freshSnapshot().digest)
        let late = #expect(throws: OperationError.self) { try engine.perform(item) }
        #expect(late?.status == .noSuchState)
    }

    @Test func linesThatAreNoItemsAreRefused() throws {
        let corpus = try TestCorpus()
        try corpus.fill(3)
        let engine = Engine(corpus, seed: 1)
        let item = try #require(
            try planWork(path: corpus.pipelineFile(), options: engine.options).items.first
        )
        let line = String(decoding: try JSONEncoder().encode(item), as: UTF8.self)
        #expect(try WorkItem(line: Array(line.utf8), place: "x") == item)
        let cases: [(String, Operations.ExitStatus)] = [
            ("", .configuration), ("{}", .configuration), (String(line.dropLast()), .configuration),
            (line.replacing("\"part\":\(item.part)", with: "\"part\":99"), .configuration),
            (line.replacing("item\\/1", with: "item\\/2"), .newerVersion),
        ]
        for (text, status) in cases {
            let error = #expect(throws: OperationError.self) {
                try WorkItem(line: Array(text.utf8), place: "x")
            }
            #expect(error?.status == status, "\(text)")
        }
    }

    @Test func deletionsAreHeldAsInAnyRun() throws {
        let corpus = try TestCorpus()
        try corpus.fill(60, sections: 1)
        var engine = Engine(corpus, seed: 5)
        try engine.run()
        for number in 0..<40 {
            let suffix = ["md", "html", "txt"][number % 3]
            try corpus.delete("a0\(number < 10 ? "0" : "")\(number).\(suffix)")
        }
        let summary = try engine.run()
        #expect(summary.status == .deletesHeld && summary.accounts.held == 40)
        #expect(summary.removed == 0 && summary.accounts.addsUp)
    }
}

/// Does the items of a run by seed: in any order, each twice, two at a time.
private struct Engine {
    let corpus: TestCorpus
    var random: SplitMix64

    init(_ corpus: TestCorpus, seed: UInt64) {
        self.corpus = corpus
        self.random = SplitMix64(seed: seed)
    }

    var options: RunOptions {
        var options = RunOptions()
        options.isolation = .none
        options.workerCount = 1
        options.lockWaitSeconds = 600
        return options
    }

    @discardableResult
    func perform(_ item: WorkItem, isAgain: Bool = false) throws -> WorkResult {
        try doWork(
            path: try self.corpus.pipelineFile(),
            item: item,
            options: self.options,
            isAgain: isAgain
        )
    }

    @discardableResult
    mutating func run() throws -> RunSummary {
        let path = try self.corpus.pipelineFile()
        while true {
            let plan = try planWork(path: path, options: self.options)
            if let summary = plan.summary { return summary }
            #expect(try planWork(path: path, options: self.options).items == plan.items)
            var items = plan.items + plan.items
            items.shuffle(using: &self.random)
            try self.performTwoAtATime(items, path: path)
            #expect(try planWork(path: path, options: self.options).items.isEmpty)
            if let summary = try finishWork(path: path, options: self.options).summary {
                #expect(summary.accounts.addsUp)
                return summary
            }
        }
    }

    private func performTwoAtATime(_ items: [WorkItem], path: String) throws {
        let next = Mutex(0)
        let failures = Mutex<[String]>([])
        let options = self.options
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            while true {
                let place = next.withLock { place in
                    defer { place += 1 }
                    return place
                }
                guard place < items.count else { return }
                do {
                    _ = try doWork(path: path, item: items[place], options: options)
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(failures.withLock { $0 } == [])
    }
}
