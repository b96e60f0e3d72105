import Hashing
import Records
import Segments
import Testing

@Suite struct SegmentRoundTripTests {
    @Test(
        arguments: [
            (0, 0, VectorEncoding.none), (1, 0, .none), (7, 3, .float32), (40, 64, .float16),
            (40, 100, .float32), (90, 33, .float16), (40, 64, .packed), (20, 100, .packed),
        ])
    func everyRowReadsBackAsWritten(
        count: Int,
        dimensions: Int,
        encoding: VectorEncoding
    ) throws {
        let folder = try TemporaryFolder()
        let rows = randomRows(count: count, dimensions: dimensions, seed: UInt64(count))
        let configuration = configuration(
            dimensions: dimensions,
            encoding: encoding,
            properties: ["policy": "abc", "": "x"]
        )
        let reference = try writeSegment(rows, configuration, in: folder)
        #expect(folder.names == [reference.name])
        let reader = try SegmentReader(path: folder.path + "/" + reference.name)
        try reader.verify()
        #expect(reader.configuration == configuration)
        #expect(reader.documentCount == count)
        #expect(reader.byteCount == reference.byteCount)
        #expect(reader.digest.hex == reference.digest)
        var index = 0
        for (number, row) in rows.enumerated() {
            #expect(try reader.document(number) == row.document)
            #expect(try reader.documentIndex(of: row.document.id) == number)
            #expect(try reader.documentRow(number).chunks == index..<index + row.chunks.count)
            for chunk in row.chunks {
                #expect(try reader.chunk(index) == chunk.chunk)
                #expect(reader.document(ofChunk: index) == number)
                #expect(try reader.text(ofChunk: index) == Array(chunk.text))
                #expect(reader.length(ofChunk: index) == chunk.terms.length)
                let found = reader.vector(ofChunk: index)
                switch encoding {
                case .none, .float32: #expect(found == chunk.vector)
                case .float16: #expect(found == chunk.vector.map { Float(Float16($0)) })
                case .packed:
                    #expect(found.count == dimensions)
                    #expect(zip(found, chunk.vector).allSatisfy { abs($0 - $1) < 0.015 })
                }
                index += 1
            }
        }
        #expect(reader.chunkCount == index)
        #expect(try reader.documentIndex(of: documentID(uri: "absent")) == nil)
    }

    @Test func everyTermHasItsPostings() throws {
        let folder = try TemporaryFolder()
        let rows = randomRows(count: 200, dimensions: 0, seed: 5)
        let reference = try writeSegment(rows, configuration(), in: folder)
        let reader = try SegmentReader(path: folder.path + "/" + reference.name)
        var expected: [[UInt8]: [(UInt32, UInt32)]] = [:]
        for (index, chunk) in rows.flatMap(\.chunks).enumerated() {
            for term in chunk.terms.counts.indices {
                let range = Int(chunk.terms.offsets[term])..<Int(chunk.terms.offsets[term + 1])
                expected[Array(chunk.terms.bytes[range]), default: []]
                    .append((UInt32(index), chunk.terms.counts[term]))
            }
        }
        #expect(reader.termCount == expected.count)
        #expect(reader.termCount > 3 * 64)
        var postings = SegmentPostings()
        for (term, list) in expected {
            let entry = try #require(try reader.term(term))
            try reader.postings(of: entry, into: &postings)
            #expect(postings.chunks == list.map(\.0))
            #expect(postings.counts == list.map(\.1))
            #expect(entry.chunkCount == list.count)
            #expect(try reader.term(term + [0]) == nil)
        }
        for absent in ["", "a", "word", "word1x", "zzzz"] {
            #expect(try reader.term(Array(absent.utf8)) == nil)
        }
        var seen: [[UInt8]] = []
        try reader.forEachTerm { term, _ in seen.append(Array(term)) }
        #expect(seen == expected.keys.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func textsLongerThanABlockAndEmptyOnesReadBack() throws {
        let folder = try TemporaryFolder()
        let texts = [
            "", String(repeating: "long text ", count: 20_000), "",
            String(repeating: "y z ", count: 16_384), "end",
        ]
        let chunks = texts.enumerated().map { chunk($0.offset, $0.element) }
        let reference = try writeSegment([(document("a"), chunks)], configuration(), in: folder)
        let reader = try SegmentReader(path: folder.path + "/" + reference.name)
        try reader.verify()
        for (index, text) in texts.enumerated() {
            #expect(try reader.text(ofChunk: index) == Array(text.utf8))
        }
    }

    @Test func theBytesDoNotDependOnTheMemoryBudget() throws {
        let folder = try TemporaryFolder()
        let rows = randomRows(count: 400, dimensions: 64, seed: 9, wordsPerChunk: 300)
        let configuration = configuration(dimensions: 64, encoding: .float16)
        let names = try [1, 2 << 20, 1 << 28].map {
            try writeSegment(rows, configuration, in: folder, memoryBudget: $0).name
        }
        #expect(Set(names).count == 1)
        #expect(folder.names == [names[0]])
        try SegmentReader(path: folder.path + "/" + names[0]).verify()
    }

    @Test func theDigestDoesNotDependOnHowDocumentsAreSplitOverSegments() throws {
        let folder = try TemporaryFolder()
        let rows = randomRows(count: 30, dimensions: 8, seed: 4)
        let configuration = configuration(dimensions: 8, encoding: .float32)
        let whole = try writeSegment(rows, configuration, in: folder)
        var sum = DigestSum()
        for part in [0, 1, 2] {
            let some = rows.enumerated().filter { $0.offset % 3 == part }.map(\.element)
            let digest = try writeSegment(some, configuration, in: folder).digest
            sum.add(try #require(Digest(hex: digest)))
        }
        #expect(sum.value.hex == whole.digest)
    }

    @Test func theDigestCoversEveryFieldOfAChunkAndItsDocument() throws {
        let folder = try TemporaryFolder()
        func digest(_ document: SegmentDocument, _ chunk: SegmentChunk) throws -> String {
            let configuration = configuration(dimensions: 2, encoding: .float16)
            return try writeSegment([(document, [chunk])], configuration, in: folder).digest
        }
        let base = (document("a"), chunk(0, "text", vector: [1, 2], headings: ["h"], page: 1))
        var seen = [try digest(base.0, base.1)]
        for change in [
            \SegmentDocument.uri, \.title, \.source, \.language, \.mediaType,
        ] as [WritableKeyPath<SegmentDocument, String>] {
            var other = base.0
            other[keyPath: change] += "x"
            seen.append(try digest(other, base.1))
        }
        var other = base.0
        other.metadata["site"] = "elsewhere"
        seen.append(try digest(other, base.1))
        other = document("b")
        other.uri = base.0.uri
        seen.append(try digest(other, base.1))
        for chunk in [
            chunk(1, "text", vector: [1, 2], headings: ["h"], page: 1),
            chunk(0, "texts", vector: [1, 2], headings: ["h"], page: 1),
            chunk(0, "text", vector: [1, 3], headings: ["h"], page: 1),
            chunk(0, "text", vector: [1, 2], headings: ["h", ""], page: 1),
            chunk(0, "text", vector: [1, 2], headings: ["h"], page: 2),
        ] {
            seen.append(try digest(base.0, chunk))
        }
        #expect(Set(seen).count == seen.count)
    }
}
