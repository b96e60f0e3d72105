import Foundation
import Testing

extension CommandTests {
    /// The server as an operator runs it.
    @Suite struct ServeTests {
        private let corpus: CommandCorpus

        init() throws {
            self.corpus = try CommandCorpus(documents: 30)
            try #require(try self.corpus.backfill().wait().exitCode == 0)
        }

        private func serve(_ arguments: [String] = []) throws -> Server {
            try Server(
                ["serve", self.corpus.pipeline, "--listen", "127.0.0.1:0"] + arguments
            )
        }

        @Test func answersAreThoseOfTheCommand() async throws {
            let server = try self.serve()
            for mode in ["fused", "vector", "bm25"] {
                let told = try self.corpus.command(
                    "search",
                    ["mill wheel12", "--k", "5", "--mode", mode, "--json"]
                )
                let expected = try #require(try told.json()["hits"] as? [[String: Any]])
                let answer = try await server.search(
                    #"{"query":"mill wheel12","k":5,"mode":"\#(mode)"}"#
                )
                let hits = try #require(answer["hits"] as? [[String: Any]])
                #expect(hits.count == expected.count && !hits.isEmpty)
                for (hit, other) in zip(hits, expected) {
                    for key in [
                        "chunk_id", "uri", "title", "text", "snippet", "score", "start", "end",
                        "snapshot",
                    ] {
                        #expect(hit[key] as? NSObject == other[key] as? NSObject, "\(mode) \(key)")
                    }
                    #expect(Set(other.keys).isSubset(of: hit.keys))
                }
            }
            let ended = try server.end()
            #expect(ended.exitCode == 0 && !ended.isSignalled)
            #expect(ended.errors.contains("route=/v1/search"))
            #expect(!ended.errors.contains("wheel12"))
        }

        @Test func aPublishIsNoticedWithoutAnError() async throws {
            let server = try self.serve()
            var failures = 0
            for number in 0..<3 {
                try self.corpus.write("new\(number).md", "# New\n\nzebra\(number) here.\n")
                let sync = Task.detached { [corpus = self.corpus.pipeline] in
                    try Command.run(["sync", corpus]).exitCode
                }
                var isFound = false
                while !isFound {
                    let (status, body) = try await server.ask(
                        "/v1/search",
                        body: #"{"query":"zebra\#(number)","mode":"bm25"}"#
                    )
                    if status != 200 { failures += 1 }
                    isFound = body.contains("zebra\(number) here")
                }
                #expect(try await sync.value == 0)
            }
            #expect(failures == 0)
            // What the server has open is kept, and let go when it ends.
            let leases = self.corpus.workspace + "/leases"
            #expect(try FileManager.default.contentsOfDirectory(atPath: leases).count >= 1)
            #expect(try server.end().exitCode == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: leases).isEmpty)
        }

        /// A reader holds a snapshot that clean-up would take otherwise.
        @Test func whatAReaderHasOpenIsNotCleanedUp() async throws {
            let lease = """
                {"expiresMilliseconds":9999999999999,"holder":{"host":"h","processID":1,\
                "startedMilliseconds":0,"verb":"search"},"snapshot":1}
                """
            try self.corpus.folder.write("workspace/leases/h-1-0-1.lease.json", lease)
            func snapshots() throws -> [Int] {
                try FileManager.default.contentsOfDirectory(
                    atPath: self.corpus.workspace + "/snapshots"
                )
                .compactMap { Int($0.dropLast(5)) }.sorted()
            }
            for number in 0..<5 {
                try self.corpus.write("d\(number).md", "# Changed\n\nto \(number).\n")
                #expect(try self.corpus.command("sync").exitCode == 0)
            }
            #expect(try snapshots() == [1, 4, 5, 6])
            try FileManager.default.removeItem(
                atPath: self.corpus.workspace + "/leases/h-1-0-1.lease.json"
            )
            try self.corpus.write("d9.md", "# Changed\n\nagain.\n")
            #expect(try self.corpus.command("sync").exitCode == 0)
            #expect(try snapshots() == [5, 6, 7])
        }

        @Test func tokensOpenTheServerAndAreReadAgain() async throws {
            let made = try Command.run(["token", "new", "alice", "--json"]).json()
            let line = try #require(made["line"] as? String)
            let token = try #require(made["token"] as? String)
            try self.corpus.folder.write("tokens.jsonl", "")
            let server = try self.serve(["--tokens", self.corpus.folder("tokens.jsonl")])
            func status() async throws -> Int {
                try await server.ask("/v1/snapshots", token: token).status
            }
            #expect(try await status() == 401)
            try self.corpus.folder.write("tokens.jsonl", line + "\n")
            server.running.send(SIGHUP)
            while try await status() != 200 { try await Task.sleep(for: .milliseconds(100)) }
            // What cannot be read changes nothing.
            try self.corpus.folder.write("tokens.jsonl", "nonsense\n")
            server.running.send(SIGHUP)
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await status() == 200)
            let ended = try server.end()
            #expect(ended.exitCode == 0)
            #expect(!ended.errors.contains(token) && !ended.output.contains(token))
        }

        @Test func aTokenIsPrintedOnceAndItsLineHoldsItsHashAlone() throws {
            let made = try Command.run([
                "token", "new", "bob", "--label", "team-a", "--role", "reader",
            ])
            #expect(made.exitCode == 0)
            let line = try made.json()
            #expect(line["name"] as? String == "bob")
            #expect(line["labels"] as? [String] == ["team-a"])
            #expect((line["sha256"] as? String)?.count == 64)
            #expect(made.errors.contains("mrt_"))
            #expect(!made.output.contains("mrt_"))
            #expect(try Command.run(["token", "new", "a b"]).exitCode == 2)
        }

        @Test(arguments: [
            ["--listen", "0.0.0.0:0"], ["--listen", "nonsense"], ["--tokens", "/nowhere"],
            ["--max-k", "0"],
            ["--jwt-keys", "/nowhere"], ["--index", "nothing"],
        ])
        func whatCannotBeServedIsAnErrorOfUse(arguments: [String]) throws {
            let result = try Command.run(["serve", self.corpus.pipeline] + arguments)
            #expect(result.exitCode == 2)
            #expect(!result.errors.isEmpty)
        }

        @Test func nothingPublishedIsNoState() throws {
            let result = try Command.run(["serve", "--workspace", self.corpus.folder("nothing")])
            #expect(result.exitCode == 10)
            #expect(result.errors.contains("millrace backfill"))
        }

        @Test func anAddressThatIsTakenIsSaidSo() throws {
            let server = try self.serve()
            let result = try Command.run([
                "serve", self.corpus.pipeline, "--listen", "127.0.0.1:\(server.port)",
            ])
            #expect(result.exitCode == 1)
            #expect(result.errors.contains("--listen"))
            _ = try server.end()
        }

        @Test func toolsAreServedOnStandardInput() throws {
            let messages = [
                #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#,
                #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, "", "nonsense",
                #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search","arguments":{"query":"mill","k":2}}}"#,
            ]
            let result = try Command.run(
                ["serve", self.corpus.pipeline, "--mcp"],
                input: messages.joined(separator: "\n") + "\n"
            )
            #expect(result.exitCode == 0)
            let answers = try result.jsonLines()
            #expect(answers.map { $0["id"] as? Int } == [1, nil, 2])
            let found = try #require(answers[2]["result"] as? [String: Any])
            let structured = try #require(found["structuredContent"] as? [String: Any])
            #expect((structured["hits"] as? [Any])?.count == 2)
        }
    }
}

/// A server at work, on a port of its own.
private final class Server {
    let running: RunningCommand
    let port: Int

    init(_ arguments: [String]) throws {
        let running = try Command.start(arguments)
        let listens = running.waits { running.output.contains("\n") }
        guard listens, let text = running.output.split(separator: ":").last,
            let port = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { throw CocoaError(.fileReadUnknown) }
        self.running = running
        self.port = port
    }

    deinit { if self.running.isRunning { self.running.send(SIGKILL) } }

    func end() throws -> Command.Result {
        self.running.send(SIGTERM)
        return try self.running.wait()
    }

    func ask(
        _ path: String,
        body: String? = nil,
        token: String? = nil
    ) async throws -> (status: Int, body: String) {
        let url = "http://127.0.0.1:\(self.port)\(path)"
        var arguments = ["-s", "-w", "\n%{http_code}", url]
        if let body { arguments += ["-H", "Content-Type: application/json", "-d", body] }
        if let token { arguments += ["-H", "Authorization: Bearer \(token)"] }
        let text = try output(of: "/usr/bin/env", ["curl"] + arguments)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }

    func search(_ body: String) async throws -> [String: Any] {
        let (status, text) = try await self.ask("/v1/search", body: body)
        #expect(status == 200)
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(value as? [String: Any])
    }
}
