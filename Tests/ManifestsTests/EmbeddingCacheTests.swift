import Foundation
import Glibc
import Hashing
import Records
import Storage
import Testing

@testable import Manifests

/// Vectors are found again by several who write and read, damage is found, and what does not fit goes.
@Suite struct EmbeddingCacheTests {
    let folder: TemporaryFolder
    let path: String
    private static let dimensions = 8

    init() throws {
        self.folder = try TemporaryFolder()
        self.path = self.folder("vectors.sqlite")
    }

    private func cache(_ mode: OpenMode = .create) throws -> EmbeddingCache {
        try EmbeddingCache(path: self.path, mode: mode)
    }

    private static func vector(_ text: String) -> [Float] {
        var random = SeededGenerator(seed: sha256(text).word0)
        return (0..<Self.dimensions).map { _ in Float.random(in: -1...1, using: &random) }
    }

    private static func store(
        _ texts: [String],
        _ cache: EmbeddingCache,
        _ model: String = "m",
        limit: Int = .max
    ) throws {
        try cache.store(
            texts.map { sha256($0) },
            components: texts.flatMap(Self.vector),
            of: try cache.use(model, dimensions: Self.dimensions),
            byteLimit: limit
        )
    }

    /// The texts whose vectors are there, and are theirs.
    private static func found(
        _ texts: [String],
        _ cache: EmbeddingCache,
        _ model: String = "m"
    ) throws -> Set<String> {
        guard let model = try cache.model(model, dimensions: Self.dimensions) else { return [] }
        var target = [Float](repeating: 9, count: texts.count * Self.dimensions)
        let missing = try cache.fillVectors(
            model,
            hashes: texts.map { sha256($0) },
            at: Array(texts.indices),
            into: &target
        )
        for (place, text) in texts.enumerated() {
            let part = Array(target[place * Self.dimensions..<(place + 1) * Self.dimensions])
            let expected =
                missing.contains(place)
                ? [Float](repeating: 9, count: Self.dimensions) : Self.vector(text)
            #expect(part == expected)
        }
        return Set(texts.indices.filter { !missing.contains($0) }.map { texts[$0] })
    }

    private func texts(_ count: Int) -> [String] { (0..<count).map { "text \($0)" } }

    @Test func vectorsAreFoundByTextAndModelInAnyProcess() throws {
        let texts = self.texts(40)
        let first = try self.cache()
        let second = try self.cache()
        try Self.store(Array(texts[..<20]), first)
        try Self.store(Array(texts[10..<30]), second)
        #expect(try Self.found(texts, first) == Set(texts[..<30]))
        #expect(try Self.found(texts, second) == Set(texts[..<30]))
        #expect(try Self.found(texts, first, "other").isEmpty)
        #expect(try first.contents(checking: 100).vectors == 30)
        #expect(try first.model("m", dimensions: 9) == nil)
        #expect(throws: ManifestError.self) { try first.use("m", dimensions: 9) }
    }

    @Test func nobodyElseMayReadItAndNoTextIsInIt() throws {
        let cache = try self.cache()
        try Self.store(["quokka zebrafinch"], cache)
        for name in ["", "-wal", "-shm"] where fileExists(self.path + name) {
            #expect(!isSharedFile(self.path + name))
            let bytes = try readFile(self.path + name, maximumBytes: 1 << 24)
            #expect(bytes.firstRange(of: Array("quokka".utf8)) == nil)
        }
    }

    @Test func damagedVectorIsMissingUntilItIsStoredAgain() throws {
        let texts = self.texts(3)
        do {
            let cache = try self.cache()
            try Self.store(texts, cache)
        }
        var bytes = try readFile(self.path, maximumBytes: 1 << 24)
        let vector = Self.vector(texts[1]).withUnsafeBytes { Array($0) }
        let place = try #require(bytes.firstRange(of: vector))
        bytes[place.lowerBound + 5] ^= 0x10
        try replaceFile(self.path, with: bytes)
        let cache = try self.cache(.readWrite)
        #expect(try cache.contents(checking: 10).damaged == 1)
        #expect(try Self.found(texts, cache) == [texts[0], texts[2]])
        try Self.store([texts[1]], cache)
        #expect(try Self.found(texts, cache) == Set(texts))
        let contents = try cache.contents(checking: 10)
        #expect(contents.vectors == 3 && contents.damaged == 0)
    }

    @Test(arguments: 1...4)
    func whatAFullCacheKeepsFollowsFromTheTextsAlone(seed: UInt64) throws {
        let texts = self.texts(300)
        let limit = 100 * EmbeddingCache.byteCount(dimensions: Self.dimensions) + 7
        var random = SeededGenerator(seed: seed)
        let cache = try self.cache()
        var rest = texts.shuffled(using: &random)[...]
        while !rest.isEmpty {
            let part = rest.prefix(Int.random(in: 1...40, using: &random))
            rest = rest.dropFirst(part.count)
            try Self.store(Array(part), cache, limit: limit)
            #expect(try cache.contents(checking: 0).bytes <= limit)
        }
        let kept = texts.sorted { sha256($0) < sha256($1) }.prefix(100)
        #expect(try Self.found(texts, cache) == Set(kept))
    }

    @Test func modelsShareTheRoomAndOneThatNobodyUsesGoesFirst() throws {
        let texts = self.texts(60)
        let limit = 60 * EmbeddingCache.byteCount(dimensions: Self.dimensions)
        let cache = try self.cache()
        try Self.store(texts, cache, "old", limit: limit)
        try Self.store(texts, cache, "new", limit: limit)
        let old = try Self.found(texts, cache, "old")
        let new = try Self.found(texts, cache, "new")
        #expect(old.count + new.count == 60)
        #expect(abs(old.count - new.count) <= 1)
        for _ in 0...EmbeddingCache.openingsKept { _ = try cache.use("new", dimensions: 8) }
        try Self.store(texts, cache, "new", limit: limit)
        #expect(try Self.found(texts, cache, "new") == Set(texts))
        #expect(try Self.found(texts, cache, "old").isEmpty)
    }

    @Test func whatIsForgottenLeavesNoByte() throws {
        let texts = self.texts(200)
        let cache = try self.cache()
        try Self.store(texts, cache)
        try Self.store(texts, cache, "other")
        #expect(try cache.forget([sha256(texts[7]), sha256("never there")]) == 2)
        #expect(try Self.found(texts, cache).count == 199)
        #expect(try cache.contents(checking: 0).vectors == 398)
        for name in ["", "-wal"] where fileExists(self.path + name) {
            let bytes = try readFile(self.path + name, maximumBytes: 1 << 24)
            #expect(bytes.firstRange(of: sha256(texts[7]).bytes) == nil)
            let vector = Self.vector(texts[7]).withUnsafeBytes { Array($0) }
            #expect(bytes.firstRange(of: vector) == nil)
        }
    }

    @Test(arguments: [1, 2, 5])
    func writerThatIsKilledLeavesWholeVectors(seconds: Int) async throws {
        let path = self.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, seconds] in
            let cache = try EmbeddingCache(path: path, mode: .create)
            Thread.detachNewThread {
                usleep(UInt32(seconds) * 60_000)
                kill(getpid(), SIGKILL)
            }
            for number in 0... {
                let texts = (0..<50).map { "text \(number * 50 + $0)" }
                try EmbeddingCacheTests.store(texts, cache)
            }
        }
        let cache = try self.cache()
        let contents = try cache.contents(checking: 1 << 20)
        #expect(contents.damaged == 0 && contents.vectors.isMultiple(of: 50))
        let texts = self.texts(contents.vectors + 50)
        #expect(try Self.found(texts, cache).count == contents.vectors)
        try Self.store(texts, cache)
        #expect(try Self.found(texts, cache) == Set(texts))
    }

    @Test func fileOfAnotherKindIsRefusedAndLeftAlone() throws {
        let bytes = [UInt8](repeating: 65, count: 4_096)
        try replaceFile(self.path, with: bytes)
        #expect(throws: ManifestError.self) { try self.cache() }
        #expect(try readFile(self.path, maximumBytes: 1 << 20) == bytes)
    }
}
