import Foundation
import Testing

/// The server of PyPI's osmem-server, which has OpenSearch's interface; it ends with the value.
final class TestOpenSearch {
    let url: String
    private let process = Process()
    /// The server goes when this is closed.
    private let input = Pipe()

    private static let program = packageFolder("osmem_server").map { $0 + "/bin/osmem-server" }
    static let isInstalled =
        program.map(FileManager.default.isExecutableFile(atPath:)) ?? false
    static let absence: Comment = "no osmem-server of PyPI; Ops/install-packages --tests"

    init() throws {
        let output = Pipe()
        self.process.executableURL = URL(filePath: Self.program ?? "")
        self.process.arguments = ["--addr", "127.0.0.1:0"]
        self.process.standardInput = self.input
        self.process.standardOutput = output
        self.process.standardError = FileHandle.nullDevice
        try self.process.run()
        var line = Data()
        while !line.contains(0x0A) {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw CocoaError(.fileReadUnknown) }
            line += data
        }
        let said = try JSONSerialization.jsonObject(with: line) as? [String: Any]
        self.url = try #require(said?["url"] as? String)
    }

    deinit {
        if self.process.isRunning { kill(self.process.processIdentifier, SIGKILL) }
        self.process.waitUntilExit()
    }

    /// Ids and digests of all rows that it holds.
    func rows() throws -> [String: String] {
        let text = try output(
            of: "/usr/bin/env",
            [
                "curl", "-sf", self.url + "/chunks/_search", "-H", "content-type: application/json",
                "-d", #"{"size":10000,"_source":["digest"]}"#,
            ]
        )
        let answer = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let found = (answer?["hits"] as? [String: Any])?["hits"] as? [[String: Any]]
        return Dictionary(
            uniqueKeysWithValues: try #require(found).map { hit in
                let source = hit["_source"] as? [String: String]
                return (hit["_id"] as? String ?? "", source?["digest"] ?? "")
            }
        )
    }
}
