internal import Records
internal import Search
internal import Segments

/// One chunk of the live snapshot and the document that it is of.
package struct ShownChunk: Sendable, Encodable {
    package struct OfDocument: Sendable, Encodable {
        package var id: String
        package var uri: String
        package var title: String
        package var source: String
        package var language: String
        package var mediaType: String
        package var metadata: [String: String]
        package var chunkCount: Int
    }

    package var chunk: FoundChunk
    package var document: OfDocument

    private enum CodingKeys: String, CodingKey { case document }

    /// The chunk's own keys, and `document`.
    package func encode(to encoder: any Encoder) throws {
        try self.chunk.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.document, forKey: .document)
    }
}

/// Reads one chunk of the live snapshot by the id that a search gave it.
///
/// - Throws: ``OperationError`` `.configuration` for what is no id of a chunk, `.noSuchState` where
///   the live snapshot has no such chunk (any more), or there is no snapshot.
package func showChunk(_ id: String, workspace: String, index: String?) throws -> ShownChunk {
    try translatingErrors {
        guard let chunkID = ChunkID(id) else {
            throw OperationError(
                .configuration,
                "'\(id)' is no chunk's id; 'millrace search --json' gives each hit's as chunk_id"
            )
        }
        let session = try SearchSession(workspace: workspace, index: index, modelsRoot: nil)
        guard let (hit, document, chunkCount) = try session.chunk(chunkID) else {
            throw OperationError(
                .noSuchState,
                "snapshot \(session.snapshot.number) has no chunk \(chunkID): its document was "
                    + "deleted, or the chunk's place or text has changed; search again"
            )
        }
        return ShownChunk(
            chunk: FoundChunk(hit, snapshot: session.snapshot.number),
            document: ShownChunk.OfDocument(
                id: document.id.hex,
                uri: document.uri,
                title: document.title,
                source: document.source,
                language: document.language,
                mediaType: document.mediaType,
                metadata: document.metadata,
                chunkCount: chunkCount
            )
        )
    }
}
