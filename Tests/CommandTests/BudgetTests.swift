import Foundation
import Testing

extension CommandTests {
    /// Runs that stop before their end, and what goes on with them.
    @Suite struct BudgetTests {
        static let documents = 160

        private let corpus: CommandCorpus

        init() throws { self.corpus = try CommandCorpus(documents: Self.documents) }

        @Test func documentBudgetStopsResumablyAndResumeArrives() throws {
            let digest = try self.corpus.undisturbedDigest()
            let stopped = try self.corpus.command(
                "backfill",
                ["--max-documents", "40", "--workers", "1"]
            )
            #expect(stopped.exitCode == 6)
            #expect(stopped.output.contains("millrace resume \(self.corpus.pipeline)"))
            let status = try self.corpus.command("status")
            #expect(status.output.contains("unfinished run 1 (backfill"))
            #expect(status.output.contains("millrace resume"))
            let resumed = try self.corpus.command("resume", ["--json"])
            #expect(resumed.exitCode == 0)
            #expect(resumed.errors.contains("\"event\":\"resume\""))
            let summary = try resumed.json()
            #expect(summary["verb"] as? String == "backfill")
            #expect(summary["digest"] as? String == digest)
            #expect(summary["extracted"] as? Int ?? Self.documents < Self.documents)
            let nothing = try self.corpus.command("resume")
            #expect(nothing.exitCode == 10)
            #expect(nothing.errors.contains("millrace sync"))
        }

        @Test func timeBudgetStopsResumably() throws {
            let stopped = try self.corpus.command(
                "backfill",
                ["--max-time", "0.02s", "--workers", "1", "--json"]
            )
            #expect(stopped.exitCode == 6)
            #expect(try stopped.json()["outcome"] as? String == "stopped")
            let generous = try self.corpus.command("backfill", ["--max-time", "2h30m"])
            #expect(generous.exitCode == 0)
            #expect(generous.errors.contains("resuming run 1"))
        }

        @Test func killedRunIsResumedByItsWorkspaceAlone() throws {
            let digest = try self.corpus.undisturbedDigest()
            let run = try self.corpus.backfill(["--workers", "1"])
            let journal = URL(filePath: self.corpus.workspace + "/run.journal")
            // The third word counts the documents that are checkpointed.
            try #require(
                run.waits {
                    let bytes = (try? Data(contentsOf: journal)).map(Array.init) ?? []
                    return bytes.count >= 24 && bytes[16] > 0
                }
            )
            run.send(SIGKILL)
            try #require(try run.wait().isSignalled)
            #expect(try self.corpus.command("status").output.contains("run 1  backfill  killed"))
            let resumed = try Command.run(["resume", "--workspace", self.corpus.workspace])
            #expect(resumed.exitCode == 0)
            let told = try Regex("resuming run 1: [0-9]+ of [0-9]+ done")
            #expect(resumed.errors.contains(told), "\(resumed.errors)")
            #expect(try self.corpus.command("digest").output == digest + "\n")
        }

        @Test func resumeSaysThatThePipelineChangedAndGoesOn() throws {
            let arguments = ["--max-documents", "40", "--workers", "1"]
            #expect(try self.corpus.command("backfill", arguments).exitCode == 6)
            let text = CommandCorpus.yaml.replacingOccurrences(
                of: "maximum_tokens: 64",
                with: "maximum_tokens: 32"
            )
            try self.corpus.folder.write("pipeline.yml", text)
            let resumed = try self.corpus.command("resume")
            #expect(resumed.exitCode == 0)
            #expect(resumed.errors.contains("pipeline changed since run 1"))
            #expect(try self.corpus.command("sync").output.contains("nothing changed"))
        }

        @Test func resumeOfAPipelineFileThatIsGoneNamesIt() throws {
            _ = try self.corpus.command("backfill", ["--max-documents", "40"])
            try FileManager.default.removeItem(atPath: self.corpus.pipeline)
            let result = try Command.run(["resume", "--workspace", self.corpus.workspace])
            #expect(result.exitCode == 10)
            #expect(result.errors.contains(self.corpus.pipeline))
        }

        @Test func aMemoryBudgetDoesNotChangeTheDigest() throws {
            let digest = try self.corpus.undisturbedDigest()
            let result = try self.corpus.backfill(
                ["--memory-budget", "512MiB"],
                workspace: "inside"
            )
            .wait()
            #expect(try result.json()["digest"] as? String == digest)
        }
    }
}
