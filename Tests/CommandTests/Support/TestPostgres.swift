import Foundation
import Glibc
import Testing

/// A PostgreSQL server of this test's own, in a folder that goes with the value.
final class TestPostgres {
    private let folder: TemporaryFolder
    private let port = Int(10_000 + getpid() % 20_000)

    /// PyPI's pgserver has pgvector, which Debian 12 has not.
    private static let binaries: String? = {
        if let found = packageFolder("pgserver").map({ $0 + "/pginstall/bin" }),
            FileManager.default.isExecutableFile(atPath: found + "/initdb")
        {
            return found
        }
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.sorted().last.map { "\(root)/\($0)/bin" }
            .flatMap { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") ? $0 : nil }
    }()

    static let isInstalled =
        binaries != nil && (try? output(of: "/usr/bin/env", asOther + ["true"])) != nil
    static let absence: Comment =
        "no PostgreSQL in /usr/lib/postgresql; Ops/install-packages --tests"
    static let hasVectors = packageFolder("pgserver") != nil

    /// The server refuses to be the superuser's; packages of Python may be where nobody else may read.
    private static let asOther =
        getuid() == 0 ? ["unshare", "--user", "--map-user=1000", "--map-group=1000"] : []

    init() throws {
        self.folder = try TemporaryFolder()
        let data = self.folder("data")
        try self.tool(
            "initdb",
            ["-D", data, "-U", "millrace", "-A", "trust", "-E", "UTF8", "--no-sync"]
        )
        try self.tool(
            "pg_ctl",
            [
                "-D", data, "-w", "-l", self.folder("log"), "-o",
                "-k \(self.folder.path) -h '' -p \(self.port) -c fsync=off", "start",
            ]
        )
    }

    deinit { try? self.tool("pg_ctl", ["-D", self.folder("data"), "-m", "immediate", "stop"]) }

    var dsn: String { "host=\(self.folder.path) port=\(self.port) user=millrace dbname=postgres" }

    func run(_ sql: String) throws { _ = try self.query(sql) }

    func query(_ sql: String) throws -> [[String]] {
        let text = try output(
            of: "/usr/bin/env",
            ["psql", "-X", "-q", "-A", "-t", "-F", "\t", self.dsn, "-c", sql]
        )
        return text.split(separator: "\n").map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// Foundation waits until what a program inherited of it is closed, and a server that stays has it too.
    private static let withoutInherited = [
        "bash", "-c",
        """
        for fd in /proc/self/fd/*; do fd=${fd##*/}; [ "$fd" -le 2 ] || eval "exec $fd>&-"; done; exec "$@"
        """, "bash",
    ]

    private func tool(_ name: String, _ arguments: [String]) throws {
        let command = (Self.binaries ?? "") + "/" + name
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = Self.withoutInherited + Self.asOther + [command] + arguments
        process.currentDirectoryURL = URL(filePath: "/tmp")
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(name) failed")
    }
}

/// Where python3 has the package; nil where it has not.
func packageFolder(_ name: String) -> String? {
    let program =
        "import importlib.util as u; print(u.find_spec('\(name)').submodule_search_locations[0])"
    let found = try? output(of: "/usr/bin/env", ["python3", "-c", program])
    return found.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
}
