internal import Hashing
internal import Records
internal import Segments

/// What two snapshots differ in, document by document.
package struct SnapshotDiff: Sendable, Codable {
    package var from: Int
    package var to: Int
    package var added: Int
    package var removed: Int
    /// Documents of both whose chunks have another text or place.
    package var changed: Int
    package var unchanged: Int
    /// Chunks of the second, less those of the first.
    package var chunks: Int
    /// The first of each by URI.
    package var addedURIs: [String]
    package var removedURIs: [String]
    package var changedURIs: [String]

    package static let shown = 20
}

/// Compares the documents of two snapshots' first indexes, by what their chunks say.
///
/// - Throws: ``OperationError`` `.noSuchState` without one of them.
/// - Complexity: O(documents + chunks) of both; no text is read.
package func diffSnapshots(_ from: Int, _ to: Int, workspace root: String) throws -> SnapshotDiff {
    try translatingErrors {
        let list = try listSnapshots(workspace: root)
        for number in [from, to] where !list.snapshots.contains(where: { $0.number == number }) {
            throw noSnapshot(number, list)
        }
        let old = try SnapshotContents(number: from, workspace: root)
        let new = try SnapshotContents(number: to, workspace: root)
        var added: [String] = []
        var changed: [String] = []
        for (id, document) in new.documents {
            if let before = old.documents[id] {
                if before.digest != document.digest { changed.append(document.uri) }
            } else {
                added.append(document.uri)
            }
        }
        let removed = old.documents.filter { new.documents[$0.key] == nil }.map(\.value.uri)
        func first(_ uris: [String]) -> [String] { Array(uris.sorted().prefix(SnapshotDiff.shown)) }
        return SnapshotDiff(
            from: from,
            to: to,
            added: added.count,
            removed: removed.count,
            changed: changed.count,
            unchanged: new.documents.count - added.count - changed.count,
            chunks: new.chunkCount - old.chunkCount,
            addedURIs: first(added),
            removedURIs: first(removed),
            changedURIs: first(changed)
        )
    }
}

/// The served documents of a snapshot's first index, each with what tells whether it changed.
private struct SnapshotContents {
    var documents: [DocumentID: (uri: String, digest: Digest)] = [:]
    var chunkCount = 0

    init(number: Int, workspace: String) throws {
        let snapshot = try Segments.snapshot(number: number, workspace: workspace)
        for segment in snapshot.indexes.first?.segments ?? [] {
            let reader = try LiveSegmentReader(segment, workspace: workspace)
            let rows = reader.segment
            for row in 0..<rows.documentCount where reader.isLive(document: row) {
                let document = try rows.document(row)
                var sum = sha256(document.title).hex
                for chunk in try rows.documentRow(row).chunks {
                    let found = try rows.chunkRow(chunk)
                    sum += " \(found.range) \(found.textHash.hex)"
                    self.chunkCount += 1
                }
                self.documents[document.id] = (document.uri, sha256(sum))
            }
        }
    }
}
