import Foundation
import Records
import Search
import Segments
import Testing

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

    @Test func itAnswersAsTheSameRowsInTheFormatOfToday() throws {
        let old = try LiveSegmentReader(folder: Self.folder, name: Self.name, tombstones: nil)
        try old.verify()
        let workspace = try TemporaryWorkspace()
        var writer = try SegmentWriter(
            folder: workspace.path,
            configuration: old.segment.configuration,
            memoryBudget: 1 << 26
        )
        for row in try Self.rows(of: old.segment) {
            try writer.add(row.document, chunks: row.chunks)
        }
        let reference = try writer.finish()
        #expect(reference.name != Self.name)
        #expect(reference.digest == old.segment.digest.hex)
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
        let searchers = try [old, new].map { try Searcher(index: index, readers: [$0]) }
        let vector = old.segment.vector(ofChunk: 5)
        for filters in [
            [], ["uri=docs/d3"], ["meta.author=Ada"], ["meta.part=1", "meta.part=2", "uri=docs/"],
            ["meta.author=Ada", "lang=en"], ["meta.author=nobody"],
        ] {
            for mode in SearchQuery.Mode.allCases {
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
