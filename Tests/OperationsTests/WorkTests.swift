import Foundation
import Segments
import Storage
import Testing

@testable import Operations

/// A run in items ends as a run in one process does, whoever does the items, when and how often.
@Suite struct WorkTests {
    @Test(arguments: [1, 2], [1, .max])
    func anyOrderAndAnyNumberOfTimes(seed: Int, resolvesInItemsFrom: Int) throws {
        let corpus = try TestCorpus()
        try corpus.fill(40, sections: 2, seed: UInt64(seed))
        for number in stride(from: 0, to: 12, by: 3) {
            try corpus.write("twin\(number).md", TestDocument(seed: UInt64(number), sections: 2))
            try corpus.write("twin\(number)b.html", TestDocument(seed: UInt64(number), sections: 2))
        }
        var engine = ItemEngine(corpus, seed: UInt64(seed))
        engine.resolvesInItemsFrom = resolvesInItemsFrom
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
        var engine = ItemEngine(corpus, seed: 1)
        let first = try engine.run()
        let plan = try planWork(path: corpus.pipelineFile(), options: engine.options)
        #expect(plan.items.isEmpty)
        #expect(plan.summary?.digest == first.digest && plan.summary?.outcome == .unchanged)
        #expect(!FileManager.default.fileExists(atPath: corpus.workspace + "/work"))
        // Whoever asks once more is told the same.
        let progress = try finishWork(path: corpus.pipelineFile(), options: engine.options)
        #expect(progress.phase == nil && progress.summary?.digest == first.digest)
    }

    /// Where no document has company, there is none whose text is to be read.
    @Test(
        arguments: [
            (Int.max, [WorkPhase.prepare, .resolve, .materialise, .publish]),
            (8, [.prepare, .sign, .join, .resolve, .materialise, .publish]),
        ]
    )
    func aPhaseThatIsOverIsSaidOnceAndTheNextBegins(
        resolvesInItemsFrom: Int,
        expected: [WorkPhase]
    ) throws {
        let corpus = try TestCorpus()
        try corpus.fill(8)
        var engine = ItemEngine(corpus, seed: 1)
        engine.resolvesInItemsFrom = resolvesInItemsFrom
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
        #expect(phases == expected)
        #expect(try corpus.snapshot().digest == corpus.freshSnapshot().digest)
    }

    @Test func whatComesOutOtherwiseIsRefusedAndBothAreNamed() throws {
        let corpus = try TestCorpus()
        try corpus.fill(8)
        let engine = ItemEngine(corpus, seed: 1)
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
        let engine = ItemEngine(corpus, seed: 1)
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
        let engine = ItemEngine(corpus, seed: 1)
        let item = try #require(
            try planWork(path: corpus.pipelineFile(), options: engine.options).items.first
        )
        let line = String(decoding: try JSONEncoder().encode(item), as: UTF8.self)
        #expect(try WorkItem(line: Array(line.utf8), place: "x") == item)
        let cases: [(String, Operations.ExitStatus)] = [
            ("", .configuration), ("{}", .configuration), (String(line.dropLast()), .configuration),
            (line.replacing("\"part\":\(item.part)", with: "\"part\":99"), .configuration),
            (line.replacing("item\\/2", with: "item\\/3"), .newerVersion),
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
        var engine = ItemEngine(corpus, seed: 5)
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
