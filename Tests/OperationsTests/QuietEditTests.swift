import Foundation
import Glibc
import Operations
import Testing

/// An edit that size and time hide is taken up; what is no edit costs a read and nothing more.
@Suite struct QuietEditTests {
    let corpus: TestCorpus

    init() throws {
        self.corpus = try TestCorpus()
        try self.corpus.write("a.md", Array("# A\n\nThe old word is amber.\n".utf8))
        try self.corpus.write(
            "b.md",
            Array("# B\n\nAnother text altogether, with other words.\n".utf8)
        )
        try self.corpus.touch("a.md", seconds: 1_577_836_800)
        try self.corpus.run()
    }

    private static let edited = "# A\n\nThe new word is cobal.\n"

    /// The ways in which files come to have an old time; each runs in the folder of the documents, beside a
    /// folder `new` with the edited file.
    static let ways = [
        "cp -p ../new/a.md a.md",
        "tar -C ../new -cf ../new.tar a.md && tar -xf ../new.tar",
        "cp ../new/a.md a.new && touch -d @1577836800 a.new && mv a.new a.md",
        "cp a.md ../time && cat ../new/a.md > a.md && touch -r ../new/a.md a.md",
        "rm a.md b.md && cp ../new/a.md . && cp ../b.md . && touch -d @1577836800 a.md b.md",
    ]

    @Test(arguments: ways) func editUnderTheOldTimeIsTakenUp(way: String) throws {
        let folder = self.corpus.root + "/new"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(Self.edited.utf8).write(to: URL(filePath: folder + "/a.md"))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_577_836_800)],
            ofItemAtPath: folder + "/a.md"
        )
        try FileManager.default.copyItem(
            atPath: self.corpus.path("b.md"),
            toPath: self.corpus.root + "/b.md"
        )
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", way]
        shell.currentDirectoryURL = URL(filePath: self.corpus.path(""))
        try shell.run()
        shell.waitUntilExit()
        try #require(shell.terminationStatus == 0)
        let summary = try self.corpus.run(.sync)
        #expect(summary.changed == 1)
        #expect(try self.corpus.search("cobal", mode: .bm25).hits.first?.uri == "docs/a.md")
        #expect(try self.corpus.search("amber", mode: .bm25).hits.isEmpty)
    }

    @Test func permissionsAndLinksAreNoEdits() throws {
        chmod(self.corpus.path("a.md"), 0o600)
        link(self.corpus.path("b.md"), self.corpus.root + "/other-name")
        let summary = try self.corpus.run(.sync)
        #expect(summary.read == 2 && summary.touched == 2)
        #expect(summary.extracted == 0 && summary.chunksEmbedded == 0)
        #expect(summary.outcome == .unchanged)
        #expect(try self.corpus.run(.sync).read == 0)
    }
}
