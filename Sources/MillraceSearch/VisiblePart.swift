internal import Records
internal import Search
internal import Segments

/// An index as one sees it who may see a part of it: its answers are those of an index that holds
/// nothing else.
struct VisiblePart: Sendable {
    let searcher: Searcher
    private let readers: [LiveSegmentReader]

    /// - Parameter fusion: Tuned weights; nil for those of the model.
    init(_ index: IndexSnapshot, readers: [LiveSegmentReader], fusion: FusionWeights?) throws {
        self.readers = readers
        self.searcher = try Searcher(index: index, readers: readers, fusion: fusion)
    }

    /// - Complexity: O(documents).
    func restricted(to access: Access) throws -> VisiblePart {
        try VisiblePart(
            self.searcher.index,
            readers: self.readers.map { try $0.restricted(toLabels: access.covers) },
            fusion: self.searcher.fusion
        )
    }

    func document(
        _ id: DocumentID,
        _ view: IndexView,
        _ access: Access
    ) throws -> IndexedDocument? {
        try self.searcher.requiringBytes { try self.found(id, view, access) }
    }

    private func found(
        _ id: DocumentID,
        _ view: IndexView,
        _ access: Access
    ) throws -> IndexedDocument? {
        for reader in self.readers {
            let segment = reader.segment
            guard let index = try segment.documentIndex(of: id), reader.isLive(document: index)
            else { continue }
            let document = try segment.document(index)
            let chunks = try segment.documentRow(index).chunks.map { chunk in
                let row = try segment.chunkRow(chunk)
                return ChunkID(document: id, ordinal: row.ordinal, textHash: row.textHash)
                    .description
            }
            var metadata = document.metadata
            if access.labels != nil { metadata[SegmentDocument.groupKey] = nil }
            return IndexedDocument(
                id: document.id.hex,
                uri: document.uri,
                title: document.title,
                source: document.source,
                language: document.language,
                mediaType: document.mediaType,
                metadata: metadata,
                chunks: chunks,
                snapshot: view.snapshot.number
            )
        }
        return nil
    }
}
