import Foundation
import Testing

extension CommandTests {
    /// Exports of a real workspace to files, to PostgreSQL, and to servers that answer as Qdrant and OpenSearch do.
    @Suite struct ExportTests {
        private let corpus: CommandCorpus

        init() throws {
            // Some 1,500 chunks: more than one request's.
            self.corpus = try CommandCorpus(documents: 120, words: 700)
            try #require(try self.corpus.backfill().wait().exitCode == 0)
        }

        private struct Counts: Equatable {
            var inserted: Int
            var updated: Int
            var deleted: Int
            var rows: Int
        }

        private func export(
            _ target: String,
            _ arguments: [String],
            environment: [String: String] = [:]
        ) throws -> Counts {
            let result = try Command.run(
                ["export", target, self.corpus.pipeline, "--json"] + arguments,
                environment: environment
            )
            try #require(result.exitCode == 0, "\(result.errors)")
            let report = try result.json()
            #expect(report["form"] as? String == "export/1")
            func count(_ key: String) throws -> Int { try #require(report[key] as? Int) }
            return Counts(
                inserted: try count("inserted"),
                updated: try count("updated"),
                deleted: try count("deleted"),
                rows: try count("rows")
            )
        }

        /// One document less, one more, and one with another beginning: what must change, and nothing else.
        private func change() throws -> Set<String> {
            try FileManager.default.removeItem(atPath: self.corpus.folder("docs/d3.md"))
            try self.corpus.write("d900.md", CommandCorpus.text(900, words: 300))
            try self.corpus.write("d5.md", CommandCorpus.text(901, words: 700))
            try #require(try self.corpus.command("sync").exitCode == 0)
            return ["docs/d3.md", "docs/d900.md", "docs/d5.md"]
        }

        /// Chunk ids and digests of the published snapshot, from an export of their own.
        private func published() throws -> [String: String] {
            let path = self.corpus.folder("published.jsonl")
            _ = try self.export("jsonl", ["--output", path])
            return Dictionary(
                uniqueKeysWithValues: try lines(path).map { row in
                    (row["chunk_id"] as? String ?? "", row["digest"] as? String ?? "")
                }
            )
        }

        private func lines(_ path: String) throws -> [[String: Any]] {
            try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
                let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return try #require(value as? [String: Any])
            }
        }

        // MARK: Files

        @Test func linesAreWrittenOnceAndThenTheDifferenceIsTold() throws {
            let path = self.corpus.folder("chunks.jsonl")
            let first = try self.export("jsonl", ["--output", path, "--vectors"])
            #expect(first.inserted == first.rows && first.rows > 1_000)
            let rows = try self.lines(path)
            #expect(rows.count == first.rows)
            #expect((rows[0]["embedding"] as? [Double])?.count == 256)
            #expect((rows[0]["text"] as? String)?.isEmpty == false)
            let before =
                try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
            let second = try self.export("jsonl", ["--output", path, "--vectors"])
            #expect(second == Counts(inserted: 0, updated: 0, deleted: 0, rows: first.rows))
            let after =
                try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
            #expect(before == after)
            let touched = try self.change()
            let third = try self.export("jsonl", ["--output", path, "--vectors"])
            #expect(third.inserted > 0 && third.deleted > 0)
            let uris = Dictionary(grouping: rows, by: { $0["uri"] as? String ?? "" })
            let changed = touched.reduce(0) { $0 + (uris[$1]?.count ?? 0) }
            #expect(third.deleted <= changed)
            #expect(try self.lines(path).count == third.rows)
        }

        @Test func arraysAndLinesAgreeRowByRow() throws {
            let path = self.corpus.folder("arrays")
            let first = try self.export("npy", ["--output", path])
            let check = """
                import json, sys
                data = open(sys.argv[1] + "/vectors.npy", "rb").read()
                assert data[:8] == b"\\x93NUMPY\\x01\\x00"
                size = int.from_bytes(data[8:10], "little")
                head = eval(data[10:10 + size])
                assert (10 + size) % 64 == 0 and head["descr"] == "<f4" and not head["fortran_order"]
                rows, columns = head["shape"]
                assert len(data) == 10 + size + 4 * rows * columns
                assert sum(1 for _ in open(sys.argv[1] + "/chunks.jsonl")) == rows
                print(rows, columns)
                """
            #expect(
                try output(of: "/usr/bin/env", ["python3", "-c", check, path])
                    == "\(first.rows) 256\n"
            )
            #expect(try self.export("npy", ["--output", path]).inserted == 0)
            // A run that was cut short leaves no seal: the next writes all again.
            try FileManager.default.removeItem(atPath: path + "/vectors.npy")
            _ = try self.export("npy", ["--output", path])
            #expect(
                try output(of: "/usr/bin/env", ["python3", "-c", check, path])
                    == "\(first.rows) 256\n"
            )
        }

        @Test func aFileOfSomebodyElsesIsLeftAlone() throws {
            try self.corpus.folder.write("mine.jsonl", "my notes\n")
            let path = self.corpus.folder("mine.jsonl")
            let result = try Command.run([
                "export", "jsonl", self.corpus.pipeline, "--output", path,
            ])
            #expect(result.exitCode == 1)
            #expect(result.errors.contains(path))
            #expect(try self.corpus.folder.text("mine.jsonl") == "my notes\n")
        }

        /// Each row says who may see it.
        @Test func rowsCarryTheLabelsOfTheirDocuments() throws {
            try self.corpus.folder.write(
                "pipeline.yml",
                CommandCorpus.yaml + "labels:\n  - { path: 'd1*', labels: [team-a] }\n"
                    + "  - { path: 'd*2.md', labels: [team-b] }\n  - { labels: [staff] }\n"
            )
            try #require(try self.corpus.command("sync").exitCode == 0)
            let path = self.corpus.folder("labelled.jsonl")
            _ = try self.export("jsonl", ["--output", path])
            let rows = try self.lines(path)
            #expect(rows.count > 1_000)
            for row in rows {
                let name = (row["uri"] as? String ?? "").dropFirst("docs/".count)
                var labels = ["staff"]
                if name.hasPrefix("d1") { labels.append("team-a") }
                if name.hasSuffix("2.md") { labels.append("team-b") }
                #expect(row["labels"] as? [String] == labels, "\(name)")
            }
        }

        // MARK: PostgreSQL

        @Test(.enabled(if: TestPostgres.isInstalled, TestPostgres.absence))
        func aTableHoldsExactlyTheSnapshot() throws {
            let postgres = try TestPostgres()
            let environment = ["DSN": postgres.dsn]
            let arguments = ["--table", "chunks", "--dsn-env", "DSN"]
            let first = try self.export("pgvector", arguments, environment: environment)
            #expect(first.inserted == first.rows && first.rows > 1_000)
            func table() throws -> [String: String] {
                let rows = try postgres.query("SELECT chunk_id, digest FROM chunks")
                return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
            }
            #expect(try table() == self.published())
            let sizes = try postgres.query(
                "SELECT DISTINCT array_length(embedding::real[], 1), count(*) FROM chunks GROUP BY 1"
            )
            #expect(sizes == [["256", "\(first.rows)"]])
            if TestPostgres.hasVectors {
                let type = try postgres.query(
                    "SELECT format_type(atttypid, atttypmod) FROM pg_attribute "
                        + "WHERE attrelid = 'chunks'::regclass AND attname = 'embedding'"
                )
                #expect(type == [["vector(256)"]])
                let nearest = try postgres.query(
                    "SELECT count(*) FROM (SELECT 1 FROM chunks ORDER BY embedding <#> "
                        + "(SELECT embedding FROM chunks LIMIT 1) LIMIT 5) found"
                )
                #expect(nearest == [["5"]])
            }
            let again = try self.export("pgvector", arguments, environment: environment)
            #expect(again == Counts(inserted: 0, updated: 0, deleted: 0, rows: first.rows))
            // The rows that stay are the rows that were: nothing is written twice.
            func places() throws -> [String: String] {
                let rows = try postgres.query("SELECT chunk_id, ctid, xmin FROM chunks")
                return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1] + $0[2]) })
            }
            let before = try places()
            let digests = try table()
            _ = try self.change()
            let third = try self.export("pgvector", arguments, environment: environment)
            let now = try self.published()
            #expect(try table() == now)
            let moved = try places().filter { before[$0.key] != nil && before[$0.key] != $0.value }
            #expect(moved.count == third.updated)
            #expect(moved.keys.allSatisfy { digests[$0] != now[$0] })
            // A row that somebody took out is found by a look at all of them.
            try postgres.run("DELETE FROM chunks WHERE ordinal = 0")
            let healed = try self.export("pgvector", arguments, environment: environment)
            #expect(healed.inserted > 100)
            #expect(try table() == now)
            try postgres.run("UPDATE chunks SET digest = 'x' WHERE ordinal = 1")
            let verified = try self.export(
                "pgvector",
                arguments + ["--verify"],
                environment: environment
            )
            #expect(verified.updated > 100)
            #expect(try table() == now)
        }

        /// Killed at any moment: who reads sees all or nothing, and the next run ends equal.
        @Test(.enabled(if: TestPostgres.isInstalled, TestPostgres.absence))
        func anExportThatIsKilledLeavesTheTableAsItWas() throws {
            let postgres = try TestPostgres()
            let environment = ["DSN": postgres.dsn]
            let arguments = ["--table", "chunks", "--dsn-env", "DSN"]
            for milliseconds in [30, 60, 90, 120, 180, 240] {
                let running = try Command.start(
                    ["export", "pgvector", self.corpus.pipeline] + arguments,
                    environment: environment
                )
                usleep(UInt32(milliseconds) * 1_000)
                running.send(SIGKILL)
                _ = try running.wait()
                let tables = try postgres.query(
                    "SELECT count(*) FROM pg_tables WHERE tablename = 'chunks'"
                )
                if tables == [["1"]] {
                    let count = try postgres.query("SELECT count(*) FROM chunks")
                    #expect(count == [["\(try self.published().count)"]])
                }
            }
            let last = try self.export("pgvector", arguments, environment: environment)
            #expect(last.rows == (try self.published().count))
            #expect(
                try postgres.query("SELECT count(DISTINCT chunk_id) FROM chunks") == [
                    ["\(last.rows)"]
                ]
            )
        }

        // MARK: Servers over HTTP

        private static func arguments(_ target: String, _ url: String) -> [String] {
            switch target {
            case "qdrant": ["--url", url, "--collection", "chunks", "--key-env", "QDRANT_KEY"]
            default: ["--url", url, "--name", "chunks", "--key-env", "SEARCH_KEY"]
            }
        }

        private static let keys = ["QDRANT_KEY": "qdrant-key", "SEARCH_KEY": "ApiKey search-key"]

        @Test(arguments: ["qdrant", "opensearch"])
        func aServerHoldsExactlyTheSnapshotWhateverItRefuses(target: String) throws {
            let server = try TestExportServer()
            let arguments = Self.arguments(target, server.url)
            let first = try self.export(target, arguments, environment: Self.keys)
            #expect(first.inserted == first.rows && first.rows > 1_000)
            #expect(try server.rows(target) == self.published())
            try server.forgetLog()
            let again = try self.export(target, arguments, environment: Self.keys)
            #expect(again == Counts(inserted: 0, updated: 0, deleted: 0, rows: first.rows))
            #expect(try server.sentRowCount("chunks") == 0)
            _ = try self.change()
            let third = try self.export(target, arguments, environment: Self.keys)
            #expect(try server.rows(target) == self.published())
            #expect(third.inserted + third.updated + third.deleted < first.rows / 4)
            let sent = try server.sentRowCount("chunks")
            #expect(sent >= third.inserted + third.updated + third.deleted)
            #expect(sent < first.rows / 2)
        }

        @Test(arguments: ["qdrant", "opensearch"])
        func anExportThatIsKilledIsFinishedByTheNext(target: String) throws {
            let server = try TestExportServer()
            let arguments = Self.arguments(target, server.url)
            let running = try Command.start(
                ["export", target, self.corpus.pipeline] + arguments,
                environment: Self.keys
            )
            _ = running.waits { ((try? server.sentRowCount("chunks")) ?? 0) > 0 }
            running.send(SIGKILL)
            try #require(try running.wait().isSignalled)
            let second = try self.export(target, arguments, environment: Self.keys)
            #expect(second.inserted < second.rows)
            #expect(try server.rows(target) == self.published())
        }

        /// A server that is not ours, with OpenSearch's interface.
        @Test(.enabled(if: TestOpenSearch.isInstalled, TestOpenSearch.absence))
        func aServerOfOthersHoldsExactlyTheSnapshot() throws {
            let server = try TestOpenSearch()
            let arguments = ["--url", server.url, "--name", "chunks"]
            let first = try self.export("opensearch", arguments)
            #expect(first.inserted == first.rows && first.rows > 1_000)
            #expect(try server.rows() == self.published())
            let again = try self.export("opensearch", arguments)
            #expect(again == Counts(inserted: 0, updated: 0, deleted: 0, rows: first.rows))
            _ = try self.change()
            let third = try self.export("opensearch", arguments)
            #expect(third.inserted > 0 && third.deleted > 0)
            #expect(try server.rows() == self.published())
        }

        @Test func aWrongKeyIsSaidSoAndNotShown() throws {
            let server = try TestExportServer()
            let result = try Command.run(
                ["export", "qdrant", self.corpus.pipeline] + Self.arguments("qdrant", server.url),
                environment: ["QDRANT_KEY": "topsecret"]
            )
            #expect(result.exitCode == 1)
            #expect(result.errors.contains("403"))
            #expect(!result.errors.contains("topsecret"))
        }
    }
}

extension CommandTests {
    /// What is refused before anything is sent.
    @Suite struct ExportUsageTests {
        private let corpus: CommandCorpus

        init() throws {
            self.corpus = try CommandCorpus(documents: 1)
            try #require(try self.corpus.backfill().wait().exitCode == 0)
        }

        @Test(arguments: ["chunks; DROP TABLE x", "Chunks", "", "a.b.c", "1a"])
        func whatIsNoNameOfATableIsRefused(name: String) throws {
            let result = try Command.run([
                "export", "pgvector", self.corpus.pipeline, "--table", name,
            ])
            #expect(result.exitCode == 2)
            #expect(result.errors.contains("name of a table"))
        }

        @Test func aPasswordIsInNoMessage() throws {
            let result = try Command.run(
                ["export", "pgvector", self.corpus.pipeline, "--table", "t", "--dsn-env", "DSN"],
                environment: ["DSN": "postgresql://u:topsecret@127.0.0.1:1/x"]
            )
            #expect(result.exitCode == 2)
            #expect(result.errors.contains("cannot be reached"))
            #expect(!result.errors.contains("topsecret"))
        }
    }
}

/// The output of a program that succeeds.
func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments.first ?? "")")
    return String(decoding: data, as: UTF8.self)
}
