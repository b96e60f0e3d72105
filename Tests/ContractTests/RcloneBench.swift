import Connectors
import Dataflow
import Foundation
import Testing

/// A folder behind rclone: by a remote of this machine, or by a WebDAV server that rclone itself is.
///
/// Its memory remote is no source here: each of rclone's processes has one of its own.
final class RcloneBench: ContractBench {
    static let isInstalled = (try? run(["rclone", "version"], in: "/")) == 0

    private let folder: BenchFolder
    private let configuration: BenchFolder
    private let server: Process?

    init(isServed: Bool) throws {
        self.folder = try BenchFolder()
        self.configuration = try BenchFolder()
        var section = "type = alias\nremote = \(self.folder.path)\n"
        self.server = isServed ? Process() : nil
        if let server {
            section =
                "type = webdav\nvendor = other\nurl = \(try Self.start(server, of: self.folder))\n"
        }
        try Data("[bench]\n\(section)".utf8).write(to: URL(filePath: self.file))
    }

    deinit {
        // A thread of the test may have handed on that it blocks SIGTERM.
        if let server = self.server, server.isRunning { kill(server.processIdentifier, SIGKILL) }
    }

    private var file: String { "\(self.configuration.path)/rclone.conf" }

    /// Starts a server of a folder; its address.
    private static func start(_ server: Process, of folder: BenchFolder) throws -> String {
        let channel = Pipe()
        server.executableURL = URL(filePath: "/usr/bin/env")
        server.arguments = [
            "rclone", "serve", "webdav", "--addr", "127.0.0.1:0", "--dir-cache-time", "0s",
            folder.path,
        ]
        server.standardInput = FileHandle.nullDevice
        server.standardOutput = FileHandle.nullDevice
        server.standardError = channel
        try server.run()
        var said = ""
        while !said.contains("http://127.0.0.1:") || !said.hasSuffix("\n") {
            let data = channel.fileHandleForReading.availableData
            try #require(!data.isEmpty, "rclone serve ended: \(said)")
            said += String(decoding: data, as: UTF8.self)
        }
        let start = try #require(said.range(of: "http://127.0.0.1:"))
        let digits = said[start.upperBound...].prefix { $0.isNumber }
        return "http://127.0.0.1:\(digits)/"
    }

    func put(_ documents: [String: String]) throws {
        try self.folder.putInSteps(documents)
    }

    func connector() throws -> any Connector {
        try self.connector(
            "rclone",
            [
                "remote": .string("bench:"), "config": .string(self.file),
                "hashes": .bool(self.server == nil),
            ],
            in: self.folder.path
        )
    }
}

extension ConnectorContract {
    static let rclone = ConnectorContract(
        name: "rclone",
        exceptions: [.givesDeltas: "rclone lists all of a remote"]
    ) { try RcloneBench(isServed: false) }
    static let rcloneByWebDAV = ConnectorContract(
        name: "rclone by WebDAV",
        exceptions: [.givesDeltas: "rclone lists all of a remote"],
        // Its server opens each file for each listing.
        manyCount: 530
    ) { try RcloneBench(isServed: true) }
}

/// What an operator is told where rclone cannot do it.
@Suite(.enabled(if: RcloneBench.isInstalled, "rclone is not installed"))
struct RcloneFaultTests {
    private let folder: BenchFolder
    private var file: String { "\(self.folder.path)/rclone.conf" }

    init() throws { self.folder = try BenchFolder() }

    private func connector(_ remote: String, _ configuration: String) throws -> any Connector {
        try Data(configuration.utf8).write(to: URL(filePath: self.file))
        return try Given(remote: remote, file: self.file).connector()
    }

    private final class Given: ContractBench {
        let remote: String
        let file: String
        init(remote: String, file: String) {
            self.remote = remote
            self.file = file
        }
        func put(_ documents: [String: String]) {}
        func connector() throws -> any Connector {
            try self.connector(
                "rclone",
                ["remote": .string(self.remote), "config": .string(self.file)],
                in: "/"
            )
        }
    }

    @Test func remoteThatIsNotConfiguredIsSaid() async throws {
        let connector = try self.connector("nothing:a", "[other]\ntype = alias\nremote = /tmp\n")
        let error = await #expect(throws: ConnectorError.self) {
            try await connector.page(after: nil)
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("knows no remote 'nothing'") == true)
    }

    @Test(arguments: ["no-remote", "-v:", ":webdav,url='http://h',pass=x:"])
    func remoteThatIsNoneIsRefused(_ remote: String) throws {
        let error = #expect(throws: ConnectorError.self) { try self.connector(remote, "") }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("pass=x") == false)
    }

    @Test func folderThatIsNotThereIsSaid() async throws {
        let section = "[here]\ntype = alias\nremote = \(self.folder.path)\n"
        let connector = try self.connector("here:none", section)
        let error = await #expect(throws: ConnectorError.self) {
            try await connector.page(after: nil)
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("no such folder") == true)
    }
}
