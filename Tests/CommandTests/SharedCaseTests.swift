import Foundation
import Testing

/// What users of such tools have hit, with what they expect: the cases in the shared folder, run by
/// the runner beside them.
@Suite struct SharedCaseTests {
    /// Cases, or groups of them, that are not met, with the reason; all others are held to.
    static let open = [
        "extract/mail": "mail is not read yet",
        "extract/scan-stamp": "scanned pages are not read yet",
        "extract/pdf-chrome/table-over-pages": "no reader finds the row that is wanted in the file",
        "extract/pdf-layout/double-spaced": "what is to be gone reads like what is to be kept",
    ]

    /// Those of `sync` run a hundred backfills, which takes minutes in a debug build: with
    /// `MILLRACE_SLOW_TESTS` set.
    static let kinds =
        ["chunk", "dedupe", "embed", "extract", "language", "redact", "search"]
        + (ProcessInfo.processInfo.environment["MILLRACE_SLOW_TESTS"] == nil ? [] : ["sync"])

    /// The folder beside the checkout; nil on other machines.
    static let shared: URL? = {
        var folder = URL(filePath: #filePath)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let candidate = folder.deletingLastPathComponent().appendingPathComponent("shared")
            let runner = candidate.appendingPathComponent("tools/run_cases.py").path
            if FileManager.default.fileExists(atPath: runner) { return candidate }
        }
        return nil
    }()

    private struct Report: Decodable {
        var groups: [String: [Int]]
        var failures: [String: String]
    }

    @Test(
        .enabled(if: Command.isBuilt, Command.absence),
        .enabled(if: shared != nil, "no shared folder beside the repository"),
        arguments: kinds
    )
    func everyCaseIsMet(kind: String) throws {
        let shared = try #require(Self.shared)
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", shared.appendingPathComponent("tools/run_cases.py").path, "--binary",
            Command.executable, shared.appendingPathComponent("cases").path, "--kind", kind,
            "--json",
        ]
        process.standardOutput = try folder.handle("report")
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let report = try JSONDecoder().decode(
            Report.self,
            from: Data(try folder.text("report").utf8)
        )
        #expect(!report.groups.isEmpty)
        let unmet = report.failures.filter { failure in
            !Self.open.keys.contains { failure.key == $0 || failure.key.hasPrefix($0 + "/") }
        }
        #expect(unmet.isEmpty)
    }
}
