internal import Records
internal import Segments
internal import Storage

/// The snapshots kept on purpose in whose files one of the documents stands, served or not.
func markedHolders(of targets: ErasureTargets, _ layout: WorkspaceLayout) throws -> [Int] {
    let ids = Set(targets.documents.map(\.id))
    return try SnapshotMarks(layout: layout).numbers.sorted().filter { number in
        guard let snapshot = try? snapshot(number: number, workspace: layout.root) else {
            return false
        }
        return try snapshot.indexes.flatMap(\.segments).contains { segment in
            let reader = try SegmentReader(path: segment.path(workspace: layout.root))
            return try ids.contains { try reader.documentIndex(of: $0) != nil }
        }
    }
}

/// Takes the pins and the channels of these snapshots away.
func dropMarks(of numbers: [Int], _ layout: WorkspaceLayout) throws {
    let kept = Set(try snapshotNumbers(workspace: layout.root)).subtracting(numbers)
    try SnapshotMarks(layout: layout).removeStale(keeping: kept)
}
