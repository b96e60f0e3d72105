import Segments
import Testing

@Suite struct PositionTests {
    private static func rows(seed: UInt64) -> Rows {
        randomRows(count: 500, dimensions: 0, seed: seed, wordsPerChunk: 60)
    }

    /// Where each term of the rows stands: chunk row and position.
    private static func places(in rows: Rows) -> [[UInt8]: [WordPlace]] {
        var places: [[UInt8]: [WordPlace]] = [:]
        for (row, chunk) in rows.flatMap(\.chunks).enumerated() {
            var start = 0
            for (index, count) in chunk.terms.counts.enumerated() {
                let range = Int(chunk.terms.offsets[index])..<Int(chunk.terms.offsets[index + 1])
                places[Array(chunk.terms.bytes[range]), default: []] +=
                    chunk.terms.positions[start..<start + Int(count)].map {
                        WordPlace(row) << 32 | WordPlace($0)
                    }
                start += Int(count)
            }
        }
        return places
    }

    @Test func whatWasWrittenIsReadOfAllChunksAndOfSome() throws {
        let folder = try TemporaryFolder()
        let rows = Self.rows(seed: 4)
        let names = try [1 << 20, 1 << 26].map {
            try writeSegment(rows, configuration(), in: folder, memoryBudget: $0).name
        }
        #expect(names[0] == names[1])
        let reader = try SegmentReader(path: folder.path + "/" + names[0])
        try reader.verify()
        var random = Seeded(11)
        var some = ChunkMask(chunkCount: reader.chunkCount)
        for chunk in 0..<reader.chunkCount where random.next() % 9 == 0 {
            some.insert(chunk..<chunk + 1)
        }
        var longest = 0
        for (term, expected) in Self.places(in: rows) {
            let entry = try #require(try reader.term(term))
            let all = try reader.places(of: entry, in: ChunkMask(allOf: reader.chunkCount))
            #expect(all == expected)
            let found = try reader.places(of: entry, in: some)
            #expect(found == expected.filter { some.contains(Int($0 >> 32)) })
            longest = max(longest, expected.count)
        }
        #expect(longest > 300)
    }

    @Test func termsWithoutTheirPositionsAreRefused() throws {
        let folder = try TemporaryFolder()
        for positions in [[], [0], [0, 2, 1], [0, 1, 2, 3]] as [[UInt32]] {
            var row = chunk(0, "one two two")
            row.terms.positions = positions
            #expect(throws: SegmentError.self) {
                try writeSegment([(document("a"), [row])], configuration(), in: folder)
            }
        }
    }

    /// A damaged file, its checksums not looked at, gives places of its chunks or a report.
    @Test func damagedPositionsAreReportedOrAreInBounds() throws {
        let folder = try TemporaryFolder()
        let rows = Self.rows(seed: 6)
        let name = try writeSegment(rows, configuration(), in: folder).name
        let bytes = try folder.read(name)
        let sections =
            try sectionRange(15...16, of: bytes).map { $0 }
            + sectionRange(23...23, of: bytes).map { $0 }
        let terms = Self.places(in: rows).sorted { $0.value.count > $1.value.count }.prefix(5)
        var random = Seeded(31)
        var reports = 0
        for round in 0..<600 {
            var damaged = bytes
            for _ in 0..<40 {
                damaged[sections[Int(random.next() % UInt64(sections.count))]] =
                    round % 3 == 0 ? 0xFF : UInt8(truncatingIfNeeded: random.next())
            }
            try folder.write(damaged, name)
            guard let reader = try? SegmentReader(path: folder.path + "/" + name) else { continue }
            let all = ChunkMask(allOf: reader.chunkCount)
            for (term, _) in terms {
                do {
                    guard let entry = try reader.term(term) else { continue }
                    let places = try reader.places(of: entry, in: all)
                    #expect(places.allSatisfy { $0 >> 32 < WordPlace(reader.chunkCount) })
                } catch {
                    reports += 1
                }
            }
        }
        #expect(reports > 40)
    }
}
