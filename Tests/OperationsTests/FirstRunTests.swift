import Foundation
import Operations
import Segments
import Testing

/// What a run refuses before it writes, and what it says of what it passes over.
@Suite struct FirstRunTests {
    let corpus: TestCorpus

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.fill(3, sections: 1)
    }

    @Test func firstRunThatFindsNothingPublishesNothing() throws {
        self.corpus.pipeline.sourceKeys = ["include: [\"**/*.mdx\"]"]
        let error = #expect(throws: OperationError.self) { try self.corpus.run() }
        #expect(error?.status == .deletesHeld)
        #expect(error?.message.contains("of the 3 files in its folder none matches") == true)
        #expect(try liveSnapshot(workspace: self.corpus.workspace) == nil)
        // Mended, it is a first run like any other.
        self.corpus.pipeline.sourceKeys = []
        let summary = try self.corpus.run()
        #expect(summary.resumed == nil)
        #expect(summary.accounts.indexed == 3)
    }

    @Test func workspaceOfAnotherPipelineIsRefusedUntilItIsAdopted() throws {
        try self.corpus.run()
        let digest = try self.corpus.snapshot().digest
        let checksums = try String(
            contentsOfFile: self.corpus.workspace + "/CHECKSUMS",
            encoding: .utf8
        )
        self.corpus.pipeline.name = "other"
        for verb in [RunVerb.backfill, .sync, .compact] {
            let error = #expect(throws: OperationError.self) { try self.corpus.run(verb) }
            #expect(error?.status == .configuration)
            #expect(error?.message.contains("belongs to pipeline 'test'") == true)
        }
        #expect(throws: OperationError.self) {
            try makePlan(path: try self.corpus.pipelineFile(), options: RunOptions())
        }
        #expect(try self.corpus.snapshot().digest == digest)
        #expect(try status(workspace: self.corpus.workspace).runs.count == 1)
        #expect(
            try String(contentsOfFile: self.corpus.workspace + "/CHECKSUMS", encoding: .utf8)
                == checksums
        )
        #expect(try self.corpus.run(.sync) { $0.isAdopting = true }.status == .clean)
        #expect(try self.corpus.run(.sync).status == .clean)
        self.corpus.pipeline.name = "test"
        #expect(throws: OperationError.self) { try self.corpus.run(.sync) }
    }

    static let workspaces: [(name: String, keys: [String], isRefused: Bool)] = [
        ("ws", [], true), ("deep/er/ws", [], true), (".ws", [], false), ("deep/.ws", [], false),
        (".ws", ["include_hidden: true"], true), ("ws", ["exclude: [ws]"], false),
        ("ws", ["exclude: [\"ws/**\"]"], false), ("ws", ["include: [\"**/*.md\"]"], false),
        ("ws", ["include: [\"**/*.json\"]"], true), ("", [], true),
    ]

    @Test(arguments: workspaces) func workspaceThatItsOwnSourceWouldListIsRefused(
        name: String,
        keys: [String],
        isRefused: Bool
    ) throws {
        self.corpus.pipeline.sourceKeys = keys
        let workspace = self.corpus.path(name)
        if isRefused {
            let error = #expect(throws: OperationError.self) {
                try self.corpus.run(workspace: workspace)
            }
            #expect(error?.status == .configuration)
            #expect(!FileManager.default.fileExists(atPath: workspace + "/catalog.sqlite"))
        } else {
            let first = try self.corpus.run(workspace: workspace)
            let again = try self.corpus.run(.sync, workspace: workspace)
            #expect(again.listed == first.listed && again.added == 0 && again.changed == 0)
        }
    }

    @Test func linksAreCountedAndNamed() throws {
        try FileManager.default.createSymbolicLink(
            atPath: self.corpus.path("mounted"),
            withDestinationPath: "/nowhere"
        )
        let source = try #require(try self.corpus.run().sources?.first)
        #expect(source.skippedLinks == 1)
        #expect(source.skippedLinkURIs == ["docs/mounted"])
        #expect(try status(workspace: self.corpus.workspace).sources == [source])
        let error = #expect(throws: OperationError.self) {
            try explain(workspace: self.corpus.workspace, uri: "docs/mounted/x.md")
        }
        #expect(error?.message.contains("docs/mounted is a link") == true)
    }
}
