import Dataflow
import Foundation
import Testing

@Suite struct PipelineGraphTests {
    static let mistakes: [(text: String, messages: [String])] = [
        (
            small("  chunk: { uses: chunk, from: notes }", replacing: "  chunk"),
            [
                "p.yml:9:3: no stage reads from 'dedupe', whose output is document; "
                    + "remove it, or let a stage read from it",
                "p.yml:10:31: stage 'chunk' (chunk) takes document, but source 'notes' gives bytes",
            ]
        ),
        (
            small("  index: { uses: index, from: dedupe }", replacing: "  index"),
            [
                "p.yml:11:3: no stage reads from 'embed', whose output is vectors; "
                    + "remove it, or let a stage read from it",
                "p.yml:12:31: stage 'index' (index) takes vectors or chunks or expansions, "
                    + "but stage 'dedupe' (dedupe) gives document",
            ]
        ),
        (
            small("  more: { uses: index, from: index }"),
            [
                "p.yml:13:30: stage 'more' cannot read from 'index': "
                    + "index is a sink and gives nothing"
            ]
        ),
        (
            small("  late: { uses: normalise, from: dedupe }"),
            [
                "p.yml:13:3: no stage reads from 'late', whose output is document; "
                    + "remove it, or let a stage read from it",
                "p.yml:13:34: stage 'late' works before dedupe and cannot read from 'dedupe', "
                    + "which works after",
            ]
        ),
        (
            small("  chunk: { uses: chunk, from: language }", replacing: "  chunk"),
            [
                "p.yml:9:3: no stage reads from 'dedupe', whose output is document; "
                    + "remove it, or let a stage read from it",
                "p.yml:10:31: stage 'chunk' reads past the dedupe; let it read from 'dedupe'",
            ]
        ),
        (
            small("  index: { uses: index, from: [embed, chunk] }", replacing: "  index"),
            [
                "p.yml:12:39: stage 'index' (index) takes one input; "
                    + "give each input a stage of its own"
            ]
        ),
    ]

    @Test(arguments: mistakes) func eachMistakeIsNamedWithItsPlace(
        text: String,
        messages: [String]
    ) {
        #expect(problems(text) == messages)
    }

    @Test func cycleIsNamedWholeAndWhatHangsOnItIsNotBlamed() {
        let text = """
            version: 1
            name: loop
            workspace: state
            sources:
              notes: { type: folder, path: notes }
            stages:
              text: { uses: extract-text, from: notes }
              a: { uses: normalise, from: [text, c] }
              b: { uses: normalise, from: a }
              c: { uses: normalise, from: b }
              chunk: { uses: chunk, from: c }
              index: { uses: index, from: chunk }
            """
        #expect(problems(text).contains("p.yml:9:31: the stages form a cycle: a → b → c → a"))
        let own = small("  embed: { uses: embed, from: embed }", replacing: "  embed")
        #expect(problems(own).contains("p.yml:11:31: the stages form a cycle: embed → embed"))
    }

    @Test func anIndexTakesExpansionsBesideVectorsOfTheSameChunks() {
        let index = "  index: { uses: index, from: [embed, expand] }"
        let expand = "\n  expand: { uses: expand, from: chunk }"
        let joined = small(index, replacing: "  index")
        #expect(problems(joined + expand).isEmpty)
        #expect(
            problems(
                small("  index: { uses: index, from: [expand, chunk] }", replacing: "  index")
                    + expand + "\n  other: { uses: index, from: embed }"
            ).isEmpty
        )
        #expect(
            problems(
                joined + "\n  fine: { uses: chunk, from: dedupe }"
                    + "\n  expand: { uses: expand, from: fine }"
            ) == [
                "p.yml:12:39: stage 'index' reads from stages 'embed' and 'expand', which take other chunks; "
                    + "let both read from one chunk stage"
            ]
        )
        let two = small("  index: { uses: index, from: [expand, more] }", replacing: "  index")
        #expect(
            problems(
                two + expand + "\n  more: { uses: expand, from: chunk }"
                    + "\n  other: { uses: index, from: embed }"
            ) == [
                "p.yml:12:40: stage 'index' (index) takes one input; give each input a stage of its own"
            ]
        )
    }

    @Test func stageThatNoSourceFeedsIsUnreachable() {
        let text =
            small("  a: { uses: normalise, from: b }")
            + "\n  b: { uses: normalise, from: a }\n  c: { uses: normalise, from: b }"
            + "\n  d: { uses: normalise, from: [] }"
        let found = problems(text)
        #expect(found.contains("p.yml:15:3: stage 'c' is unreachable: no source feeds it"))
        #expect(found.contains("p.yml:16:31: stage 'd' is unreachable: 'from' names nothing"))
        #expect(!found.contains { $0.contains("'a' is unreachable") })
    }

    @Test func unusedSourceAndMissingIndexAreReported() {
        let text = """
            version: 1
            name: half
            workspace: state
            sources:
              notes: { type: folder, path: notes }
              other: { type: folder, path: other }
            stages:
              text: { uses: extract-text, from: notes }
            """
        #expect(
            problems(text) == [
                "p.yml:6:3: no stage reads from source 'other'",
                "p.yml:7:1: the pipeline has no index stage, so nothing could be searched",
                "p.yml:8:3: no stage reads from 'text', whose output is document; "
                    + "remove it, or let a stage read from it",
            ]
        )
    }

    @Test func documentTakesOnePathBeforeTheBarrier() {
        let twice =
            small("  again: { uses: extract-text, from: notes }")
            + "\n  more: { uses: index, from: chunk }"
        #expect(
            problems(twice).contains(
                "p.yml:13:3: stages 'text' and 'again' both take text/plain from source 'notes'; "
                    + "narrow one with 'media'"
            )
        )
        let forked = small("  fork: { uses: normalise, from: text }")
        #expect(
            problems(forked).contains(
                "p.yml:13:3: stages 'language' and 'fork' both read from 'text', but before "
                    + "dedupe a document takes one path; only extraction branches"
            )
        )
        let unjoined =
            small("  dedupe: { uses: dedupe, from: [language, html] }", replacing: "  dedupe")
            + "\n  html: { uses: extract-html, from: notes }"
        #expect(
            problems(unjoined).contains(
                "p.yml:13:3: stages 'language' and 'html' all feed later phases; join them in one "
                    + "stage, such as normalise, before dedupe or chunk"
            )
        )
        let second =
            small("  again: { uses: dedupe, from: dedupe }")
            + "\n  cut: { uses: chunk, from: again }\n  more: { uses: index, from: cut }"
        #expect(
            problems(second).contains(
                "p.yml:13:3: stage 'again' is a second dedupe beside 'dedupe'; "
                    + "a document is kept or removed once"
            )
        )
    }

    @Test func mediaTypesMaySplitOneSourceBetweenTwoStagesOfOneKind() throws {
        let text =
            small(
                "  text: { uses: extract-text, from: notes, media: [TEXT/plain] }",
                replacing: "  text"
            )
            .replacingOccurrence(of: "from: text }", with: "from: [text, logs] }")
            + "\n  logs: { uses: extract-text, from: notes, media: [text/x-log, text/csv] }"
        let plan = try plan(text)
        #expect(plan.nodes.first { $0.id == "text" }?.mediaTypes == ["text/plain"])
        #expect(plan.nodes.first { $0.id == "logs" }?.mediaTypes == ["text/csv", "text/x-log"])
    }

    @Test func afterTheBarrierTheFlowMayBranch() throws {
        let text =
            small("  embed2: { uses: embed, from: chunk, model: other }")
            + "\n  index2: { uses: index, from: embed2 }"
            + "\n  chunk2: { uses: chunk, from: dedupe, maximum_tokens: 64 }"
            + "\n  words: { uses: index, from: chunk2, vectors: none }"
        let plan = try plan(text)
        #expect(plan.nodes.count == 10)
        #expect(plan.nodes(in: .resolve).map(\.id) == ["dedupe"])
    }

    @Test func dedupeMayBeAbsent() throws {
        let lines = small("  chunk: { uses: chunk, from: language }", replacing: "  chunk")
            .split(separator: "\n").filter { !$0.hasPrefix("  dedupe") }
        let plan = try plan(lines.joined(separator: "\n"))
        #expect(plan.nodes.map(\.id) == ["text", "language", "chunk", "embed", "index"])
    }

    @Test func orderIsTopologicalAndTiesKeepTheOrderOfTheFile() throws {
        let text = """
            version: 1
            name: order
            workspace: state
            sources:
              notes: { type: folder, path: notes }
            stages:
              index: { uses: index, from: chunk }
              chunk: { uses: chunk, from: join }
              join: { uses: normalise, from: [pdf, html] }
              html: { uses: extract-html, from: notes }
              pdf: { uses: extract-pdf, from: notes }
            """
        let plan = try plan(text)
        #expect(plan.nodes.map(\.id) == ["html", "pdf", "join", "chunk", "index"])
        #expect(plan.nodes.first { $0.id == "join" }?.inputs == ["pdf", "html"])
    }
}

extension String {
    func replacingOccurrence(of target: String, with replacement: String) -> String {
        guard let range = self.range(of: target) else { return self }
        return self.replacingCharacters(in: range, with: replacement)
    }
}
