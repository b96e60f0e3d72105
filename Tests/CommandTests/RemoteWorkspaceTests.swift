import Foundation
import LoopbackServer
import Synchronization
import Testing

extension CommandTests {
    /// Pipelines whose workspace is on object storage, by the programs, on several machines: each has a cache of
    /// its own.
    @Suite struct RemoteWorkspaceTests {
        private static let secret = "wJalrXUtnFEMI"

        private struct Machines {
            let server: ObjectServer
            let corpus: CommandCorpus

            init(documents: Int, words: Int = 60) throws {
                self.server = try ObjectServer()
                self.corpus = try CommandCorpus(documents: documents, words: words)
            }

            var address: String { "s3://bucket/team/docs" }

            func environment(_ machine: String) -> [String: String] {
                [
                    "WORKSPACE": self.address, "AWS_ENDPOINT_URL": self.server.url,
                    "AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": secret,
                    "MILLRACE_CACHE": self.corpus.folder("cache-\(machine)"),
                ]
            }

            func start(_ machine: String, _ arguments: [String]) throws -> RunningCommand {
                try Command.start(arguments, environment: self.environment(machine))
            }

            func run(_ machine: String, _ arguments: [String]) throws -> Command.Result {
                let result = try self.start(machine, arguments).wait()
                #expect(!(result.output + result.errors).contains(secret))
                return result
            }

            func digest(_ machine: String) throws -> String {
                try self.run(machine, ["digest", self.corpus.pipeline]).output
                    .trimmingCharacters(in: .whitespacesAndNewlines)
            }

            /// Names of files below the cache of a machine that end so.
            func cached(_ machine: String, _ suffix: String) -> [String] {
                let walker = FileManager.default.enumerator(
                    atPath: self.corpus.folder("cache-\(machine)")
                )
                return (walker?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(suffix) }
            }
        }

        @Test func oneWorkspaceForAllMachines() throws {
            let machines = try Machines(documents: 12)
            let (corpus, pipeline) = (machines.corpus, machines.corpus.pipeline)
            let none = try machines.run("b", ["search", pipeline, "gear", "wheel"])
            #expect(none.exitCode == 10, "\(none.errors)")
            let first = try machines.run("a", ["backfill", pipeline, "--json", "--quiet"])
            #expect(first.exitCode == 0, "\(first.errors)")
            let undisturbed = try corpus.undisturbedDigest()
            #expect(try first.json()["digest"] as? String == undisturbed)

            // A search fetches what it needs: no manifest.
            let found = try machines.run("b", ["search", pipeline, "gear", "--json", "--k", "2"])
            #expect(found.exitCode == 0, "\(found.errors)")
            #expect(machines.cached("b", ".sqlite").isEmpty)
            #expect(!machines.cached("b", ".mrs").isEmpty)
            machines.server.forgetRequests()
            _ = try machines.run("b", ["search", pipeline, "gear", "--json"])
            #expect(machines.server.requests.count == 1)

            // Another machine goes on where the first ended.
            try corpus.write("late.md", CommandCorpus.text(99, words: 60))
            let second = try machines.run("b", ["sync", pipeline, "--json", "--quiet"])
            #expect(second.exitCode == 0, "\(second.errors)")
            #expect(try second.json()["extracted"] as? Int == 1)
            let digest = try #require(try second.json()["digest"] as? String)
            #expect(try machines.digest("a") == digest)
            #expect(try corpus.undisturbedDigestAnew() == digest)
            let status = try machines.run("c", ["status", "--workspace", machines.address])
            #expect(status.exitCode == 0 && status.output.contains("13"), "\(status.errors)")
            // What only reads publishes nothing.
            let live = machines.server.objects["bucket/team/docs/LIVE"]
            _ = try machines.run("c", ["verify", pipeline])
            _ = try machines.run("c", ["snapshots", pipeline])
            #expect(machines.server.objects["bucket/team/docs/LIVE"]?.etag == live?.etag)
            // What changes a mark is published too.
            let pinned = try machines.run(
                "a",
                ["snapshots", "pin", pipeline, "1", "--reason", "first"]
            )
            #expect(pinned.exitCode == 0, "\(pinned.errors)")
            #expect(
                try machines.run("b", ["snapshots", pipeline, "--json"]).output
                    .contains(#""isPinned":true"#)
            )
        }

        @Test func ofTwoRunsAtOnceOneIsPublishedAndTheOtherSaysSo() throws {
            let machines = try Machines(documents: 8)
            let (corpus, pipeline) = (machines.corpus, machines.corpus.pipeline)
            #expect(try machines.run("a", ["backfill", pipeline]).exitCode == 0)
            #expect(try machines.run("b", ["sync", pipeline]).exitCode == 0)
            try corpus.write("late.md", CommandCorpus.text(99, words: 60))
            // While one is about to put its result in force, the other does so.
            let isFirst = Mutex(true)
            let other = Mutex<Command.Result?>(nil)
            let environment = machines.environment("b")
            machines.server.setMischief { request in
                let isIt = request.headers["if-match"] != nil && request.method == "PUT"
                let isMine = isFirst.withLock { first in
                    defer { if isIt { first = false } }
                    return first && isIt
                }
                guard isMine else { return .none }
                let result = try? Command.run(["sync", pipeline], environment: environment)
                other.withLock { $0 = result }
                return .none
            }
            let lost = try machines.run("a", ["sync", pipeline, "--json", "--quiet"])
            #expect(other.withLock { $0?.exitCode } == 0)
            #expect(lost.exitCode == 11, "\(lost.output) \(lost.errors)")
            #expect(lost.output.isEmpty && lost.errors.contains("run the same command again"))
            let again = try machines.run("a", ["sync", pipeline, "--json", "--quiet"])
            #expect(again.exitCode == 0, "\(again.errors)")
            #expect(again.errors.contains("was published elsewhere"))
            #expect(try again.json()["digest"] as? String == corpus.undisturbedDigestAnew())
            #expect(try machines.digest("b") == machines.digest("a"))
        }

        /// Killed at any moment, here a spread of them, a run goes on with the next command of any machine.
        @Test func killedRunsLeaveBothSidesUsable() throws {
            let machines = try Machines(documents: 30, words: 200)
            let (corpus, pipeline) = (machines.corpus, machines.corpus.pipeline)
            var killed = 0
            for (round, milliseconds) in [30, 120, 250, 400, 600, 900, 1_300].enumerated() {
                try corpus.write("k\(round).md", CommandCorpus.text(500 + round, words: 60))
                let machine = round % 2 == 0 ? "a" : "b"
                let run = try machines.start(machine, ["sync", pipeline, "--quiet"])
                usleep(UInt32(milliseconds) * 1_000)
                run.send(SIGKILL)
                if try run.wait().isSignalled { killed += 1 }
                let search = try machines.run("c", ["search", pipeline, "gear"])
                #expect([0, 10].contains(search.exitCode), "\(search.errors)")
            }
            #expect(killed > 2)
            let last = try machines.run("a", ["sync", pipeline, "--json", "--quiet"])
            #expect(last.exitCode == 0, "\(last.errors)")
            let digest = try last.json()["digest"] as? String
            #expect(try digest == corpus.undisturbedDigestAnew())
            let there = try machines.run("b", ["verify", pipeline])
            #expect(there.exitCode == 0, "\(there.output) \(there.errors)")
            #expect(try machines.digest("b") == digest)
        }

        @Test func itemsOfARunArePublishedWhenItEnds() throws {
            let machines = try Machines(documents: 9)
            let (corpus, pipeline) = (machines.corpus, machines.corpus.pipeline)
            for _ in 0..<4 {
                let plan = try machines.run("a", ["work", "plan", pipeline])
                #expect(plan.exitCode == 0, "\(plan.errors)")
                for line in plan.output.split(separator: "\n") {
                    let item = corpus.folder("item")
                    try Data(line.utf8).write(to: URL(filePath: item))
                    let done = try machines.run("a", ["work", "do", pipeline, item])
                    #expect(done.exitCode == 0, "\(done.errors)")
                }
                #expect(machines.server.objects.isEmpty)
                let done = try machines.run("a", ["work", "done", pipeline, "--json"])
                #expect(done.exitCode == 0, "\(done.errors)")
                if try done.json()["summary"] != nil { break }
            }
            #expect(try machines.digest("b") == corpus.undisturbedDigest())
        }

        /// With no room to keep them, only what answers now stays.
        @Test func aReaderKeepsToItsLimit() throws {
            let machines = try Machines(documents: 9)
            let (corpus, pipeline) = (machines.corpus, machines.corpus.pipeline)
            for round in 0..<3 {
                try corpus.write("d\(round).md", CommandCorpus.text(700 + round, words: 80))
                #expect(try machines.run("a", ["sync", pipeline]).exitCode == 0)
                var environment = machines.environment("b")
                environment["MILLRACE_CACHE_LIMIT"] = round < 2 ? "1000000000" : "0"
                let found = try Command.run(["search", pipeline, "gear"], environment: environment)
                #expect(found.exitCode == 0, "\(found.errors)")
            }
            let numbers = machines.cached("b", ".json").filter { $0.contains("/snapshots/") }
            #expect(numbers.count == 1 && numbers[0].hasSuffix("/3.json"), "\(numbers)")
        }

        /// What is taken out for good is in no reader's folder once it has looked again.
        @Test func aReaderKeepsNothingForgotten() throws {
            let machines = try Machines(documents: 6)
            let (corpus, pipeline) = (machines.corpus, machines.corpus.pipeline)
            try corpus.write("gone.md", "# Zebrafish\n\nA zebrafish swims in the weir.\n")
            #expect(try machines.run("a", ["sync", pipeline]).exitCode == 0)
            let found = try machines.run("b", ["search", pipeline, "zebrafish"])
            #expect(found.output.contains("gone.md"))
            let before = Set(machines.cached("b", ".mrs"))
            let forgotten = try machines.run("a", ["forget", "docs/gone.md", pipeline])
            #expect(forgotten.exitCode == 0, "\(forgotten.errors)")
            let after = try machines.run("b", ["search", pipeline, "zebrafish"])
            #expect(after.exitCode == 0 && !after.output.contains("gone.md"))
            #expect(!before.isSubset(of: machines.cached("b", ".mrs")))
            let own = machines.cached("a", ".mrs").map { String($0.suffix(68)) }
            #expect(machines.cached("b", ".mrs").allSatisfy { own.contains(String($0.suffix(68))) })
        }

        @Test func whatCannotBeAnAddressIsSaid() throws {
            let machines = try Machines(documents: 1)
            for (address, hint) in [
                ("s3://bucket", "s3://bucket/prefix"), ("gs://bucket/x", "s3://bucket/prefix"),
                ("s3://b/x", "endpoint"),
            ] {
                var environment = machines.environment("a")
                environment["WORKSPACE"] = address
                if address == "s3://b/x" { environment["AWS_ENDPOINT_URL"] = "nonsense" }
                let result = try Command.run(
                    ["sync", machines.corpus.pipeline],
                    environment: environment
                )
                #expect(result.exitCode == 2, "\(address)")
                #expect(result.errors.contains(hint), "\(result.errors)")
            }
        }
    }
}

extension CommandCorpus {
    /// As ``undisturbedDigest()``, of the documents as they are now.
    fileprivate func undisturbedDigestAnew() throws -> String {
        try? FileManager.default.removeItem(atPath: self.folder("undisturbed"))
        return try self.undisturbedDigest()
    }
}
