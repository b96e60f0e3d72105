import Foundation
import Glibc
import Hashing
import Manifests
import Records
import Segments
import Storage
import Testing

@testable import Operations

/// Workspaces that share an embedding cache make and send a text once, and serve what they would without it.
@Suite struct EmbeddingCacheRunTests {
    private static let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Golden/embedding/m-bert").path

    private func corpus(embed: String) throws -> TestCorpus {
        let corpus = try TestCorpus()
        corpus.pipeline.pdf = false
        corpus.pipeline.tail = [
            "embed: { uses: embed, from: chunk, \(embed) }", "index: { uses: index, from: embed }",
        ]
        for number in 0..<6 {
            try corpus.write(
                "a\(number).md",
                TestDocument(title: "Number \(number)", seed: UInt64(number) + 50, sections: 4)
            )
        }
        return corpus
    }

    @Test func anotherWorkspaceEmbedsNothingAndServesTheSame() throws {
        let corpus = try self.corpus(embed: "model: \(Self.model)")
        let without = try corpus.freshSnapshot("without")
        corpus.pipeline.tail[0] =
            "embed: { uses: embed, from: chunk, model: \(Self.model), cache: shared }"
        let first = try corpus.run(workspace: corpus.workspace("first"))
        #expect(first.chunksEmbedded > 0 && first.chunksFromCache == nil)
        let second = try corpus.run(workspace: corpus.workspace("second"))
        #expect(second.chunksEmbedded == 0)
        #expect(second.chunksFromCache == first.chunksEmbedded)
        #expect(second.absences == [])
        #expect(first.digest == without.digest)
        #expect(second.digest == without.digest)
        // Its own vectors are its own: they are there without the cache.
        try FileManager.default.removeItem(atPath: corpus.root + "/shared")
        let third = try corpus.run(.compact, workspace: corpus.workspace("second"))
        #expect(third.chunksEmbedded == 0 && third.digest == without.digest)
        #expect(!isSharedFile(corpus.root + "/shared/vectors.sqlite"))
    }

    @Test func anotherPrecisionOrPrefixFindsNothing() throws {
        let corpus = try self.corpus(embed: "model: \(Self.model), cache: shared")
        let first = try corpus.run()
        for (number, override) in [("embed.precision", "bf16"), ("embed.passage_prefix", "text: ")]
            .enumerated()
        {
            let other = try corpus.run(
                workspace: corpus.workspace("other\(number)"),
                overrides: [override.0: override.1]
            )
            #expect(other.chunksFromCache == nil)
            #expect(other.chunksEmbedded == first.chunksEmbedded)
        }
    }

    @Test func damagedCacheIsToldAndTheRunGoesOn() throws {
        let corpus = try self.corpus(embed: "model: \(Self.model), cache: shared")
        let digest = try corpus.run(workspace: corpus.workspace("first")).digest
        let path = corpus.root + "/shared/vectors.sqlite"
        var bytes = try readFile(path, maximumBytes: 1 << 26)
        for place in stride(from: 8_192, to: bytes.count, by: 97) { bytes[place] ^= 0x55 }
        try replaceFile(path, with: bytes)
        let second = try corpus.run(workspace: corpus.workspace("second"))
        #expect(second.digest == digest && second.status == .clean)
        #expect(second.chunksEmbedded > 0)
        try Data(repeating: 65, count: 9_999).write(to: URL(filePath: path))
        chmod(path, 0o600)
        let third = try corpus.run(workspace: corpus.workspace("third"))
        #expect(third.digest == digest && third.status == .clean)
        #expect(third.absences?.contains { $0.contains("embedding cache") } == true)
        let check = try #require(try self.check(corpus))
        #expect(!check.isSound && check.detail.contains("remove"))
    }

    private func check(_ corpus: TestCorpus) throws -> DoctorReport.Check? {
        doctor(pipeline: try corpus.pipelineFile()).checks
            .first { $0.name == "embedding cache of embed" }
    }

    @Test func doctorTellsWhatIsInItAndWhoMayRead() throws {
        let corpus = try self.corpus(embed: "model: \(Self.model), cache: shared")
        #expect(try self.check(corpus)?.isSound == true)
        let summary = try corpus.run()
        let sound = try #require(try self.check(corpus))
        #expect(
            sound.isSound && sound.detail.contains("\(summary.chunksEmbedded) vectors of 1 models")
        )
        chmod(corpus.root + "/shared/vectors.sqlite", 0o644)
        let shared = try #require(try self.check(corpus))
        #expect(!shared.isSound && shared.detail.contains("chmod 600"))
    }

    @Test func folderThatCannotBeIsRefusedBeforeAnythingIsDone() throws {
        let corpus = try self.corpus(embed: "model: \(Self.model), cache: docs/a0.md")
        let error = #expect(throws: OperationError.self) { try corpus.run() }
        #expect(error?.status == .configuration)
    }

    @Test func boundedCacheKeepsTheSamePart() throws {
        let corpus = try self.corpus(
            embed: "model: \(Self.model), cache: shared, cache_bytes: 1048576"
        )
        let first = try corpus.run()
        let second = try corpus.run(workspace: corpus.workspace("second"))
        #expect(second.digest == first.digest)
        #expect(second.chunksEmbedded + (second.chunksFromCache ?? 0) == first.chunksEmbedded)
    }

    @Test func forgottenChunksLeaveTheCache() throws {
        let corpus = try self.corpus(embed: "model: \(Self.model), cache: shared")
        let first = try corpus.run()
        let file = corpus.root + "/shared/vectors.sqlite"
        let reader = try WorkspaceReader(root: corpus.workspace)
        let hashes = try reader.shards().flatMap { shard in
            try shard.chunks(of: documentID(uri: "docs/a2.md"), stage: "chunk")?.chunks
                .map(\.textHash) ?? []
        }
        #expect(!hashes.isEmpty)
        var options = RunOptions()
        options.isolation = .none
        let report = try forget(
            .uris(["docs/a2.md"]),
            pipeline: try corpus.pipelineFile(),
            options: options
        )
        #expect(report.leftovers.isEmpty)
        let scan = try ErasureScan(hashes.flatMap { ErasureScan.patterns(of: $0) })
            .scan(corpus.root + "/shared", excluding: [])
        #expect(scan.found.isEmpty && scan.files > 0)
        #expect(fileExists(file))
        // What stays is still found.
        let second = try corpus.run(workspace: corpus.workspace("second"))
        #expect(second.chunksEmbedded == hashes.count)
        #expect(second.chunksFromCache == first.chunksEmbedded - hashes.count)
    }

    @Test func planSaysWhatAnotherModelWouldFind() throws {
        let corpus = try self.corpus(embed: "model: \(Self.model), cache: shared, dimensions: 16")
        try corpus.run(workspace: corpus.workspace("first"))
        try corpus.run(overrides: ["embed.dimensions": "8"])
        var options = RunOptions()
        options.isolation = .none
        let plan = try makePlan(path: try corpus.pipelineFile(), options: options)
        #expect(plan.redone.map(\.stage).contains("embed"))
        #expect(plan.estimate.tokens == 0)
        #expect((plan.estimate.cachedTokens ?? 0) > 0)
        let sync = try corpus.run(.sync)
        #expect(sync.chunksEmbedded == 0 && sync.chunksFromCache != nil)
    }

    // MARK: A server

    private func remote(_ server: EmbeddingServer, _ keys: String = "") -> String {
        "provider: openai, endpoint: \"\(server.endpoint)\", model: tested, dimensions: 16, "
            + "cost_per_million_tokens: 2, batch_items: 8, patience_seconds: 1, cache: shared\(keys)"
    }

    @Test func nothingIsSentThatAnotherWorkspaceHasPaidFor() throws {
        let server = try EmbeddingServer()
        let corpus = try self.corpus(embed: self.remote(server))
        let first = try corpus.run(workspace: corpus.workspace("first"))
        let sent = server.texts.count
        #expect(sent == first.chunksEmbedded && first.embedding?.first?.cached == 0)
        let second = try corpus.run(workspace: corpus.workspace("second"))
        #expect(server.texts.count == sent)
        #expect(second.digest == first.digest)
        #expect(second.chunksEmbedded == 0 && second.chunksFromCache == sent)
        let report = try #require(second.embedding?.first)
        #expect(report.cached == sent && report.tokens == 0 && report.requests == 0)
        #expect(report.cacheHitRate == 1)
    }

    @Test func whatIsAddedIsSentAlone() throws {
        let server = try EmbeddingServer()
        let corpus = try self.corpus(embed: self.remote(server))
        try corpus.run(workspace: corpus.workspace("first"))
        let sent = server.texts.count
        try corpus.write("b.md", TestDocument(title: "More", seed: 99, sections: 2))
        let second = try corpus.run(workspace: corpus.workspace("second"))
        #expect(server.texts.count == sent + second.chunksEmbedded)
        #expect(second.chunksFromCache == sent && second.chunksEmbedded > 0)
    }

    @Test func anotherServerIsAskedAnew() throws {
        let server = try EmbeddingServer()
        let other = try EmbeddingServer()
        let corpus = try self.corpus(embed: self.remote(server))
        try corpus.run(workspace: corpus.workspace("first"))
        corpus.pipeline.tail[0] = "embed: { uses: embed, from: chunk, \(self.remote(other)) }"
        try corpus.run(workspace: corpus.workspace("second"))
        #expect(other.texts.count == server.texts.count)
    }

    @Test func runThatStoppedAtItsBudgetLeavesWhatItPaidFor() throws {
        let server = try EmbeddingServer()
        let corpus = try self.corpus(embed: self.remote(server))
        let first = try corpus.run(
            workspace: corpus.workspace("first"),
            overrides: ["embed.maximum_tokens_per_run": "300"]
        )
        #expect(first.status == .budgetReached)
        let sent = server.texts.count
        #expect(sent > 0)
        let second = try corpus.run(workspace: corpus.workspace("second"))
        #expect(second.chunksFromCache == sent)
        #expect(server.texts.count == Set(server.texts).count)
    }
}
