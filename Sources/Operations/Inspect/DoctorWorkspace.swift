internal import Manifests
internal import Records
internal import Segments
internal import Storage

/// Looks at every file a workspace needs: its manifests, and the segments of its live snapshot.
///
/// It takes no lock and reads no segment whole; `verify` does that.
/// - Parameter root: the workspace folder.
package func doctor(workspace root: String) -> DoctorReport {
    let reader: WorkspaceReader
    do {
        reader = try translatingErrors { try WorkspaceReader(root: root) }
    } catch {
        return DoctorReport(checks: [.init(name: "workspace", isSound: false, detail: "\(error)")])
    }
    let shards = (0..<reader.shardCount).map { shard in
        check("shard \(WorkspaceLayout.shardName(shard))") {
            guard let manifest = try reader.shard(shard) else {
                throw OperationError(
                    .noSuchState,
                    "\(reader.layout.manifest(shard: shard)) is missing; the next sync prepares its "
                        + "documents again, or restore a backup"
                )
            }
            return try lookThrough(manifest)
        }
    }
    return DoctorReport(
        checks: [
            check("catalog") {
                try reader.catalog.check()
                return "\(try reader.catalog.runs(limit: 1_000).count) runs"
            }
        ] + shards + [
            check("dedupe store") {
                let store = try DedupeStore(path: reader.layout.dedupe, mode: .readOnly)
                try store.check()
                return "\(try store.memberCount()) documents"
            },
            check("live snapshot") { try lookThroughSnapshot(reader) },
        ]
    )
}

private func check(_ name: String, _ look: () throws -> String) -> DoctorReport.Check {
    do {
        return .init(name: name, isSound: true, detail: try translatingErrors(look))
    } catch {
        return .init(name: name, isSound: false, detail: "\(error)")
    }
}

/// Looks at the file, then reads every row of the tables that a run reads.
private func lookThrough(_ manifest: ShardManifest) throws -> String {
    try manifest.check()
    var count = 0
    try manifest.visitListing { _ in count += 1 }
    _ = try manifest.totals()
    _ = try manifest.deadLetters()
    try manifest.visitSignatures { _ in }
    let inflater = Inflater()
    var last: DocumentID?
    while true {
        let page = try manifest.canonicalDocuments(after: last, maximumCount: 64)
        guard let end = page.last else { break }
        last = end.id
        for document in page {
            _ = try inflater.inflate(document.compressedText, byteCount: document.textByteCount)
        }
    }
    return "\(count) documents"
}

private func lookThroughSnapshot(_ reader: WorkspaceReader) throws -> String {
    let snapshot = try reader.liveSnapshot()
    var missing: [String] = []
    for segment in snapshot.indexes.flatMap(\.segments) {
        for name in [segment.name, segment.tombstones].compactMap({ $0 }) {
            let path = reader.layout.segment(shard: segment.shard, name: name)
            if !fileExists(path) { missing.append(path) }
        }
        let path = segment.path(workspace: reader.layout.root)
        if let status = try? fileStatus(path), status.size != segment.byteCount {
            missing.append("\(path) (\(status.size) of \(segment.byteCount) bytes)")
        }
    }
    guard missing.isEmpty else {
        throw OperationError(
            .fatal,
            "snapshot \(snapshot.number) lacks \(missing.count) files, the first: \(missing[0]); "
                + "'millrace sync' makes them again from the manifests"
        )
    }
    let count = snapshot.indexes.reduce(0) { $0 + $1.segments.count }
    return "\(snapshot.number): \(count) segments, all there"
}
