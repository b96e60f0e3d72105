import Dataflow
import Records
import Testing

@Suite struct FingerprintTests {
    /// Two branches before the barrier and two after, so that "downstream" means something.
    static let pipeline = """
        version: 1
        name: prints
        workspace: state
        sources:
          notes: { type: folder, path: notes }
        stages:
          text: { uses: extract-text, from: notes }
          html: { uses: extract-html, from: notes }
          normalise: { uses: normalise, from: [text, html] }
          language: { uses: detect-language, from: normalise }
          dedupe: { uses: dedupe, from: language }
          chunk: { uses: chunk, from: dedupe }
          embed: { uses: embed, from: chunk }
          index: { uses: index, from: embed }
          embed2: { uses: embed, from: chunk, model: other }
          index2: { uses: index, from: embed2 }
        """

    func fingerprints(
        _ text: String = pipeline,
        environment: [String: String] = [:],
        catalogue: StageCatalogue = testCatalogue,
        resources: (PlanNode) -> String? = { _ in nil }
    ) throws -> PlanFingerprints {
        Dataflow.fingerprints(
            of: try plan(text, environment: environment),
            catalogue: catalogue,
            resources: resources
        )
    }

    /// Ids of the stages whose fingerprint differs from the unchanged pipeline's.
    func changed(_ fingerprints: PlanFingerprints) throws -> Set<String> {
        let original = try self.fingerprints().byNode
        #expect(original.keys == fingerprints.byNode.keys)
        return Set(original.filter { fingerprints.byNode[$0.key] != $0.value }.keys)
    }

    static let later: Set<String> = ["dedupe", "chunk", "embed", "index", "embed2", "index2"]

    static let changes: [(from: String, to: String, changed: Set<String>)] = [
        ("embed, from: chunk }", "embed, from: chunk, model: third }", ["embed", "index"]),
        ("model: other", "model: third", ["embed2", "index2"]),
        ("index, from: embed }", "index, from: embed, vectors: f32 }", ["index"]),
        (
            "from: dedupe }", "from: dedupe, maximum_tokens: 99 }",
            ["chunk", "embed", "index", "embed2", "index2"]
        ),
        ("from: language }", "from: language, threshold: 0.9 }", later),
        (
            "from: normalise }", "from: normalise, allow: [de] }", later.union(["language"])
        ),
        (
            "extract-html, from: notes }", "extract-html, from: notes, content: all }",
            later.union(["html", "normalise", "language"])
        ),
        (
            "extract-html, from: notes }",
            "extract-html, from: notes, media: [text/html] }",
            later.union(["html", "normalise", "language"])
        ),
    ]

    @Test(arguments: changes) func aKeyChangesItsStageAndWhatIsDownstream(
        from: String,
        to: String,
        changed: Set<String>
    ) throws {
        let text = Self.pipeline.replacingOccurrence(of: from, with: to)
        #expect(text != Self.pipeline)
        let prints = try self.fingerprints(text)
        #expect(try self.changed(prints) == changed)
        #expect(try prints.pipeline != self.fingerprints().pipeline)
        #expect(try (prints.prepare != self.fingerprints().prepare) == changed.contains("language"))
    }

    static let equalities: [(from: String, to: String)] = [
        ("{ uses: chunk, from: dedupe }", "{ overlap_tokens: 0, from: dedupe, uses: chunk }"),
        ("from: normalise }", "from: normalise, minimum_confidence: 0.40 }"),
        ("from: language }", "from: language } # the barrier"),
        ("[text, html]", "[html, text]"),
        ("workspace: state", "workspace: /elsewhere\nshards: 99"),
        ("name: prints", "name: other"),
        ("path: notes }", "path: /mnt/notes, exclude: [x], priority: 7 }"),
        ("embed, from: chunk }", "embed, from: chunk, batch_tokens: 77 }"),
        ("embed, from: chunk }", "embed, from: chunk, model: \"${M:-potion-base-8M}\" }"),
        ("stages:", "  more: { type: folder, path: more }\nstages:"),
    ]

    @Test(arguments: equalities) func whatDoesNotDecideAnOutputChangesNothing(
        from: String,
        to: String
    ) throws {
        var text = Self.pipeline.replacingOccurrence(of: from, with: to)
        if to.contains("more:") {
            text = text.replacingOccurrence(of: "from: notes", with: "from: [notes, more]")
        }
        #expect(text != Self.pipeline)
        #expect(try self.fingerprints(text) == self.fingerprints())
    }

    @Test func moreIsChangedByRevisionAndResource() throws {
        let stages = testCatalogue.stages.map { stage in
            StageDescriptor(
                name: stage.name,
                revision: stage.revision + (stage.name == "chunk" ? 1 : 0),
                summary: "worded anew",
                phase: stage.phase,
                inputs: stage.inputs,
                output: stage.output,
                mediaTypes: stage.mediaTypes,
                parameters: stage.parameters
            )
        }
        let catalogue = StageCatalogue(stages: stages, sources: testCatalogue.sources)
        let revised = try self.fingerprints(catalogue: catalogue)
        #expect(try self.changed(revised) == ["chunk", "embed", "index", "embed2", "index2"])
        let model = try self.fingerprints { $0.id == "embed2" ? "sha256 of a model" : nil }
        #expect(try self.changed(model) == ["embed2", "index2"])
    }

    @Test func aBranchChangesOnlyThePathOfItsOwnDocuments() throws {
        let original = try self.fingerprints().preparePaths
        #expect(Set(original.keys) == ["text", "html"])
        let text = Self.pipeline.replacingOccurrence(
            of: "extract-html, from: notes",
            with: "extract-html, from: notes, content: all"
        )
        let changed = try self.fingerprints(text).preparePaths
        #expect(changed["text"] == original["text"])
        #expect(changed["html"] != original["html"])
        let shared = Self.pipeline.replacingOccurrence(
            of: "from: normalise }",
            with: "from: normalise, allow: [de] }"
        )
        let both = try self.fingerprints(shared).preparePaths
        #expect(both["text"] != original["text"])
        #expect(both["html"] != original["html"])
    }

    @Test func orderOfSourcesInPriorityIsPartOfThePipelineOnly() throws {
        let two = Self.pipeline
            .replacingOccurrence(of: "stages:", with: "  more: { type: folder, path: m }\nstages:")
            .replacingOccurrence(of: "from: notes", with: "from: [notes, more]")
        let ranked = two.replacingOccurrence(of: "path: m }", with: "path: m, priority: 5 }")
        let ranked9 = two.replacingOccurrence(of: "path: m }", with: "path: m, priority: 9 }")
        #expect(try self.fingerprints(two).byNode == self.fingerprints(ranked).byNode)
        #expect(try self.fingerprints(two).pipeline != self.fingerprints(ranked).pipeline)
        #expect(try self.fingerprints(ranked9).pipeline == self.fingerprints(ranked).pipeline)
    }

    /// The digest of a fixed input: fingerprints are stored, so their recipe must not drift.
    @Test func recipeIsFixed() throws {
        let digest = try self.fingerprints(smallPipeline).byNode["text"]
        let expected = """
            {"configuration":{"maximum_bytes":67108864},"inputs":["source folder"],\
            "media":["text/plain"],"resource":null,"revision":1,"stage":"extract-text"}
            """
        #expect(digest == sha256Reference(expected))
    }
}
