import Hashing
import Segments
import Testing

/// Lists of expansions: where an index has a model for them, and none elsewhere.
@Suite struct ExpansionTests {
    static func expanded(_ rows: Rows, seed: UInt64) -> Rows {
        var random = Seeded(seed)
        return rows.map { document, chunks in
            let expanded = chunks.map { chunk in
                var chunk = chunk
                var pieces: [String: UInt32] = [:]
                for _ in 0..<Int(random.next() % 12) {
                    pieces["p\(random.next() % 60)"] = 1 + UInt32(random.next() % 255)
                }
                var expansion = SegmentTerms(bytes: [], offsets: [0], counts: [], length: 0)
                for (piece, impact) in pieces.sorted(by: { $0.key < $1.key }) {
                    expansion.bytes += Array(piece.utf8)
                    expansion.offsets.append(UInt32(expansion.bytes.count))
                    expansion.counts.append(impact)
                }
                chunk.expansion = expansion
                return chunk
            }
            return (document, expanded)
        }
    }

    static func configuration() -> SegmentConfiguration {
        SegmentConfiguration(
            indexName: "main",
            dimensions: 0,
            vectorEncoding: .none,
            modelFingerprint: "",
            analyzerRevision: 3,
            expansionFingerprint: "expander 1"
        )
    }

    @Test func whatWasWrittenIsRead() throws {
        let folder = try TemporaryFolder()
        let rows = Self.expanded(
            randomRows(count: 60, dimensions: 0, seed: 4, wordsPerChunk: 6),
            seed: 9
        )
        let reference = try writeSegment(rows, Self.configuration(), in: folder)
        let reader = try SegmentReader(path: folder.path + "/" + reference.name)
        try reader.verify()
        #expect(reader.hasExpansions)
        #expect(reader.configuration == Self.configuration())
        var expected: [String: [UInt32: UInt32]] = [:]
        for (place, chunk) in rows.flatMap(\.chunks).enumerated() {
            let terms = chunk.expansion
            for index in terms.counts.indices {
                let bytes = terms.bytes[Int(terms.offsets[index])..<Int(terms.offsets[index + 1])]
                expected[String(decoding: bytes, as: UTF8.self), default: [:]][UInt32(place)] =
                    terms.counts[index]
            }
        }
        var found: [String: [UInt32: UInt32]] = [:]
        var postings = SegmentPostings()
        try reader.forEachTerm(in: .expansions) { term, entry in
            try reader.postings(of: entry, in: .expansions, into: &postings)
            found[String(decoding: term, as: UTF8.self)] = Dictionary(
                uniqueKeysWithValues: zip(postings.chunks, postings.counts)
            )
        }
        #expect(found == expected)
        // Words and expansions are told apart.
        #expect(try reader.term(Array("p1".utf8)) == nil)
        #expect(try reader.term(Array("p1".utf8), in: .expansions) != nil)
        let entry = try #require(try reader.term(Array("p1".utf8), in: .expansions))
        var scores = [Float](repeating: 0, count: reader.chunkCount)
        let weight = PostingWeight(factor: 0.3, countMax: 255)
        try scores.withUnsafeMutableBufferPointer {
            try PostingsCursor(entry, in: .expansions, of: reader, weight)
                .addScores(in: 0..<reader.chunkCount, to: $0)
        }
        for (chunk, impact) in expected["p1"] ?? [:] {
            #expect(scores[Int(chunk)] == 0.3 * Float(impact))
        }
    }

    @Test func bytesDependOnTheRowsAlone() throws {
        let folder = try TemporaryFolder()
        let rows = Self.expanded(
            randomRows(count: 300, dimensions: 0, seed: 5, wordsPerChunk: 300),
            seed: 6
        )
        let names = try [1 << 20, 1 << 26].map {
            try writeSegment(rows, Self.configuration(), in: folder, memoryBudget: $0).name
        }
        #expect(names[0] == names[1])
    }

    @Test func everyFlippedByteIsReported() throws {
        let folder = try TemporaryFolder()
        let rows = Self.expanded(
            randomRows(count: 3, dimensions: 0, seed: 12, wordsPerChunk: 4),
            seed: 3
        )
        let name = try writeSegment(rows, Self.configuration(), in: folder).name
        var bytes = try folder.read(name)
        #expect(SegmentDamageTests.error(folder.path + "/" + name) == nil)
        for index in bytes.indices {
            bytes[index] ^= 1 << UInt8(index % 8)
            try folder.write(bytes, name)
            #expect(SegmentDamageTests.error(folder.path + "/" + name) != nil, "byte \(index)")
            bytes[index] ^= 1 << UInt8(index % 8)
        }
    }

    @Test func anIndexWithoutExpansionsTakesNone() throws {
        let folder = try TemporaryFolder()
        let rows = randomRows(count: 3, dimensions: 0, seed: 12, wordsPerChunk: 4)
        let name = try writeSegment(rows, SegmentsTests.configuration(), in: folder).name
        let reader = try SegmentReader(path: folder.path + "/" + name)
        #expect(!reader.hasExpansions)
        #expect(try reader.term(Array("word1".utf8), in: .expansions) == nil)
        #expect(throws: SegmentError.self) {
            try writeSegment(
                Self.expanded(rows, seed: 1),
                SegmentsTests.configuration(),
                in: folder
            )
        }
    }
}
