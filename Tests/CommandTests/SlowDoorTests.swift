import Foundation
import Testing

/// Set for tests that take minutes.
private let wantsSlowTests = ProcessInfo.processInfo.environment["MILLRACE_SLOW_TESTS"] != nil

extension CommandTests {
    @Suite struct SlowDoorTests {
        private let corpus: CommandCorpus

        init() throws {
            self.corpus = try CommandCorpus(documents: 20)
            try #require(try self.corpus.backfill().wait().exitCode == 0)
        }

        private static var root: URL {
            var root = URL(filePath: #filePath).resolvingSymlinksInPath()
            for _ in 0..<3 { root.deleteLastPathComponent() }
            return root
        }

        /// The example package is built as somebody else's program, and answers.
        @Test(.enabled(if: wantsSlowTests, "MILLRACE_SLOW_TESTS is not set"))
        func theExampleOfTheLibraryIsBuiltAndAnswers() throws {
            let package = Self.root.appending(path: "Samples/swift-search").path
            let text = try output(
                of: "/usr/bin/env",
                [
                    "swift", "run", "--package-path", package, "--scratch-path",
                    self.corpus.folder("build"), "ask", self.corpus.workspace, "mill", "wheel12",
                ]
            )
            #expect(text.contains("docs/d"))
            #expect(text.contains("snapshot 1, chunk "))
        }

        private static let hasSchemathesis =
            (try? output(of: "/usr/bin/env", ["schemathesis", "--version"])) != nil

        /// Requests made from the description by a stranger's tool: each answer is one that the description names.
        @Test(
            .enabled(
                if: wantsSlowTests && hasSchemathesis,
                "MILLRACE_SLOW_TESTS and 'pip install schemathesis'"
            )
        )
        func theServerDoesWhatItsDescriptionSays() throws {
            let server = try Command.start(
                [
                    "serve", self.corpus.pipeline, "--listen", "127.0.0.1:0", "--mcp", "--rate",
                    "100000",
                ]
            )
            defer { server.send(SIGKILL) }
            _ = server.waits { server.output.contains("\n") }
            let url = try #require(server.output.split(separator: " ").last).trimmingCharacters(
                in: .whitespacesAndNewlines
            )
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "schemathesis", "run", url + "/openapi.json", "--url", url, "--checks", "all",
                "--exclude-checks", "unsupported_method,positive_data_acceptance", "--seed", "1",
                "--max-examples", "100",
            ]
            process.currentDirectoryURL = URL(filePath: self.corpus.folder.path)
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(server.isRunning)
        }
    }
}
