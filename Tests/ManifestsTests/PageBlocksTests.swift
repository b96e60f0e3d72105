import Records
import Testing

@testable import Manifests

/// When the blocks of pages have to be decided again, and what a decision changes.
@Suite struct PageBlocksTests {
    private static let blocks = PageBlocks(host: 7, entries: [.heading(level: 1), .text(50)])

    let folder: TemporaryFolder
    let manifest: ShardManifest

    init() throws {
        self.folder = try TemporaryFolder()
        self.manifest = try ShardManifest(path: self.folder("manifest.sqlite"), mode: .create)
    }

    private func commit(
        _ name: String,
        blocks: PageBlocks? = Self.blocks,
        source: String = "docs",
        language: String = "en"
    ) throws {
        var listed = item(name)
        listed.source = source
        guard
            case .prepared(let item, let content, let fingerprint, var document) =
                success(listed, language: language)
        else { return }
        document.pageBlocks = blocks
        try self.manifest.commit(
            [.prepared(item, contentHash: content, fingerprint: fingerprint, document: document)],
            run: 1,
            at: 1
        )
    }

    /// All pages decided, chunked and indexed.
    private func settle(_ name: String, leftOut: [Int] = [1]) throws {
        let id = item(name).id
        try self.manifest.setLeftOut([(id, leftOut)])
        try self.manifest.setPageBlocksRevision(1)
        try self.manifest.storeMaterialised(
            chunkSets: [
                ChunkSet(document: id, stage: "chunk", fingerprint: .init(1, 2, 3, 4), chunks: [])
            ],
            vectors: []
        )
        try self.manifest.setIndexes([])
    }

    private func hasChunks(_ name: String) throws -> Bool {
        try self.manifest.chunks(of: item(name).id, stage: "chunk") != nil
    }

    @Test func manifestWithoutPagesHasNothingToDecide() throws {
        try self.commit("a", blocks: nil)
        #expect(try self.manifest.pageBlocksRevision() == nil)
        #expect(try self.manifest.pageBlockCount() == 0)
        try self.manifest.visitPages { _ in Issue.record("there is no page") }
    }

    @Test func newPageIsToBeDecided() throws {
        try self.commit("a")
        #expect(try self.manifest.pageBlocksRevision() == 0)
        #expect(try self.manifest.pageBlockCount() >= 1)
        var pages: [StoredPage] = []
        try self.manifest.visitPages { pages += $0 }
        #expect(
            pages == [
                StoredPage(id: item("a").id, source: "docs", blocks: Self.blocks, leftOut: [])
            ]
        )
    }

    @Test func decisionDropsChunksAndAsksForThem() throws {
        try self.commit("a")
        try self.settle("a", leftOut: [])
        #expect(try self.hasChunks("a"))
        #expect(try !self.manifest.hasUnindexed())
        try self.manifest.setLeftOut([(item("a").id, [1])])
        #expect(try !self.hasChunks("a"))
        #expect(try self.manifest.unindexed() == [item("a").id])
        let document = try #require(
            try self.manifest.canonicalDocuments(after: nil, maximumCount: 9).first
        )
        #expect(document.leftOut == [document.blocks[1].range])
        #expect(try self.manifest.document(item("a").id)?.leftOut == [1])
    }

    @Test func samePageAgainKeepsDecisionAndChunks() throws {
        try self.commit("a")
        try self.settle("a")
        try self.commit("a")
        #expect(try self.manifest.pageBlocksRevision() == 1)
        #expect(try self.hasChunks("a"))
        #expect(try !self.manifest.hasUnindexed())
        try self.commit("a", language: "de")
        #expect(try self.manifest.document(item("a").id)?.leftOut == [1])
    }

    @Test(arguments: [nil, PageBlocks(host: 8, entries: [.heading(level: 1), .text(50)])])
    func otherBlocksUndoTheDecision(blocks: PageBlocks?) throws {
        try self.commit("a")
        try self.settle("a")
        try self.commit("a", blocks: blocks)
        #expect(try self.manifest.pageBlocksRevision() == 0)
        #expect(try !self.hasChunks("a"))
        #expect(try self.manifest.unindexed() == [item("a").id])
        #expect(try self.manifest.document(item("a").id)?.leftOut == [])
        #expect(try self.manifest.document(item("a").id)?.version?.document.pageBlocks == blocks)
    }

    @Test func removalIsDecidedAndLeavesNoRow() throws {
        try self.commit("a")
        try self.settle("a")
        try self.manifest.commit([.removed(item("a").id)], run: 2, at: 2)
        #expect(try self.manifest.pageBlocksRevision() == 0)
        #expect(try self.manifest.pageBlockCount() == 0)
    }

    @Test func failedUpdateKeepsThePage() throws {
        try self.commit("a")
        try self.settle("a")
        try self.manifest.commit([failure(item("a"))], run: 2, at: 2)
        #expect(try self.manifest.pageBlocksRevision() == 1)
        #expect(try self.manifest.document(item("a").id)?.leftOut == [1])
    }

    @Test func anotherSourceIsIndexedAndComparedAnew() throws {
        try self.commit("a")
        try self.settle("a")
        var moved = item("a")
        moved.source = "mail"
        try self.manifest.commit([.touched(moved)], run: 2, at: 2)
        #expect(try self.manifest.unindexed() == [item("a").id])
        #expect(try self.manifest.pageBlocksRevision() == 0)
        // The decision stands until it is made again.
        #expect(try self.manifest.document(item("a").id)?.leftOut == [1])
    }

    @Test func duplicatesAreNoPages() throws {
        for name in ["a", "b"] { try self.commit(name) }
        try self.settle("a")
        let twin = Resolution(id: item("b").id, canonical: item("a").id, similarity: 1)
        try self.manifest.setResolutions([twin])
        #expect(try self.manifest.pageBlocksRevision() == 0)
        var pages: [DocumentID] = []
        try self.manifest.visitPages { pages += $0.map(\.id) }
        #expect(pages == [item("a").id])
    }

    @Test func exportTakesPagesAlong() throws {
        try self.commit("a")
        try self.settle("a")
        let exported = try self.manifest.exportedDocuments(after: nil, limit: 9).map(\.document)
        #expect(try self.manifest.exportedNumbers()["page_blocks_revision"] == nil)
        let other = try ShardManifest(path: self.folder("other.sqlite"), mode: .create)
        try other.importDocuments(exported, models: [])
        #expect(try other.pageBlocksRevision() == 0)
        #expect(try other.document(item("a").id)?.leftOut == [1])
        #expect(try other.document(item("a").id)?.version?.document.pageBlocks == Self.blocks)
    }
}
