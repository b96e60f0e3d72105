import Foundation
import Operations
import Testing

extension CommandTests {
    /// The gate, the audit log and the erasure as people and cron jobs meet them.
    @Suite struct GateCommandTests {
        let corpus: CommandCorpus
        /// Of fewer queries chance could have lost as much.
        private static let animals = [
            "quagga", "okapi", "dugong", "numbat", "saiga", "tapir", "kudu",
        ]

        init() throws {
            self.corpus = try CommandCorpus(documents: 6)
            let text = CommandCorpus.yaml.replacingOccurrences(
                of: "shards: 3",
                with: "shards: 3\ngate: { queries: q.jsonl, judgements: j.tsv }"
            )
            try self.corpus.folder.write("pipeline.yml", text)
            try self.corpus.folder.write(
                "q.jsonl",
                Self.animals.map { "{\"_id\":\"\($0)\",\"text\":\"\($0)\"}\n" }.joined()
            )
            try self.corpus.folder.write(
                "j.tsv",
                Self.animals.map { "\($0)\tdocs/\($0).md\t1\n" }.joined()
            )
            for animal in Self.animals {
                try self.corpus.write(
                    "\(animal).md",
                    "# \(animal)\n\nA \(animal) is no zebra, the \(animal) said.\n"
                )
            }
        }

        private func run(_ words: [String]) throws -> Command.Result {
            try Command.run(words, environment: ["WORKSPACE": self.corpus.workspace])
        }

        @Test func aGateStopsIsForcedAndIsLogged() throws {
            let pipeline = self.corpus.pipeline
            #expect(try self.run(["backfill", pipeline]).exitCode == 0)
            for animal in Self.animals {
                try self.corpus.write(
                    "\(animal).md",
                    "# Nothing\n\nNothing is said of \(animal.count).\n"
                )
            }
            let metrics = self.corpus.folder("m.prom")
            let stopped = try self.run(["sync", pipeline, "--json", "--metrics-file", metrics])
            #expect(stopped.exitCode == 5)
            let summary = try stopped.json()
            #expect(summary["outcome"] as? String == "refused")
            let gate = try #require(summary["gate"] as? [String: Any])
            let checks = try #require(gate["checks"] as? [[String: Any]])
            let failed = checks.filter { $0["passed"] as? Bool == false }
            #expect(failed.contains { $0["metric"] as? String == "ndcg@10" })
            let text = try String(contentsOfFile: metrics, encoding: .utf8)
            #expect(text.contains("millrace_gate_failed{pipeline=\"command\"} 1\n"))
            #expect(text.contains("millrace_last_run_exit_code{pipeline=\"command\"} 5\n"))

            let again = try self.run(["publish", pipeline, "--gate"])
            #expect(again.exitCode == 5)
            #expect(again.output.contains("METRIC") && again.output.contains("FAIL"))
            let forced = try self.run(["publish", pipeline, "--force", "--reason", "it was meant"])
            #expect(forced.exitCode == 0)
            #expect(try self.run(["sync", pipeline]).exitCode == 0)
            #expect(try self.run(["publish", pipeline]).exitCode == 10)
            let log = try self.run(["audit", "log", pipeline])
            #expect(log.output.contains("force") && log.output.contains("it was meant"))
            #expect(try self.run(["audit", "log", "verify", pipeline]).exitCode == 0)
            #expect(try self.run(["audit", pipeline]).exitCode == 0)
            let path = self.corpus.workspace + "/audit.log"
            let lines = try String(contentsOfFile: path, encoding: .utf8)
            try Data(lines.replacingOccurrences(of: "it was meant", with: "it was asked").utf8)
                .write(to: URL(filePath: path))
            #expect(try self.run(["audit", "log", "verify", pipeline]).exitCode == 1)
        }

        @Test func aMissingQueryFileIsExitCode2BeforeAnythingIsTouched() throws {
            try FileManager.default.removeItem(atPath: self.corpus.folder("q.jsonl"))
            let result = try self.run(["backfill", self.corpus.pipeline])
            #expect(result.exitCode == 2)
            #expect(result.errors.contains("q.jsonl"))
            #expect(!FileManager.default.fileExists(atPath: self.corpus.workspace))
        }

        @Test func aDocumentIsForgottenAndItsReceiptHolds() throws {
            let pipeline = self.corpus.pipeline
            try self.corpus.write(
                "secret.md",
                "# Secret\n\nThe okapi zebrafinchquokka lives next door.\n"
            )
            #expect(try self.run(["backfill", pipeline]).exitCode == 0)
            let forgot = try self.run(["forget", "docs/secret.md", pipeline, "--json"])
            #expect(forgot.exitCode == 0, "\(forgot.errors)")
            let receipt = try #require(try forgot.json()["receipt"] as? String)
            let proof = try self.run([
                "forget", "verify", receipt, "--uri", "docs/secret.md", "--text",
                "zebrafinchquokka",
            ])
            #expect(proof.exitCode == 0, "\(proof.output)")
            let synced = try self.run(["sync", pipeline])
            #expect(synced.exitCode == 0)
            #expect(synced.output.contains("1 excluded"))
            #expect(
                try self.run(["forget", "verify", receipt, "--text", "quagga is no"]).exitCode == 1
            )
            #expect(try self.run(["forget", "docs/none.md", pipeline]).exitCode == 10)
            let sheet = try self.run(["datasheet", pipeline])
            #expect(sheet.exitCode == 0 && sheet.output.contains("## Known gaps"))
            let figures = try self.run(["kpi", pipeline, "--json"]).json()
            #expect(figures["form"] as? String == "kpi/1")
        }
    }
}
