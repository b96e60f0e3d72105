import Foundation
import Glibc
import Storage
import Testing

@Suite struct WholeFileTests {
    let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    @Test func writeOnceTakesEqualBytesAndRefusesOthers() throws {
        try writeOnce([1, 2], to: self.folder("a"))
        try writeOnce([1, 2], to: self.folder("a"))
        for other: [UInt8] in [[1, 3], [1], [1, 2, 3], []] {
            let error = #expect(throws: StorageError.self) {
                try writeOnce(other, to: self.folder("a"))
            }
            #expect(error?.code == .alreadyExists)
        }
        #expect(try readFile(self.folder("a"), maximumBytes: 9) == [1, 2])
    }

    @Test func limitIsCheckedAtItsEdges() throws {
        try replaceFile(self.folder("a"), with: sampleBytes(10))
        #expect(try readFile(self.folder("a"), maximumBytes: 10).count == 10)
        let error = #expect(throws: StorageError.self) {
            try readFile(self.folder("a"), maximumBytes: 9)
        }
        #expect(error?.code == .tooLarge)
        #expect(error?.message == "\(self.folder("a")): 10 bytes, the limit is 9")
    }

    @Test func foldersAndPipesAreNotRead() throws {
        #expect(mkfifo(self.folder("pipe"), 0o600) == 0)
        for path in [self.folder.path, self.folder("pipe"), "/dev/null"] {
            let error = #expect(throws: StorageError.self) {
                try readFile(path, maximumBytes: 100)
            }
            #expect(error?.code == .notRegular)
            let mapping = #expect(throws: StorageError.self) { try MappedFile(path: path) }
            #expect(mapping?.code == .notRegular)
        }
    }

    @Test func missingFileSaysWhereToLook() throws {
        let path = self.folder("none")
        let error = #expect(throws: StorageError.self) { try readFile(path, maximumBytes: 1) }
        #expect(error?.code == .notFound)
        #expect(
            error?.message == "\(path): cannot open: No such file or directory; check the path"
        )
    }

    @Test(arguments: [0, 1, 4_096, 4_097])
    func mappingShowsTheFile(byteCount: Int) throws {
        let bytes = sampleBytes(byteCount)
        try replaceFile(self.folder("a"), with: bytes)
        let file = try MappedFile(path: self.folder("a"))
        #expect(file.byteCount == byteCount)
        #expect(file.withBytes { Array($0) } == bytes)
        file.advise(.sequential)
    }

    @Test func mappingOutlivesReplacement() throws {
        try replaceFile(self.folder("a"), with: [1, 2, 3])
        let file = try MappedFile(path: self.folder("a"))
        try replaceFile(self.folder("a"), with: [9])
        #expect(file.withBytes { Array($0) } == [1, 2, 3])
    }

    @Test func statusTellsKindSizeAndTime() throws {
        try replaceFile(self.folder("a"), with: [1, 2, 3])
        #expect(symlink(self.folder("a"), self.folder("link")) == 0)
        var times = [timespec(tv_sec: 5, tv_nsec: 7), timespec(tv_sec: 5, tv_nsec: 7)]
        #expect(utimensat(AT_FDCWD, self.folder("a"), &times, 0) == 0)
        let status = try fileStatus(self.folder("a"))
        #expect(status.size == 3)
        #expect(status.kind == .regular)
        #expect(status.modificationNanoseconds == 5_000_000_007)
        #expect(try fileStatus(self.folder("link")) == status)
        #expect(try fileStatus(self.folder("link"), followingLinks: false).kind == .symbolicLink)
        #expect(try fileStatus(self.folder.path).kind == .folder)
    }

    @Test func foldersAreMadeWithTheirParentsAndListed() throws {
        try createFolder(self.folder("x/y/z"))
        try createFolder(self.folder("x/y/z"))
        try replaceFile(self.folder("x/y/file"), with: [])
        let entries = try folderEntries(self.folder("x/y")).sorted {
            ($0.name ?? "") < ($1.name ?? "")
        }
        #expect(entries.map(\.name) == ["file", "z"])
        let error = #expect(throws: StorageError.self) {
            try createFolder(self.folder("x/y/file"))
        }
        #expect(error?.code == .alreadyExists)
    }

    @Test func nameThatIsNotUTF8IsListedWithoutAName() throws {
        let path = Array(self.folder("").utf8CString.dropLast()) + [-1, 0]
        #expect(close(open(path, O_CREAT | O_WRONLY, 0o600)) == 0)
        #expect(try folderEntries(self.folder.path).map(\.name) == [nil])
    }

    @Test(arguments: [("/a/b", "/a"), ("/a", "/"), ("a", "."), ("/a/b/", "/a"), ("/", "/")])
    func parentOfAPath(path: String, parent: String) {
        #expect(parentFolder(of: path) == parent)
    }
}
