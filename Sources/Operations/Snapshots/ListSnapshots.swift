internal import Manifests
internal import Segments

/// The snapshots of a workspace whose files are there.
package struct SnapshotList: Sendable, Codable {
    package struct Item: Sendable, Codable {
        package var number: Int
        package var isLive: Bool
        /// `published`, `rejected` for a candidate that the gate stopped; nil where the catalog does not know.
        package var state: String?
        package var isPinned: Bool
        package var channels: [String]
        package var digest: String
        package var documents: Int
        package var chunks: Int
        package var byteCount: Int
        package var indexes: [String]
        /// The run that published it, and when; nil where the catalog does not know any more.
        package var run: Int64?
        package var createdMilliseconds: Int64?
    }

    package var workspace: String
    /// Nil before the first publication.
    package var live: Int?
    /// By falling number.
    package var snapshots: [Item]
}

/// Lists the snapshots that can be searched or rolled back to.
///
/// - Throws: ``OperationError`` `.noSuchState` where there is no workspace.
package func listSnapshots(workspace root: String) throws -> SnapshotList {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let live = try liveSnapshotNumber(workspace: root)
        let records = Dictionary(
            try reader.catalog.snapshots().map { ($0.number, $0) },
            uniquingKeysWith: { $1 }
        )
        let marks = SnapshotMarks(layout: reader.layout)
        let (pins, channels) = (try marks.pins(), try marks.channels())
        let items = try snapshotNumbers(workspace: root).reversed().map { number in
            let snapshot = try Segments.snapshot(number: number, workspace: root)
            return SnapshotList.Item(
                snapshot,
                isLive: number == live,
                isPinned: pins[number] != nil,
                channels: channels.filter { $0.value == number }.keys.sorted(),
                record: records[number]
            )
        }
        return SnapshotList(workspace: root, live: live, snapshots: items)
    }
}

extension SnapshotList.Item {
    fileprivate init(
        _ snapshot: Snapshot,
        isLive: Bool,
        isPinned: Bool,
        channels: [String],
        record: SnapshotRecord?
    ) {
        self.init(
            number: snapshot.number,
            isLive: isLive,
            state: record?.state.rawValue,
            isPinned: isPinned,
            channels: channels,
            digest: snapshot.digest,
            documents: snapshot.documentCount,
            chunks: snapshot.chunkCount,
            byteCount: snapshot.indexes.flatMap(\.segments).reduce(0) { $0 + $1.byteCount },
            indexes: snapshot.indexes.map(\.name),
            run: record?.run,
            createdMilliseconds: record?.createdMilliseconds
        )
    }
}
