internal import Hashing
internal import Manifests
internal import Records
internal import Segments
internal import Storage

package struct VerifyReport: Sendable, Codable {
    package var snapshot: Int
    package var segments: Int
    package var documents: Int
    package var chunks: Int
    /// Whether the state files were held to the checksums of their last writer; not while a writer is at work,
    /// nor after one that was killed.
    package var areStateFilesJudged = false
    /// The snapshot that was rolled back from: what the manifests hold is its, and was not compared.
    package var rolledBackFrom: Int?
    /// Whether the workspace was resharded and no run has written its segments since: what the manifests hold
    /// was not compared with those of before.
    package var awaitsSegments = false
    /// What is wrong, each with the path concerned and what to do; empty when all is sound.
    package var problems: [String]
}

/// Checks every checksum and count of the live snapshot and of the state files, and the segments against the
/// manifests.
///
/// - Throws: ``OperationError`` `.noSuchState`.
package func verify(workspace root: String) throws -> VerifyReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let snapshot = try reader.liveSnapshot()
        var report = VerifyReport(
            snapshot: snapshot.number,
            segments: snapshot.indexes.reduce(0) { $0 + $1.segments.count },
            documents: snapshot.documentCount,
            chunks: snapshot.chunkCount,
            rolledBackFrom: try reader.snapshotAhead(of: snapshot.number),
            problems: []
        )
        report.awaitsSegments = try reader.awaitsSegments()
        let changed = try StateChecksums.changedFiles(reader.layout)
        report.areStateFilesJudged = changed != nil
        report.problems = (changed ?? []).map { path in
            "\(path): \(fileExists(path) ? "its bytes are not those its last writer left" : "is missing"); "
                + (healing(ofFile: path) ?? "restore it from a backup")
        }
        for index in snapshot.indexes {
            for segment in index.segments {
                report.problems += problems(of: segment, workspace: root)
            }
        }
        guard report.problems.isEmpty else { return report }
        report.problems = try problems(ofDigest: snapshot)
        report.problems += try ShardComparison.problems(of: snapshot, in: reader)
        return report
    }
}

/// Reads a segment and its tombstones whole.
private func problems(of segment: SnapshotSegment, workspace: String) -> [String] {
    let path = segment.path(workspace: workspace)
    do {
        let reader = try LiveSegmentReader(segment, workspace: workspace)
        try reader.verify()
        guard reader.documentCount == segment.documentCount,
            reader.chunkCount == segment.chunkCount
        else {
            return [
                "\(path): holds \(reader.documentCount) documents and \(reader.chunkCount) chunks, "
                    + "the snapshot says \(segment.documentCount) and \(segment.chunkCount)"
            ]
        }
        return []
    } catch {
        return ["\(error); run 'millrace sync --paranoid' to rebuild it from the manifest"]
    }
}

private func problems(ofDigest snapshot: Snapshot) throws -> [String] {
    var digest = DigestSum()
    for segment in snapshot.indexes.flatMap(\.segments) {
        // A descriptor of the first format does not name the digests of its segments.
        guard let part = segment.digest.flatMap({ Digest(hex: $0) }) else { return [] }
        digest.add(part)
    }
    guard digest.value.hex != snapshot.digest else { return [] }
    return [
        "snapshot \(snapshot.number): its segments add up to digest \(digest.value.hex), expected "
            + snapshot.digest
    ]
}
