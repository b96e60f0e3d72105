import Foundation
import Operations
import Segments
import Synchronization
import Telemetry
import Testing

/// Runs whose vectors come from a server: what is sent, what it costs, what is served when it fails.
@Suite struct RemoteRunTests {
    private func corpus(
        _ server: EmbeddingServer,
        documents: Int = 6,
        keys: String = ""
    ) throws -> TestCorpus {
        let corpus = try TestCorpus()
        corpus.pipeline.pdf = false
        corpus.pipeline.tail = [
            "embed: { uses: embed, from: chunk, provider: openai, endpoint: \"\(server.endpoint)\", "
                + "model: tested, dimensions: 16, cost_per_million_tokens: 2, batch_items: 8, "
                + "patience_seconds: 1\(keys) }",
            "index: { uses: index, from: embed }",
        ]
        for number in 0..<documents {
            try corpus.write(
                "a\(number).md",
                TestDocument(title: "Number \(number)", seed: UInt64(number) + 50, sections: 4)
            )
        }
        return corpus
    }

    @Test func everyTextIsSentOnceAndASyncSendsWhatChanged() throws {
        let server = try EmbeddingServer()
        let corpus = try self.corpus(server)
        let first = try corpus.run()
        #expect(first.status == .clean)
        #expect(Set(server.texts).count == server.texts.count)
        #expect(first.chunksEmbedded == server.texts.count)
        let report = try #require(first.embedding?.first)
        #expect(report.tokens == server.tokens)
        #expect(abs(report.cost - Double(server.tokens) * 2e-6) < 1e-9)
        #expect(report.requests == server.requests.count)

        let before = server.requests.count
        #expect(try corpus.run(.sync).outcome == .unchanged)
        try corpus.rename("a1.md", to: "b1.md")
        _ = try corpus.run(.sync)
        #expect(server.requests.count == before)

        var edited = TestDocument(title: "Number 2", seed: 52, sections: 4)
        edited.sections[1] += " One sentence more."
        try corpus.write("a2.md", edited)
        let summary = try corpus.run(.sync)
        #expect(summary.chunksEmbedded == 1)
        #expect(summary.embedding?.first?.texts == 1)
        #expect(summary.digest == (try corpus.freshSnapshot()).digest)
    }

    @Test func searchAsksTheSameServerWithoutThePipeline() throws {
        let server = try EmbeddingServer()
        let corpus = try self.corpus(server, keys: ", query_prefix: \"query: \"")
        try corpus.run()
        let text = try #require(server.texts.first)
        let before = server.requests.count
        let hits = try corpus.search(text, mode: .vector).hits
        #expect(server.requests.count == before + 1)
        #expect(server.texts.last == "query: " + text)
        #expect(!hits.isEmpty)
    }

    @Test func aRefusedChunkSetsItsDocumentAsideAndTheOldVersionStays() throws {
        let server = try EmbeddingServer { request in
            request.texts.contains { $0.contains("zzpoison") } ? .status(400) : .vectors
        }
        let corpus = try self.corpus(server)
        let first = try corpus.run()
        var edited = TestDocument(title: "Number 2", seed: 52, sections: 4)
        edited.sections[1] += " zzpoison."
        try corpus.write("a2.md", edited)
        try corpus.write("new.md", Array("# New\n\nAll of it is zzpoison.\n".utf8))
        let summary = try corpus.run(.sync)
        #expect(summary.status == .documentsFailed)
        #expect(summary.accounts.stale == 1)
        #expect(summary.accounts.failed == 1)
        #expect(summary.failures == ["refused": 2])
        #expect(
            summary.deadLetters.allSatisfy { $0.stage == "embed" && $0.message.contains("400") }
        )
        // The old version of the edited document is what is served, and nothing of the new one.
        #expect(summary.digest == first.digest)
        #expect(try corpus.search("zzpoison", mode: .bm25).hits.isEmpty)

        // It is left alone until it, the model or the chunks change, or someone asks.
        let before = server.requests.count
        #expect(try corpus.run(.sync).outcome == .unchanged)
        #expect(server.requests.count == before)
        edited.sections[1] = "Sound again, and other words."
        try corpus.write("a2.md", edited)
        try corpus.delete("new.md")
        let healed = try corpus.run(.sync)
        #expect(healed.status == .clean)
        #expect(healed.digest == (try corpus.freshSnapshot()).digest)
    }

    @Test func anotherModelTriesWhatWasRefused() throws {
        let server = try EmbeddingServer { request in
            request.dimensions == 16 && request.texts.contains { $0.contains("zzpoison") }
                ? .status(400) : .vectors
        }
        let corpus = try self.corpus(server)
        try corpus.write("new.md", Array("# New\n\nAll of it is zzpoison.\n".utf8))
        #expect(try corpus.run().status == .documentsFailed)
        let other = try corpus.run(.sync, overrides: ["embed.dimensions": "8"])
        #expect(other.status == .clean)
        #expect(try !corpus.search("zzpoison", mode: .bm25).hits.isEmpty)
    }

    @Test func duplicatesOfARefusedDocumentAreDecidedAnew() throws {
        let server = try EmbeddingServer { request in
            request.texts.contains { $0.contains("zzpoison") } ? .status(422) : .vectors
        }
        let corpus = try self.corpus(server, documents: 2)
        // The copy is kept out by the first one, which is refused when it changes.
        let twin = TestDocument(title: "Twin", seed: 9, sections: 3)
        try corpus.write("c1.md", twin)
        try corpus.write("c2.md", twin)
        let first = try corpus.run()
        #expect(first.accounts.duplicates == 1)
        var poisoned = twin
        poisoned.sections = ["zzpoison and nothing that was there before."]
        try corpus.write("c1.md", poisoned)
        let summary = try corpus.run(.sync)
        // Its old version is served, which the other still repeats.
        #expect(summary.accounts.stale == 1)
        #expect(summary.accounts.duplicates == 1)
        #expect(summary.digest == first.digest)
    }

    @Test func budgetsStopTheRunAndTheNextGoesOn() throws {
        let server = try EmbeddingServer()
        let corpus = try self.corpus(server, documents: 12)
        let other = try EmbeddingServer()
        let whole = try self.corpus(other, documents: 12)
        // A server closes with its last use.
        let digest = try withExtendedLifetime(other) { try whole.run().digest }
        let limit = 700
        var runs = 0
        var last: RunSummary
        repeat {
            let before = server.tokens
            last = try corpus.run(overrides: ["embed.maximum_tokens_per_run": "\(limit)"])
            runs += 1
            #expect(server.tokens - before <= limit)
            if last.status == .budgetReached {
                #expect(last.stopReason?.contains("maximum_tokens_per_run") == true)
                #expect(server.tokens > before, "a run of its own budget moves on")
            }
        } while last.status == .budgetReached && runs < 20
        #expect(last.status == .clean)
        #expect(runs > 1)
        #expect(Set(server.texts).count == server.texts.count)
        #expect(last.digest == digest)
    }

    @Test func theMonthCountsAllRunsAndItsEndFreesThem() throws {
        let server = try EmbeddingServer()
        let corpus = try self.corpus(server, documents: 12)
        let time = Mutex<Int64>(1_790_000_000_000)
        let overrides = ["embed.maximum_cost_per_month": "0.0014"]
        func run() throws -> RunSummary {
            try corpus.run(overrides: overrides) { options in
                options.clock = .init { time.withLock { $0 } }
            }
        }
        #expect(try run().status == .budgetReached)
        let spent = server.tokens
        #expect(Double(spent) * 2e-6 <= 0.0014)
        #expect(try run().status == .budgetReached)
        #expect(Double(server.tokens) * 2e-6 <= 0.0014)
        time.withLock { $0 += 31 * 86_400_000 }
        let next = try run()
        #expect(server.tokens > spent)
        #expect(
            (next.embedding?.first?.monthTokens ?? 0) == server.tokens - spent
                || next.status == .clean
        )
    }

    @Test func anOutageIsAStopThatKeepsWhatCame() throws {
        let server = try EmbeddingServer { $0.number > 3 ? .status(500) : .vectors }
        let corpus = try self.corpus(server, documents: 12, keys: ", concurrency: 1")
        let stopped = try corpus.run()
        #expect(stopped.outcome == .stopped)
        #expect(stopped.status == .budgetReached)
        #expect(stopped.stopReason?.contains("answered nothing") == true)
        #expect(stopped.embedding?.first?.texts == 24)
        // The server is back at another address: the vectors that came are kept.
        let other = try EmbeddingServer()
        let resumed = try corpus.run(overrides: ["embed.endpoint": other.endpoint])
        #expect(resumed.status == .clean)
        #expect(Set(other.texts).isDisjoint(with: server.requests.prefix(3).flatMap(\.texts)))
        #expect(resumed.chunks == 24 + other.texts.count)
    }

    @Test func rawTextIsNotSentPastTheRedaction() throws {
        let server = try EmbeddingServer()
        let corpus = try self.corpus(server)
        let path = try corpus.pipelineFile()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n").map(String.init)
        let around = lines.filter { !$0.contains("uses: redact-pii") }
            .map { $0.replacingOccurrences(of: "from: redact", with: "from: language") }
        let far = around.map {
            $0.replacingOccurrences(of: server.endpoint, with: "https://embed.example.org/v1")
        }
        try Data(far.joined(separator: "\n").utf8).write(to: URL(filePath: path))
        var options = RunOptions()
        options.isolation = .none
        let error = #expect(throws: OperationError.self) {
            try runPipelineFile(.backfill, path: path, options: options)
        }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains("redact-pii") == true)
        // Where nothing leaves this machine it is said and done.
        try Data(around.joined(separator: "\n").utf8).write(to: URL(filePath: path))
        let summary = try runPipelineFile(.backfill, path: path, options: options)
        #expect(summary.embedding?.first?.isUnredacted == true)
    }

    @Test(arguments: [
        ("maximum_cost_per_run: 1, cost_per_million_tokens: 0", "cost_per_million_tokens"),
        ("api_key_env: SURELY_NOT_SET_ANYWHERE", "SURELY_NOT_SET_ANYWHERE"),
        ("api_key_env: A, api_key_file: ./b", "one of"),
    ])
    func keysThatCannotWorkAreRefusedBeforeAnythingIsTouched(keys: String, word: String) throws {
        let server = try EmbeddingServer()
        let corpus = try self.corpus(server)
        corpus.pipeline.tail[0] =
            "embed: { uses: embed, from: chunk, provider: openai, endpoint: \"\(server.endpoint)\", "
            + "model: tested, dimensions: 16, \(keys) }"
        let error = #expect(throws: OperationError.self) { try corpus.run() }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains(word) == true)
        #expect(!FileManager.default.fileExists(atPath: corpus.workspace))
        #expect(server.requests.isEmpty)
    }

    @Test func aPlanTellsWhatItWouldCostAndWhereItWouldStop() throws {
        let server = try EmbeddingServer()
        let corpus = try self.corpus(server)
        var options = RunOptions()
        options.isolation = .none
        options.overrides = ["embed.maximum_tokens_per_run": "10"]
        let plan = try makePlan(path: try corpus.pipelineFile(), options: options)
        let estimate = try #require(plan.estimate.embedding?.first)
        #expect(estimate.tokens > 10)
        #expect(estimate.cost > 0)
        #expect(estimate.stopsAt == "maximum_tokens_per_run")
        #expect(server.requests.isEmpty)
    }
}
