internal import Foundation
internal import Storage

/// Writes a snapshot's descriptor and makes it the live one.
///
/// The descriptor is durable before `LIVE` names it, and `LIVE` is replaced by rename: a reader
/// finds the old snapshot or the new one. Publishing the same snapshot again is no error.
///
/// - Throws: ``StorageError`` `.alreadyExists` when the number is taken by another snapshot.
package func publish(_ snapshot: Snapshot, workspace: String) throws {
    try writeSnapshot(snapshot, workspace: workspace)
    try makeLive(snapshot.number, workspace: workspace)
}

/// Writes a snapshot's descriptor without making it live: a candidate for a gate to look at.
///
/// - Throws: ``StorageError`` `.alreadyExists` when the number is taken by another snapshot.
package func writeSnapshot(_ snapshot: Snapshot, workspace: String) throws {
    let layout = WorkspaceLayout(root: workspace)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    var bytes = [UInt8](try encoder.encode(snapshot))
    bytes.append(UInt8(ascii: "\n"))
    try createFolder(layout.snapshotsFolder)
    try writeOnce(bytes, to: layout.snapshot(snapshot.number))
}

/// Makes a snapshot that was written before the live one: publishing's last step, and a rollback.
///
/// - Throws: ``StorageError`` `.notFound` when there is no snapshot of this number.
package func makeLive(_ number: Int, workspace: String) throws {
    _ = try snapshot(number: number, workspace: workspace)
    let layout = WorkspaceLayout(root: workspace)
    try replaceFile(layout.live, with: Array("\(number)\n".utf8))
}

/// The published snapshot; nil before the first publish.
///
/// - Throws: ``SegmentError`` when `LIVE` or the descriptor cannot be read.
package func liveSnapshot(workspace: String) throws -> Snapshot? {
    guard let number = try liveSnapshotNumber(workspace: workspace) else { return nil }
    return try snapshot(number: number, workspace: workspace)
}

/// The number in `LIVE`; nil before the first publish.
package func liveSnapshotNumber(workspace: String) throws -> Int? {
    let path = WorkspaceLayout(root: workspace).live
    let bytes: [UInt8]
    do {
        bytes = try readFile(path, maximumBytes: 32)
    } catch  where error.code == .notFound {
        return nil
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasSuffix("\n"), let number = Int(text.dropLast()), number > 0 else {
        throw SegmentError(.corrupt, path: path, "does not hold the number of a snapshot")
    }
    return number
}

/// The snapshot of this number.
///
/// - Throws: ``StorageError`` `.notFound` when there is none, ``SegmentError`` when its descriptor
///   is damaged or of a newer version.
package func snapshot(number: Int, workspace: String) throws -> Snapshot {
    let path = WorkspaceLayout(root: workspace).snapshot(number)
    let bytes = Data(try readFile(path, maximumBytes: snapshotByteCountMax))
    let decoder = JSONDecoder()
    guard let version = try? decoder.decode(FormatVersion.self, from: bytes).formatVersion else {
        throw SegmentError(.corrupt, path: path, "is not the descriptor of a snapshot")
    }
    guard version <= Snapshot.currentFormatVersion else {
        throw SegmentError(
            .tooNew,
            path: path,
            "format version \(version), this program reads \(Snapshot.currentFormatVersion)"
        )
    }
    guard version >= Snapshot.oldestFormatVersion else {
        throw SegmentError(.tooOld, path: path, "format version \(version)")
    }
    guard let snapshot = try? decoder.decode(Snapshot.self, from: bytes), snapshot.number == number
    else { throw SegmentError(.corrupt, path: path, "does not describe snapshot \(number)") }
    return snapshot
}

/// The numbers of all snapshots whose descriptors are there, ascending.
package func snapshotNumbers(workspace: String) throws -> [Int] {
    let folder = WorkspaceLayout(root: workspace).snapshotsFolder
    guard fileExists(folder) else { return [] }
    return try folderEntries(folder).compactMap { entry in
        guard let name = entry.name, name.hasSuffix(".json") else { return nil }
        return Int(name.dropLast(5))
    }.sorted()
}

extension SnapshotSegment {
    /// Where the segment's file lies.
    package func path(workspace: String) -> String {
        WorkspaceLayout(root: workspace).segment(shard: self.shard, name: self.name)
    }
}

/// Choice: a hundred bytes a segment, so room for half a million of them.
private let snapshotByteCountMax = 1 << 26

private struct FormatVersion: Decodable {
    let formatVersion: Int
}
