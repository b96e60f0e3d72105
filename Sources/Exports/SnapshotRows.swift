internal import Hashing
package import Records
package import Search
package import Segments
internal import Synchronization

/// The live chunks of one index of a snapshot, with digests that tell whether a row has changed.
package struct SnapshotRows {
    package let shape: ExportShape
    private let readers: [LiveSegmentReader]
    private let blocks: TextBlocks

    /// Rows come in the order of their segments, so the block of the last one has mostly the next one too.
    private final class TextBlocks: Sendable {
        let last: Mutex<[ExpandedTextBlock]>

        init(readerCount: Int) {
            self.last = Mutex(Array(repeating: ExpandedTextBlock(), count: readerCount))
        }
    }

    /// A row's name, its digest, and where it lies.
    package struct Key: Sendable {
        package let id: ChunkID
        package let digest: Digest
        let reader: Int
        let chunk: Int
    }

    /// - Parameter name: The index's name; nil for the first.
    /// - Throws: ``ExportError`` `.noSuchIndex`; `SegmentError`, `StorageError` of a file.
    package init(workspace: String, snapshot: Snapshot, index name: String?) throws {
        guard let index = snapshot.indexes.first(where: { name == nil || $0.name == name }) else {
            let names = snapshot.indexes.map(\.name).joined(separator: ", ")
            throw ExportError(
                .noSuchIndex,
                "snapshot \(snapshot.number) has no index '\(name ?? "")'; it has: \(names)"
            )
        }
        let readers = try index.segments.map { try LiveSegmentReader($0, workspace: workspace) }
        self.readers = readers
        self.blocks = TextBlocks(readerCount: readers.count)
        var sum = DigestSum()
        for (segment, reader) in zip(index.segments, readers) {
            if let digest = segment.digest.flatMap(Digest.init(hex:)) {
                sum.add(digest)
            } else {
                // A descriptor of version 1 knows no tombstones, nor their digests.
                sum.add(reader.segment.digest)
            }
        }
        self.shape = ExportShape(
            pipeline: snapshot.pipeline,
            index: index.name,
            snapshot: snapshot.number,
            digest: sum.value.hex,
            rowCount: readers.reduce(0) { $0 + $1.chunkCount },
            dimensions: index.dimensions,
            model: index.modelName
        )
    }

    /// Every row's key, by ascending document and ordinal.
    ///
    /// - Complexity: O(rows), reads rows and vectors but no text; 100 bytes a row.
    package func keys() throws -> [Key] {
        var keys: [Key] = []
        keys.reserveCapacity(self.shape.rowCount)
        for (number, reader) in self.readers.enumerated() {
            let segment = reader.segment
            for index in 0..<segment.documentCount where reader.isLive(document: index) {
                let row = try segment.documentRow(index)
                let digest = LogicalDigest.document(try segment.document(index))
                for chunk in row.chunks {
                    let found = try segment.chunkRow(chunk)
                    let id = ChunkID(
                        document: row.id,
                        ordinal: found.ordinal,
                        textHash: found.textHash
                    )
                    keys.append(
                        Key(
                            id: id,
                            digest: try segment.logicalDigest(
                                ofChunk: chunk,
                                documentDigest: digest
                            ),
                            reader: number,
                            chunk: chunk
                        )
                    )
                }
            }
        }
        return keys.sorted {
            ($0.id.document, $0.id.ordinal) < ($1.id.document, $1.id.ordinal)
        }
    }

    /// - Throws: `SegmentError` `.corrupt` where the text is not the one that was written.
    package func row(_ key: Key) throws -> ExportRow {
        let segment = self.readers[key.reader].segment
        let row = try segment.chunkRow(key.chunk)
        let document = try segment.document(row.document)
        let text = try self.blocks.last.withLock {
            try segment.checkedText(of: row, through: &$0[key.reader])
        }
        return ExportRow(
            id: key.id,
            digest: key.digest,
            uri: document.uri,
            title: document.title,
            source: document.source,
            language: document.language,
            mediaType: document.mediaType,
            labels: SegmentDocument.labels(in: document.metadata).sorted(),
            metadata: document.metadata,
            ordinal: row.ordinal,
            range: row.range,
            page: row.page,
            place: try segment.place(of: row),
            headings: try segment.headings(row.headingPath),
            text: String(decoding: text, as: UTF8.self),
            vector: segment.vector(ofChunk: key.chunk)
        )
    }

    package func vector(_ key: Key) throws -> [Float] {
        self.readers[key.reader].segment.vector(ofChunk: key.chunk)
    }
}
