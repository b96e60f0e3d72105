import Dataflow
import Foundation
import Testing

@Suite struct PipelineValueTests {
    @Test func defaultsAreFilledInAndPathsMadeAbsolute() throws {
        let plan = try plan(smallPipeline)
        #expect(plan.name == "small")
        #expect(plan.workspace == "/repo/Pipelines/state")
        #expect(plan.shardCount == 8)
        #expect(
            plan.sources == [
                Plan.Source(
                    name: "notes",
                    type: "folder",
                    priority: 0,
                    configuration: [
                        "path": "/repo/Pipelines/notes",
                        "include": ["**"],
                        "exclude": [],
                        "follow_symlinks": false,
                        "include_hidden": false,
                        "maximum_bytes": 268_435_456,
                        "max_delete": .double(0.1),
                        "max_delete_count": .null,
                    ]
                )
            ]
        )
        let nodes = Dictionary(uniqueKeysWithValues: plan.nodes.map { ($0.id, $0) })
        #expect(nodes["dedupe"]?.configuration == ["threshold": .double(0.8)])
        #expect(nodes["dedupe"]?.phase == .resolve)
        #expect(nodes["text"]?.mediaTypes == ["text/plain"])
        #expect(
            nodes["chunk"]?.configuration == [
                "maximum_tokens": 256, "overlap_tokens": 0, "tokenizer": "potion-base-8M",
            ]
        )
    }

    static let paths: [(path: String, expected: String)] = [
        ("state", "/repo/Pipelines/state"),
        ("../.millrace/demo", "/repo/.millrace/demo"),
        ("./a//b/./c/", "/repo/Pipelines/a/b/c"),
        ("/srv/../var/x", "/var/x"),
        ("../../../../x", "/x"),
        ("/", "/"),
    ]

    @Test(arguments: paths) func pathsAreNormalised(path: String, expected: String) throws {
        let plan = try plan(small("workspace: \(path)", replacing: "workspace"))
        #expect(plan.workspace == expected)
    }

    @Test func pathsStartFromTheFolderOfTheFile() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("millrace-plan-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("p.yml")
        try Data(smallPipeline.utf8).write(to: file)
        let plan = try loadPlan(path: file.path, catalogue: testCatalogue, environment: [:])
        #expect(plan.workspace == folder.path + "/state")
    }

    @Test func wordsThatYAML11TakesForBooleansAreText() throws {
        let plan = try plan(
            small(
                "  language: { uses: detect-language, from: text, allow: [no, on, y, de] }",
                replacing: "  language"
            )
        )
        let node = plan.nodes.first { $0.id == "language" }
        #expect(node?.configuration["allow"] == ["no", "on", "y", "de"])
    }

    @Test func choicesAreASet() throws {
        let plan = try plan(
            small(
                "  language: { uses: redact-pii, from: text, kinds: [IBAN, EMAIL] }",
                replacing: "  language"
            )
        )
        let node = plan.nodes.first { $0.id == "language" }
        #expect(node?.configuration["kinds"] == ["EMAIL", "IBAN"])
        #expect(node?.configuration["policy"] == .null)
        let wrong = small(
            "  language: { uses: redact-pii, from: text, kinds: [EMAIL, email, EMAIL] }",
            replacing: "  language"
        )
        #expect(
            problems(wrong) == [
                "p.yml:8:60: key 'kinds' of stage 'language': expected one of EMAIL, PHONE, "
                    + "CREDIT_CARD, IBAN, IP_ADDRESS, US_SSN, MAC_ADDRESS, CRYPTO_WALLET, SECRET, "
                    + "NATIONAL_ID, PASSPORT, DATE_OF_BIRTH, found the text 'email'; "
                    + "did you mean 'EMAIL'?",
                "p.yml:8:67: key 'kinds' of stage 'language': an entry is given more than once",
            ]
        )
    }

    // MARK: Environment

    static let expansions: [(value: String, environment: [String: String], expected: String)] = [
        ("/${A}", ["A": "x"], "/x"),
        ("/${A}/${B:-y}", ["A": "x"], "/x/y"),
        ("/${A:-y}", ["A": ""], "/y"),
        ("/${A:-}z", [:], "/z"),
        ("/a$$b", [:], "/a$b"),
        ("/$${A}", [:], "/${A}"),
        ("/a$b$", [:], "/a$b$"),
        ("/${A}", ["A": "${B}"], "/${B}"),
        ("'/${A}'", ["A": "x: [y"], "/x: [y"),
    ]

    @Test(arguments: expansions) func variablesAreExpanded(
        value: String,
        environment: [String: String],
        expected: String
    ) throws {
        let text = small("workspace: \(value)", replacing: "workspace")
        #expect(try plan(text, environment: environment).workspace == expected)
    }

    @Test func aVariableMayHoldANumberOrTextThatLooksLikeOne() throws {
        let text = small("shards: ${SHARDS:-3}\nname: ${NAME}", replacing: "name")
        let plan = try plan(text, environment: ["NAME": "2026"])
        #expect(plan.shardCount == 3)
        #expect(plan.name == "2026")
        #expect(
            problems(text, environment: ["NAME": "a", "SHARDS": "many"]) == [
                "p.yml:2:9: key 'shards' of the pipeline: expected an integer from 1 to 1024, "
                    + "found the value of '${SHARDS:-3}'"
            ]
        )
    }

    static let badVariables: [(value: String, message: String)] = [
        (
            "${MISSING}",
            "environment variable 'MISSING' is not set; set it, or give a default "
                + "with ${MISSING:-…}"
        ),
        ("a${B", "'${' without '}'; write '$$' for a dollar sign"),
        (
            "${1A}",
            "'${1A}' does not name an environment variable; "
                + "write ${NAME}, ${NAME:-default}, or '$$' for a dollar sign"
        ),
        (
            "${}",
            "'${}' does not name an environment variable; "
                + "write ${NAME}, ${NAME:-default}, or '$$' for a dollar sign"
        ),
    ]

    @Test(arguments: badVariables) func badVariablesAreNamed(value: String, message: String) {
        let text = small("workspace: \(value)", replacing: "workspace")
        #expect(problems(text) == ["p.yml:3:12: \(message)"])
    }

    @Test func secretsAreNeverPrinted() {
        let canary = "hunter2-canary"
        let lines = [
            "  language: { uses: redact-pii, from: text, vault_token: '${PW}' }",
            "  language: { uses: redact-pii, from: text, vault_token: \(canary) }",
            "  language: { uses: redact-pii, from: text, vault_token: [\(canary)] }",
            "  language: { uses: redact-pii, from: text, vault_tokn: '${PW}' }",
            "  language: { uses: redact-pii, from: text, minimum_score: '${PW}' }",
            "  language: { uses: redact-pii, from: text, kinds: ['${PW}'] }",
            "  language: { uses: '${PW}', from: text }",
            "  language: { uses: redact-pii, from: '${PW}' }",
            "  language: { uses: redact-pii, from: [text, '${PW}', '${PW}'] }",
            "  language: { uses: extract-text, from: text, media: ['${PW}'] }",
            "  language: '${PW}'",
        ]
        for line in lines {
            let found = problems(
                small(line, replacing: "  language"),
                environment: ["PW": canary]
            )
            #expect(!found.isEmpty, "\(line)")
            #expect(!found.joined().contains(canary), "\(line)")
        }
        let override = problems(
            smallPipeline.replacingOccurrence(of: "detect-language", with: "redact-pii"),
            overrides: ["language.vault_token": canary, "language.vault_tokn": canary]
        )
        #expect(override.count == 2)
        #expect(!override.joined().contains(canary))
    }

    // MARK: Overrides

    @Test func overridesReplaceAndAddKeys() throws {
        let plan = try plan(
            small("workspace: ${NOWHERE}", replacing: "workspace"),
            overrides: [
                "workspace": "/else", "shards": "2", "chunk.maximum_tokens": "128",
                "language.allow": "de, fr", "sources.notes.path": "/mnt",
                "sources.notes.include": "*.{md,txt},[b]*", "embed.model": "5",
                "dedupe.threshold": "1",
            ]
        )
        let nodes = Dictionary(uniqueKeysWithValues: plan.nodes.map { ($0.id, $0) })
        #expect(plan.workspace == "/else")
        #expect(plan.shardCount == 2)
        #expect(nodes["chunk"]?.configuration["maximum_tokens"] == 128)
        #expect(nodes["language"]?.configuration["allow"] == ["de", "fr"])
        #expect(nodes["embed"]?.configuration["model"] == "5")
        #expect(nodes["dedupe"]?.configuration["threshold"] == .double(1))
        #expect(plan.sources.first?.configuration["path"] == "/mnt")
        #expect(plan.sources.first?.configuration["include"] == ["*.{md,txt}", "[b]*"])
    }

    static let badOverrides: [(key: String, value: String, message: String)] = [
        (
            "chunk.max_token", "9",
            "--set chunk.max_token: unknown key 'max_token' in stage 'chunk'; "
                + "did you mean 'maximum_tokens'?"
        ),
        (
            "chnk.maximum_tokens", "99",
            "--set chnk.maximum_tokens: the pipeline has no 'chnk'; did you mean 'chunk'?"
        ),
        (
            "chunk.maximum_tokens", "x",
            "--set chunk.maximum_tokens: key 'maximum_tokens' of stage 'chunk': "
                + "expected an integer from 16 to 8192, found the text 'x'"
        ),
        (
            "version", "2",
            "--set version: an override is 'stage.key=value', 'sources.source.key=value', "
                + "'workspace=…', 'shards=…' or 'name=…'"
        ),
    ]

    @Test(arguments: badOverrides) func badOverridesAreNamed(
        key: String,
        value: String,
        message: String
    ) {
        #expect(problems(smallPipeline, overrides: [key: value]) == [message])
    }

    // MARK: One stage

    @Test func stageConfigurationHoldsEveryKey() throws {
        let descriptor = try #require(testCatalogue.stages.first { $0.name == "redact-pii" })
        let configuration = try stageConfiguration(
            descriptor: descriptor,
            overrides: ["kinds": "[IBAN, EMAIL]", "policy": "p.yml"],
            directory: "/etc"
        )
        #expect(
            configuration == [
                "kinds": ["EMAIL", "IBAN"], "minimum_score": .double(0.5), "policy": "/etc/p.yml",
                "vault_token": .null,
            ]
        )
        #expect(
            try stageConfiguration(descriptor: descriptor, overrides: ["kinds": ""])["kinds"] == []
        )
    }

    @Test func stageConfigurationReportsEveryMistake() throws {
        let descriptor = try #require(testCatalogue.stages.first { $0.name == "chunk" })
        let error = #expect(throws: PipelineError.self) {
            try stageConfiguration(
                descriptor: descriptor,
                overrides: ["maximum_tokens": "1", "overlap": "2"]
            )
        }
        #expect(
            error?.diagnostics.map(\.description) == [
                "--set maximum_tokens: key 'maximum_tokens' of stage 'chunk': "
                    + "expected an integer from 16 to 8192, found 1",
                "--set overlap: unknown key 'overlap' in stage 'chunk'; "
                    + "did you mean 'overlap_tokens'?",
            ]
        )
    }
}
