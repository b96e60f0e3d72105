import Foundation
import Testing

extension CommandTests {
    /// Whole runs by the command: exit codes and what is printed.
    @Suite struct RunTests {
        @Test func everyVerbSpeaksJSON() throws {
            let corpus = try CommandCorpus(documents: 12)
            try corpus.folder.write("queries.jsonl", "{\"_id\":\"1\",\"text\":\"Document 3\"}\n")
            try corpus.folder.write("qrels.tsv", "1\td3\t1\n")
            let summary = try corpus.command("backfill", ["--json"])
            #expect(summary.exitCode == 0)
            let fields = try summary.json()
            #expect(fields["outcome"] as? String == "published")
            let digest = try #require(fields["digest"] as? String)
            let accounts = try #require(fields["accounts"] as? [String: Int])
            #expect(accounts["listed"] == 12)
            #expect(accounts["indexed"] == 12)

            #expect(
                try corpus.command("sync", ["--json"]).json()["outcome"] as? String == "unchanged"
            )
            let status = try corpus.command("status", ["--json"]).json()
            #expect((status["snapshot"] as? [String: Any])?["digest"] as? String == digest)
            #expect(try corpus.command("digest", ["--json"]).json()["digest"] as? String == digest)
            let verify = try corpus.command("verify", ["--json"]).json()
            #expect((verify["problems"] as? [Any])?.isEmpty == true)
            let search = try corpus.command("search", ["Document 3", "--k", "3", "--json"]).json()
            let hits = try #require(search["hits"] as? [[String: Any]])
            #expect(hits.count == 3)
            #expect(hits.first?["uri"] as? String == "docs/d3.md")
            let explain = try corpus.command("explain", ["docs/d3.md", "--json"]).json()
            #expect(explain["state"] as? String == "indexed")
            let evaluate = try corpus.command(
                "evaluate",
                [
                    "--queries", corpus.folder("queries.jsonl"), "--qrels",
                    corpus.folder("qrels.tsv"),
                ]
                    + ["--json"]
            )
            #expect((try evaluate.json()["modes"] as? [[String: Any]])?.count == 3)
            let doctor = try Command.run(["doctor", corpus.pipeline, "--json"])
            let checks = try #require(try doctor.json()["checks"] as? [[String: Any]])
            let worker = checks.first { $0["name"] as? String == "worker process" }
            #expect(worker?["isSound"] as? Bool == true)
        }

        @Test func onlyProblemsAreTold() throws {
            let corpus = try CommandCorpus(documents: 3)
            for verb in ["backfill", "sync", "status", "verify", "audit"] {
                let result = try corpus.command(verb, ["--only-problems"])
                #expect(result.exitCode == 0, "\(verb)")
                #expect(result.output.isEmpty && result.errors.isEmpty, "\(verb)")
            }
            try corpus.write("empty.txt", "")
            let failed = try corpus.command("sync", ["--only-problems"])
            #expect(failed.exitCode == 3)
            #expect(failed.output.contains("docs/empty.txt: read: empty"))
            let json = try corpus.command("sync", ["--only-problems", "--json"])
            #expect(json.exitCode == 3)
            #expect(try json.json()["outcome"] as? String == "unchanged")
        }

        @Test func everyVerbSpeaksToPeople() throws {
            let corpus = try CommandCorpus(documents: 5)
            try corpus.write("empty.txt", "")
            let backfill = try corpus.command("backfill")
            #expect(backfill.exitCode == 3)
            #expect(backfill.output.contains("published snapshot 1"))
            #expect(
                backfill.output.contains(
                    "6 listed = 5 indexed + 0 duplicates + 0 excluded + 0 held + 1 failed"
                )
            )
            #expect(backfill.output.contains("docs/empty.txt: read: empty"))
            let again = try corpus.command("sync")
            #expect(again.exitCode == 3)
            #expect(again.output.contains("nothing changed"))
            let status = try corpus.command("status")
            #expect(status.exitCode == 0)
            #expect(status.output.contains("docs/empty.txt"))
            let digest = try corpus.command("digest").output
            #expect(digest.count == 65)
            #expect(try corpus.command("verify").output.contains("sound"))
            let search = try corpus.command("search", ["Document", "4", "--k", "1"])
            #expect(search.exitCode == 0)
            #expect(search.output.contains("1. Document 4"))
            #expect(search.output.contains("docs/d4.md"))
            let explain = try corpus.command("explain", ["docs/empty.txt"])
            #expect(explain.output.contains("state      failed"))
            #expect(try corpus.command("explain", ["docs/none.md"]).exitCode == 10)
        }

        @Test func filtersAndModesReachTheSearch() throws {
            let corpus = try CommandCorpus(documents: 3)
            try corpus.write(
                "seite.html",
                "<!doctype html><title>Mühle</title><p>Document mill</p>"
            )
            _ = try corpus.command("backfill")
            for mode in ["fused", "vector", "bm25"] {
                let result = try corpus.command(
                    "search",
                    ["mill", "--json", "--mode", mode, "--filter", "type=text/html"]
                )
                let hits = try #require(try result.json()["hits"] as? [[String: Any]])
                #expect(hits.map { $0["uri"] as? String } == ["docs/seite.html"], "\(mode)")
            }
            for arguments in [
                ["--filter", "size=3"], ["--index", "other"], ["--mode", "psychic"],
            ] {
                let result = try corpus.command("search", ["mill"] + arguments)
                #expect(result.exitCode == 2, "\(arguments)")
                #expect(!result.errors.isEmpty)
            }
        }

        @Test func evaluationBelowTheMinimumIsExitCode5() throws {
            let corpus = try CommandCorpus(documents: 3)
            _ = try corpus.command("backfill")
            try corpus.folder.write("queries.jsonl", "{\"_id\":\"1\",\"text\":\"Document 2\"}\n")
            try corpus.folder.write("qrels.tsv", "1\tabsent\t1\n")
            let arguments = [
                "--queries", corpus.folder("queries.jsonl"), "--qrels", corpus.folder("qrels.tsv"),
            ]
            #expect(try corpus.command("evaluate", arguments).exitCode == 0)
            let gated = try corpus.command("evaluate", arguments + ["--minimum-ndcg", "0.5"])
            #expect(gated.exitCode == 5)
        }

        @Test func damagedSegmentMakesVerifyExit1AndSayWhat() throws {
            let corpus = try CommandCorpus(documents: 6)
            _ = try corpus.command("backfill")
            let folder = "\(corpus.workspace)/shards/0000/segments"
            let name = try #require(
                FileManager.default.contentsOfDirectory(atPath: folder).first
            )
            let url = URL(filePath: "\(folder)/\(name)")
            var bytes = Array(try Data(contentsOf: url))
            bytes[bytes.count / 2] ^= 1
            chmod(url.path, 0o644)
            try Data(bytes).write(to: url)
            let result = try corpus.command("verify")
            #expect(result.exitCode == 1)
            #expect(result.output.contains(name))
        }

        @Test func missingSourceIsExitCode1AndNothingIsDeleted() throws {
            let corpus = try CommandCorpus(documents: 4)
            let digest = try corpus.backfill().wait().json()["digest"] as? String
            try FileManager.default.moveItem(
                atPath: corpus.folder("docs"),
                toPath: corpus.folder("away")
            )
            let result = try corpus.command("sync")
            #expect(result.exitCode == 1)
            #expect(result.errors.contains("nothing was deleted"))
            #expect(try corpus.command("digest", ["--json"]).json()["digest"] as? String == digest)
        }

        @Test func newerWorkspaceIsExitCode12() throws {
            let corpus = try CommandCorpus(documents: 1)
            _ = try corpus.command("backfill")
            let url = URL(filePath: corpus.workspace + "/catalog.sqlite")
            var bytes = Array(try Data(contentsOf: url))
            // SQLite keeps user_version at byte 60, big-endian.
            bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
            try Data(bytes).write(to: url)
            // `digest` and `search` read the snapshot alone.
            for verb in ["backfill", "status", "plan"] {
                let result = try corpus.command(verb)
                #expect(result.exitCode == 12, "\(verb)")
                #expect(result.errors.contains("99"), "\(verb)")
            }
        }

        @Test func overridesAreOnTopOfTheFile() throws {
            let corpus = try CommandCorpus(documents: 4)
            let wide = try corpus.command("backfill", ["--json"]).json()["chunks"] as? Int ?? 0
            let result = try corpus.command(
                "backfill",
                ["--json", "--set", "chunk.maximum_tokens=16", "--workers", "1", "--quiet"]
            )
            #expect(result.exitCode == 0)
            #expect(result.errors.isEmpty)
            let fields = try result.json()
            #expect(fields["chunks"] as? Int ?? 0 > wide)
            #expect(fields["extracted"] as? Int == 0)
            let unknown = try corpus.command("backfill", ["--set", "chunk.maximum=16"])
            #expect(unknown.exitCode == 2)
        }
    }
}
