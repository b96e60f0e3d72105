import Foundation
import Operations
import Testing

extension CommandTests {
    /// What people meet before anything runs: help, messages and exit codes.
    @Suite struct UsageTests {
        static let verbs = [
            "backfill", "sync", "resume", "status", "failures", "approve-deletes", "search",
            "evaluate", "explain", "verify", "audit", "digest", "compact", "reshard", "doctor",
            "schema",
            "stage", "backup", "restore", "state", "plan", "policy", "scan", "selftest", "show",
            "snapshots", "rollback", "runs", "publish", "forget", "kpi", "push", "pull", "gc",
            "datasheet",
        ]

        @Test(arguments: verbs) func everyVerbHasHelp(verb: String) throws {
            let result = try Command.run([verb, "--help"])
            #expect(result.exitCode == 0)
            #expect(result.output.contains("USAGE"))
            #expect(result.output.contains(verb))
            #expect(result.errors.isEmpty)
        }

        @Test func helpNamesEveryVerbAndTheExitCodes() throws {
            let result = try Command.run(["--help"])
            #expect(result.exitCode == 0)
            for verb in Self.verbs { #expect(result.output.contains("  \(verb) "), "\(verb)") }
            let table = try String(
                contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                    .appending(path: "../../Ops/README.md"),
                encoding: .utf8
            )
            for status in ExitStatus.allCases {
                let code = String(status.rawValue)
                let pad = String(repeating: " ", count: 4 - code.count)
                #expect(result.output.contains("  \(code)\(pad)\(status.meaning)"), "\(code)")
                #expect(table.contains("| \(code) | \(status.meaning)"), "\(code)")
            }
            #expect(try Command.run(["--version"]).output.hasPrefix("millrace "))
        }

        static let misuses: [[String]] = [
            ["backfill"], ["backfill", "--nonsense", "x.yml"], ["grind"],
            ["backfill", "x.yml", "--workers", "0"], ["backfill", "x.yml", "--workers", "many"],
            ["backfill", "x.yml", "--set", "chunk"], ["search"], ["explain", "--workspace", "x"],
            ["search", "--workspace", "x", "word", "--k", "0"], ["stage", "nonsense"],
            ["backfill", "x.yml", "--max-time", "soon"], ["sync", "x.yml", "--max-documents", "0"],
            ["sync", "x.yml", "--memory-budget", "1MiB"], ["sync", "x.yml", "--wait", "5 m"],
            ["sync", "x.yml", "--max-time", "30"], ["sync", "x.yml", "--memory-budget", "lots"],
            ["resume"], ["compact"], ["publish"], ["publish", "x.yml", "--force"],
            ["forget", "x.yml"],
            ["publish", "x.yml", "--reason", "why"],
            ["snapshots", "diff", "--workspace", "x", "1"], ["show"], ["rollback"],
            ["rollback", "x.yml", "soon"],
            ["search", "--workspace", "x", "word", "--batch", "queries.jsonl"],
            ["approve-deletes", "x.yml"], ["approve-deletes", "3"], ["failures", "show"],
            ["failures", "ignore", "--workspace", "x"], ["failures", "mend"],
            ["push"], ["push", "--workspace", "x"], ["push", "--workspace", "x", "y"], ["pull"],
            ["pull", "s3://b/p"], ["gc"], ["gc", "x"], ["gc", "s3://b/p", "--grace", "soon"],
            ["evaluate", "x.yml"], ["status", "--workspace", "x", "surplus"],
        ]

        @Test(arguments: misuses) func misuseIsExitCode2WithAMessage(arguments: [String]) throws {
            let result = try Command.run(arguments)
            #expect(result.exitCode == 2)
            #expect(!result.errors.isEmpty)
            #expect(result.output.isEmpty)
        }

        static let mistakes: [(find: String, replace: String, says: String)] = [
            ("maximum_tokens", "maximum_tokns", "maximum_tokens"),
            ("maximum_tokens: 64", "maximum_tokens: lots", "maximum_tokens"),
            ("from: dedupe,", "from: dedup,", "dedupe"),
            ("from: embed }", "from: language }", "index"),
            ("uses: redact-pii", "uses: redact-pi", "redact-pii"),
            ("path: docs", "path: \"${MILLRACE_TEST_ABSENT}\"", "MILLRACE_TEST_ABSENT"),
            ("shards: 3", "shards: [", "YAML"),
        ]

        @Test(arguments: mistakes.indices)
        func pipelineMistakeIsExitCode2AtItsPlaceBeforeAnythingIsTouched(index: Int) throws {
            let (find, replace, says) = Self.mistakes[index]
            let corpus = try CommandCorpus(documents: 2)
            let text = CommandCorpus.yaml.replacingOccurrences(of: find, with: replace)
            try #require(text != CommandCorpus.yaml)
            try corpus.folder.write("pipeline.yml", text)
            let result = try corpus.command("backfill")
            #expect(result.exitCode == 2)
            #expect(result.errors.contains(says))
            let place = try Regex("pipeline\\.yml:([0-9]+):([0-9]+): ")
            let match = try #require(try place.firstMatch(in: result.errors), "\(result.errors)")
            let line = try #require(Int(match.output[1].substring ?? ""))
            #expect((1...21).contains(line))
            #expect(!FileManager.default.fileExists(atPath: corpus.workspace))
        }

        @Test func missingPipelineFileIsExitCode2() throws {
            let result = try Command.run(["backfill", "/nowhere/pipeline.yml"])
            #expect(result.exitCode == 2)
            #expect(result.errors.contains("/nowhere/pipeline.yml"))
        }

        @Test func missingModelNamesTheCommandThatFetchesIt() throws {
            let corpus = try CommandCorpus(documents: 1)
            let result = try Command.run(
                ["backfill", corpus.pipeline, "--set", "embed.model=potion-base-8M"],
                environment: ["MILLRACE_MODELS": corpus.folder("models")]
            )
            #expect(result.exitCode == 2)
            #expect(result.errors.contains("fetch-models"))
            #expect(!FileManager.default.fileExists(atPath: corpus.workspace))
        }

        @Test func noSnapshotIsExitCode10() throws {
            let corpus = try CommandCorpus()
            for arguments in [
                ["search", corpus.pipeline, "word"], ["status", corpus.pipeline],
                ["digest", corpus.pipeline], ["verify", corpus.pipeline],
                ["audit", corpus.pipeline], ["resume", corpus.pipeline],
                ["compact", corpus.pipeline], ["approve-deletes", "1", corpus.pipeline],
                ["failures", "ls", corpus.pipeline], ["failures", "retry", corpus.pipeline],
                ["explain", corpus.pipeline, "docs/d0.md"],
                ["search", "--workspace", corpus.folder("none"), "word"],
            ] {
                let result = try Command.run(arguments)
                #expect(result.exitCode == 10, "\(arguments)")
                #expect(result.errors.contains("millrace backfill"), "\(arguments)")
            }
            #expect(!FileManager.default.fileExists(atPath: corpus.workspace))
        }

        @Test func schemaIsJSONThatNamesTheStages() throws {
            let result = try Command.run(["schema"])
            #expect(result.exitCode == 0)
            let schema = try result.json()
            #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
            for stage in ["extract-pdf", "redact-pii", "maximum_tokens"] {
                #expect(result.output.contains("\"\(stage)\""))
            }
        }
    }
}
