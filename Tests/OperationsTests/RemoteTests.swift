import Foundation
import LoopbackServer
import Segments
import Storage
import Synchronization
import Testing

@testable import Objects
@testable import Operations

/// A workspace in object storage: what was pushed is what is pulled, and of two writers one wins.
@Suite(.ownThreads) struct RemoteTests {
    @Test func pushedAndPulledIsTheSameBytes() throws {
        let (corpus, server) = (try TestCorpus(), try ObjectServer())
        try corpus.fill(20, sections: 2)
        let first = try corpus.run()
        let store = try store(server)
        let report = try push(workspace: corpus.workspace, to: store)
        #expect(report.digest == first.digest)
        #expect(!report.wasUpToDate && report.number == 1)
        #expect(try push(workspace: corpus.workspace, to: store).wasUpToDate)

        let other = corpus.workspace("other")
        let pulled = try pull(from: store, to: other)
        #expect(pulled.generation == report.generation && pulled.digest == first.digest)
        #expect(try contents(of: other) == contents(of: corpus.workspace))
        #expect(try verify(workspace: other).problems.isEmpty)
        #expect(try pull(from: store, to: other).wasUpToDate)

        // What goes on there is the same as here, and comes back.
        try corpus.delete("a000.md")
        try corpus.write("a003.md", TestDocument(seed: 99))
        let there = try corpus.run(.sync, workspace: other)
        let second = try push(workspace: other, to: store)
        #expect(second.number == 2)
        #expect(second.bytesSent < report.bytesSent)
        #expect(try pull(from: store, to: corpus.workspace).digest == there.digest)
        #expect(try contents(of: other) == contents(of: corpus.workspace))
        #expect(try corpus.freshSnapshot().digest == there.digest)
    }

    /// Also before the run that writes its segments anew: they lie in folders of shards that are no more.
    @Test func reshardedWorkspaceGoesThereAndBack() throws {
        let (corpus, server) = (try TestCorpus(), try ObjectServer())
        try corpus.fill(12, sections: 2)
        let digest = try corpus.run().digest
        let store = try store(server)
        try push(workspace: corpus.workspace, to: store)
        let other = corpus.workspace("other")
        try pull(from: store, to: other)

        _ = try reshard(to: 2, workspace: corpus.workspace)
        try push(workspace: corpus.workspace, to: store)
        #expect(try pull(from: store, to: other).digest == digest)
        #expect(try contents(of: other) == contents(of: corpus.workspace))
        #expect(try verify(workspace: other).problems.isEmpty)
        corpus.pipeline.shards = 2
        let there = try corpus.run(.sync, workspace: other)
        #expect((there.digest, there.extracted, there.chunksEmbedded) == (digest, 0, 0))
        try push(workspace: other, to: store)
        #expect(try pull(from: store, to: corpus.workspace).digest == digest)
        #expect(try corpus.run(.sync).outcome == .unchanged)
    }

    @Test func onlyDifferencesAreSent() throws {
        let (corpus, server) = (try TestCorpus(), try ObjectServer())
        try corpus.fill(30, sections: 2)
        try corpus.run()
        let store = try store(server)
        try push(workspace: corpus.workspace, to: store)
        let other = corpus.workspace("other")
        try pull(from: store, to: other)
        try corpus.write("late.md", TestDocument(seed: 4_711))
        try corpus.run(.sync)
        let before = Set(server.objects.keys)
        let report = try push(workspace: corpus.workspace, to: store)
        // The generation is no piece.
        #expect(Set(server.objects.keys).subtracting(before).count == report.objectsSent + 1)
        server.forgetRequests()
        let pulled = try pull(from: store, to: other)
        let asked = server.requests.filter { $0.path.contains("/objects/") }.count
        #expect(asked == report.objectsSent)
        #expect(pulled.bytesReceived == report.bytesSent)
    }

    @Test func nothingIsMergedAndNothingLost() throws {
        let (corpus, server) = (try TestCorpus(), try ObjectServer())
        try corpus.fill(6)
        try corpus.run()
        let store = try store(server)
        try push(workspace: corpus.workspace, to: store)
        let other = corpus.workspace("other")
        try pull(from: store, to: other)
        try corpus.write("here.md", TestDocument(seed: 7))
        try corpus.run(.sync)
        try push(workspace: corpus.workspace, to: store)
        let here = try contents(of: corpus.workspace)
        try corpus.write("there.md", TestDocument(seed: 8))
        let synced = try corpus.run(.sync, workspace: other)

        let there = try contents(of: other)
        let refusedPush = #expect(throws: OperationError.self) {
            try push(workspace: other, to: store)
        }
        #expect(refusedPush?.message.contains("--discard") == true)
        let refusedPull = #expect(throws: OperationError.self) { try pull(from: store, to: other) }
        #expect(refusedPull?.message.contains("never pushed") == true)
        #expect(try contents(of: other) == there)
        var options = PullOptions()
        options.discards = true
        #expect(try pull(from: store, to: other, options: options).hasDiscarded)
        #expect(try contents(of: other) == here)
        #expect(try corpus.run(.sync, workspace: other).digest == synced.digest)
        #expect(try push(workspace: other, to: store).number == 3)
    }

    @Test func whatIsNotOursIsLeftAlone() throws {
        let (corpus, server) = (try TestCorpus(), try ObjectServer())
        let store = try store(server)
        let nothing = #expect(throws: OperationError.self) {
            try pull(from: store, to: corpus.workspace)
        }
        #expect(nothing?.status == .noSuchState)
        #expect(!fileExists(corpus.workspace))
        let missing = #expect(throws: OperationError.self) {
            try push(workspace: corpus.workspace, to: store)
        }
        #expect(missing?.status == .noSuchState)
        try corpus.fill(3)
        try corpus.run()
        try push(workspace: corpus.workspace, to: store)
        // A folder with other things in it.
        let folder = corpus.root + "/docs"
        let full = #expect(throws: OperationError.self) { try pull(from: store, to: folder) }
        #expect(full?.status == .configuration)
        // Another workspace, here and there.
        try corpus.write("more.md", TestDocument(seed: 9))
        try corpus.run(workspace: corpus.workspace("second"))
        for work in [
            { try push(workspace: corpus.workspace("second"), to: store) as Any },
            { try pull(from: store, to: corpus.workspace("second")) as Any },
        ] {
            let error = #expect(throws: OperationError.self) { try work() }
            #expect(error?.status == .fatal)
        }
        #expect(try verify(workspace: corpus.workspace("second")).problems.isEmpty)
    }

    @Test func ofTwoWritersOneWinsAndNoDocumentIsLost() throws {
        let (corpus, server) = (try TestCorpus(), try ObjectServer())
        try corpus.fill(4, sections: 1)
        try corpus.run()
        let store = try store(server)
        try push(workspace: corpus.workspace, to: store)
        let writers = [corpus.workspace("one"), corpus.workspace("two")]
        for writer in writers { try pull(from: store, to: writer) }
        var wins = [0, 0]
        for race in 0..<20 {
            for (index, writer) in writers.enumerated() {
                let document = TestDocument(seed: UInt64(1_000 + race * 2 + index), sections: 1)
                try corpus.write("race\(race)-\(index).md", document)
                try corpus.run(.sync, workspace: writer)
            }
            let results = Mutex<[Int: Result<PushReport, any Error>]>([:])
            DispatchQueue.concurrentPerform(iterations: 2) { index in
                let result = Result { try push(workspace: writers[index], to: store) }
                results.withLock { $0[index] = result }
            }
            let ended = results.withLock { $0 }
            let winners = [0, 1].filter { (try? ended[$0]?.get()) != nil }
            try #require(winners.count == 1, "race \(race): \(ended)")
            wins[winners[0]] += 1
            let (winner, loser) = (writers[winners[0]], writers[1 - winners[0]])
            #expect(throws: OperationError.self) { try ended[1 - winners[0]]?.get() }
            #expect(try store.head()?.head.number == race * 2 + 2)
            // What the loser found is found again.
            var options = PullOptions()
            options.discards = true
            try pull(from: store, to: loser, options: options)
            #expect(try contents(of: loser) == contents(of: winner))
            let again = try corpus.run(.sync, workspace: loser)
            try push(workspace: loser, to: store)
            #expect(try pull(from: store, to: winner).digest == again.digest)
        }
        let last = try corpus.freshSnapshot()
        #expect(last.documentCount == 44)
        #expect(try liveDigest(writers[0]) == last.digest)
        #expect(wins.reduce(0, +) == 20)
    }

    @Test func aServerWithoutConditionsIsRefused() throws {
        let (corpus, server) = (try TestCorpus(), try ObjectServer())
        try corpus.fill(2)
        try corpus.run()
        server.ignoreConditions()
        let store = try store(server)
        let error = #expect(throws: OperationError.self) {
            try push(workspace: corpus.workspace, to: store)
        }
        #expect(error?.status == .configuration)
        #expect(server.objects["bucket/a/b/LIVE"] == nil)
    }

    private func liveDigest(_ workspace: String) throws -> String {
        try digest(workspace: workspace).digest
    }

    /// Through a server that is not ours.
    @Test(.enabled(if: MotoServer.isInstalled, "moto is not installed: pip install 'moto[server]'"))
    func motoTakesAndGivesThem() async throws {
        let moto = try await MotoServer.shared()
        let request = HTTPRequest(
            "PUT",
            url: "\(moto.url)/workspaces",
            headers: [(name: "authorization", value: "AWS test:test")],
            body: []
        )
        _ = try await HTTPTransport().send(request)
        let corpus = try TestCorpus()
        try corpus.fill(8)
        try corpus.run()
        let store = try store(url: moto.url, bucket: "workspaces")
        try push(workspace: corpus.workspace, to: store)
        try corpus.write("late.md", TestDocument(seed: 4_711))
        try corpus.run(.sync)
        #expect(try push(workspace: corpus.workspace, to: store).number == 2)
        let other = corpus.workspace("other")
        try pull(from: store, to: other)
        #expect(try contents(of: other) == contents(of: corpus.workspace))
        let report = try collectRemoteGarbage(of: store, graceSeconds: 3_600)
        #expect(report.objectsRemoved == 0 && report.generationsKept == 2)
    }
}

/// An address on a server of tests, whose client gives up soon.
func store(_ server: ObjectServer) throws -> RemoteStore {
    try store(url: server.url, bucket: "bucket")
}

func store(url: String, bucket: String) throws -> RemoteStore {
    var policy = RetryPolicy()
    policy.firstDelay = .milliseconds(1)
    policy.longestDelay = .milliseconds(4)
    policy.maximumAttempts = 3
    policy.maximumThrottledAttempts = 3
    let keys = AWSCredentials(accessKeyID: "AKIATEST", secretAccessKey: Secret("secret"))
    return RemoteStore(
        address: try #require(S3Address("s3://\(bucket)/a/b")),
        client: S3Client(
            bucket: try S3Bucket(bucket, endpoint: url, region: "us-east-1"),
            credentials: AWSCredentialSource(keys),
            transport: HTTPTransport(),
            policy: policy
        )
    )
}

/// What makes a workspace, by the paths of its files.
func contents(of workspace: String) throws -> [String: Data] {
    let files = WorkspaceFiles(layout: WorkspaceLayout(root: workspace))
    let paths = try files.paths(shardCount: 4)
    return Dictionary(
        uniqueKeysWithValues: try paths.map {
            ($0, try Data(contentsOf: URL(filePath: "\(workspace)/\($0)")))
        }
    )
}
