import Dataflow
import Testing

@Suite struct PipelineDiagnosticsTests {
    /// One mistake each, with the whole message an operator sees.
    static let mistakes: [(text: String, messages: [String])] = [
        (
            small("  chunk: { uses: chunk, from: dedupe, max_token: 9 }", replacing: "  chunk"),
            [
                "p.yml:10:39: unknown key 'max_token' in stage 'chunk'; "
                    + "did you mean 'maximum_tokens'?"
            ]
        ),
        (
            small("  chunk: { uses: chunk, from: dedupe, zzz: 9 }", replacing: "  chunk"),
            [
                "p.yml:10:39: unknown key 'zzz' in stage 'chunk'; its keys: from, maximum_tokens, "
                    + "overlap_tokens, tokenizer, uses"
            ]
        ),
        (
            small("shard: 4", replacing: "name"),
            [
                "p.yml:1:1: the pipeline lacks the required key 'name'",
                "p.yml:2:1: unknown key 'shard' in the pipeline; did you mean 'shards'?",
            ]
        ),
        (
            small(
                "  chunk: { uses: chunk, from: dedupe, maximum_tokens: 8 }",
                replacing: "  chunk"
            ),
            [
                "p.yml:10:55: key 'maximum_tokens' of stage 'chunk': "
                    + "expected an integer from 16 to 8192, found 8"
            ]
        ),
        (
            small(
                "  chunk: { uses: chunk, from: dedupe, maximum_tokens: many }",
                replacing: "  chunk"
            ),
            [
                "p.yml:10:55: key 'maximum_tokens' of stage 'chunk': "
                    + "expected an integer from 16 to 8192, found the text 'many'"
            ]
        ),
        (
            small(
                "  chunk: { uses: chunk, from: dedupe, overlap_tokens: -1 }",
                replacing: "  chunk"
            ),
            [
                "p.yml:10:55: key 'overlap_tokens' of stage 'chunk': "
                    + "expected an integer of at least 0, found -1"
            ]
        ),
        (
            small(
                "  language: { uses: detect-language, from: text, minimum_confidence: 1.5 }",
                replacing: "  language"
            ),
            [
                "p.yml:8:70: key 'minimum_confidence' of stage 'language': "
                    + "expected a number from 0 to 1, found 1.5"
            ]
        ),
        (
            small(
                "  language: { uses: detect-language, from: text, allow: de }",
                replacing: "  language"
            ),
            [
                "p.yml:8:57: key 'allow' of stage 'language': "
                    + "expected a list of texts, found the text 'de'"
            ]
        ),
        (
            small("  index: { uses: index, from: embed, vectors: f61 }", replacing: "  index"),
            [
                "p.yml:12:47: key 'vectors' of stage 'index': expected one of f16, f32, none, "
                    + "found the text 'f61'; did you mean 'f16'?"
            ]
        ),
        (
            small("  index: { uses: index, from: embed, compact: yes }", replacing: "  index"),
            [
                "p.yml:12:47: key 'compact' of stage 'index': expected true or false, "
                    + "found the text 'yes'; did you mean 'true'?"
            ]
        ),
        (
            small("  embed: { uses: embed, from: chunk, model: 8 }", replacing: "  embed"),
            ["p.yml:11:45: key 'model' of stage 'embed': expected text, found 8"]
        ),
        (
            small("  embed: { uses: embd, from: chunk }", replacing: "  embed"),
            [
                "p.yml:11:18: unknown stage kind 'embd' in stage 'embed'; did you mean 'embed'?"
            ]
        ),
        (
            small("  notes: { type: foldr, path: notes }", replacing: "  notes"),
            ["p.yml:5:18: unknown source type 'foldr' in source 'notes'; did you mean 'folder'?"]
        ),
        (
            small("  notes: { type: folder, path: '' }", replacing: "  notes"),
            ["p.yml:5:32: key 'path' of source 'notes': the path is empty"]
        ),
        (
            small("  notes: { type: folder }", replacing: "  notes"),
            ["p.yml:5:3: source 'notes' lacks the required key 'path'"]
        ),
        (
            small("  embed: { from: chunk }", replacing: "  embed"),
            ["p.yml:11:3: stage 'embed' lacks the required key 'uses'"]
        ),
        (
            small("  embed: { uses: embed }", replacing: "  embed"),
            [
                "p.yml:11:3: stage 'embed' lacks the required key 'from'"
            ]
        ),
        (
            small("  embed: { uses: embed, from: chunks }", replacing: "  embed"),
            [
                "p.yml:11:31: stage 'embed' reads from unknown 'chunks'; did you mean 'chunk'?"
            ]
        ),
        (
            small("  notes: { uses: index, from: chunk }"),
            [
                "p.yml:13:3: stage 'notes' has the name of the source at line 5"
            ]
        ),
        (
            small("  embed: text", replacing: "  embed"),
            [
                "p.yml:11:10: stage 'embed': expected a mapping of keys, found the text 'text'"
            ]
        ),
        (
            small("version: 2", replacing: "version"),
            ["p.yml:1:10: version: found 2, but this program reads version 1"]
        ),
        (
            small("shards: 3", replacing: "version"),
            [
                "p.yml:1:1: the pipeline lacks the required key 'version'; "
                    + "this program reads version 1"
            ]
        ),
        (
            small("  a/b: { uses: index, from: chunk }"),
            [
                "p.yml:13:3: stage name 'a/b': expected 1 to 64 letters, digits, '-' or '_', "
                    + "starting with a letter or digit"
            ]
        ),
        (
            small(
                "  text: { uses: extract-text, from: notes, media: [text] }",
                replacing: "  text"
            ),
            [
                "p.yml:7:52: key 'media' of stage 'text': 'text' is not a media type "
                    + "such as text/html"
            ]
        ),
        (
            small("  embed: { uses: embed, from: chunk, media: [a/b] }", replacing: "  embed"),
            [
                "p.yml:11:38: unknown key 'media' in stage 'embed'; "
                    + "its keys: batch_tokens, from, model, uses"
            ]
        ),
    ]

    @Test(arguments: mistakes) func eachMistakeIsNamedWithItsPlace(
        text: String,
        messages: [String]
    ) {
        #expect(problems(text) == messages)
    }

    static let syntax: [(text: String, message: String)] = [
        ("", "p.yml:1:1: the file is empty"),
        ("- a", "p.yml:1:1: a pipeline is a mapping of keys, found a list"),
        (
            "version: 1\nname: [a",
            "p.yml:3:1: YAML: did not find expected ',' or ']'; "
                + "while parsing a flow sequence from line 2"
        ),
        (
            "version: 1\n\tname: a",
            "p.yml:2:1: YAML: found a tab character that violates "
                + "indentation; while scanning a plain scalar from line 1"
        ),
        ("version: 1\nname: a\nname: b", "p.yml:3:1: key 'name' is already given at line 2"),
        ("version: 1\nstages: { a: 1, a: 2 }", "p.yml:2:11: key 'a' is given more than once"),
        ("version: 1\n? [a]\n: b", "p.yml:2:3: a key must be a plain name"),
        (
            "version: 1\nname: !!binary aGk=",
            "p.yml:2:7: explicit tags are not supported; "
                + "write the value alone"
        ),
        (
            "version: 1\n---\nversion: 1",
            "p.yml:2:1: YAML: but found another document; "
                + "expected a single document in the stream from line 1"
        ),
        ("version: 1\nname: *other", "p.yml:2:7: YAML: found undefined alias"),
    ]

    @Test(arguments: syntax) func syntaxErrorsHaveTheirPlace(text: String, message: String) {
        #expect(problems(text) == [message])
    }

    @Test func manyMistakesAreReportedInOneGoInTheOrderOfTheFile() {
        let text = """
            version: 1
            name: many
            workspace: state
            shards: 0
            sources:
              notes: { type: folder, path: notes, includes: ["*"] }
            stages:
              text: { uses: extract-text, from: note }
              chunk: { uses: chunk, from: text, maximum_tokens: 1 }
              index: { uses: index, from: chunk, vectors: f61 }
            """
        let lines = problems(text).map { $0.split(separator: ":")[1] }
        #expect(lines == ["4", "6", "8", "9", "10"])
    }

    @Test func hostileNestingAndAliasesAreRefusedNotFollowed() {
        let deep = "version: 1\nname: " + String(repeating: "[", count: 200_000)
        #expect(problems(deep).count == 1)
        let blocks = "version: 1\nname:\n  " + String(repeating: "- ", count: 200_000) + "x"
        #expect(problems(blocks).count == 1)
        let levels = (1...12).map { level in
            "a\(level): &a\(level) ["
                + repeatElement("*a\(level - 1)", count: 9)
                .joined(separator: ", ") + "]"
        }
        let laughs = (["a0: &a0 [x, x]"] + levels).joined(separator: "\n")
        #expect(problems(laughs).contains { $0.hasSuffix("more than 100000 values") })
        #expect(problems(String(repeating: "#", count: 1 << 20) + "\n").count == 1)
    }

    @Test func fileThatCannotBeReadIsADiagnostic() {
        #expect(throws: PipelineError.self) {
            try loadPlan(path: "/nonexistent/p.yml", catalogue: testCatalogue, environment: [:])
        }
        #expect(throws: PipelineError.self) {
            try loadPlan(path: "/", catalogue: testCatalogue, environment: [:])
        }
    }
}
