import Foundation
import Testing

/// A pipeline whose redaction takes a secret key, with the key and without it.
@Suite(.enabled(if: Command.isBuilt, Command.absence))
struct PolicyKeyTests {
    private static let variable = "MILLRACE_TESTS_KEY"

    private func corpus() throws -> CommandCorpus {
        let corpus = try CommandCorpus(documents: 2)
        try corpus.write("letter.md", "# Letter\n\nWrite to clerk@mail-house.org about it.\n")
        let policy = "version: 1\nname: keyed\naction: pseudonym\npseudonym_key: k1\n"
        try corpus.folder.write("policy.yaml", policy)
        try corpus.folder.write(
            "pipeline.yml",
            CommandCorpus.yaml.replacingOccurrences(
                of: "uses: redact-pii, ",
                with: "uses: redact-pii, policy: policy.yaml, key_env: \(Self.variable), "
            )
        )
        return corpus
    }

    @Test func readingTakesNoKeyAndRunningDoes() throws {
        let corpus = try self.corpus()
        for verb in ["backfill", "sync", "plan"] {
            let refused = try corpus.command(verb)
            #expect(refused.exitCode == 2, "\(verb)")
            #expect(refused.errors.contains("stage 'redact'"), "\(refused.errors)")
            #expect(refused.errors.contains(Self.variable), "\(refused.errors)")
            #expect(!FileManager.default.fileExists(atPath: corpus.workspace))
        }
        let run = try Command.run(
            ["backfill", corpus.pipeline, "--quiet"],
            environment: [Self.variable: String(repeating: "5a", count: 16)]
        )
        #expect(run.exitCode == 0, "\(run.errors)")
        for verb in [
            ["search", corpus.pipeline, "clerk"], ["status", corpus.pipeline],
            ["failures", "ls", corpus.pipeline], ["scan", corpus.pipeline],
            ["audit", "pii", corpus.pipeline], ["search", "--pipeline", corpus.pipeline, "clerk"],
        ] {
            let result = try Command.run(verb)
            #expect(result.exitCode == 0, "\(verb): \(result.errors)")
        }
        #expect(try corpus.command("sync").exitCode == 2)
    }
}
