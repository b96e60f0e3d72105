import Foundation
import Operations
import Segments
import Testing

/// Runs over sources that are not folders.
@Suite struct SourceRunTests {
    let corpus: TestCorpus

    init() throws { self.corpus = try TestCorpus() }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(self.corpus.root)/\(name)"))
    }

    /// Lines of JSON for these documents, by their places.
    private func records(_ documents: [String: String]) throws {
        let lines = try documents.sorted { $0.key < $1.key }.map { id, text in
            String(
                decoding: try JSONSerialization.data(withJSONObject: ["id": id, "body": text]),
                as: UTF8.self
            )
        }
        try self.write("records.jsonl", lines.joined(separator: "\n") + "\n")
    }

    private static let texts = [
        "a.md": "# Water\n\nThe wheel turns under the mill at noon.",
        "b.md": "# Bread\n\nThe oven of the bakery is lit before dawn.",
        "c.md": "# Letters\n\nThe archive keeps the letters of the guild.",
    ]

    @Test func recordsGiveTheDigestOfAFolderWithTheSameBytes() throws {
        for (name, text) in Self.texts { try self.corpus.write(name, Array(text.utf8)) }
        let digest = try self.corpus.freshSnapshot("folder").digest
        self.corpus.pipeline.forms["docs"] = [
            "type: records", "path: records.jsonl", "id: id", "text: body",
            "media_type: text/markdown",
        ]
        try self.records(Self.texts)
        #expect(try self.corpus.freshSnapshot("records").digest == digest)
    }

    @Test func syncsOfRecordsEqualABackfill() throws {
        self.corpus.pipeline.forms["docs"] = [
            "type: records", "path: records.jsonl", "id: id", "text: body",
        ]
        try self.records(Self.texts)
        #expect(try self.corpus.run().accounts.indexed == 3)
        let same = try self.corpus.run(.sync)
        #expect(same.read == 0 && same.unchanged == 3)
        var texts = Self.texts
        texts["b.md"] = "The oven is cold since the baker moved to the coast."
        texts["c.md"] = nil
        texts["d/e"] = "A name without an extension is read as the text that it is."
        try self.records(texts)
        let summary = try self.corpus.run(.sync)
        #expect(summary.added == 1 && summary.changed == 1 && summary.removed == 1)
        #expect(try self.corpus.snapshot().digest == self.corpus.freshSnapshot().digest)
    }

    @Test func sourceThatCannotBeListedStopsNoOther() throws {
        self.corpus.pipeline.forms["more"] = [
            "type: records", "path: records.jsonl", "id: id", "text: body",
        ]
        let corpus = try TestCorpus(self.corpus.pipeline, sources: ["docs", "more"])
        try corpus.fill(3, sections: 1)
        // From the first run on: there is nothing to hold, and still not all is there.
        let first = try corpus.run()
        #expect(first.status == .deletesHeld)
        #expect(first.accounts.indexed == 3)
        let report = try #require(first.sources?.first { $0.source == "more" })
        #expect(report.problem?.contains("cannot be opened") == true)
        let lines = try Self.texts.map { id, text in
            String(
                decoding: try JSONSerialization.data(withJSONObject: ["id": id, "body": text]),
                as: UTF8.self
            )
        }
        let file = "\(corpus.root)/records.jsonl"
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: file))
        #expect(try corpus.run(.sync).accounts.indexed == 6)
        try FileManager.default.removeItem(atPath: file)
        try corpus.write("new.md", Array("# New\n\nA text that came meanwhile.".utf8))
        let held = try corpus.run(.sync)
        #expect(held.status == .deletesHeld)
        #expect(held.accounts.held == 3 && held.accounts.indexed == 4)
        #expect(
            try status(workspace: corpus.workspace).sources.contains { $0.problem != nil }
        )
    }

    @Test func onlySourceThatCannotBeListedEndsTheRun() throws {
        self.corpus.pipeline.forms["docs"] = [
            "type: sqlite", "path: none.db", "query: select 1", "id: id", "text: body",
        ]
        let error = #expect(throws: OperationError.self) { try self.corpus.run() }
        #expect(error?.status == .fatal)
        #expect(error?.message.contains("source 'docs' cannot be listed") == true)
    }

    /// A program that lists what is in its folder and knows what changed, as its arguments say.
    private func useProgram(_ body: String) throws {
        try self.write("program.py", "import json, os, sys\n" + body)
        self.corpus.pipeline.forms["docs"] = [
            "type: command", "command: [python3, ./program.py]", "concurrency: 4",
        ]
    }

    @Test func documentThatGoesBetweenListingAndReadingIsNoFailure() throws {
        try self.useProgram(
            """
            if sys.argv[1] == "list":
                for name in ["a.txt", "ghost.txt"]: print(json.dumps({"id": name, "version": "1"}))
            else:
                for line in sys.stdin:
                    id = json.loads(line)["id"]
                    answer = {"error": "gone"} if id == "ghost.txt" else {"text": "words of " + id}
                    print(json.dumps(answer), flush=True)
            """
        )
        let summary = try self.corpus.run()
        #expect(summary.status == .clean)
        #expect(summary.accounts.listed == 1 && summary.accounts.indexed == 1)
        #expect(summary.sources?.first?.gone == 1)
    }

    @Test func sourceThatThrottlesHalfOfItsReadsIsReadToItsEnd() throws {
        try self.useProgram(
            """
            if sys.argv[1] == "list":
                for n in range(20): print(json.dumps({"id": "%d.txt" % n, "version": "1"}))
            else:
                asked = {}
                for line in sys.stdin:
                    id = json.loads(line)["id"]
                    open("asked", "a").write(id + "\\n")
                    times = open("asked").read().split().count(id)
                    answer = {"text": "number of " + id}
                    if times == 1: answer = {"error": "throttled", "retry_after": 0.01}
                    print(json.dumps(answer), flush=True)
            """
        )
        let summary = try self.corpus.run()
        #expect(summary.status == .clean)
        #expect(summary.accounts.listed == 20 && summary.accounts.failed == 0)
    }

    private static let deltaProgram = """
        state = json.load(open("state.json"))
        if sys.argv[1] == "list":
            since = int(sys.argv[3]) if len(sys.argv) > 3 else None
            if since is not None: print(json.dumps({"delta": True}))
            for id, (number, text) in sorted(state["documents"].items()):
                if since is not None and number <= since: continue
                if text is None:
                    if since is not None: print(json.dumps({"deleted": id}))
                else: print(json.dumps({"id": id, "version": str(number)}))
            print(json.dumps({"checkpoint": str(state["number"])}))
        else:
            for line in sys.stdin:
                id = json.loads(line)["id"]
                print(json.dumps({"text": state["documents"][id][1]}), flush=True)
        """

    private func setState(_ number: Int, _ documents: [String: (Int, String?)]) throws {
        let rows = documents.mapValues { [$0.0 as Any, $0.1 as Any? ?? NSNull()] }
        let data = try JSONSerialization.data(
            withJSONObject: ["number": number, "documents": rows]
        )
        try data.write(to: URL(filePath: "\(self.corpus.root)/state.json"))
    }

    @Test func deltaDeletesWhatItNamesAndNothingElse() throws {
        try self.useProgram(Self.deltaProgram)
        try self.setState(3, ["a": (1, "first words"), "b": (2, "second"), "c": (3, "third text")])
        #expect(try self.corpus.run().accounts.indexed == 3)
        // b goes in the log of changes, c without a word of it.
        try self.setState(5, ["a": (4, "other words"), "b": (5, nil)])
        let delta = try self.corpus.run(.sync)
        #expect(delta.changed == 1 && delta.removed == 1 && delta.unchanged == 1)
        #expect(delta.accounts.listed == 2)
        let reconciled = try self.corpus.run(.sync) { $0.isReconciling = true }
        #expect(reconciled.removed == 1 && reconciled.accounts.listed == 1)
        #expect(try self.corpus.snapshot().digest == self.corpus.freshSnapshot().digest)
        // What a run listed is named again until one publishes it.
        try self.setState(7, ["a": (4, "other words"), "d": (6, "fourth"), "e": (7, "fifth")])
        #expect(try self.corpus.run(.sync) { $0.maximumDocuments = 1 }.status == .budgetReached)
        #expect(try self.corpus.run(.sync).accounts.indexed == 3)
        #expect(try self.corpus.snapshot().digest == self.corpus.freshSnapshot("again").digest)
    }

    /// A change of the stages concerns what a delta does not name.
    @Test func changeOfAStageListsAllOfTheSource() throws {
        try self.useProgram(Self.deltaProgram)
        try self.setState(2, ["a": (1, "first words"), "b": (2, "second words")])
        try self.corpus.run()
        self.corpus.pipeline.detectsLanguage.toggle()
        let summary = try self.corpus.run(.sync)
        #expect(summary.extracted == 2)
        #expect(try self.corpus.snapshot().digest == self.corpus.freshSnapshot().digest)
    }

    private func documents(labelled label: String) throws -> Int {
        var request = SearchRequest(workspace: self.corpus.workspace, text: "mill oven", count: 10)
        request.filters = ["meta.labels=\(label)"]
        return Set(try Operations.search(request).hits.map(\.uri)).count
    }

    private func useLabels(_ rules: String...) {
        self.corpus.pipeline.rootLines = ["labels:"] + rules.map { "  - { \($0) }" }
    }

    /// Neither what documents say nor their vectors change with who may see them.
    @Test func changeOfLabelRulesRelabelsAndNoMore() throws {
        for (name, text) in Self.texts { try self.corpus.write("d/" + name, Array(text.utf8)) }
        self.useLabels("path: d/a*, labels: [team]", "labels: [all]")
        #expect(try self.corpus.run().accounts.indexed == 3)
        #expect(try self.documents(labelled: "all") == 2)
        self.useLabels("path: d/b*, labels: [team]", "path: 'd/[!b]*', labels: [all]")
        let summary = try self.corpus.run(.sync)
        #expect(summary.extracted == 0 && summary.chunksEmbedded == 0)
        #expect(summary.status == .clean)
        #expect(try self.documents(labelled: "all") == 2)
        #expect(try self.documents(labelled: "team") == 1)
        #expect(try self.corpus.snapshot().digest == self.corpus.freshSnapshot().digest)
        let same = try self.corpus.run(.sync)
        #expect(same.read == 0 && same.unchanged == 3)
    }

    /// A copy is left out for one that the same people see, and no other; groups are of theirs alone.
    @Test func duplicatesAndGroupsNeverCrossLabels() throws {
        let text = "# Deed\n\n" + Self.texts.values.sorted().joined(separator: " ")
        let near = text + "\n\nSigned in 1987."
        for team in ["a", "b"] {
            for (name, body) in [("one", text), ("two", text), ("near", near)] {
                try self.corpus.write("\(team)/\(name).md", Array(body.utf8))
            }
        }
        self.useLabels("path: a/*, labels: [a]", "path: b/*, labels: [b]")
        let first = try self.corpus.run()
        #expect(first.accounts.indexed == 4 && first.accounts.duplicates == 2)
        func served(_ label: String) throws -> [String] {
            var request = SearchRequest(workspace: self.corpus.workspace, text: "deed", count: 20)
            request.filters = ["meta.labels=\(label)"]
            request.expandsGroups = true
            return try Operations.search(request).hits.map(\.uri)
        }
        for team in ["a", "b"] {
            let uris = try served(team)
            #expect(Set(uris) == ["docs/\(team)/near.md", "docs/\(team)/one.md"])
        }
        // A change of labels alone decides anew, and reads and embeds nothing.
        self.useLabels("path: '*/*', labels: [all]")
        let second = try self.corpus.run(.sync)
        #expect(second.extracted == 0 && second.chunksEmbedded == 0)
        #expect(second.accounts.indexed == 2 && second.accounts.duplicates == 4)
        #expect(try self.corpus.snapshot().digest == self.corpus.freshSnapshot("all").digest)
        self.useLabels("path: a/*, labels: [a]", "path: b/*, labels: [b]")
        #expect(try self.corpus.run(.sync).accounts.indexed == 4)
        #expect(try self.corpus.snapshot().digest == self.corpus.freshSnapshot("apart").digest)
        // Asked for, they do.
        self.corpus.pipeline.dedupeKeys = ", across_labels: true"
        let across = try self.corpus.run(.sync)
        #expect(across.accounts.indexed == 2 && across.accounts.duplicates == 4)
        #expect(across.extracted == 0 && across.chunksEmbedded == 0)
        #expect(try self.corpus.snapshot().digest == self.corpus.freshSnapshot("across").digest)
        self.corpus.pipeline.dedupeKeys = ""
        #expect(try self.corpus.run(.sync).accounts.indexed == 4)
    }

    @Test func documentWithoutALabelIsNotTakenIn() throws {
        for (name, text) in Self.texts { try self.corpus.write(name, Array(text.utf8)) }
        self.useLabels("path: '{a,b}.md', labels: team")
        let summary = try self.corpus.run()
        #expect(summary.status == .documentsFailed)
        #expect(summary.accounts.indexed == 2 && summary.accounts.failed == 1)
    }

    @Test func labelsAreGivenByMetadata() throws {
        let lines = try Self.texts.sorted { $0.key < $1.key }.map { id, text in
            let record = ["id": id, "body": text, "team": id == "a.md" ? "mill-west" : "town"]
            return String(
                decoding: try JSONSerialization.data(withJSONObject: record),
                as: UTF8.self
            )
        }
        try self.write("records.jsonl", lines.joined(separator: "\n") + "\n")
        self.corpus.pipeline.forms["docs"] = [
            "type: records", "path: records.jsonl", "id: id", "text: body", "metadata: [team]",
        ]
        self.useLabels("metadata: { team: 'mill-*' }, labels: team", "labels: all")
        #expect(try self.corpus.run().accounts.indexed == 3)
        #expect(try self.corpus.run(.sync).unchanged == 3)
        self.useLabels(
            "metadata: { team: town }, labels: team",
            "metadata: { team: 'mill*' }, labels: all"
        )
        let summary = try self.corpus.run(.sync)
        #expect(summary.extracted == 0 && summary.status == .clean)
        #expect(try self.documents(labelled: "all") == 1)
        #expect(try self.documents(labelled: "team") == 2)
        #expect(try self.corpus.snapshot().digest == self.corpus.freshSnapshot().digest)
    }

    @Test(arguments: [
        "labels: [{ path: '[', labels: a }]", "labels: [{ path: a }]", "labels: [{ labels: [] }]",
        "labels: { a: b }", "labels: [{ labels: a, sources: nowhere }]",
        "labels: [{ labels: a, metadata: x }]",
    ])
    func ruleThatIsNoneIsRefused(_ line: String) throws {
        try self.corpus.fill(1)
        self.corpus.pipeline.rootLines = [line]
        #expect(throws: (any Error).self) { try self.corpus.run() }
    }

    @Test func runThatIsGoneOnWithKeepsItsOverrides() throws {
        try self.corpus.fill(6)
        let overrides = ["chunk.maximum_tokens": "32"]
        let stopped = try self.corpus.run(overrides: overrides) { $0.maximumDocuments = 1 }
        #expect(stopped.status == .budgetReached)
        let unfinished = try unfinishedRun(workspace: self.corpus.workspace)
        #expect(unfinished.overrides == overrides)
        #expect(unfinished.overrides(under: ["a.b": "1"]).count == 2)
        try self.corpus.run(overrides: unfinished.overrides(under: [:]))
        let resumed = try self.corpus.snapshot().digest
        try self.corpus.run(workspace: self.corpus.workspace("whole"), overrides: overrides)
        #expect(try self.corpus.snapshot("whole").digest == resumed)
    }

    @Test func failuresAreIgnoredByWhatTheyHaveInCommon() throws {
        try self.corpus.fill(2, sections: 1)
        try self.corpus.write("empty.md", [])
        try self.corpus.write("noise.md", [0, 1, 2, 3, 0, 255])
        #expect(try self.corpus.run().status == .documentsFailed)
        var filter = FailureFilter()
        filter.code = "empty"
        let report = try ignoreFailures(
            workspace: self.corpus.workspace,
            names: [],
            filter: filter
        )
        #expect(report.ignored == ["docs/empty.md"])
        filter.code = "none"
        #expect(throws: OperationError.self) {
            try ignoreFailures(workspace: self.corpus.workspace, names: [], filter: filter)
        }
    }

    @Test(arguments: ["gs://bucket/index", "s3://bucket", "https://host/index", "file:///index"])
    func workspaceElsewhereIsRefused(place: String) throws {
        try self.corpus.fill(1)
        let error = #expect(throws: OperationError.self) { try self.corpus.run(workspace: place) }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains("a workspace is a folder") == true)
        #expect(
            !FileManager.default.fileExists(
                atPath: "\(self.corpus.root)/\(place.prefix { $0 != "/" })"
            )
        )
    }
}
