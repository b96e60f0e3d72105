import Dataflow
import Testing

/// `gate` and `retention` of a pipeline file, and what is said where they are wrong.
@Suite struct GateReadingTests {
    private func messages(_ lines: String) -> String {
        do {
            _ = try plan(smallPipeline + "\n" + lines)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func twoFilesAloneAreAGateWithAllDefaults() throws {
        let plan = try plan(
            smallPipeline + "\ngate: { queries: q.jsonl, judgements: gold/j.tsv }\n"
        )
        let gate = try #require(plan.gate)
        #expect(gate.queries == "/repo/Pipelines/q.jsonl")
        #expect(gate.judgements == "/repo/Pipelines/gold/j.tsv")
        #expect(gate.maximumDrop[.ndcg] == 0.05)
        #expect(gate.maximumDrop[.documents] == 0.2)
        #expect(gate.thresholds[.documents] == 1)
        #expect(gate.thresholds[.reciprocalRank] == nil)
    }

    @Test func limitsOfTheFileTakeThePlaceOfTheDefaults() throws {
        let plan = try plan(
            smallPipeline + """

                gate:
                  queries: q.jsonl
                  judgements: j.tsv
                  thresholds: { "ndcg@10": 0.6, mrr: 1 }
                  maximum_drop: { "ndcg@10": 0.1, documents: 0 }

                """
        )
        let gate = try #require(plan.gate)
        #expect(gate.thresholds[.ndcg] == 0.6)
        #expect(gate.thresholds[.reciprocalRank] == 1)
        #expect(gate.maximumDrop[.ndcg] == 0.1)
        #expect(gate.maximumDrop[.documents] == 0)
        #expect(gate.maximumDrop[.chunks] == GateMeasure.chunks.defaultMaximumDrop)
    }

    @Test func withoutTheKeysThereIsNoGateAndTheDefaultRetention() throws {
        let plan = try plan(smallPipeline)
        #expect(plan.gate == nil)
        #expect(plan.retention == RetentionSettings())
        #expect(plan.retention.keepSnapshots == 2)
    }

    @Test func retentionIsRead() throws {
        let plan = try plan(
            smallPipeline
                + "\nretention: { keep_snapshots: 5, keep_days: 7, sources: { notes: 365 }, labels: { hr: 30 }, days: 900 }\n"
        )
        #expect(plan.retention.keepSnapshots == 5)
        #expect(plan.retention.keepDays == 7)
        #expect(plan.retention.sourceDays == ["notes": 365])
        #expect(plan.retention.labelDays == ["hr": 30])
        #expect(plan.retention.days == 900)
    }

    static let mistakes: [(lines: String, says: String)] = [
        ("gate: q.jsonl\n", "expected a mapping"),
        ("gate: { queries: q.jsonl }\n", "lacks the required key 'judgements'"),
        ("gate: { queries: q, judgements: j, threshold: {} }\n", "did you mean 'thresholds'"),
        (
            "gate: { queries: q, judgements: j, thresholds: { ndgc@10: 1 } }\n",
            "did you mean 'ndcg@10'"
        ),
        ("gate: { queries: q, judgements: j, thresholds: { mrr: -1 } }\n", "expected a number"),
        ("gate: { queries: q, judgements: j, thresholds: { languages: 1 } }\n", "unknown measure"),
        ("gate: { queries: q, judgements: j, maximum_drop: { pii: 1 } }\n", "unknown measure"),
        ("gate: { queries: q, judgements: j, maximum_drop: 0.1 }\n", "expected a limit for each"),
        ("retention: { keep_snapshots: -1 }\n", "expected an integer"),
        ("retention: { sources: { note: 3 } }\n", "did you mean 'notes'"),
        ("retention: { sources: { notes: 0 } }\n", "expected an integer"),
        ("gates: {}\n", "did you mean 'gate'"),
    ]

    @Test(arguments: mistakes.indices) func mistakesAreNamedAtTheirPlace(index: Int) {
        let (lines, says) = Self.mistakes[index]
        let text = self.messages(lines)
        #expect(text.contains(says), "\(text)")
    }

    @Test func theSchemaKnowsTheKeys() {
        let schema = jsonSchema(for: testCatalogue)
        for key in [
            "\"gate\"", "\"maximum_drop\"", "\"ndcg@10\"", "\"retention\"", "\"keep_days\"",
        ] {
            #expect(schema.contains(key))
        }
    }

    @Test func everyMeasureIsSaidAndCanHaveALimit() {
        for measure in GateMeasure.allCases {
            #expect(!measure.summary.isEmpty)
            #expect(measure.side != nil || measure.comparison != nil)
            #expect(measure.defaultThreshold == nil || measure.side != nil)
            #expect(measure.defaultMaximumDrop == nil || measure.comparison != nil)
        }
    }
}
