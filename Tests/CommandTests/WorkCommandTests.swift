import Foundation
import Testing

extension CommandTests {
    /// A run in items by the programs themselves, some of them killed.
    @Suite struct WorkCommandTests {
        @Test func aLostProcessOfEachPhaseIsNoLoss() throws {
            let corpus = try CommandCorpus(documents: 24, words: 120)
            let digest = try corpus.undisturbedDigest()
            var killed = 0
            var summary: [String: Any]?
            rounds: for _ in 0..<4 {
                let plan = try Command.run(["work", "plan", corpus.pipeline])
                #expect(plan.exitCode == 0, "\(plan.errors)")
                let lines = plan.output.split(separator: "\n").map(String.init)
                for (place, line) in lines.enumerated() {
                    if place == 0, try self.isKilled(line, corpus) { killed += 1 }
                    // Twice at once: the second waits, and has nothing to do.
                    let both = try [self.start(line, corpus), self.start(line, corpus)]
                    for command in both {
                        let result = try command.wait()
                        #expect(result.exitCode == 0, "\(result.errors)")
                        #expect(try result.json()["form"] as? String == "work-result/2")
                    }
                }
                let done = try Command.run(["work", "done", corpus.pipeline, "--json"])
                #expect(done.exitCode == 0, "\(done.errors)")
                summary = try done.json()["summary"] as? [String: Any]
                if summary != nil { break rounds }
            }
            #expect(killed > 0)
            #expect(summary?["digest"] as? String == digest)
            let after = try Command.run(["work", "plan", corpus.pipeline])
            #expect(after.exitCode == 0 && after.output.isEmpty)
        }

        @Test func whatIsHeldByAnotherEndsWithItsExitCode() throws {
            let corpus = try CommandCorpus(documents: 40, words: 300)
            let lines = try Command.run(["work", "plan", corpus.pipeline]).output
                .split(separator: "\n").map(String.init)
            let line = try #require(lines.first)
            let first = try Command.start(["work", "do", corpus.pipeline, "-"], input: line + "\n")
            let heartbeats = corpus.workspace + "/work" + "/heartbeats"
            let isSeen = first.waits {
                (try? FileManager.default.contentsOfDirectory(atPath: heartbeats))?.isEmpty == false
            }
            if isSeen, first.isRunning {
                first.send(SIGSTOP)
                let second = try Command.run(
                    ["work", "do", corpus.pipeline, "-"],
                    input: line + "\n"
                )
                first.send(SIGCONT)
                #expect(second.exitCode == 11 && second.errors.contains("work do"))
            }
            #expect(try first.wait().exitCode == 0)
            #expect(try Command.run(["work", "do", corpus.pipeline, "/no/such"]).exitCode == 2)
            #expect(
                try Command.run(["work", "do", corpus.pipeline, "-"], input: "{}\n").exitCode == 2
            )
        }

        private func start(_ line: String, _ corpus: CommandCorpus) throws -> RunningCommand {
            try Command.start(
                ["work", "do", corpus.pipeline, "-", "--json", "--wait", "10m"],
                input: line + "\n"
            )
        }

        /// Starts an item, and kills it once it is at work.
        private func isKilled(_ line: String, _ corpus: CommandCorpus) throws -> Bool {
            let command = try self.start(line, corpus)
            let heartbeats = corpus.workspace + "/work" + "/heartbeats"
            let isAtWork = command.waits {
                (try? FileManager.default.contentsOfDirectory(atPath: heartbeats))?.isEmpty == false
            }
            if isAtWork { command.send(SIGKILL) }
            return try command.wait().isSignalled
        }
    }
}
