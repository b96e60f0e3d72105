import Segments
import Testing

/// Lists around the sizes of blocks, with gaps and counts of every width.
@Suite struct PackedPostingsTests {
    /// How many postings each of some terms has, and their counts.
    private static let lengths = [1, 2, 127, 128, 129, 255, 256, 257, 1_000, 2_000]

    private static func lists(seed: UInt64) -> [String: [Int: UInt32]] {
        var random = Seeded(seed)
        var lists: [String: [Int: UInt32]] = [:]
        for length in Self.lengths {
            for width in [0, 1, 4, 9, 31, 32] {
                var list: [Int: UInt32] = [:]
                while list.count < length {
                    // A run of neighbours now and then: gaps of nothing beside wide ones.
                    let start = Int(random.next() % 2_000)
                    for chunk in start..<min(start + Int(random.next() % 9), 2_000)
                    where list.count < length {
                        let isWide = random.next() % 20 == 0
                        let bits = isWide ? width : width / 3
                        list[chunk] = 1 + UInt32(random.next() & ((1 << UInt64(bits)) - 1)) % .max
                    }
                }
                lists["t\(length)-\(width)"] = list
            }
        }
        return lists
    }

    private static func rows(_ lists: [String: [Int: UInt32]]) -> Rows {
        let names = lists.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var documents = (0..<500).map { document("d\($0)") }
        documents.sort { $0.id < $1.id }
        return documents.enumerated().map { number, document in
            let chunks = (0..<4).map { ordinal in
                var row = chunk(ordinal, "w")
                row.expansion = SegmentTerms(bytes: [], offsets: [0], counts: [], length: 0)
                for name in names {
                    guard let count = lists[name]?[4 * number + ordinal] else { continue }
                    row.expansion.bytes += Array(name.utf8)
                    row.expansion.offsets.append(UInt32(row.expansion.bytes.count))
                    row.expansion.counts.append(count)
                }
                return row
            }
            return (document, chunks)
        }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func whatWasWrittenIsRead(seed: UInt64) throws {
        let lists = Self.lists(seed: seed)
        let folder = try TemporaryFolder()
        let names = try [1 << 20, 1 << 26].map {
            try writeSegment(
                Self.rows(lists),
                ExpansionTests.configuration(),
                in: folder,
                memoryBudget: $0
            ).name
        }
        #expect(names[0] == names[1])
        let reader = try SegmentReader(path: folder.path + "/" + names[0])
        try reader.verify()
        var postings = SegmentPostings()
        for (name, list) in lists {
            let entry = try #require(try reader.term(Array(name.utf8), in: .expansions))
            try reader.postings(of: entry, in: .expansions, into: &postings)
            #expect(postings.chunks.map { Int($0) } == list.keys.sorted(), "\(name)")
            #expect(postings.counts == list.keys.sorted().map { list[$0] }, "\(name)")
        }
    }

    /// Whoever writes a list in another way, or with another bound, is found out although all checksums fit.
    @Test func aLooserBoundIsReported() throws {
        let folder = try TemporaryFolder()
        let lists = ["t": Dictionary(uniqueKeysWithValues: (0..<200).map { ($0, UInt32(3)) })]
        let rows = Self.rows(lists)
        let name = try writeSegment(rows, ExpansionTests.configuration(), in: folder).name
        var bytes = try folder.read(name)
        let list = try sectionRange(22...22, of: bytes)
        #expect(bytes[list.lowerBound + 8] == 3)
        bytes[list.lowerBound + 8] = 4
        try folder.write(try resealed(bytes), "other.mrs")
        let error = SegmentDamageTests.error(folder.path + "/other.mrs")
        #expect(error?.message.contains("content's name") == true)
        try folder.write(try resealed(bytes), nameOf(try resealed(bytes)))
        let found = SegmentDamageTests.error(folder.path + "/" + nameOf(try resealed(bytes)))
        #expect(found?.message.contains("are not the 200 of their term") == true)
    }
}
