internal import Segments
internal import Storage

/// One snapshot: what is in it and where it comes from.
package struct SnapshotDetails: Sendable, Codable {
    package var workspace: String
    package var snapshot: SnapshotList.Item
    /// Why it is kept; nil where it is not pinned.
    package var pinReason: String?
    /// Of its first index.
    package var languages: [String: Int]
    package var sources: [String: Int]
    package var mediaTypes: [String: Int]
    /// Documents by what they say of their licence; the empty one where they say nothing.
    package var licences: [String: Int]
    /// Documents by access label; the empty one for those without.
    package var labels: [String: Int]
    package var tokens: Int
    package var untitled: Int
    /// The embedding model of each index; empty for one without vectors.
    package var models: [String: String]
    package var segments: Int
}

/// What a snapshot holds, counted from its segments.
///
/// - Throws: ``OperationError`` `.noSuchState` without it.
package func showSnapshot(_ number: Int, workspace root: String) throws -> SnapshotDetails {
    try translatingErrors {
        let list = try listSnapshots(workspace: root)
        guard let item = list.snapshots.first(where: { $0.number == number }) else {
            throw noSnapshot(number, list)
        }
        let snapshot = try Segments.snapshot(number: number, workspace: root)
        var details = SnapshotDetails(
            workspace: root,
            snapshot: item,
            pinReason: try SnapshotMarks(layout: WorkspaceLayout(root: root)).pins()[number],
            languages: [:],
            sources: [:],
            mediaTypes: [:],
            licences: [:],
            labels: [:],
            tokens: 0,
            untitled: 0,
            models: Dictionary(
                snapshot.indexes.map { ($0.name, $0.modelName) },
                uniquingKeysWith: { first, _ in first }
            ),
            segments: snapshot.indexes.reduce(0) { $0 + $1.segments.count }
        )
        for segment in snapshot.indexes.first?.segments ?? [] {
            let reader = try LiveSegmentReader(segment, workspace: root)
            try details.add(reader)
        }
        return details
    }
}

extension SnapshotDetails {
    /// A licence is named in a line; who writes more wrote no name.
    private static let licenceLengthMax = 200

    fileprivate mutating func add(_ reader: LiveSegmentReader) throws {
        let segment = reader.segment
        for row in 0..<segment.documentCount where reader.isLive(document: row) {
            let document = try segment.document(row)
            self.languages[document.language, default: 0] += 1
            self.sources[document.source, default: 0] += 1
            self.mediaTypes[document.mediaType, default: 0] += 1
            let licence = document.metadata["licence"] ?? document.metadata["license"] ?? ""
            self.licences[String(licence.prefix(Self.licenceLengthMax)), default: 0] += 1
            let labels = SegmentDocument.labels(in: document.metadata)
            for label in labels.isEmpty ? [""] : labels { self.labels[label, default: 0] += 1 }
            if document.title.isEmpty { self.untitled += 1 }
            for chunk in try segment.documentRow(row).chunks {
                self.tokens += try segment.chunkRow(chunk).tokenCount
            }
        }
    }
}

func noSnapshot(_ number: Int, _ list: SnapshotList) -> OperationError {
    let there = list.snapshots.reversed().map { String($0.number) }.joined(separator: ", ")
    return OperationError(
        .noSuchState,
        "there is no snapshot \(number) in \(list.workspace); there is \(there.isEmpty ? "none" : there)"
    )
}
