import Foundation
import Glibc
import Records
import Testing

@testable import Connectors

@Suite struct FolderReadingTests {
    static let sizes = [0, 1, 63, 64, 65, 100_000]

    @Test(arguments: sizes) func bytesAreReadWhole(size: Int) throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "x", count: size)
        try folder.write("d/e/a.txt", text)
        let connector = try folder.connector()
        let item = try #require(try connector.items().first)
        #expect(try connector.readNow(item, maximumBytes: 1 << 20).bytes == Array(text.utf8))
    }

    static let limits: [(source: Int, call: Int, isRead: Bool)] = [
        (4, 9, true), (9, 4, true), (3, 9, false), (9, 3, false), (0, 0, false),
    ]

    @Test(arguments: limits) func smallerOfTwoLimitsHolds(
        source: Int,
        call: Int,
        isRead: Bool
    ) throws {
        let folder = try TemporaryFolder()
        try folder.write("a.txt", "1234")
        let connector = try folder.connector(maximumBytes: source)
        let item = try #require(try connector.items().first)
        if isRead {
            #expect(try connector.readNow(item, maximumBytes: call).bytes.count == 4)
        } else {
            #expect(self.failure(connector, item, call) == .tooLarge)
        }
    }

    private func failure(
        _ connector: FolderConnector,
        _ item: ListedItem,
        _ maximumBytes: Int = 99
    ) -> StageFailure.Code? {
        let error = #expect(throws: ConnectorError.self) {
            try connector.readNow(item, maximumBytes: maximumBytes)
        }
        return error?.failureCode
    }

    @Test func fileThatIsGoneIsMissing() throws {
        let folder = try TemporaryFolder()
        try folder.write("d/a.txt")
        let connector = try folder.connector()
        let item = try #require(try connector.items().first)
        unlink("\(folder.path)/d/a.txt")
        #expect(self.failure(connector, item) == .missing)
        rmdir("\(folder.path)/d")
        #expect(self.failure(connector, item) == .missing)
        try folder.write("d", "now a file")
        #expect(self.failure(connector, item) == .missing)
    }

    @Test(.enabled(if: geteuid() != 0, "root can read every file"))
    func fileWithoutPermissionIsUnreadable() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.txt")
        let connector = try folder.connector()
        let item = try #require(try connector.items().first)
        chmod("\(folder.path)/a.txt", 0)
        #expect(self.failure(connector, item) == .unreadable)
    }

    @Test func linkOrPipeInThePlaceOfAFileIsNotRead() throws {
        let outside = try TemporaryFolder()
        try outside.write("d/a.txt", "secret")
        let folder = try TemporaryFolder()
        try folder.write("d/a.txt")
        let connector = try folder.connector()
        let following = try folder.connector(followSymlinks: true)
        let item = try #require(try connector.items().first)
        unlink("\(folder.path)/d/a.txt")
        mkfifo("\(folder.path)/d/a.txt", 0o644)
        #expect(self.failure(connector, item) == .unreadable)
        unlink("\(folder.path)/d/a.txt")
        try folder.link("d/a.txt", to: "\(outside.path)/d/a.txt")
        #expect(self.failure(connector, item) == .unreadable)
        #expect(self.failure(following, item) == .unreadable)
        unlink("\(folder.path)/d/a.txt")
        rmdir("\(folder.path)/d")
        try folder.link("d", to: "\(outside.path)/d")
        #expect(self.failure(connector, item) == .missing)
        #expect(self.failure(following, item) == .unreadable)
    }

    static let tokens = ["../a.txt", "d/../../a.txt", "/etc/passwd", "", ".", "a.txt\0x", "a//b"]

    @Test(arguments: tokens) func tokenCannotLeadOutOfTheRoot(token: String) throws {
        let outside = try TemporaryFolder()
        try outside.write("a.txt", "secret")
        try outside.write("root/d/x", "x")
        let connector = try FolderConnector(
            name: "s",
            root: "\(outside.path)/root",
            maximumBytes: 9999
        )
        let listed = try #require(try connector.items().first)
        let item = ListedItem(
            id: listed.id,
            uri: listed.uri,
            token: Array(token.utf8),
            version: .unknown,
            size: 1,
            modificationNanoseconds: 0,
            mediaType: .plain
        )
        #expect(self.failure(connector, item, 9999) == .missing)
    }

    /// `/proc/self/stat` and its like say they are empty and are not: a file that grows whenever
    /// it is read.
    @Test func fileThatChangesWhileItIsReadIsRefused() throws {
        let connector = try FolderConnector(
            name: "s",
            root: "/proc/self",
            include: ["stat"],
            maximumBytes: 99
        )
        let item = try #require(try connector.items().first)
        let error = #expect(throws: ConnectorError.self) {
            try connector.readNow(item, maximumBytes: 99)
        }
        #expect(error?.code == .transient)
        #expect(error?.failureCode == .unreadable)
    }

    @Test func rootThatVanishedIsNotAMissingDocument() throws {
        let folder = try TemporaryFolder()
        try folder.write("r/a.txt")
        let connector = try FolderConnector(name: "s", root: "\(folder.path)/r", maximumBytes: 9)
        let item = try #require(try connector.items().first)
        try FileManager.default.removeItem(atPath: "\(folder.path)/r")
        let error = #expect(throws: ConnectorError.self) {
            try connector.readNow(item, maximumBytes: 9)
        }
        #expect(error?.code == .unavailable)
    }
}
