import Foundation
import Synchronization
import Testing

@testable import Embedding

/// A model behind a server of ours that misbehaves: every text gets its own vector, or a reason.
@Suite struct RemoteEmbedderTests {
    private func model(
        _ server: EmbeddingServer,
        _ change: (inout RemoteSettings, inout RemoteLimits) -> Void = { _, _ in }
    ) throws -> RemoteModel {
        var settings = RemoteSettings(
            provider: .openai,
            endpoint: server.endpoint,
            model: "tested",
            dimensions: 16
        )
        var limits = RemoteLimits()
        limits.batchItems = 8
        limits.patience = .seconds(2)
        change(&settings, &limits)
        return try RemoteModel(settings, limits: limits)
    }

    private static let texts = (0..<20).map { "Text number \($0) of the test." }

    private func expectVectors(_ model: RemoteModel, of texts: [String] = Self.texts) throws {
        let outputs = try model.embed(texts.map { EmbeddingInput(text: $0) })
        #expect(outputs.count == texts.count)
        for (text, output) in zip(texts, outputs) {
            let expected = EmbeddingServer.vector(text, 16)
            let length = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(
                zip(output.vector, expected).allSatisfy { abs($0 - $1 / length) < 1e-6 },
                "\(text)"
            )
        }
    }

    /// Each fault once or twice, then a sound server.
    static let faults:
        [(name: String, answer: @Sendable (EmbeddingServer.Request) -> EmbeddingServer.Answer)] = [
            ("sound", { _ in .vectors }),
            ("reordered", { .items($0.texts.indices.reversed().map { ($0, $0) }) }),
            (
                "too few",
                { $0.number < 3 ? .items($0.texts.indices.dropLast().map { ($0, $0) }) : .vectors }
            ),
            (
                "half",
                { $0.number < 3 ? .items($0.texts.indices.dropLast(4).map { ($0, $0) }) : .vectors }
            ),
            ("none", { $0.number < 3 ? .items([]) : .vectors }),
            (
                "too many",
                { $0.number < 3 ? .items($0.texts.indices.map { ($0, $0) } + [(0, 0)]) : .vectors }
            ),
            (
                "one index twice",
                { $0.number < 3 ? .items($0.texts.indices.map { ($0, $0 / 2) }) : .vectors }
            ),
            (
                "index of no text",
                { $0.number < 3 ? .items($0.texts.indices.map { ($0, $0 + 1) }) : .vectors }
            ),
            ("NaN", { $0.number < 3 ? .number("NaN") : .vectors }),
            ("null", { $0.number < 3 ? .number("null") : .vectors }),
            ("infinite", { $0.number < 3 ? .number("1e999") : .vectors }),
            ("dimensions", { $0.number < 3 ? .dimensions(15) : .vectors }),
            ("no dimensions", { $0.number < 3 ? .dimensions(0) : .vectors }),
            ("cut", { $0.number < 3 ? .cut : .vectors }),
            ("slow", { $0.number < 3 ? .slow(milliseconds: 300) : .vectors }),
            ("no JSON", { $0.number < 3 ? .body("<html>") : .vectors }),
            ("other JSON", { $0.number < 3 ? .body("{\"data\":{}}") : .vectors }),
            (
                "throttled",
                { $0.number < 12 ? .status(429, headers: ["retry-after": "0"]) : .vectors }
            ),
            ("throttled, no word", { $0.number < 4 ? .status(429) : .vectors }),
            (
                "overloaded",
                { $0.number < 3 ? .status(503, headers: ["retry-after": "0"]) : .vectors }
            ),
            ("broken", { $0.number < 3 ? .status(500) : .vectors }),
        ]

    @Test(arguments: faults.indices)
    func everyTextGetsItsOwnVectorWhateverTheServerDoes(index: Int) throws {
        let server = try EmbeddingServer(Self.faults[index].answer)
        try self.expectVectors(self.model(server))
    }

    @Test func teiIsSpokenToAsWell() throws {
        let server = try EmbeddingServer()
        try self.expectVectors(self.model(server) { settings, _ in settings.provider = .tei })
        #expect(server.requests.allSatisfy { $0.path == "/v1/embed" })
    }

    @Test func vectorsMayComeAsBase64() throws {
        let vector = EmbeddingServer.vector("a b", 16)
        let bytes = vector.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
        let text = Data(bytes).base64EncodedString()
        let server = try EmbeddingServer { _ in
            .body("{\"data\":[{\"index\":0,\"embedding\":\"\(text)\"}]}")
        }
        try self.expectVectors(self.model(server), of: ["a b"])
    }

    @Test(arguments: [400, 413, 422])
    func halvingFindsTheTextThatIsRefused(status: Int) async throws {
        let server = try EmbeddingServer { request in
            request.texts.contains { $0.contains("number 13 ") } ? .status(status) : .vectors
        }
        let model = try self.model(server)
        let outcomes = try await model.embedPassages(Self.texts.map { Array($0.utf8) })
        for (index, outcome) in outcomes.enumerated() {
            if case .refused(let refusal) = outcome {
                #expect(index == 13)
                #expect(refusal.isTooLong == (status == 413))
                #expect(!refusal.reason.contains("number"))
            } else {
                #expect(index != 13)
            }
        }
        // A refusal is not tried again, and halving eight texts takes seven requests more.
        #expect(server.requests.count <= 3 + 7)
    }

    @Test func aTextThatBreaksTheServerIsFoundToo() async throws {
        let server = try EmbeddingServer { request in
            request.texts.contains { $0.contains("number 5 ") } ? .status(500) : .vectors
        }
        let model = try self.model(server) { _, limits in
            limits.batchItems = 2
            // The other tests may hold the machine for long.
            limits.patience = .seconds(600)
        }
        let outcomes = try await model.embedPassages(Self.texts.prefix(6).map { Array($0.utf8) })
        #expect(outcomes.count { if case .refused = $0 { true } else { false } } == 1)
    }

    @Test(arguments: [
        (401, "key"), (403, "key"), (404, "endpoint"), (302, "redirect"), (400, "any text"),
        (422, "any text"),
    ])
    func aServerThatCannotBeAskedIsSaidToBeIt(status: Int, word: String) throws {
        let server = try EmbeddingServer { _ in
            .status(status, body: "{\"error\":{\"code\":\"no_way\"}}")
        }
        let error = #expect(throws: EmbeddingError.self) {
            try self.model(server).embed([EmbeddingInput(text: "secret text")])
        }
        #expect(error?.code == .remote)
        #expect(error?.message.contains(word) == true)
        #expect(error?.message.contains("secret") == false)
        #expect(server.requests.count <= 3)
    }

    @Test func anOutageEndsAfterItsPatienceAndMayBeGoneOnWith() throws {
        let port = try EmbeddingServer().port
        var settings = RemoteSettings(
            provider: .openai,
            endpoint: "http://127.0.0.1:\(port)/v1",
            model: "m",
            dimensions: 4
        )
        settings.timeoutSeconds = 1
        var limits = RemoteLimits()
        limits.patience = .milliseconds(300)
        let model = try RemoteModel(settings, limits: limits)
        let error = #expect(throws: EmbeddingError.self) {
            try model.embed([EmbeddingInput(text: "a")])
        }
        #expect(error?.isResumable == true)
    }

    @Test func aPauseThatIsTooLongIsAnOutage() throws {
        let server = try EmbeddingServer { _ in .status(429, headers: ["retry-after": "86400"]) }
        let error = #expect(throws: EmbeddingError.self) {
            try self.model(server).embed([EmbeddingInput(text: "a")])
        }
        #expect(error?.code == .outage)
        #expect(server.requests.count == 1)
    }

    @Test func textsWithoutALetterAreNotSent() throws {
        let server = try EmbeddingServer()
        let outputs = try self.model(server).embed([
            EmbeddingInput(text: " \n"), EmbeddingInput(text: ""),
        ])
        #expect(outputs.allSatisfy { $0.isZero && $0.vector.count == 16 })
        #expect(server.requests.isEmpty)
    }

    @Test func prefixesAreOfTheirRole() throws {
        let server = try EmbeddingServer()
        let model = try self.model(server) { settings, _ in
            settings.queryPrefix = "query: "
            settings.passagePrefix = "passage: "
        }
        _ = try model.embed([
            EmbeddingInput(text: "a", role: .query), EmbeddingInput(text: "a", role: .passage),
        ])
        #expect(server.texts == ["query: a", "passage: a"])
    }

    @Test(arguments: [RemoteKey.Header.bearer, .apiKey])
    func theKeyGoesIntoItsHeaderAndNowhereElse(header: RemoteKey.Header) throws {
        let file = FileManager.default.temporaryDirectory.appending(
            path: "key-\(UUID().uuidString)"
        )
        try Data("sesame\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let server = try EmbeddingServer()
        let model = try self.model(server) { settings, _ in
            settings.key = RemoteKey(file: file.path, header: header)
        }
        _ = try model.embed([EmbeddingInput(text: "a")])
        let headers = try #require(server.requests.first?.headers)
        switch header {
        case .bearer: #expect(headers["authorization"] == "Bearer sesame")
        case .apiKey: #expect(headers["api-key"] == "sesame")
        }
        #expect(!"\(model.settings)".contains("sesame"))
        #expect(model.settings.key.forIndex.file == nil)
    }

    @Test(arguments: [
        ("http://example.org/v1", false), ("ftp://example.org", false), ("example.org/v1", false),
        ("https://user:word@example.org/v1", false), ("https://", false),
        ("http://127.0.0.1.example.org/v1", false), ("http://localhost.example.org", false),
        ("https://example.org/v1", true), ("http://localhost:1/v1", true),
        ("http://127.8.9.1/v1", true), ("http://[::1]:80/v1", true),
    ])
    func textTravelsEncryptedOrNotAtAll(endpoint: String, isTaken: Bool) {
        let settings = RemoteSettings(
            provider: .openai,
            endpoint: endpoint,
            model: "m",
            dimensions: 4
        )
        let model = try? RemoteModel(settings)
        #expect((model != nil) == isTaken)
    }

    @Test func theAddressKeepsItsQuery() throws {
        let settings = RemoteSettings(
            provider: .openai,
            endpoint: "https://x.example.org/deployments/d/?api-version=1",
            model: "m",
            dimensions: 4
        )
        #expect(
            try settings.url() == "https://x.example.org/deployments/d/embeddings?api-version=1"
        )
    }

    @Test func requestsUnderWayAreBounded() async throws {
        let underWay = Mutex((now: 0, most: 0))
        let server = try EmbeddingServer { _ in
            underWay.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            usleep(20_000)
            underWay.withLock { $0.now -= 1 }
            return .vectors
        }
        let model = try self.model(server) { _, limits in limits.concurrency = 3 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for text in Self.texts {
                group.addTask { _ = try await model.embedPassages([Array(text.utf8)]) }
            }
            try await group.waitForAll()
        }
        #expect(underWay.withLock { $0.most } <= 3)
        #expect(server.requests.count == Self.texts.count)
    }

    @Test(arguments: [
        "", "[", "{\"a\":}", "[1,]", "[01]", "[1.]", "[.5]", "[1e]", "[--1]", "nul", "[1] x",
        "{\"a\" 1}",
        "\"\u{01}\"", "[NaN]", "[Infinity]", "[+1]",
        String(repeating: "[", count: 100_000),
    ])
    func whatIsNoJSONIsNone(text: String) {
        #expect(JSONTree(Array(text.utf8)) == nil)
    }

    @Test func numbersAreReadAsOthersReadThem() throws {
        var random = SplitMix64(seed: 3)
        for _ in 0..<2_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            guard value.isFinite else { continue }
            let json = try #require(JSONTree(Array("[\(value)]".utf8)))
            guard case .numbers(let numbers) = json else { continue }
            #expect(numbers == [value], "\(value)")
        }
    }
}
