import Dataflow
import Foundation
import Hashing
import Records
import Testing

func sha256Reference(_ text: String) -> Records.Digest { sha256(text) }

@Suite struct ShippedPipelineTests {
    static let names = ["demo", "nightly-backfill", "incremental-sync"]

    static func path(_ name: String) -> String {
        repositoryRoot.appendingPathComponent("Pipelines/\(name).yml").path
    }

    @Test(arguments: names) func shippedPipelineIsValid(name: String) throws {
        let plan = try loadPlan(
            path: Self.path(name),
            catalogue: testCatalogue,
            environment: ["DOCUMENTS": "/srv", "ARCHIVE": "/old"]
        )
        #expect(plan.name == name)
        #expect(plan.workspace.hasPrefix(repositoryRoot.path + "/.millrace/"))
        #expect(plan.nodes.last?.uses == "index")
    }

    @Test func nightlyBackfillHasTwoModelsInTwoIndexes() throws {
        let plan = try loadPlan(
            path: Self.path("nightly-backfill"),
            catalogue: testCatalogue,
            environment: ["DOCUMENTS": "/srv", "ARCHIVE": "/old", "SHARDS": "3"]
        )
        #expect(plan.shardCount == 3)
        #expect(plan.nodes.filter { $0.uses == "index" }.map(\.id) == ["index", "index-exact"])
        let models = plan.nodes.filter { $0.uses == "embed" }
            .compactMap { $0.configuration["model"]?.stringValue }
        #expect(models == ["potion-base-8M", "all-MiniLM-L6-v2"])
    }

    @Test func nightlyBackfillNamesTheVariablesItNeeds() {
        let error = #expect(throws: PipelineError.self) {
            try loadPlan(
                path: Self.path("nightly-backfill"),
                catalogue: testCatalogue,
                environment: [:]
            )
        }
        let messages = error?.diagnostics.map(\.message) ?? []
        #expect(messages.count == 2)
        #expect(messages.first?.contains("'DOCUMENTS' is not set") == true)
        #expect(messages.last?.contains("'ARCHIVE' is not set") == true)
    }

    static let hasValidator = run("import jsonschema, yaml").status == 0

    @Test(.enabled(if: hasValidator, "python3 with jsonschema and yaml is needed"))
    func schemaAcceptsTheShippedPipelinesAndRefusesMistakes() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("millrace-schema-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let schema = folder.appendingPathComponent("schema.json")
        try Data(jsonSchema(for: testCatalogue).utf8).write(to: schema)
        let bad: [String] = [
            small("  chunk: { uses: chunk, from: dedupe, max_token: 9 }", replacing: "  chunk"),
            small(
                "  chunk: { uses: chunk, from: dedupe, maximum_tokens: 8 }",
                replacing: "  chunk"
            ),
            small("  chunk: { uses: chunk, from: [] }", replacing: "  chunk"),
            small("  chunk: { uses: chonk, from: dedupe }", replacing: "  chunk"),
            small("  index: { uses: index, from: embed, vectors: f8 }", replacing: "  index"),
            small("  embed: { uses: embed, from: chunk, media: [a/b] }", replacing: "  embed"),
            small("  notes: { type: folder }", replacing: "  notes"),
            small("version: 2", replacing: "version"),
            small("shard: 2", replacing: "name"),
        ]
        let good = [smallPipeline, small("shards: ${SHARDS}\nname: x", replacing: "name")]
        var arguments = [schema.path]
        for (index, text) in (good + bad).enumerated() {
            let file = folder.appendingPathComponent("\(index).yml")
            try Data(text.utf8).write(to: file)
            arguments.append(file.path)
        }
        let script = """
            import json, jsonschema, sys, yaml
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            for path in sys.argv[2:]:
                print(int(validator.is_valid(yaml.safe_load(open(path)))))
            """
        let result = Self.run(script, arguments + Self.names.map(Self.path))
        let expected =
            good.map { _ in "1" } + bad.map { _ in "0" } + Self.names.map { _ in "1" }
        #expect(result.status == 0)
        #expect(result.output.split(separator: "\n").map(String.init) == expected)
    }

    private static func run(
        _ script: String,
        _ arguments: [String] = []
    ) -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return (-1, "") }
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
