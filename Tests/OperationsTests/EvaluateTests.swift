import Foundation
import Operations
import Testing

/// Weights found on queries, and measures that need none.
@Suite struct EvaluateTests {
    let corpus: TestCorpus
    private var lock: String { self.corpus.root + "/docs.fusion.lock" }
    private var pipelineFile: String { self.corpus.root + "/docs.yml" }

    init() throws {
        self.corpus = try TestCorpus()
        for number in 0..<40 {
            try self.corpus.write(
                "d\(number).md",
                TestDocument(
                    title: "Number \(number)",
                    sections: ["The item\(number) ferry and the mill of item\(number) stand here."]
                )
            )
        }
        // Nearer by all words than what is asked for, if words weigh the same.
        for number in 0..<20 {
            try self.corpus.write(
                "near\(number).md",
                TestDocument(title: "Where is", sections: ["Where is where is it\(number)?"])
            )
        }
        self.corpus.pipeline.threshold = nil
        try self.corpus.run()
        try FileManager.default.copyItem(
            atPath: try self.corpus.pipelineFile(),
            toPath: self.pipelineFile
        )
        try self.write(
            "queries.jsonl",
            (0..<30).map { #"{"_id":"q\#($0)","text":"where is item\#($0)"}"# }
        )
        try self.write(
            "qrels.tsv",
            ["query-id\tcorpus-id\tscore"] + (0..<30).map { "q\($0)\tdocs/d\($0).md\t1" }
        )
    }

    private func write(_ name: String, _ lines: [String]) throws {
        try Data(lines.joined(separator: "\n").utf8)
            .write(to: URL(filePath: self.corpus.root + "/" + name))
    }

    private func request(pipeline: Bool = true) -> EvaluationRequest {
        var request = EvaluationRequest(
            workspace: self.corpus.workspace,
            queriesPath: self.corpus.root + "/queries.jsonl",
            judgementsPath: self.corpus.root + "/qrels.tsv",
            modes: SearchModeName.allCases,
            count: 10
        )
        request.pipeline = pipeline ? self.pipelineFile : nil
        return request
    }

    @Test func theBestWeightsAreWrittenBesideThePipelineAndSearchedWith() throws {
        let report = try tuneFusion(self.request())
        #expect(report.trainQueryCount + report.heldOutQueryCount == 30)
        #expect(report.trainQueryCount > report.heldOutQueryCount && report.heldOutQueryCount > 0)
        // Words find each of these; vectors without a meaning add nothing.
        #expect(report.bm25 == 1 && report.vector == 0)
        #expect(report.heldOutNdcg10 == 1 && report.heldOutNdcg10ByWords == 1)
        #expect(report.heldOutNdcg10ByVectors < 1)
        #expect(report.path == self.lock)
        #expect(report.trials.count > 5)
        let first = try Data(contentsOf: URL(filePath: self.lock))
        _ = try tuneFusion(self.request())
        #expect(try Data(contentsOf: URL(filePath: self.lock)) == first)

        var request = SearchRequest(workspace: self.corpus.workspace, text: "item7", count: 5)
        request.explains = true
        // Who names the workspace alone has the copy in it.
        #expect(try search(request).hits.first?.explanation?.vectorWeight == 0)
        request.pipeline = self.pipelineFile
        #expect(try search(request).hits.first?.explanation?.vectorWeight == 0)
        #expect(try search(request).hits.first?.uri == "docs/d7.md")
    }

    @Test func aRunLeavesThePipelinesWeightsInTheWorkspaceAndTakesThemAway() throws {
        _ = try tuneFusion(self.request())
        let copy = self.corpus.workspace + "/fusion.lock"
        try FileManager.default.removeItem(atPath: copy)
        var options = RunOptions()
        options.isolation = .none
        _ = try runPipelineFile(.sync, path: self.pipelineFile, options: options)
        #expect(
            try Data(contentsOf: URL(filePath: copy))
                == Data(contentsOf: URL(filePath: self.lock))
        )
        try FileManager.default.removeItem(atPath: self.lock)
        _ = try runPipelineFile(.sync, path: self.pipelineFile, options: options)
        #expect(!FileManager.default.fileExists(atPath: copy))
    }

    @Test func titlesAndHeadingsAreQueriesWhereThereAreNone() throws {
        var request = self.request()
        request.queriesPath = ""
        request.judgementsPath = ""
        request.syntheticCount = 25
        request.against = .pipeline(self.pipelineFile)
        let report = try evaluate(request)
        #expect(report.isSynthetic)
        #expect(report.queryCount == 25)
        let words = try #require(report.modes.first { $0.mode == "bm25" })
        #expect(words.recall > 0.9)
        #expect(words.comparison?.gain == 0)
        #expect(try evaluate(request).modes.map(\.ndcg10) == report.modes.map(\.ndcg10))
        // "Where is" is the title of twenty documents, and asks for none of them.
        #expect(report.judgementCount < 40)
    }

    @Test func wordsThatAreSplitOverChunksAreTold() throws {
        let filler = (0..<80).map { "item\($0) ferry" }.joined(separator: " ")
        try self.corpus.write(
            "long.md",
            TestDocument(title: "Long", sections: ["The zebu. " + filler, filler + " The gaur."])
        )
        try self.corpus.run(.sync)
        try self.write("q.jsonl", [#"{"_id":"s","text":"zebu gaur"}"#])
        try self.write("q.tsv", ["s\tdocs/long.md\t1", "s\tdocs/none.md\t1"])
        var request = self.request()
        request.queriesPath = self.corpus.root + "/q.jsonl"
        request.judgementsPath = self.corpus.root + "/q.tsv"
        let misses = try evaluate(request).modes.map(\.misses)
        #expect(misses.allSatisfy { $0.notIndexed == 1 })
        #expect(misses.allSatisfy { $0.splitOverChunks == $0.rankedLow })
    }

    @Test func whatACallerMayNotSeeIsTold() throws {
        try self.corpus.write(
            "secret.md",
            TestDocument(title: "Secret", sections: ["The okapi of the board."])
        )
        try self.corpus.write(
            "open.md",
            TestDocument(title: "Open", sections: ["The okapi of everybody."])
        )
        self.corpus.pipeline.rootLines = [
            "labels: [{ path: \"secret*\", labels: [board] }, { labels: [staff] }]"
        ]
        try self.corpus.run(.sync)
        try self.write("q.jsonl", [#"{"_id":"o","text":"okapi board"}"#])
        try self.write("q.tsv", ["o\tdocs/secret.md\t1", "o\tdocs/open.md\t1"])
        var request = self.request()
        request.queriesPath = self.corpus.root + "/q.jsonl"
        request.judgementsPath = self.corpus.root + "/q.tsv"
        #expect(try evaluate(request).modes.allSatisfy { $0.misses.total == 0 })
        request.labels = ["staff"]
        for mode in try evaluate(request).modes {
            #expect(mode.misses.total == 1)
            #expect(mode.misses.filteredByAccess == 1)
            #expect(mode.misses.rankedLow == 0)
        }
        request.labels = ["staff", "board"]
        #expect(try evaluate(request).modes.allSatisfy { $0.misses.total == 0 })
    }

    @Test(arguments: ["{", "{}", #"{"form":"fusion/2","indexes":{}}"#])
    func aLockOfOtherFormIsNamed(text: String) throws {
        try self.write("docs.fusion.lock", [text])
        var request = SearchRequest(workspace: self.corpus.workspace, text: "item7", count: 5)
        request.pipeline = self.pipelineFile
        let error = #expect(throws: OperationError.self) { try search(request) }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains(self.lock) == true)
    }

    @Test func withoutAPipelineFileThereIsNoPlaceForWeights() throws {
        let error = #expect(throws: OperationError.self) {
            try tuneFusion(self.request(pipeline: false))
        }
        #expect(error?.status == .configuration)
    }

    @Test func theFusedModeIsComparedWithItsBetterLeg() throws {
        let report = try evaluate(self.request(pipeline: false))
        let fusion = try #require(report.fusion)
        #expect(fusion.betterLeg == "bm25" && !fusion.isWorse)
        #expect(report.modes.first { $0.mode == "bm25" }?.ndcg10 == 1)
        // With weights that follow the vectors alone it is worse, and not by chance.
        try self.write(
            "docs.fusion.lock",
            [
                #"{"form":"fusion/1","indexes":{"index":{"model":"hash","bm25":0,"vector":1,"#
                    + #""trainQueryCount":1,"trainNdcg10":0,"heldOutQueryCount":1,"heldOutNdcg10":0}}}"#
            ]
        )
        let worse = try #require(try evaluate(self.request()).fusion)
        #expect(worse.isWorse && worse.difference < 0)
    }

    @Test func namesWithSpacesAreJudgedBetweenTabs() throws {
        try self.corpus.write("two words.md", TestDocument(sections: ["The item77 crane."]))
        try self.corpus.run(.sync)
        try self.write("queries.jsonl", [#"{"_id":"a","text":"item77"}"#])
        try self.write("qrels.tsv", ["a\tdocs/two words.md\t1"])
        #expect(try evaluate(self.request()).modes.first { $0.mode == "bm25" }?.ndcg10 == 1)
    }

    @Test func recallIsMeasuredWithoutJudgements() throws {
        let long = (0..<40).map { "word\($0) of a text" }.joined(separator: " ")
        try self.corpus.write("long.md", TestDocument(sections: [long + "."]))
        try self.corpus.run(.sync)
        let report = try measureRecall(
            workspace: self.corpus.workspace,
            index: nil,
            k: 10,
            queryCount: 200
        )
        #expect(report.kinds.map(\.kind) == ["headings", "sentences"])
        // So small a collection is ranked whole.
        #expect(report.kinds.allSatisfy { $0.recall == 1 && $0.queryCount > 0 })
        #expect(report.kinds.allSatisfy { $0.wholeQueryCount == $0.queryCount })
    }

    @Test func anOlderSnapshotIsSearchedByItsNumber() throws {
        let old = try search(
            SearchRequest(workspace: self.corpus.workspace, text: "item7", count: 1)
        )
        try self.corpus.write("d7.md", TestDocument(sections: ["Nothing here any more."]))
        try self.corpus.run(.sync)
        var request = SearchRequest(workspace: self.corpus.workspace, text: "item7", count: 1)
        request.mode = .bm25
        #expect(try search(request).hits.allSatisfy { $0.uri != "docs/d7.md" })
        request.snapshot = old.snapshot
        let report = try search(request)
        #expect(report.snapshot == old.snapshot && report.hits.first?.uri == "docs/d7.md")
        request.snapshot = 99
        let error = #expect(throws: OperationError.self) { try search(request) }
        #expect(error?.status == .noSuchState)
        #expect(error?.message.contains("99") == true)
    }

    @Test func answersAreOnePerDocumentWhereThatIsAsked() throws {
        var request = SearchRequest(workspace: self.corpus.workspace, text: "ferry mill", count: 40)
        request.mode = .bm25
        request.onePerDocument = true
        request.expandsSections = true
        let hits = try search(request).hits
        #expect(Set(hits.map(\.uri)).count == hits.count)
        #expect(hits.allSatisfy { $0.section?.text.contains($0.text) == true })
        #expect(hits.allSatisfy { !$0.highlights.isEmpty })
    }
}
