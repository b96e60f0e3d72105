import Foundation
import Testing

/// A machine without the tables and models that stages ask for.
@Suite(.enabled(if: Command.isBuilt, Command.absence))
struct MissingTableTests {
    private static let letter = "# Letter\n\nMy name is Maria Gonzalez and I met Leif Andersson.\n"

    private func corpus(_ redact: String, language: String = "model: none") throws -> CommandCorpus
    {
        let corpus = try CommandCorpus(documents: 1)
        try corpus.write("letter.md", Self.letter)
        let text = CommandCorpus.yaml
            .replacingOccurrences(of: "uses: redact-pii", with: "uses: redact-pii\(redact)")
            .replacingOccurrences(of: "detect-language", with: "detect-language, \(language)")
        try corpus.folder.write("pipeline.yml", text)
        return corpus
    }

    private func run(_ verb: String, _ corpus: CommandCorpus) throws -> Command.Result {
        try Command.run(
            [verb, corpus.pipeline],
            environment: ["MILLRACE_MODELS": corpus.folder("models")]
        )
    }

    @Test(arguments: [
        (", kinds: [PERSON]", "model: none", "Ops/fetch-models names"),
        (", kinds: [EMAIL, ADDRESS]", "model: none", "Ops/fetch-models names"),
        (", policy: policy.yaml", "model: none", "Ops/fetch-models names"),
        ("", "model: py3langid", "Ops/fetch-models py3langid"),
    ])
    func whatIsAskedForAndNotThereIsExitCode2(
        redact: String,
        language: String,
        says: String
    ) throws {
        let corpus = try self.corpus(redact, language: language)
        try corpus.folder.write("policy.yaml", "version: 1\nname: p\nkinds: [PERSON]\n")
        for verb in ["backfill", "sync", "plan"] {
            let result = try self.run(verb, corpus)
            #expect(result.exitCode == 2, "\(verb)")
            #expect(result.errors.contains(says), "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: corpus.workspace))
        }
        let doctor = try self.run("doctor", corpus)
        #expect(doctor.exitCode == 1)
        #expect(doctor.output.contains(says), "\(doctor.output)")
    }

    @Test(arguments: [
        ["redact", "--set", "kinds=PERSON"], ["language"],
    ])
    func aFilterRefusesToo(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let result = try Command.run(
            ["stage"] + arguments,
            input: #"{"id":"1","text":"My name is Maria Gonzalez."}"# + "\n",
            environment: ["MILLRACE_MODELS": folder("models")]
        )
        #expect(result.exitCode == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("Ops/fetch-models"), "\(result.errors)")
    }

    @Test func whatMayBeAbsentIsToldInTheSummary() throws {
        let corpus = try self.corpus(
            ", kinds: [PERSON], names: optional",
            language: "model_file: optional"
        )
        #expect(try self.run("doctor", corpus).exitCode == 0)
        #expect(try self.run("plan", corpus).output.contains("  without    stage 'redact'"))
        let result = try self.run("backfill", corpus)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.output.contains("  without    stage 'redact'"), "\(result.output)")
        #expect(result.output.contains("  without    stage 'language'"), "\(result.output)")
    }

    @Test func kindsWithoutATableNeedNone() throws {
        let corpus = try self.corpus("")
        let doctor = try self.run("doctor", corpus)
        #expect(doctor.exitCode == 0, "\(doctor.output)")
        #expect(!doctor.output.contains("fetch-models"), "\(doctor.output)")
        let result = try self.run("backfill", corpus)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(!result.output.contains("without"), "\(result.output)")
    }
}
