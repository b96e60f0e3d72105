import Foundation
import Testing

extension CommandTests {
    /// Exports that the pipeline itself asks for, after each run.
    @Suite struct ExportStageTests {
        private let corpus: CommandCorpus

        init() throws { self.corpus = try CommandCorpus(documents: 12, words: 200) }

        private func write(_ stages: String...) throws {
            let lines = stages.map { "  \($0)\n" }.joined()
            try self.corpus.folder.write("pipeline.yml", CommandCorpus.yaml + lines)
        }

        private static let lines =
            "out: { uses: export-jsonl, from: embed, output: out/chunks.jsonl }"

        private func makeOutFolder() throws {
            try FileManager.default.createDirectory(
                atPath: self.corpus.folder("out"),
                withIntermediateDirectories: true
            )
        }

        private func run(_ verb: String, code: Int32 = 0) throws -> [String: Any] {
            let result = try self.corpus.command(verb, ["--json"])
            try #require(result.exitCode == code, "\(result.errors)")
            return try result.json()
        }

        private func export(in report: [String: Any]) throws -> [String: Any] {
            let exports = try #require(report["exports"] as? [[String: Any]])
            try #require(exports.count == 1)
            return exports[0]
        }

        private func exportedIDs() throws -> Set<String> {
            let text = try self.corpus.folder.text("out/chunks.jsonl")
            return Set(
                try text.split(separator: "\n").map { line in
                    let row = try JSONSerialization.jsonObject(with: Data(line.utf8))
                    return (row as? [String: Any])?["chunk_id"] as? String ?? ""
                }
            )
        }

        private func publishedIDs() throws -> Set<String> {
            let path = self.corpus.folder("own.jsonl")
            let result = try Command.run([
                "export", "jsonl", self.corpus.pipeline, "--output", path,
            ])
            try #require(result.exitCode == 0)
            return Set(
                try self.corpus.folder.text("own.jsonl").split(separator: "\n").map { line in
                    let row = try JSONSerialization.jsonObject(with: Data(line.utf8))
                    return (row as? [String: Any])?["chunk_id"] as? String ?? ""
                }
            )
        }

        @Test func aRunSendsWhatItPublishedAndTheNextTheDifference() throws {
            try self.makeOutFolder()
            try self.write(Self.lines)
            let first = try self.export(in: self.run("backfill"))
            let rows = try #require(first["rows"] as? Int)
            #expect(rows > 20 && first["inserted"] as? Int == rows)
            #expect(try self.exportedIDs() == self.publishedIDs())
            let second = try self.export(in: self.run("sync"))
            #expect(second["inserted"] as? Int == 0 && second["unchanged"] as? Int == rows)
            try self.corpus.write("d5.md", CommandCorpus.text(901, words: 200))
            try FileManager.default.removeItem(atPath: self.corpus.folder("docs/d3.md"))
            let third = try self.export(in: self.run("sync"))
            let sent = try #require(third["inserted"] as? Int)
            #expect(sent > 0 && sent < rows / 2)
            #expect(try self.exportedIDs() == self.publishedIDs())
            let status = try self.run("status")
            let export = try self.export(in: status)
            #expect(export["isOwed"] as? Bool == false)
            #expect(export["sentSnapshot"] as? Int == 2)
        }

        /// The snapshot is live, what the other system lacks is owed and told, and the next run sends it.
        @Test func anExportThatFailsIsOwedUntilTheNextRunSendsIt() throws {
            try self.write(Self.lines)
            // Its folder is not there.
            let failed = try self.run("backfill", code: 3)
            #expect(failed["outcome"] as? String == "published")
            let report = try self.export(in: failed)
            #expect((report["problem"] as? String)?.isEmpty == false)
            #expect(try Command.run(["search", self.corpus.pipeline, "mill"]).exitCode == 0)
            let owed = try self.export(in: self.run("status"))
            #expect(owed["isOwed"] as? Bool == true)
            let missing = try #require(owed["owed"] as? [String: Int])
            #expect(missing["inserted"] == (try self.publishedIDs().count))
            let text = try self.corpus.command("status").output
            #expect(text.contains("owed ") && text.contains("millrace sync"))
            // Nothing changed since, and it is owed still.
            #expect(try self.run("sync", code: 3)["outcome"] as? String == "unchanged")
            try self.makeOutFolder()
            _ = try self.run("sync")
            #expect(try self.exportedIDs() == self.publishedIDs())
            #expect(try self.export(in: self.run("status"))["isOwed"] as? Bool == false)
            // What is owed then is the difference to what was sent.
            try FileManager.default.moveItem(
                atPath: self.corpus.folder("out"),
                toPath: self.corpus.folder("away")
            )
            try FileManager.default.removeItem(atPath: self.corpus.folder("docs/d3.md"))
            _ = try self.run("sync", code: 3)
            let later = try self.export(in: self.run("status"))
            let difference = try #require(later["owed"] as? [String: Int])
            #expect(difference["inserted"] == 0 && (difference["deleted"] ?? 0) > 0)
            try FileManager.default.moveItem(
                atPath: self.corpus.folder("away"),
                toPath: self.corpus.folder("out")
            )
            _ = try self.run("sync")
            #expect(try self.exportedIDs() == self.publishedIDs())
        }

        /// An export is no part of what a snapshot is.
        @Test func anExportChangesNoDigestAndRedoesNothing() throws {
            let plain = try self.run("backfill")
            try self.makeOutFolder()
            try self.write(Self.lines)
            let exported = try self.run("sync")
            #expect(exported["digest"] as? String == plain["digest"] as? String)
            #expect(exported["outcome"] as? String == "unchanged")
            #expect(try self.corpus.command("compact").exitCode == 0)
            #expect(try self.exportedIDs() == self.publishedIDs())
            // What is rolled back to is not what was sent.
            try self.corpus.write("d5.md", CommandCorpus.text(901, words: 200))
            _ = try self.run("sync")
            let back = try self.corpus.command("rollback")
            try #require(back.exitCode == 0, "\(back.errors)")
            #expect(try self.export(in: self.run("status"))["isOwed"] as? Bool == true)
        }

        @Test(arguments: [
            ("pgvector, from: embed, table: 'Chunks; DROP'", "name of a table"),
            ("pgvector, from: embed, table: t, dsn_env: NO_SUCH_NAME", "NO_SUCH_NAME is not set"),
            ("qdrant, from: embed, url: localhost, collection: c", "http://"),
            ("opensearch, from: embed, url: 'http://h:1', name: 'A B'", "name of an index"),
            ("jsonl, from: embed, output: o, index: other", "no index stage 'other'"),
            ("jsonl, from: chunk, output: o", "no index stage reads from 'chunk'"),
            ("jsonl, from: redact, output: o", "takes vectors or chunks"),
            ("jsonl, from: embed", "required key 'output'"),
            ("jason, from: embed, output: o", "did you mean 'export-jsonl'"),
        ])
        func whatCanNeverBeSentIsRefusedBeforeARun(stage: String, message: String) throws {
            try self.write("out: { uses: export-\(stage) }")
            let result = try self.corpus.command("backfill", ["--quiet"])
            #expect(result.exitCode == 2)
            #expect(result.errors.contains(message), "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: self.corpus.workspace))
        }

        @Test func aRunInItemsSendsToo() throws {
            try self.makeOutFolder()
            try self.write(Self.lines)
            for _ in 0..<4 {
                let plan = try Command.run(["work", "plan", self.corpus.pipeline])
                for line in plan.output.split(separator: "\n") {
                    let done = try Command.run(
                        ["work", "do", self.corpus.pipeline, "-"],
                        input: line + "\n"
                    )
                    try #require(done.exitCode == 0, "\(done.errors)")
                }
                let ended = try Command.run(["work", "done", self.corpus.pipeline, "--json"])
                if try ended.json()["summary"] is [String: Any] { break }
            }
            #expect(try self.exportedIDs() == self.publishedIDs())
        }
    }
}
