import Foundation
import Testing

extension CommandTests {
    /// The verbs of whoever is woken at night: held deletions, failures, audits, compaction.
    @Suite struct RepairTests {
        private func corpusWithHeldDeletions() throws -> CommandCorpus {
            let corpus = try CommandCorpus(documents: 40)
            #expect(try corpus.command("backfill").exitCode == 0)
            for number in 0..<30 {
                try FileManager.default.removeItem(atPath: corpus.folder("docs/d\(number).md"))
            }
            let held = try corpus.command("sync")
            #expect(held.exitCode == 4)
            #expect(held.output.contains("30 deletions: source 'docs' shrank by 75 %"))
            #expect(held.output.contains("millrace approve-deletes 2 \(corpus.pipeline)"))
            return corpus
        }

        @Test func heldDeletionsAreApprovedAndCarriedOut() throws {
            let corpus = try self.corpusWithHeldDeletions()
            let status = try corpus.command("status")
            #expect(status.output.contains("millrace approve-deletes 2 \(corpus.pipeline)"))
            let audit = try corpus.command("audit")
            #expect(audit.exitCode == 0)
            #expect(audit.output.contains("10 listed + 30 held = 10 indexed"))
            let wrong = try Command.run(["approve-deletes", "1", corpus.pipeline])
            #expect(wrong.exitCode == 10)
            #expect(wrong.errors.contains("run 2 holds 30"))
            let approved = try Command.run(
                ["approve-deletes", "2", "--workspace", corpus.workspace, "--json"]
            )
            #expect(approved.exitCode == 0)
            let fields = try approved.json()
            #expect((fields["repair"] as? [String: Any])?["approved"] as? Int == 30)
            #expect((fields["sync"] as? [String: Any])?["removed"] as? Int == 30)
            #expect(try corpus.command("status").output.contains("10 known = 10 indexed"))
        }

        @Test func workspaceGetsAnotherCountOfShards() throws {
            let corpus = try CommandCorpus(documents: 12)
            #expect(try corpus.command("backfill").exitCode == 0)
            let digest = try corpus.command("digest").output
            let report = try Command.run(["reshard", "5", corpus.pipeline, "--json"])
            #expect(report.exitCode == 0)
            #expect(try report.json()["shards"] as? Int == 5)
            #expect(try report.json()["documents"] as? Int == 12)
            let verified = try corpus.command("verify")
            #expect(verified.exitCode == 0)
            #expect(verified.output.contains("the workspace was resharded"))
            let refused = try corpus.command("sync")
            #expect(refused.exitCode == 2)
            let before = try #require(try report.json()["shardsBefore"] as? Int)
            #expect(refused.errors.contains("millrace reshard \(before) \(corpus.pipeline)"))
            let synced = try corpus.command("sync", ["--set", "shards=5", "--json"]).json()
            #expect(synced["extracted"] as? Int == 0)
            #expect(synced["chunksEmbedded"] as? Int == 0)
            #expect(try corpus.command("digest").output == digest)
            let back = try Command.run(
                ["reshard", "\(before)", "--workspace", corpus.workspace]
            )
            #expect(back.output.contains("12 documents from 5 shards to \(before)"))
            #expect(back.output.contains("millrace sync \(corpus.pipeline)"))
            #expect(try corpus.command("sync").exitCode == 0)
            #expect(try corpus.command("digest").output == digest)
            let wrong = try Command.run(["reshard", corpus.pipeline])
            #expect(wrong.exitCode == 2)
            #expect(wrong.errors.contains("millrace reshard 8 PIPELINE"))
        }

        @Test func approvalAloneLeavesTheDeletionsToTheNextSync() throws {
            let corpus = try self.corpusWithHeldDeletions()
            let approved = try Command.run(["approve-deletes", "2", corpus.pipeline, "--no-sync"])
            #expect(approved.exitCode == 0)
            #expect(approved.output.contains("millrace sync \(corpus.pipeline)"))
            #expect(try corpus.command("status").output.contains("all approved"))
            #expect(try corpus.command("sync", ["--json"]).json()["removed"] as? Int == 30)
        }

        @Test func failuresAreListedShownRetriedAndIgnored() throws {
            let corpus = try CommandCorpus(documents: 4)
            try corpus.write("empty.txt", "")
            try corpus.write("broken.pdf", "%PDF-1.7\nnothing more")
            #expect(try corpus.command("backfill").exitCode == 3)
            func failures(_ verb: String, _ arguments: [String] = []) throws -> Command.Result {
                try Command.run(["failures", verb, corpus.pipeline] + arguments)
            }
            let list = try failures("ls")
            #expect(list.exitCode == 0)
            #expect(list.output.contains("docs/empty.txt"))
            #expect(list.output.contains("docs/broken.pdf"))
            #expect(!(try failures("ls", ["--code", "empty"]).output.contains("broken")))
            #expect(try failures("ls", ["--code", "tired"]).exitCode == 2)
            let rows = try failures("ls", ["--json"]).json()["failures"] as? [[String: Any]]
            let broken = try #require(rows?.first { $0["uri"] as? String == "docs/broken.pdf" })
            let id = try #require(broken["id"] as? String)
            #expect(list.output.contains(id.prefix(12)))

            let show = try failures("show", [String(id.prefix(6))])
            #expect(show.exitCode == 0)
            #expect(show.output.contains("docs/broken.pdf"))
            #expect(show.output.contains("hint"))
            #expect(!show.output.contains("nothing more"))
            #expect(try failures("show", ["docs/d0.md"]).exitCode == 10)

            let retried = try failures("retry", [id, "--json"])
            #expect(retried.exitCode == 3)
            let fields = try retried.json()
            #expect((fields["repair"] as? [String: Int])?["retried"] == 1)
            #expect((fields["sync"] as? [String: Any])?["read"] as? Int == 1)
            let again = try failures("show", [id, "--json"]).json()
            #expect(again["attempts"] as? Int == 2)

            #expect(try failures("ignore", [id, "docs/empty.txt"]).exitCode == 0)
            let quiet = try corpus.command("sync")
            #expect(quiet.exitCode == 0)
            #expect(quiet.output.contains("2 of them ignored"))
            #expect(!quiet.output.contains("docs/empty.txt"))
            #expect(try failures("retry").output.contains("nothing to retry"))
            #expect(try corpus.command("status").output.contains("ignored 2"))
            try corpus.write("broken.pdf", "%PDF-1.7\nnothing less")
            #expect(try corpus.command("sync").exitCode == 3)
        }

        @Test func compactionIsTheFormOfAFreshBackfill() throws {
            let corpus = try CommandCorpus(documents: 12)
            #expect(try corpus.command("compact").exitCode == 10)
            _ = try corpus.command("backfill")
            for number in 0..<3 {
                try corpus.write("d\(number).md", CommandCorpus.text(100 + number, words: 40))
                #expect(try corpus.command("sync").exitCode == 0)
            }
            let report = try corpus.command("compact", ["--json"])
            #expect(report.exitCode == 0)
            let fields = try report.json()
            let after = try #require(fields["after"] as? [String: Any])
            let indexes = try #require(after["indexes"] as? [[String: Any]])
            #expect(indexes.first?["tombstones"] as? Int == 0)
            #expect(indexes.first?["segments"] as? Int ?? 99 <= 3)
            let summary = try #require(fields["run"] as? [String: Any])
            #expect(summary["digest"] as? String == (try corpus.undisturbedDigest()))
            let text = try corpus.command("compact")
            #expect(text.exitCode == 0)
            #expect(text.output.contains("compacted"))
        }

        @Test func statusOfARunPrintsItsSummary() throws {
            let corpus = try CommandCorpus(documents: 5)
            _ = try corpus.command("backfill")
            _ = try corpus.command("sync")
            let first = try corpus.command("status", ["--run", "1"])
            #expect(first.exitCode == 0)
            #expect(first.output.contains("5 added"))
            let second = try corpus.command("status", ["--run", "2", "--json"]).json()
            #expect((second["summary"] as? [String: Any])?["unchanged"] as? Int == 5)
            let none = try corpus.command("status", ["--run", "9"])
            #expect(none.exitCode == 10)
            let status = try corpus.command("status", ["--json"]).json()
            let footprint = try #require(status["footprint"] as? [String: Any])
            #expect(footprint["segmentBytes"] as? Int ?? 0 > 0)
            #expect(footprint["manifestBytes"] as? Int ?? 0 > 0)
        }
    }
}
