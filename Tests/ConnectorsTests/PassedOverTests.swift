import Foundation
import Glibc
import Testing

@testable import Connectors

/// What a listing does not take is counted where a document could have been behind it.
@Suite struct PassedOverTests {
    let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
        try self.folder.write("d/a.md")
        try self.folder.write("d/b.txt")
        try self.folder.link("nowhere", to: "absent")
        try self.folder.link("d/link.md", to: "a.md")
        try self.folder.link(".hidden", to: "d")
    }

    static let cases: [(include: [String], exclude: [String], links: [String], unmatched: Int)] = [
        (["**"], [], ["s/d/link.md", "s/nowhere"], 0),
        (["**/*.md"], [], ["s/d/link.md", "s/nowhere"], 1),
        (["d/*.txt"], [], [], 1),
        (["**"], ["nowhere"], ["s/d/link.md"], 0),
        (["**"], ["d"], ["s/nowhere"], 0),
        (["*.md"], [], [], 0),
    ]

    @Test(arguments: cases) func linksThatCouldLeadToDocumentsAreNamed(
        include: [String],
        exclude: [String],
        links: [String],
        unmatched: Int
    ) throws {
        let report = try self.folder.connector(include: include, exclude: exclude).list { _ in }
        #expect(report.skippedLinks == links)
        #expect(report.skippedLinkCount == links.count)
        #expect(report.unmatchedCount == unmatched)
        #expect(report.isComplete)
    }

    @Test func followedLinkThatLeadsNowhereIsPassedOver() throws {
        try self.folder.link("loop", to: "loop")
        let report = try self.folder.connector(followSymlinks: true).list { _ in }
        #expect(report.skippedLinks == ["s/loop", "s/nowhere"])
        #expect(report.isComplete)
    }

    @Test func folderThatIsLeftOutIsNotListedByAnyName() throws {
        try self.folder.link("other", to: "d")
        let connector = try self.folder.connector(
            followSymlinks: true,
            leftOut: ["\(self.folder.path)/d", "/nowhere"]
        )
        #expect(try connector.places().isEmpty)
    }

    @Test func changeOfAFileThatItsTimeHidesChangesItsVersion() throws {
        let connector = try self.folder.connector()
        let before = try #require(try connector.items().first)
        var status = stat()
        #expect(stat("\(self.folder.path)/d/a.md", &status) == 0)
        // The clock of a file system may stand still for some milliseconds.
        usleep(20_000)
        try self.folder.write("d/a.md", "TEXT")
        utimensat(AT_FDCWD, "\(self.folder.path)/d/a.md", [status.st_atim, status.st_mtim], 0)
        let after = try #require(try connector.items().first)
        #expect(after.modificationNanoseconds == before.modificationNanoseconds)
        #expect(after.size == before.size)
        #expect(after.version != before.version)
    }

    @Test func patternsTellWhetherAFolderOfFilesWouldBeListed() throws {
        let root = self.folder.path
        let connector = try self.folder.connector(include: ["**/*.md", ".w/*"], exclude: ["x"])
        #expect(connector.wouldList(["f.md"], below: root))
        #expect(connector.wouldList(["f.txt", "f.md"], below: root + "/not/there"))
        #expect(connector.wouldList(["q"], below: root + "/.w"))
        #expect(!connector.wouldList(["f.txt"], below: root))
        #expect(!connector.wouldList(["f.md"], below: root + "/x/y"))
        #expect(!connector.wouldList(["f.md"], below: root + "/.hidden-folder"))
        #expect(!connector.wouldList(["f.md"], below: root + "-other"))
        #expect(!connector.wouldList(["f.md"], below: "/"))
    }
}
