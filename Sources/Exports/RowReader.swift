internal import Hashing
internal import Records
internal import Search
internal import Segments

/// Reads rows one after the other: a document and a block of text that neighbours share are read once.
struct RowReader {
    private struct Shared {
        let reader: Int
        let row: Int
        let document: SegmentDocument
        let digest: Digest
        let labels: [String]
    }

    private let readers: [LiveSegmentReader]
    /// Rows come in the order of their segments, so the block of the last one has mostly the next one too.
    private var blocks: [ExpandedTextBlock]
    private var shared: Shared?

    init(_ rows: SnapshotRows) {
        self.readers = rows.readers
        self.blocks = Array(repeating: ExpandedTextBlock(), count: rows.readers.count)
    }

    /// The row's name and digest; reads no text.
    mutating func key(_ place: SnapshotRows.Place) throws -> SnapshotRows.Key {
        try self.key(place, self.readers[place.reader].segment.chunkRow(place.chunk))
    }

    private mutating func key(
        _ place: SnapshotRows.Place,
        _ row: SegmentChunkRow
    ) throws -> SnapshotRows.Key {
        let segment = self.readers[place.reader].segment
        let shared = try self.document(row.document, place.reader)
        return SnapshotRows.Key(
            id: ChunkID(
                document: shared.document.id,
                ordinal: row.ordinal,
                textHash: row.textHash
            ),
            digest: try segment.logicalDigest(
                ofChunk: place.chunk,
                documentDigest: shared.digest
            ),
            place: place
        )
    }

    /// - Parameter known: The row's key, where it was read before.
    /// - Throws: `SegmentError` `.corrupt` where the text is not the one that was written.
    mutating func row(
        _ place: SnapshotRows.Place,
        known: SnapshotRows.Key? = nil
    ) throws -> ExportRow {
        let segment = self.readers[place.reader].segment
        let row = try segment.chunkRow(place.chunk)
        let key = try known ?? self.key(place, row)
        let shared = try self.document(row.document, place.reader)
        let text = try segment.checkedText(of: row, through: &self.blocks[place.reader])
        let document = shared.document
        return ExportRow(
            id: key.id,
            digest: key.digest,
            uri: document.uri,
            title: document.title,
            source: document.source,
            language: document.language,
            mediaType: document.mediaType,
            labels: shared.labels,
            metadata: document.metadata,
            ordinal: row.ordinal,
            range: row.range,
            page: row.page,
            place: try segment.place(of: row),
            headings: try segment.headings(row.headingPath),
            text: String(decoding: text, as: UTF8.self),
            vector: segment.vector(ofChunk: place.chunk)
        )
    }

    private mutating func document(_ row: Int, _ reader: Int) throws -> Shared {
        if let shared = self.shared, shared.reader == reader, shared.row == row { return shared }
        let document = try self.readers[reader].segment.document(row)
        let shared = Shared(
            reader: reader,
            row: row,
            document: document,
            digest: LogicalDigest.document(document),
            labels: SegmentDocument.labels(in: document.metadata).sorted()
        )
        self.shared = shared
        return shared
    }
}
