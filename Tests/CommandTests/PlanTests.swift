import Foundation
import Testing

extension CommandTests {
    /// What a sync would do is told before, and a sync can be held to it.
    @Suite struct PlanTests {
        @Test func planNamesTheCausesAndASyncFollowsIt() throws {
            let corpus = try CommandCorpus(documents: 6)
            #expect(try corpus.command("backfill").exitCode == 0)
            #expect(try corpus.command("plan").output.contains("nothing to do; 6 unchanged"))
            try corpus.write("new.md", "# Novel\n\nSomething that was not there before.\n")
            try FileManager.default.moveItem(
                atPath: corpus.folder("docs/d0.md"),
                toPath: corpus.folder("docs/moved.md")
            )
            let text = try corpus.command("plan")
            #expect(text.exitCode == 0)
            #expect(text.output.contains("added: 1 documents"))
            #expect(text.output.contains("renamed: 1 documents"))
            #expect(text.output.contains("millrace sync \(corpus.pipeline)"))
            #expect(!text.output.contains("Novel"))
            let file = corpus.folder("plan.json")
            let plan = try corpus.command("plan", ["--json"])
            try Data(plan.output.utf8).write(to: URL(filePath: file))
            let sync = try corpus.command("sync", ["--verify-plan", file, "--json"])
            #expect(sync.exitCode == 0)
            #expect(try sync.json()["renamed"] as? Int == 1)
        }

        @Test func syncThatDiffersFromItsPlanPublishesNothing() throws {
            let corpus = try CommandCorpus(documents: 6)
            #expect(try corpus.command("backfill").exitCode == 0)
            let file = corpus.folder("plan.json")
            let plan = try corpus.command("plan", ["--json"])
            try Data(plan.output.utf8).write(to: URL(filePath: file))
            try corpus.write("late.md", "# Late\n\nCame after the plan was made.\n")
            let sync = try corpus.command("sync", ["--verify-plan", file])
            #expect(sync.exitCode == 1)
            #expect(sync.errors.contains("added: planned 0, done 1"))
            #expect(try Command.run(["resume", corpus.pipeline]).exitCode == 10)
            #expect(try corpus.command("digest", ["--json"]).json()["documents"] as? Int == 6)
        }

        @Test func fileThatIsNoPlanIsRefused() throws {
            let corpus = try CommandCorpus(documents: 1)
            try corpus.write("plan.json", "{}")
            let file = corpus.folder("docs/plan.json")
            let sync = try corpus.command("sync", ["--verify-plan", file])
            #expect(sync.exitCode == 2)
            #expect(sync.errors.contains("is not a plan"))
        }
    }
}
