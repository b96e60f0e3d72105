import Foundation
import Operations
import Telemetry
import Testing

/// What is told of runs and of answers: figures with what they rest on, and pages that need nothing beside.
@Suite struct FigureTests {
    let corpus: TestCorpus
    private static let words = ["harbour", "glacier", "orchard", "lantern", "compass", "meadow"]

    init() throws {
        self.corpus = try TestCorpus()
        for word in Self.words {
            try self.corpus.write(
                "\(word) notes.md",
                TestDocument(
                    title: "About \(word)",
                    sections: ["The \(word) is here, by the \(word)."]
                )
            )
        }
        try self.write(
            "queries.jsonl",
            Self.words.map { "{\"_id\":\"q-\($0)\",\"text\":\"\($0)\"}" }
        )
        try self.write(
            "judgements.tsv",
            Self.words.map { "q-\($0)\tdocs/\($0) notes.md\t1" } + ["q-meadow\tdocs/none.md\t1"]
        )
        try self.corpus.run()
    }

    private func write(_ name: String, _ lines: [String]) throws {
        try Data((lines.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(filePath: "\(self.corpus.root)/\(name)"))
    }

    private func request(_ modes: [SearchModeName] = [.bm25]) -> EvaluationRequest {
        EvaluationRequest(
            workspace: self.corpus.workspace,
            queriesPath: "\(self.corpus.root)/queries.jsonl",
            judgementsPath: "\(self.corpus.root)/judgements.tsv",
            modes: modes,
            count: 10
        )
    }

    @Test func anEvaluationTellsItsPartsAndWhatItMissed() throws {
        let mode = try #require(try evaluate(self.request()).modes.first)
        #expect(mode.recall > 0.9)
        #expect(mode.ndcg10Interval.low <= mode.ndcg10 && mode.ndcg10 <= mode.ndcg10Interval.high)
        #expect(mode.misses.total == 1 && mode.misses.notIndexed == 1)
        #expect(mode.misses.queries == ["q-meadow"])
        let source = try #require(mode.parts.first { $0.by == "source" })
        #expect(source.name == "docs" && source.queries == 6)
        #expect(mode.comparison == nil)
    }

    @Test func twoSnapshotsAreComparedOnTheSameQueries() throws {
        for word in Self.words.prefix(5) {
            try self.corpus.write(
                "\(word) notes.md",
                TestDocument(title: "Gone", seed: 9, sections: 1)
            )
        }
        try self.corpus.run(.sync)
        var request = self.request()
        request.against = .snapshot(1)
        let mode = try #require(try evaluate(request).modes.first)
        let other = try #require(mode.comparison)
        #expect(other.snapshot == 1)
        #expect(other.gain < -0.5)
        #expect(other.worse == 5 && other.better == 0)
        #expect(other.p <= 1.0 / 32)
        #expect(mode.misses.rankedLow + mode.misses.removedAsDuplicate >= 5)
        request.against = .snapshot(9)
        #expect(throws: OperationError.self) { try evaluate(request) }
    }

    @Test func pagesNeedNothingBesideAndHoldNoMarkupOfOthers() throws {
        try self.corpus.write("broken.pdf", Array("%PDF-1.4 and nothing".utf8))
        try self.corpus.run(.sync)
        let page = try runReportPage(workspace: self.corpus.workspace, run: nil)
        #expect(page.hasPrefix("<!doctype html>"))
        #expect(page.contains("name=\"viewport\""))
        #expect(page.contains("Content-Security-Policy"))
        for outside in ["<script", "http://", "https://", "<link", "@import", "url("] {
            #expect(!page.contains(outside), "\(outside)")
        }
        #expect(page.contains("The last 2 runs"))
        let report = evaluationPage(try evaluate(self.request()))
        #expect(report.contains("Evaluation of snapshot"))
        #expect(throws: OperationError.self) {
            try runReportPage(workspace: self.corpus.workspace, run: 99)
        }
        #expect(try showRun(nil, workspace: self.corpus.workspace).run.id == 2)
    }

    @Test func keyFiguresNameWhatTheyRestOn() throws {
        self.corpus.pipeline.rootLines = [
            "gate: { queries: queries.jsonl, judgements: judgements.tsv }"
        ]
        try self.corpus.write(
            "more.md",
            TestDocument(title: "More", sections: ["More of it stands here."])
        )
        let summary = try self.corpus.run(.sync)
        #expect(summary.outcome == .published, "\(summary.gate?.failed ?? [])")
        let report = try keyFigures(pipeline: try self.corpus.pipelineFile())
        let values: [String: Double] = report.figures.reduce(into: [:]) {
            $0[$1.name] = $1.value ?? -1
        }
        #expect(values["pii_leaks"] == 0)
        #expect(values["recall_at_10"] ?? -1 > 0.9)
        #expect(values["change_failure_rate"] == 0)
        #expect(values["cost_per_document"] ?? -1 > 0)
        #expect(values["freshness"] ?? -1 >= 0)
        #expect(report.figures.allSatisfy { !$0.evidence.isEmpty })
    }

    @Test func aDataSheetCountsWhatIsServedAndWhatIsNot() throws {
        try self.corpus.write(
            "licensed.md",
            Array(
                "---\nlicense: CC0-1.0\nlabels: team\n---\n# Free\n\nA word of kim.lee@corp.io.\n"
                    .utf8
            )
        )
        try self.corpus.write("broken.pdf", Array("%PDF-1.4 and nothing".utf8))
        try self.corpus.run(.sync)
        let sheet = try datasheet(pipeline: try self.corpus.pipelineFile())
        #expect(sheet.snapshot == 2 && sheet.documents == 7)
        #expect(sheet.sources.map(\.name) == ["docs"] && sheet.sources[0].documents == 7)
        #expect(sheet.licences == ["CC0-1.0": 1, "": 6])
        #expect(sheet.redactions["EMAIL"] == 1)
        #expect(sheet.failures.values.reduce(0, +) == 1 && sheet.accounts.failed == 1)
        #expect(sheet.mediaTypes == ["text/markdown": 7])
        #expect(sheet.indexes.map(\.model) == ["hash"])
        #expect(throws: OperationError.self) {
            try datasheet(pipeline: try self.corpus.pipelineFile(workspace: "/nonexistent"))
        }
    }

    @Test func metricsAreThoseOfTheTable() throws {
        let summary = try self.corpus.run(.sync)
        let samples = metricSamples(
            pipeline: "a \"b\"",
            workspace: self.corpus.workspace,
            summary: summary,
            exitCode: 3,
            seconds: 1
        )
        let text = metricText(samples)
        #expect(text.contains("millrace_last_run_exit_code{pipeline=\"a \\\"b\\\"\"} 3\n"))
        #expect(text.contains("millrace_documents{pipeline=\"a \\\"b\\\"\",state=\"indexed\"} 6\n"))
        #expect(text.contains("# TYPE millrace_last_success_timestamp_seconds gauge\n"))
        let names = Set(MetricTable.all.map(\.name))
        #expect(names.count == MetricTable.all.count)
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(names.contains(String(line.prefix { $0 != "{" })))
        }
        // A run that failed still tells when the last one succeeded.
        let failed = metricSamples(
            pipeline: "p",
            workspace: self.corpus.workspace,
            summary: nil,
            exitCode: 1,
            seconds: 2
        )
        #expect(failed.contains { $0.metric == MetricTable.lastSuccess })
        #expect(failed.contains { $0.metric == MetricTable.runDuration && $0.value == 2 })
        let path = "\(self.corpus.root)/m.prom"
        try writeMetrics(failed, to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == metricText(failed))
        #expect(throws: OperationError.self) { try writeMetrics(failed, to: "/nowhere/m.prom") }
    }
}
