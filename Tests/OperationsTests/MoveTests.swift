import Foundation
import Operations
import Segments
import Testing

/// A document that is listed under another name is moved, not lost; what is lost is held.
@Suite struct MoveTests {
    let corpus: TestCorpus

    init() throws { self.corpus = try TestCorpus() }

    private func fill(_ folder: String, _ numbers: Range<Int>) throws {
        for number in numbers {
            try self.corpus.write(
                "\(folder)/d\(number).md",
                TestDocument(title: "Number \(number)", seed: UInt64(number), sections: 1)
            )
        }
    }

    @Test func renamedFolderIsNoDeletion() throws {
        try self.fill("guides", 0..<40)
        try self.corpus.run()
        try self.corpus.rename("guides", to: "manuals")
        let plan = try makePlan(path: try self.corpus.pipelineFile(), options: RunOptions())
        #expect(plan.held == 0 && plan.removed == 40)
        let summary = try self.corpus.run(.sync)
        #expect(summary.status == .clean)
        #expect(summary.renamed == 40)
        #expect(summary.chunksEmbedded == 0)
        #expect(summary.digest == (try self.corpus.freshSnapshot()).digest)
    }

    /// Of forty, thirty move and the rest is gone: what is gone waits, what moved is moved.
    @Test func lossesBesideMovesAreHeld() throws {
        try self.fill("guides", 0..<40)
        try self.corpus.run()
        try self.corpus.rename("guides", to: "manuals")
        for number in 0..<25 { try self.corpus.delete("manuals/d\(number).md") }
        let summary = try self.corpus.run(.sync)
        #expect(summary.status == .deletesHeld)
        #expect(summary.accounts.held == 25)
        #expect(summary.removed == 15)
        #expect(try self.corpus.state(of: "manuals/d30.md") == "indexed")
        #expect(throws: OperationError.self) { try self.corpus.state(of: "guides/d30.md") }
        #expect(try self.corpus.state(of: "guides/d3.md") == "indexed")
    }

    /// The same words in another format under another name.
    @Test func sameTextInOtherBytesIsAMove() throws {
        func page(_ number: Int, _ mark: String) -> [UInt8] {
            let words = (0..<30).map { "word\(number)x\($0)" }.joined(separator: " ")
            return Array(
                "<html><!-- \(mark) --><body><main><p>\(words)</p></main></body></html>".utf8
            )
        }
        for number in 0..<30 { try self.corpus.write("a/p\(number).html", page(number, "one")) }
        try self.corpus.run()
        for number in 0..<30 {
            try self.corpus.delete("a/p\(number).html")
            try self.corpus.write("b/p\(number).html", page(number, "two"))
        }
        let summary = try self.corpus.run(.sync)
        #expect(summary.status == .clean)
        #expect(summary.removed == 30)
    }

    @Test func emptyFilesAreNoPlaceToMoveTo() throws {
        try self.fill("guides", 0..<30)
        try self.corpus.run()
        try FileManager.default.removeItem(atPath: self.corpus.path("guides"))
        for number in 0..<30 { try self.corpus.write("z/d\(number).md", []) }
        let summary = try self.corpus.run(.sync)
        #expect(summary.accounts.held == 30)
    }

    static let sizes: [(count: Int, deleted: Int, key: String?, isHeld: Bool)] = [
        (5, 4, nil, false), (6, 3, nil, false), (6, 4, nil, true), (15, 7, nil, false),
        (15, 8, nil, true), (15, 14, nil, true), (40, 20, nil, false), (40, 21, nil, true),
        (15, 3, "max_delete_count: 2", true), (15, 2, "max_delete_count: 2", false),
        (15, 14, "max_delete_count: 20", false), (15, 14, "max_delete: 1", false),
        (15, 1, "max_delete_count: 0", false), (15, 2, "max_delete_count: 0", true),
    ]

    @Test(arguments: sizes) func sourcesOfEverySizeAreGuarded(
        count: Int,
        deleted: Int,
        key: String?,
        isHeld: Bool
    ) throws {
        self.corpus.pipeline.sourceKeys = key.map { [$0] } ?? []
        try self.fill("d", 0..<count)
        try self.corpus.run()
        for number in 0..<deleted { try self.corpus.delete("d/d\(number).md") }
        let summary = try self.corpus.run(.sync)
        #expect(summary.accounts.held == (isHeld ? deleted : 0))
        #expect(summary.status == (isHeld ? .deletesHeld : .clean))
    }

    /// Documents that the source got in the meantime do not hide what it lost.
    @Test func newDocumentsDoNotMakeALossSmall() throws {
        try self.fill("old", 0..<15)
        try self.corpus.run()
        try FileManager.default.removeItem(atPath: self.corpus.path("old"))
        try self.fill("new", 100..<200)
        let summary = try self.corpus.run(.sync)
        #expect(summary.accounts.held == 15)
        #expect(summary.added == 100)
    }

    /// What is in a folder that cannot be listed may still be there.
    @Test func incompleteListingMovesNothing() throws {
        try self.fill("guides", 0..<30)
        try self.corpus.run()
        try self.corpus.rename("guides", to: "manuals")
        let deep = self.corpus.path("deep") + String(repeating: "/d", count: 200)
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
        let summary = try self.corpus.run(.sync)
        #expect(summary.accounts.held == 30)
        try FileManager.default.removeItem(atPath: self.corpus.path("deep"))
        #expect(try self.corpus.run(.sync).status == .clean)
    }
}
