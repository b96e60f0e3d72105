import Foundation
import Storage
import Testing

@testable import Manifests

/// What stands in a manifest beside its rows, and who may read it.
@Suite struct ReadAccessTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        self.folder = try TemporaryFolder()
        self.path = self.folder("manifest.sqlite")
    }

    @Test func deletedTextsAreWipedFromFreePages() throws {
        let manifest = try ShardManifest(path: self.path, mode: .create)
        let items = (0..<40).map { item("d\($0)") }
        try manifest.commit(items.map { success($0) }, run: 1, at: 1)
        try manifest.commit(items.map { .removed($0.id) }, run: 1, at: 1)
        try manifest.checkpoint()
        var parts: [ManifestLeftovers.Part] = []
        try ManifestLeftovers(path: self.path).visit { part, _ in parts.append(part) }
        #expect(parts.isEmpty)
    }

    @Test func freePageThatIsNotWipedAndLogAreVisited() throws {
        let manifest = try ShardManifest(path: self.path, mode: .create)
        let items = (0..<200).map { item("d\($0)") }
        try manifest.commit(items.map { success($0) }, run: 1, at: 1)
        try manifest.commit(items.map { .removed($0.id) }, run: 1, at: 1)
        try manifest.checkpoint()
        var bytes = try readFile(self.path, maximumBytes: 1 << 26)
        func word(_ offset: Int) -> Int {
            bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        // The first trunk page of the free list, and the first page it names (SQLite file format §1.5).
        let trunk = (word(32) - 1) * 8_192
        let leaf = (word(trunk + 8) - 1) * 8_192
        try #require(word(32) > 0 && word(trunk + 4) > 0)
        let secret = Array("left behind".utf8)
        bytes.replaceSubrange(leaf + 100..<leaf + 100 + secret.count, with: secret)
        let copy = self.folder("copy.sqlite")
        try Data(bytes).write(to: URL(filePath: copy))
        try Data(
            [UInt8](repeating: 0, count: 8) + [0, 0, 2, 0] + [UInt8](repeating: 7, count: 556)
        )
        .write(to: URL(filePath: copy + "-wal"))
        var found: [ManifestLeftovers.Part: [UInt8]] = [:]
        try ManifestLeftovers(path: copy).visit { part, bytes in
            found[part, default: []] += Array(bytes)
        }
        #expect(found[.freePage]?.firstRange(of: secret) != nil)
        #expect(found[.log]?.count == 512)
    }

    @Test func truncatedFilesHaveNothingBesideTheirRows() throws {
        _ = try ShardManifest(path: self.path, mode: .create)
        let bytes = try readFile(self.path, maximumBytes: 1 << 26)
        for count in [0, 1, 99, 100, 512, 8_191, bytes.count - 1] {
            let copy = self.folder("cut-\(count)")
            try Data(bytes.prefix(count)).write(to: URL(filePath: copy))
            try ManifestLeftovers(path: copy).visit { _, _ in Issue.record("\(count)") }
        }
    }

    /// What is hashed for nothing costs a run that changes nothing most of its time.
    @Test func aTransactionThatChangesNothingLeavesAManifestAsItWas() throws {
        do {
            let manifest = try ShardManifest(path: self.path, mode: .create)
            try manifest.commit([success(item("a"))], run: 1, at: 1)
            try manifest.markAllResolved()
        }
        let bytes = try readFile(self.path, maximumBytes: 1 << 26)
        let manifest = try ShardManifest(path: self.path, mode: .readWrite)
        try manifest.markAllResolved()
        try manifest.setResolutions([Resolution(id: item("a").id, canonical: nil, similarity: nil)])
        #expect(!manifest.hasChanged)
        #expect(try readFile(self.path, maximumBytes: 1 << 26) == bytes)
        try manifest.setNumber("n", to: 1)
        #expect(manifest.hasChanged)
        try manifest.checkpoint()
        #expect(manifest.hasChanged)
        #expect(try readFile(self.path, maximumBytes: 1 << 26) != bytes)
    }

    @Test func onlyWritesChangeAManifest() throws {
        #expect(try ShardManifest(path: self.path, mode: .create).hasChanged)
        let manifest = try ShardManifest(path: self.path, mode: .readWrite)
        _ = try manifest.listing()
        #expect(!manifest.hasChanged)
        try manifest.setNumber("n", to: 1)
        #expect(manifest.hasChanged)
    }
}
