import Hashing
import Records
import Storage
import Testing

@testable import Manifests

/// The files of band keys, and what is read of them.
@Suite struct BandRunTests {
    let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private func run(_ entries: [BandEntry], count: Int? = nil) throws -> BandRun {
        let numbers = entries.map(\.number)
        let shape = BandRunShape(
            low: try #require(numbers.min()),
            high: try #require(numbers.max()),
            count: count ?? entries.count
        )
        var writer = try BandRunWriter(shape, in: self.folder.path)
        for entry in entries.sorted() { try writer.append(entry) }
        let run = try writer.finish()
        return try #require(run)
    }

    private let few: [BandEntry] = [
        BandEntry(key: 0, number: 5), BandEntry(key: 1 << 39, number: 5),
        BandEntry(key: 1 << 40 - 1, number: 5), BandEntry(key: 1 << 39, number: 6),
        BandEntry(key: 1, number: 9), BandEntry(key: 12_345_678_901, number: 9),
    ]

    private let many = (0..<200).map { place in
        BandEntry(
            key: UInt64(place) &* 0x9E_3779_B97F & (1 << 40 - 1),
            number: 100 + Int64(place / 4)
        )
    }

    /// Made by another program from the description; a change of the form needs a new version of the store.
    @Test func aRunHasTheFormThatIsDescribed() throws {
        #expect(
            try self.run(self.few).digest.hex
                == "a562e199165343d9581f211069a8641adbe20315453a9b801b4ce10f3b8dac38"
        )
        let run = try self.run(self.many)
        #expect(
            run.digest.hex == "b32709eff93c0ac158ac1093730c1c63b24a9dbb19abfdbfb6c3587668dc44d2"
        )
        #expect(run.byteCount == 1_176)
        let path = BandRun.path(run.digest, in: self.folder.path)
        #expect(try sha256(readFile(path, maximumBytes: 9_999)) == run.digest)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var random = SeededGenerator(seed: 11)
        for count in [1, 2, 31, 32, 33, 700, 5_000] {
            let first = Int64.random(in: 1...1 << 30, using: &random)
            let entries = Set(
                (0..<count).map { _ in
                    BandEntry(
                        // Some keys in many groups.
                        key: .random(in: 0..<2, using: &random) == 0
                            ? .random(in: 0..<1 << 40, using: &random)
                            : .random(in: 0..<8, using: &random) << 37,
                        number: first + .random(in: 0..<Int64(count), using: &random)
                    )
                }
            ).sorted()
            // More were expected than came: those of groups that are gone.
            for expected in [entries.count, 3 * entries.count] {
                let run = try self.run(entries, count: expected)
                var read: [BandEntry] = []
                run.forEachEntry { read.append($0) }
                #expect(read == entries)
                var cursor = BandCursor(run)
                for entry in entries {
                    #expect(cursor.entry == entry)
                    cursor.advance()
                }
                #expect(cursor.entry == nil)
                let byKey = Dictionary(grouping: entries, by: \.key).mapValues { $0.map(\.number) }
                let absent = (0..<50).map { _ in UInt64.random(in: 0..<1 << 40, using: &random) }
                for key in Array(byKey.keys) + absent + [0, 1 << 40 - 1] {
                    var found: [Int64] = []
                    run.forEachNumber(of: key) { number in
                        found.append(number)
                        return true
                    }
                    #expect(found == byKey[key] ?? [])
                }
            }
        }
    }

    @Test func oneThatIsNoneIsNamed() throws {
        for bytes in [[], [1, 2, 3], [UInt8](repeating: 0, count: 200)] as [[UInt8]] {
            let digest = sha256(bytes)
            let path = BandRun.path(digest, in: self.folder.path)
            try replaceFile(path, with: bytes)
            let error = #expect(throws: ManifestError.self) {
                try BandRun(digest, in: self.folder.path)
            }
            #expect(error?.code == .corrupt && error?.path == path)
        }
    }

    @Test func nothingIsWrittenWhereNothingIsLeft() throws {
        let writer = try BandRunWriter(
            BandRunShape(low: 1, high: 4, count: 9),
            in: self.folder.path
        )
        let run = try writer.finish()
        #expect(run == nil)
        #expect(try folderEntries(self.folder.path).isEmpty)
    }

    @Test func storedKeysAreCutAndDistinct() {
        #expect(BandKey.stored([.max, 1 << 24, 5]) == [1 << 40 - 1, 1, 0])
        #expect(BandKey.stored([7 << 24, 1 << 24, 1 << 24 + 9]) == [1, 7])
        #expect(BandKey.stored([]) == [])
    }
}
