import Foundation
import Testing

/// `millrace models distill`, of a small encoder drawn by seed.
@Suite(.enabled(if: Command.isBuilt, Command.absence))
struct DistillCommandTests {
    private let folder: TemporaryFolder
    private let teacher = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Golden/embedding/m-bert").path

    init() throws { self.folder = try TemporaryFolder() }

    private func run(_ arguments: [String], input: String = "") throws -> Command.Result {
        try Command.run(
            arguments,
            input: input,
            environment: ["MILLRACE_MODELS": self.folder("models")]
        )
    }

    @Test func theFolderItMakesIsAModelOfAPipeline() throws {
        let output = self.folder("static")
        let made = try self.run(
            ["models", "distill", self.teacher, "--dimensions", "8", "--output", output, "--json"]
        )
        #expect(made.exitCode == 0, "\(made.errors)")
        #expect(made.errors.contains("entries"))
        let report = try made.json()
        #expect(report["form"] as? String == "model-distilled/1")
        #expect(report["teacher"] as? String == "m-bert")

        let embedded = try self.run(
            ["stage", "embed", "--set", "model=\(output)"],
            input: "{\"id\":\"a\",\"text\":\"the time of day\"}\n"
        )
        #expect(embedded.exitCode == 0, "\(embedded.errors)")
        let vector = try #require(try embedded.jsonLines().first?["vector"] as? [Double])
        #expect(vector.count == 8)

        let shown = try self.run(["models", "show", output])
        #expect(shown.output.contains("distilled from m-bert, SHA-256"))
        #expect(shown.output.contains("unknown tokens"))
        #expect(shown.output.contains("family     model2vec"))
        #expect(
            try self.run(["models", "card", self.teacher]).output.contains("| Family | bert |")
        )
    }

    @Test func withoutAnOutputItGoesToTheStoreUnderANameOfItsOwn() throws {
        let made = try self.run(["models", "distill", self.teacher, "--dimensions", "8"])
        #expect(made.output.contains("'model: m-bert-static-8'"), "\(made.errors)")
        #expect(try self.run(["models", "ls"]).output.contains("m-bert-static-8"))
        let again = try self.run(["models", "distill", self.teacher, "--dimensions", "8"])
        #expect(again.exitCode == 2)
        #expect(again.errors.contains("--output"))
    }

    @Test(arguments: [
        ("--dimensions=4000", 2, "--dimensions 32"), ("--precision=fp8", 2, "fp8"),
    ])
    func whatCannotBeSaysWhatToType(option: String, exitCode: Int32, says: String) throws {
        let result = try self.run(["models", "distill", self.teacher, option])
        #expect(result.exitCode == exitCode)
        #expect(result.errors.contains(says), "\(result.errors)")
    }

    @Test func aModelThatIsNotThereIsFetchedOrAdded() throws {
        let result = try self.run(["models", "distill", "multilingual-e5-small"])
        #expect(result.exitCode == 10)
        #expect(result.errors.contains("fetch-models"))
    }
}
