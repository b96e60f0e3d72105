import Connectors
import Dataflow
import Foundation
import Synchronization
import Testing

/// Debian's PostgreSQL, started once for all tests, on a socket of its own.
final class PostgresServer: Sendable {
    static let programs: String? = {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.sorted().map { "\(root)/\($0)/bin" }.last {
            FileManager.default.isExecutableFile(atPath: "\($0)/initdb")
        }
    }()

    /// Its server refuses to run as root; where nobody else can be, these tests are not.
    static let isInstalled: Bool = programs != nil && asOther != nil

    /// What makes root another user, in a namespace of its own; empty for others.
    private static let asOther: [String]? = {
        guard geteuid() == 0 else { return [] }
        let words = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
        return (try? run(words + ["true"], in: "/")) == 0 ? words : nil
    }()

    static let shared = Result { try PostgresServer() }

    let folder: String

    private static func asUser(_ command: [String]) -> [String] {
        (self.asOther ?? []) + command
    }

    private init() throws {
        let programs = try #require(Self.programs)
        var template = Array("/tmp/millrace-postgres-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        self.folder = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        let data = "\(self.folder)/data"
        let initialise = ["\(programs)/initdb", "-D", data, "-U", "t", "-A", "trust", "--no-sync"]
        try #require(try run(Self.asUser(initialise), in: self.folder) == 0)
        let options = "-c listen_addresses='' -k \(self.folder) -F"
        let start = [
            "\(programs)/pg_ctl", "-D", data, "-w", "-o", options, "-l", "\(self.folder)/log",
            "start",
        ]
        try #require(try run(Self.asUser(start), in: self.folder) == 0)
        let stop = Self.asUser(["\(programs)/pg_ctl", "-D", data, "-m", "immediate", "stop"])
        let folder = self.folder
        Self.atEnd.withLock { $0 = (stop, folder) }
        atexit {
            guard let (stop, folder) = PostgresServer.atEnd.withLock({ $0 }) else { return }
            _ = try? run(stop, in: "/")
            _ = try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private static let atEnd = Mutex<(stop: [String], folder: String)?>(nil)

    var dsn: String { "host=\(self.folder) user=t dbname=postgres" }

    func execute(_ sql: String) throws {
        let file = "\(self.folder)/\(sql.hashValue).sql"
        try Data(sql.utf8).write(to: URL(filePath: file))
        defer { _ = try? FileManager.default.removeItem(atPath: file) }
        let status = try run(
            ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.dsn, "-f", file],
            in: self.folder
        )
        try #require(status == 0)
    }
}

extension ConnectorContract {
    private final class Rows: ContractBench {
        private static let count = Mutex(0)
        let server: PostgresServer
        let table: String

        init() throws {
            self.server = try PostgresServer.shared.get()
            let number = Self.count.withLock { count in
                count += 1
                return count
            }
            self.table = "rows\(number)"
            try self.server.execute(
                """
                CREATE TABLE \(self.table) (id text PRIMARY KEY, body text,
                    changed timestamptz NOT NULL DEFAULT clock_timestamp(), gone boolean DEFAULT false)
                """
            )
        }

        func put(_ documents: [String: String]) throws {
            var lines = ["BEGIN"]
            let names = documents.keys.map(Self.quoted).joined(separator: ", ")
            lines.append(
                "UPDATE \(self.table) SET gone = true, changed = clock_timestamp() WHERE NOT gone"
                    + (names.isEmpty ? "" : " AND id NOT IN (\(names))")
            )
            for (id, body) in documents {
                lines.append(
                    """
                    INSERT INTO \(self.table) AS r (id, body) VALUES (\(Self.quoted(id)), \(Self.quoted(body)))
                    ON CONFLICT (id) DO UPDATE SET body = excluded.body, changed = clock_timestamp(),
                        gone = false WHERE r.body <> excluded.body OR r.gone
                    """
                )
            }
            try self.server.execute((lines + ["COMMIT", ""]).joined(separator: ";\n"))
        }

        private static func quoted(_ text: String) -> String {
            "'" + text.replacing("'", with: "''") + "'"
        }

        func connector() throws -> any Connector {
            let file = "\(self.server.folder)/dsn"
            try Data(self.server.dsn.utf8).write(to: URL(filePath: file))
            return try self.connector(
                "postgres",
                [
                    "dsn_file": .string(file), "id": .string("id"), "text": .string("body"),
                    "query": .string("SELECT id, body, changed, gone FROM \(self.table)"),
                    "updated_at": .string("changed"), "deleted_at": .string("gone"),
                ],
                in: self.server.folder
            )
        }
    }

    static let postgres = ConnectorContract(
        name: "postgres",
        exceptions: [.keepsLimit: "the limit is the source's own"]
    ) { try Rows() }
}
