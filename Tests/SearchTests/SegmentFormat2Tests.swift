import Foundation
import Records
import Search
import Segments
import Storage
import Testing
import Text

/// A file of segment format 2, kept from the last program that wrote it.
@Suite struct SegmentFormat2Tests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/segment-format-2").path
    static let name = "106d93a38f52d6dab9368f94be81b308a4324ca0c4e4d7cfe94bac011ca30d0d.mrs"

    /// Its rows, and their terms from its postings.
    static func rows(
        of reader: SegmentReader
    ) throws -> [(document: SegmentDocument, chunks: [SegmentChunk])] {
        var terms = [SegmentTerms](
            repeating: SegmentTerms(bytes: [], offsets: [0], counts: [], length: 0),
            count: reader.chunkCount
        )
        var postings = SegmentPostings()
        try reader.forEachTerm { term, entry in
            try reader.postings(of: entry, into: &postings)
            for (chunk, count) in zip(postings.chunks, postings.counts) {
                terms[Int(chunk)].bytes += term
                terms[Int(chunk)].offsets.append(UInt32(terms[Int(chunk)].bytes.count))
                terms[Int(chunk)].counts.append(count)
            }
        }
        return try (0..<reader.documentCount).map { document in
            let chunks = try reader.documentRow(document).chunks.map { index in
                terms[index].length = reader.length(ofChunk: index)
                return SegmentChunk(
                    chunk: try reader.chunk(index),
                    text: try reader.text(ofChunk: index)[...],
                    vector: reader.vector(ofChunk: index),
                    terms: terms[index]
                )
            }
            return (try reader.document(document), chunks)
        }
    }

    /// The file, said to be of another analysis: its terms are alike in both.
    static func bytes(ofAnalysis revision: Int) throws -> [UInt8] {
        var bytes = try readFile(Self.folder + "/" + Self.name, maximumBytes: 1 << 20)
        func put(_ value: UInt32, at offset: Int) {
            withUnsafeBytes(of: value.littleEndian) {
                bytes.replaceSubrange(offset..<offset + 4, with: $0)
            }
        }
        put(UInt32(revision), at: 36)
        let tableEnd = 128 + 24 * Int(bytes[12])
        put(crc32(Array(bytes[128..<tableEnd]), continuing: crc32(Array(bytes[..<124]))), at: 124)
        return bytes
    }

    @Test func itAnswersAsTheSameRowsInTheFormatOfToday() throws {
        let old = try LiveSegmentReader(folder: Self.folder, name: Self.name, tombstones: nil)
        try old.verify()
        let workspace = try TemporaryWorkspace()
        var configuration = old.segment.configuration
        configuration.analyzerRevision = TermAnalyzer.revision
        var writer = try SegmentWriter(
            folder: workspace.path,
            configuration: configuration,
            memoryBudget: 1 << 26
        )
        for row in try Self.rows(of: old.segment) {
            try writer.add(row.document, chunks: row.chunks)
        }
        let reference = try writer.finish()
        #expect(reference.name != Self.name)
        #expect(reference.digest == old.segment.digest.hex)
        try replaceFile(
            workspace.path + "/old.mrs",
            with: Self.bytes(ofAnalysis: TermAnalyzer.revision)
        )
        let new = try LiveSegmentReader(
            folder: workspace.path,
            name: reference.name,
            tombstones: nil
        )
        let index = IndexSnapshot(
            name: "index",
            modelFingerprint: old.segment.configuration.modelFingerprint,
            modelName: "hash",
            dimensions: old.segment.configuration.dimensions,
            segments: []
        )
        let today = try LiveSegmentReader(folder: workspace.path, name: "old.mrs", tombstones: nil)
        let searchers = try [today, new].map { try Searcher(index: index, readers: [$0]) }
        let vector = old.segment.vector(ofChunk: 5)
        for filters in [
            [], ["uri=docs/d3"], ["meta.author=Ada"], ["meta.part=1", "meta.part=2", "uri=docs/"],
            ["meta.author=Ada", "lang=en"], ["meta.author=nobody"],
        ] {
            for mode in SearchQuery.Mode.plain {
                for text in ["mill wheel", "\"running houses\"", "title:document river -stone"] {
                    var query = SearchQuery(text: text, vector: vector, mode: mode, k: 20)
                    query.filters = try filters.map { try Filter(parsing: $0) }
                    let found = try searchers.map { try $0.search(query) }
                    #expect(found[0] == found[1], "\(filters) \(mode) \(text)")
                    #expect(!found[0].isEmpty || !filters.isEmpty)
                }
            }
        }
    }
}
