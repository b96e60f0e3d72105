import Foundation
import Records
import Search
import Segments
import Storage
import Testing
import Text

/// Files of older segment formats, each kept from the last program that wrote it.
@Suite struct OlderSegmentFormatTests {
    static func folder(ofFormat version: Int) -> String {
        URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/segment-format-\(version)").path
    }

    static func name(ofFormat version: Int) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: Self.folder(ofFormat: version)
        )
        return try #require(names.first { $0.hasSuffix(SegmentFormat.fileExtension) })
    }

    /// Its rows, and their terms from its postings.
    static func rows(
        of reader: SegmentReader
    ) throws -> [(document: SegmentDocument, chunks: [SegmentChunk])] {
        var terms = try Self.terms(of: reader, in: .words)
        let expansions = try Self.terms(of: reader, in: .expansions)
        return try (0..<reader.documentCount).map { document in
            let title = try reader.document(document).title
            let chunks = try reader.documentRow(document).chunks.map { index in
                terms[index].positions = try Self.positions(
                    of: terms[index],
                    in: try reader.text(ofChunk: index),
                    under: [title] + reader.chunk(index).headings
                )
                terms[index].length = reader.length(ofChunk: index)
                return SegmentChunk(
                    chunk: try reader.chunk(index),
                    text: try reader.text(ofChunk: index)[...],
                    vector: reader.vector(ofChunk: index),
                    terms: terms[index],
                    expansion: expansions[index]
                )
            }
            return (try reader.document(document), chunks)
        }
    }

    /// Where the terms stand in the text, or in it with the lines above: as their counts say.
    private static func positions(
        of terms: SegmentTerms,
        in text: [UInt8],
        under lines: [String]
    ) throws -> [UInt32] {
        var above: [UInt8] = []
        for line in lines.reduce(into: [String](), { if !$0.contains($1) { $0.append($1) } })
        where !line.isEmpty && text.firstRange(of: Array(line.utf8)) == nil {
            above += Array(line.utf8) + [0x0A]
        }
        var analyzer = TermAnalyzer()
        let found = [above + text, text].lazy.compactMap { text -> [UInt32]? in
            var counted = TermCounts()
            text.withUnsafeBufferPointer { analyzer.analyze($0, into: &counted) }
            var places: [[UInt8]: ArraySlice<UInt32>] = [:]
            var start = 0
            for index in 0..<counted.termCount {
                let end = start + Int(counted.counts[index])
                places[Array(counted.term(at: index))] = counted.positions[start..<end]
                start = end
            }
            var positions: [UInt32] = []
            for index in terms.counts.indices {
                let range = Int(terms.offsets[index])..<Int(terms.offsets[index + 1])
                guard let own = places[Array(terms.bytes[range])],
                    own.count >= Int(terms.counts[index])
                else { return nil }
                // Spellings that analysis 3 did not have may give more.
                positions += own.prefix(Int(terms.counts[index]))
            }
            return positions
        }
        return try #require(found.first)
    }

    /// The terms of each chunk, from the lists.
    private static func terms(
        of reader: SegmentReader,
        in lists: ChunkLists
    ) throws -> [SegmentTerms] {
        var terms = [SegmentTerms](
            repeating: SegmentTerms(bytes: [], offsets: [0], counts: [], length: 0),
            count: reader.chunkCount
        )
        var postings = SegmentPostings()
        try reader.forEachTerm(in: lists) { term, entry in
            try reader.postings(of: entry, in: lists, into: &postings)
            for (chunk, count) in zip(postings.chunks, postings.counts) {
                terms[Int(chunk)].bytes += term
                terms[Int(chunk)].offsets.append(UInt32(terms[Int(chunk)].bytes.count))
                terms[Int(chunk)].counts.append(count)
            }
        }
        return terms
    }

    /// The file, said to be of another analysis: its terms are alike in both.
    static func bytes(ofFormat version: Int, analysis revision: Int) throws -> [UInt8] {
        let path = try Self.folder(ofFormat: version) + "/" + Self.name(ofFormat: version)
        var bytes = try readFile(path, maximumBytes: 1 << 20)
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

    /// The rows of a file in the format of today, beside the file itself, both of the analysis of today.
    private static func searchers(
        ofFormat version: Int,
        in workspace: TemporaryWorkspace
    ) throws -> (old: SegmentReader, searchers: [Searcher]) {
        let name = try Self.name(ofFormat: version)
        let old = try LiveSegmentReader(
            folder: Self.folder(ofFormat: version),
            name: name,
            tombstones: nil
        )
        try old.verify()
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
        #expect(reference.name != name)
        #expect(reference.digest == old.segment.digest.hex)
        try replaceFile(
            workspace.path + "/old.mrs",
            with: Self.bytes(ofFormat: version, analysis: TermAnalyzer.revision)
        )
        let isExpanded = !configuration.expansionFingerprint.isEmpty
        let index = IndexSnapshot(
            name: "index",
            modelFingerprint: old.segment.configuration.modelFingerprint,
            modelName: "hash",
            dimensions: old.segment.configuration.dimensions,
            expander: isExpanded ? "{}" : nil,
            expansionFingerprint: isExpanded ? configuration.expansionFingerprint : nil,
            segments: []
        )
        let readers = try ["old.mrs", reference.name].map {
            try LiveSegmentReader(folder: workspace.path, name: $0, tombstones: nil)
        }
        try readers[1].verify()
        return (old.segment, try readers.map { try Searcher(index: index, readers: [$0]) })
    }

    @Test(arguments: 2...4)
    func aFileAnswersAsTheSameRowsInTheFormatOfToday(version: Int) throws {
        let workspace = try TemporaryWorkspace()
        let (reader, searchers) = try Self.searchers(ofFormat: version, in: workspace)
        var pieces: [SearchQuery.Term] = []
        try reader.forEachTerm(in: .expansions) { piece, _ in
            pieces.append(SearchQuery.Term(bytes: Array(piece), count: 1 + pieces.count % 2))
        }
        let vector = reader.configuration.dimensions > 0 ? reader.vector(ofChunk: 5) : nil
        let modes =
            reader.configuration.dimensions > 0
            ? SearchQuery.Mode.plain : version == 4 ? [.bm25, .sparse] : [.bm25]
        var foundCount = 0
        for filters in [
            [], ["uri=docs/d3"], ["meta.author=Ada"], ["meta.part=1", "meta.part=2", "uri=docs/"],
            ["meta.author=Ada", "lang=en"], ["meta.author=nobody"],
            ["date>=2015-03-05"], ["date<2018", "meta.author=Ada"], ["date>=2012", "date<2013"],
        ] {
            for mode in modes {
                for text in [
                    "mill wheel", "\"running houses\"", "title:document river -stone", "mill",
                    "the mill of number7 and the brook", "\"mill mill\" -race",
                    "mill -\"the mill\"",
                ] {
                    var query = SearchQuery(text: text, vector: vector, mode: mode, k: 20)
                    query.filters = try filters.map { try Filter(parsing: $0) }
                    if mode == .sparse {
                        query.expansion = pieces.filter { ($0.bytes.last ?? 0) % 4 == 1 }
                    }
                    let found = try searchers.map { try $0.search(query) }
                    #expect(found[0] == found[1], "\(filters) \(mode) \(text)")
                    foundCount += found[0].count
                }
            }
        }
        #expect(foundCount > 100)
    }

    /// Lists of a block and more are in the files of formats 3 and 4.
    @Test(arguments: [(3, ChunkLists.words), (4, .expansions)])
    func theFilesHaveLongLists(version: Int, lists: ChunkLists) throws {
        let path = try Self.folder(ofFormat: version) + "/" + Self.name(ofFormat: version)
        var longest = 0
        try SegmentReader(path: path).forEachTerm(in: lists) {
            longest = max(longest, $1.chunkCount)
        }
        #expect(longest >= 128)
    }
}
