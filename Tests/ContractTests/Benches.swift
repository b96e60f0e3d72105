import Connectors
import Dataflow
import Foundation
import GRDB
import Testing

extension ConnectorContract {
    private final class Memory: ContractBench {
        let source = MemoryConnector()
        func put(_ documents: [String: String]) { self.source.put(documents) }
        func connector() -> any Connector { self.source }
    }

    private final class Folder: ContractBench {
        let folder: BenchFolder
        init() throws { self.folder = try BenchFolder() }
        func put(_ documents: [String: String]) throws { try self.folder.put(documents) }
        func connector() throws -> any Connector {
            try self.connector(
                "folder",
                ["path": .string(self.folder.path)],
                in: self.folder.path
            )
        }
    }

    /// A table whose rows say when they changed, or do not.
    private final class Table: ContractBench {
        let folder: BenchFolder
        let queue: DatabaseQueue
        let hasTimes: Bool
        var time = 1000

        init(hasTimes: Bool) throws {
            self.folder = try BenchFolder()
            self.hasTimes = hasTimes
            self.queue = try DatabaseQueue(path: "\(self.folder.path)/rows.db")
            try self.queue.write {
                try $0.execute(sql: "CREATE TABLE rows (id TEXT PRIMARY KEY, body, changed, gone)")
            }
        }

        func put(_ documents: [String: String]) throws {
            self.time += 1
            try self.queue.write { database in
                for id in try String.fetchAll(database, sql: "SELECT id FROM rows")
                where documents[id] == nil {
                    try database.execute(
                        sql: self.hasTimes
                            ? "UPDATE rows SET gone = 1, changed = \(self.time) WHERE id = ? AND gone = 0"
                            : "DELETE FROM rows WHERE id = ?",
                        arguments: [id]
                    )
                }
                for (id, body) in documents {
                    try database.execute(
                        sql: """
                            INSERT INTO rows (id, body, changed, gone) VALUES (?, ?, ?, 0)
                            ON CONFLICT (id) DO UPDATE SET body = excluded.body, changed = excluded.changed,
                                gone = 0 WHERE body <> excluded.body OR gone = 1
                            """,
                        arguments: [id, body, self.time]
                    )
                }
            }
        }

        func connector() throws -> any Connector {
            var values: [String: ConfigValue] = [
                "path": .string("\(self.folder.path)/rows.db"), "id": .string("id"),
                "query": .string("SELECT * FROM rows -- all\n;"), "text": .string("body"),
            ]
            if self.hasTimes {
                values["updated_at"] = .string("changed")
                values["deleted_at"] = .string("gone")
            }
            return try self.connector("sqlite", values, in: self.folder.path)
        }
    }

    /// Lines of JSON, from a file or from a tap that says nothing of a state.
    private final class Lines: ContractBench {
        let folder: BenchFolder
        let isCommand: Bool

        init(isCommand: Bool) throws {
            self.folder = try BenchFolder()
            self.isCommand = isCommand
            try self.put([:])
        }

        func put(_ documents: [String: String]) throws {
            let lines = try documents.sorted { $0.key < $1.key }.map { id, text in
                let page: [String: Any] = ["id": id, "body": text]
                let record: [String: Any] =
                    self.isCommand
                    ? ["type": "RECORD", "stream": "pages", "record": ["page": page]]
                    : ["page": page]
                return try JSONSerialization.data(withJSONObject: record)
            }
            let other = Data(
                #"{"type":"RECORD","stream":"other","record":{"page":{"id":"x"}}}"#.utf8
            )
            let whole = (lines + (self.isCommand ? [other] : [])).reduce(into: Data()) {
                $0 += $1 + Data("\n".utf8)
            }
            try whole.write(to: URL(filePath: "\(self.folder.path)/lines.jsonl"))
        }

        func connector() throws -> any Connector {
            var values: [String: ConfigValue] = [
                "id": .string("page.id"), "text": .string("page.body"), "stream": .string("pages"),
            ]
            if self.isCommand {
                values["command"] = .list([.string("cat"), .string("./lines.jsonl")])
            } else {
                values["path"] = .string("lines.jsonl")
            }
            return try self.connector("records", values, in: self.folder.path)
        }
    }

    /// The program among the samples.
    private final class Program: ContractBench {
        let folder: BenchFolder
        init() throws { self.folder = try BenchFolder() }
        func put(_ documents: [String: String]) throws { try self.folder.put(documents) }
        func connector() throws -> any Connector {
            let sample = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../Samples/list-and-read.py").standardized.path
            let words = ["python3", sample, self.folder.path]
            return try self.connector(
                "command",
                ["command": .list(words.map { .string($0) })],
                in: self.folder.path
            )
        }
    }

    private final class Repository: ContractBench {
        let folder: BenchFolder

        init() throws {
            self.folder = try BenchFolder()
            try self.git(["init", "-q", "-b", "main"])
            try self.git(["commit", "-q", "--allow-empty", "-m", "first"])
        }

        private func git(_ arguments: [String]) throws {
            let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
            let status = try run(["git"] + identity + arguments, in: self.folder.path)
            try #require(status == 0)
        }

        func put(_ documents: [String: String]) throws {
            try self.folder.put(documents)
            try self.git(["add", "-A"])
            try self.git(["commit", "-q", "--allow-empty", "-m", "next"])
        }

        func connector() throws -> any Connector {
            try self.connector(
                "git",
                ["repository": .string(self.folder.path), "ref": .string("main")],
                in: self.folder.path
            )
        }
    }

    static let memory = ConnectorContract(name: "memory", exceptions: [:]) { Memory() }
    static let folder = ConnectorContract(
        name: "folder",
        exceptions: [.givesDeltas: "a folder keeps no log of changes"]
    ) { try Folder() }
    static let sqlite = ConnectorContract(
        name: "sqlite",
        exceptions: [
            .givesDeltas: "rows do not say when they changed",
            .saysGone: "the content comes with the listing",
            .keepsLimit: "the limit is the source's own",
        ]
    ) { try Table(hasTimes: false) }
    static let sqliteWithTimes = ConnectorContract(
        name: "sqlite with updated_at and deleted_at",
        exceptions: [.keepsLimit: "the limit is the source's own"]
    ) { try Table(hasTimes: true) }
    static let recordsFile = ConnectorContract(
        name: "records from a file",
        exceptions: [
            .givesDeltas: "a file keeps no state", .saysGone: "the content comes with the listing",
            .keepsLimit: "the limit is the source's own",
        ]
    ) { try Lines(isCommand: false) }
    static let recordsCommand = ConnectorContract(
        name: "records from a tap without a state",
        exceptions: [
            .givesDeltas: "this tap says nothing of its state",
            .saysGone: "the content comes with the listing",
            .keepsLimit: "the limit is the source's own",
        ]
    ) { try Lines(isCommand: true) }
    static let command = ConnectorContract(
        name: "command",
        exceptions: [.givesDeltas: "the sample lists all of it"]
    ) { try Program() }
    static let git = ConnectorContract(
        name: "git",
        exceptions: [.saysGone: "a commit keeps what it holds"]
    ) { try Repository() }
}
