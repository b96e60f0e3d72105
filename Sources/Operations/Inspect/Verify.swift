internal import Hashing
internal import Manifests
internal import Records
internal import Segments
internal import Stages
internal import Storage

package struct VerifyReport: Sendable, Codable {
    package var snapshot: Int
    package var segments: Int
    package var documents: Int
    package var chunks: Int
    /// What is wrong, each with the path concerned and what to do; empty when all is sound.
    package var problems: [String]
}

/// Checks every checksum and count of the live snapshot, and the segments against the manifests.
///
/// - Throws: ``OperationError`` `.noSuchState`.
package func verify(workspace root: String) throws -> VerifyReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let snapshot = try reader.liveSnapshot()
        var report = VerifyReport(
            snapshot: snapshot.number,
            segments: 0,
            documents: snapshot.documentCount,
            chunks: snapshot.chunkCount,
            problems: []
        )
        var digest = DigestSum()
        for index in snapshot.indexes {
            for segment in index.segments {
                verifySegment(segment, reader: reader, digest: &digest, report: &report)
            }
        }
        if digest.value.hex != snapshot.digest, report.problems.isEmpty {
            report.problems.append(
                "snapshot \(snapshot.number): its segments add up to digest \(digest.value.hex), "
                    + "expected \(snapshot.digest)"
            )
        }
        return report
    }
}

private func verifySegment(
    _ segment: SnapshotSegment,
    reader: WorkspaceReader,
    digest: inout DigestSum,
    report: inout VerifyReport
) {
    report.segments += 1
    let path = reader.layout.segment(shard: segment.shard, name: segment.name)
    do {
        let file = try SegmentReader(path: path)
        try file.verify()
        digest.add(file.digest)
        if file.chunkCount != segment.chunkCount || file.documentCount != segment.documentCount {
            report.problems.append(
                "\(path): holds \(file.documentCount) documents and \(file.chunkCount) chunks, the "
                    + "snapshot says \(segment.documentCount) and \(segment.chunkCount)"
            )
        }
        guard let manifest = try reader.shard(segment.shard) else {
            report.problems.append(
                "\(reader.layout.manifest(shard: segment.shard)): missing; restore it or run a backfill"
            )
            return
        }
        report.problems += try compare(file, with: manifest, path: path)
    } catch {
        report.problems.append(
            "\(error); delete the file and run the pipeline again to rebuild it from the manifest"
        )
    }
}

/// The documents and chunks of a segment against what the manifest says is served.
private func compare(
    _ file: SegmentReader,
    with manifest: ShardManifest,
    path: String
) throws -> [String] {
    var problems: [String] = []
    var position = 0
    try manifest.visitCanonical { document in
        guard problems.count < 10 else { return }
        guard position < file.documentCount else {
            problems.append("\(path): document \(document.uri) of the manifest is not in it")
            return
        }
        let row = try file.documentRow(position)
        guard row.id == document.id else {
            problems.append(
                "\(path): document \(position) is \(row.id), the manifest has \(document.uri)"
            )
            position += 1
            return
        }
        let sets = try manifest.chunkSummaries(of: document.id)
        if !sets.isEmpty, !sets.contains(where: { $0.chunkCount == row.chunks.count }) {
            problems.append(
                "\(path): \(document.uri) has \(row.chunks.count) chunks, the manifest has "
                    + sets.map { "\($0.chunkCount) (\($0.stage))" }.joined(separator: ", ")
            )
        }
        position += 1
    }
    if position < file.documentCount, problems.isEmpty {
        problems.append(
            "\(path): holds \(file.documentCount) documents, the manifest serves \(position); "
                + "run a sync"
        )
    }
    return problems
}
