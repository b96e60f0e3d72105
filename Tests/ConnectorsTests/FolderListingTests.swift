import Foundation
import Glibc
import Hashing
import Records
import Testing

@testable import Connectors

@Suite struct FolderListingTests {
    @Test func filesAreListedInTheOrderOfURIs() throws {
        let folder = try TemporaryFolder()
        // '-' and '.' sort before '/', '0' after; a plain walk by name gets this wrong.
        let names = ["a/x.md", "a-b.md", "a.md", "a0.md", "a/b/c.md", "B.md", "é.md", "a/b.md"]
        for name in names { try folder.write(name) }
        let items = try folder.connector().items()
        let uris = items.map(\.uri)
        #expect(
            uris.map { String($0.dropFirst(2)) }.sorted(by: bytewise) == names.sorted(by: bytewise)
        )
        #expect(uris == uris.sorted(by: bytewise))
    }

    private func bytewise(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// A listing of millions waits in memory for a while: no item holds on to more than its own bytes.
    @Test func itemsShareNoBufferWithTheWalk() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.md", "1")
        var path = Array("a.md".utf8)
        path.reserveCapacity(10_000)
        let item = try folder.connector().item(path: path, uri: path, status: stat())
        #expect(item.token == path)
        #expect(item.token.capacity < 1_000)
    }

    @Test func itemHoldsWhatTheFileSystemTells() throws {
        let folder = try TemporaryFolder()
        try folder.write("d/a.html", "12345")
        try folder.write("empty.pdf", "")
        var status = stat()
        stat("\(folder.path)/d/a.html", &status)
        var report = ListingReport()
        var items: [ListedItem] = []
        report = try folder.connector().list { items.append($0) }
        #expect(items.map(\.uri) == ["s/d/a.html", "s/empty.pdf"])
        #expect(items[0].id == documentID(uri: "s/d/a.html"))
        #expect(items[0].token == Array("d/a.html".utf8))
        #expect(items[0].size == 5 && items[1].size == 0)
        let nanoseconds =
            Int64(status.st_mtim.tv_sec) * 1_000_000_000
            + Int64(status.st_mtim.tv_nsec)
        #expect(items[0].modificationNanoseconds == nanoseconds)
        // What a manifest of before opaque versions was given must be met again, or all is read anew.
        let changed =
            UInt64(status.st_ctim.tv_sec) * 1_000_000_000 + UInt64(status.st_ctim.tv_nsec)
        #expect(
            items[0].version
                == ItemVersion(Digest(5, UInt64(nanoseconds), UInt64(status.st_ino), changed))
        )
        #expect(items.map(\.mediaType) == [.html, .pdf])
        #expect(report.itemCount == 2 && report.byteCount == 5 && report.isComplete)
    }

    @Test func namesThatAreNotUTF8AreEscapedOneToOne() throws {
        let folder = try TemporaryFolder()
        let names: [[UInt8]] = [
            [0xFF, 0x2E, 0x6D, 0x64], Array("%FF.md".utf8), Array("ü%.md".utf8),
            [0xC3, 0xBC, 0xE9], Array("line\nend.md".utf8), [0xED, 0xA0, 0x80],
        ]
        for name in names { try folder.write([0x64, 0x2F] + name, "x") }
        let connector = try folder.connector()
        let items = try connector.items()
        #expect(
            items.map(\.uri) == [
                "s/d/%25FF.md", "s/d/%ED%A0%80", "s/d/%FF.md", "s/d/line%0Aend.md", "s/d/ü%25.md",
                "s/d/ü%E9",
            ]
        )
        #expect(items.map(\.uri) == items.map(\.uri).sorted(by: self.bytewise))
        for item in items { #expect(try connector.readNow(item, maximumBytes: 9).bytes == [0x78]) }
    }

    static let selections: [(include: [String], exclude: [String], expected: [String])] = [
        (["**"], [], ["a.html", "d/b.md", "d/e/c.txt", "node_modules/x.md"]),
        (["**/*.md"], [], ["d/b.md", "node_modules/x.md"]),
        (["**/*.md"], ["**/node_modules"], ["d/b.md"]),
        (["**"], ["**/node_modules/**", "*.html"], ["d/b.md", "d/e/c.txt"]),
        (["d/*"], [], ["d/b.md"]),
        (["**"], ["d/"], ["a.html", "node_modules/x.md"]),
        (["**"], ["d"], ["a.html", "node_modules/x.md"]),
        (["**", ".h/*"], [], ["a.html", "d/b.md", "d/e/c.txt", ".h/y.md", "node_modules/x.md"]),
        (["**/.*.md"], [], ["d/.z.md"]),
        (["none/**"], [], []),
    ]

    @Test(arguments: selections) func patternsSelectFiles(
        include: [String],
        exclude: [String],
        expected: [String]
    ) throws {
        let folder = try TemporaryFolder()
        for name in ["a.html", "d/b.md", "d/e/c.txt", "node_modules/x.md", ".h/y.md", "d/.z.md"] {
            try folder.write(name)
        }
        let places = try folder.connector(include: include, exclude: exclude).places()
        #expect(places == expected.sorted(by: self.bytewise))
    }

    @Test func hiddenFilesAreListedWhenAsked() throws {
        let folder = try TemporaryFolder()
        try folder.write(".h/.y.md")
        #expect(try folder.connector().places() == [])
        #expect(try folder.connector(includeHidden: true).places() == [".h/.y.md"])
        #expect(try folder.connector(exclude: ["**"], includeHidden: true).places() == [])
    }

    static let unusable: [(include: [String], exclude: [String], message: String)] = [
        (["{a"], [], "{a: 'include' of source 's': '{' without '}'"),
        (["**"], ["ok", "[b"], "[b: 'exclude' of source 's': '[' without ']'"),
    ]

    @Test(arguments: unusable) func patternThatCannotBeUsedIsNamed(
        include: [String],
        exclude: [String],
        message: String
    ) throws {
        let error = #expect(throws: ConnectorError.self) {
            try FolderConnector(
                name: "s",
                root: "/x",
                include: include,
                exclude: exclude,
                maximumBytes: 1
            )
        }
        #expect(error?.description == message)
        #expect(error?.code == .configuration)
    }

    // MARK: What cannot be listed

    @Test func missingRootIsAnErrorNotAnEmptyListing() throws {
        let folder = try TemporaryFolder()
        try folder.write("file")
        for root in ["\(folder.path)/none", "\(folder.path)/file"] {
            let connector = try FolderConnector(name: "s", root: root, maximumBytes: 1)
            let error = #expect(throws: ConnectorError.self) { try connector.list { _ in } }
            #expect(error?.code == .unavailable)
            #expect(error?.failureCode == nil)
        }
    }

    @Test func folderThatCannotBeOpenedMakesTheListingIncomplete() throws {
        let folder = try TemporaryFolder()
        try folder.write("a/x.md")
        try folder.write("b.md")
        // Too deep stands in for unreadable, which a test run by root cannot have.
        let deep = (0..<FolderWalk.depthMax).map { _ in "d" }.joined(separator: "/")
        try folder.write("\(deep)/far.md")
        var places: [String] = []
        let report = try folder.connector().list { places.append($0.uri) }
        #expect(places == ["s/a/x.md", "s/b.md"])
        #expect(!report.isComplete && report.problemCount == 1)
        #expect(report.errors.first?.path == "s/\(deep)/")
        #expect(report.errors.first?.systemCode == ELOOP)
    }

    @Test(.enabled(if: geteuid() != 0, "root can read every folder"))
    func unreadableFolderMakesTheListingIncomplete() throws {
        let folder = try TemporaryFolder()
        try folder.write("a/x.md")
        try folder.write("b.md")
        chmod("\(folder.path)/a", 0)
        defer { chmod("\(folder.path)/a", 0o755) }
        let report = try folder.connector().list { _ in }
        #expect(report.itemCount == 1)
        #expect(report.errors.map(\.systemCode) == [EACCES])
    }

    @Test func visitorsErrorStopsTheListing() throws {
        struct Stop: Error {}
        let folder = try TemporaryFolder()
        for name in ["a", "b", "c"] { try folder.write(name) }
        var count = 0
        let error = #expect(throws: ConnectorError.self) {
            try folder.connector().list { _ in
                count += 1
                if count == 2 { throw Stop() }
            }
        }
        #expect(error?.code == .stopped && error?.cause is Stop && count == 2)
    }

    @Test func specialFilesAreCountedNotListed() throws {
        let folder = try TemporaryFolder()
        mkfifo("\(folder.path)/pipe", 0o644)
        var report = ListingReport()
        report = try folder.connector().list { _ in }
        #expect(report.itemCount == 0 && report.skippedSpecialCount == 1 && report.isComplete)
    }

    // MARK: Links

    @Test func linksAreNotFollowedByDefault() throws {
        let folder = try TemporaryFolder()
        try folder.write("d/a.md")
        try folder.link("file.md", to: "d/a.md")
        try folder.link("folder", to: "d")
        var places: [String] = []
        let report = try folder.connector().list { places.append($0.uri) }
        #expect(places == ["s/d/a.md"])
        #expect(report.skippedLinkCount == 2 && report.isComplete)
    }

    @Test func followedLinksStayBelowTheRootAndCannotLoop() throws {
        let outside = try TemporaryFolder()
        try outside.write("secret.md")
        let folder = try TemporaryFolder()
        try folder.write("d/a.md")
        try folder.link("d/loop", to: "..")
        try folder.link("d/self", to: ".")
        try folder.link("file.md", to: "d/a.md")
        try folder.link("z1", to: "d")
        try folder.link("z2", to: "d")
        try folder.link("out.md", to: "\(outside.path)/secret.md")
        try folder.link("out", to: outside.path)
        try folder.link("up", to: "../\(URL(fileURLWithPath: outside.path).lastPathComponent)")
        try folder.link("dead.md", to: "none")
        try folder.link("around.md", to: "around.md")
        let connector = try folder.connector(followSymlinks: true)
        #expect(try connector.places() == ["d/a.md", "file.md", "z1/a.md"])
        for item in try connector.items() {
            #expect(try connector.readNow(item, maximumBytes: 9).bytes == Array("text".utf8))
        }
    }

    @Test func foldersThatLinkToEachOtherDoNotMultiply() throws {
        let folder = try TemporaryFolder()
        for left in 0..<12 {
            try folder.write("d\(left)/a.md")
            for right in 0..<12 where right != left {
                try folder.link("d\(left)/to\(right)", to: "../d\(right)")
            }
        }
        let report = try folder.connector(followSymlinks: true).list { _ in }
        #expect(report.itemCount >= 12 && report.itemCount < 150)
    }

    @Test func rootMayBeALink() throws {
        let folder = try TemporaryFolder()
        try folder.write("d/a.md")
        try folder.link("root", to: "d")
        let connector = try FolderConnector(
            name: "s",
            root: "\(folder.path)/root",
            maximumBytes: 9
        )
        #expect(try connector.places() == ["a.md"])
    }
}
