internal import Hashing
package import Records
package import Search
package import Segments

/// The live chunks of one index of a snapshot, with digests that tell whether a row has changed.
package struct SnapshotRows: Sendable {
    package let shape: ExportShape
    let readers: [LiveSegmentReader]

    /// Where a row lies.
    package struct Place: Sendable {
        let reader: Int
        let chunk: Int
    }

    /// A row's name, its digest, and where it lies.
    package struct Key: Sendable {
        package let id: ChunkID
        package let digest: Digest
        let place: Place
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

    /// Where every row lies, by ascending document and ordinal.
    ///
    /// - Complexity: O(rows), reads the rows of documents alone; 16 bytes a row.
    package func places() throws -> [Place] {
        var documents: [(id: DocumentID, reader: Int, chunks: Range<Int>)] = []
        for (number, reader) in self.readers.enumerated() {
            for index in 0..<reader.segment.documentCount where reader.isLive(document: index) {
                let row = try reader.segment.documentRow(index)
                documents.append((row.id, number, row.chunks))
            }
        }
        documents.sort { $0.id < $1.id }
        return documents.flatMap { document in
            document.chunks.map { Place(reader: document.reader, chunk: $0) }
        }
    }

    /// Every row's key, by ascending document and ordinal.
    ///
    /// - Complexity: O(rows), reads rows and vectors but no text; 100 bytes a row.
    package func keys() throws -> [Key] {
        var reader = RowReader(self)
        return try self.places().map { try reader.key($0) }
    }

    package func vector(_ place: Place) -> [Float] {
        self.readers[place.reader].segment.vector(ofChunk: place.chunk)
    }
}
