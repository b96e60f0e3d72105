internal import Manifests
internal import Records
internal import Segments
internal import Storage
package import Telemetry

package struct RestoreReport: Sendable, Codable {
    package var workspace: String
    package var backup: String
    package var snapshot: Int?
    package var digest: String?
    package var files: Int
    package var byteCount: Int
    /// When the backup was made, in milliseconds since 1970.
    package var createdMilliseconds: Int64
}

/// Makes a workspace from a backup; the next sync brings it up to date.
///
/// Every byte is checked before anything is made, and again while it is copied.
/// - Throws: ``OperationError``: `.noSuchState` when there is no backup, `.newerVersion` when a newer
///   binary made it, `.configuration` when something is at `root`, `.fatal` naming the files that are
///   damaged.
package func restore(
    from folder: String,
    to root: String,
    progress: RunProgress = RunProgress()
) throws -> RestoreReport {
    try translatingErrors {
        let descriptor = try BackupDescriptor.read(from: folder)
        progress.begin(phase: "check", total: descriptor.files.count)
        try checkFiles(of: descriptor, in: folder, progress: progress)
        var staged = try stageFolder(for: WorkspaceLayout(root: root).root)
        progress.begin(phase: "restore", total: descriptor.files.count)
        for file in descriptor.files {
            let copyPath = "\(staged.path)/\(file.path)"
            try createFolder(parentFolder(of: copyPath))
            let measure = try copyFile("\(folder)/\(file.path)", to: copyPath)
            guard measure == (file.byteCount, file.sha256) else {
                throw OperationError(
                    .fatal,
                    "\(folder)/\(file.path) changed while it was restored; nothing was restored"
                )
            }
            if file.path == WorkspaceLayout(root: "").keyName { try makePrivate(copyPath) }
            progress.update { $0.done += 1 }
        }
        try makeReady(staged.path, descriptor: descriptor)
        try staged.commit()
        return RestoreReport(
            workspace: root,
            backup: folder,
            snapshot: descriptor.snapshot,
            digest: descriptor.digest,
            files: descriptor.files.count,
            byteCount: descriptor.files.reduce(0) { $0 + $1.byteCount },
            createdMilliseconds: descriptor.createdMilliseconds
        )
    }
}

/// Compares every file with its hash, and refuses manifests that are not ours or too new.
private func checkFiles(
    of descriptor: BackupDescriptor,
    in folder: String,
    progress: RunProgress
) throws {
    var damaged: [String] = []
    for file in descriptor.files {
        let measure = try? measureFile("\(folder)/\(file.path)")
        if measure?.byteCount != file.byteCount || measure?.sha256 != file.sha256 {
            damaged.append(measure == nil ? "\(file.path) (missing)" : file.path)
        }
        progress.update {
            $0.done += 1
            $0.bytesRead += file.byteCount
        }
    }
    guard damaged.isEmpty else {
        let names = damaged.prefix(10).joined(separator: ", ")
        throw OperationError(
            .fatal,
            "backup \(folder) is damaged: \(names)"
                + (damaged.count > 10 ? " and \(damaged.count - 10) more" : "")
                + "; nothing was restored; restore an older backup, or build the index anew"
        )
    }
    for file in descriptor.files {
        guard let kind = ManifestKind(path: file.path) else { continue }
        try checkManifestHeader(kind, path: "\(folder)/\(file.path)")
    }
    guard descriptor.files.contains(where: { ManifestKind(path: $0.path) == .catalog }) else {
        throw OperationError(.fatal, "backup \(folder) has no catalog; nothing was restored")
    }
}

/// Makes the copy a workspace that readers accept: of this binary's schema, and with a catalog that
/// knows which snapshots are there.
private func makeReady(_ root: String, descriptor: BackupDescriptor) throws {
    let layout = WorkspaceLayout(root: root)
    try layout.createFolders(shardCount: descriptor.shardCount)
    for shard in 0..<descriptor.shardCount where fileExists(layout.manifest(shard: shard)) {
        let manifest = try ShardManifest(path: layout.manifest(shard: shard), mode: .readWrite)
        try manifest.checkpoint()
    }
    if fileExists(layout.dedupe) {
        try DedupeStore(path: layout.dedupe, mode: .readWrite).checkpoint()
    }
    let catalog = try Catalog(path: layout.catalog, mode: .readWrite)
    let present = Set(try snapshotNumbers(workspace: root))
    let known = try catalog.snapshots()
    for snapshot in known where !present.contains(snapshot.number) && snapshot.state != .dropped {
        try catalog.setSnapshotState(snapshot.number, to: .dropped)
    }
    // A run that died while it published may have left its snapshot out; the number must stay taken.
    if let number = descriptor.snapshot, !known.contains(where: { $0.number == number }),
        let digest = descriptor.digest.flatMap(Digest.init(hex:))
    {
        try catalog.recordSnapshot(
            SnapshotRecord(
                number: number,
                run: 0,
                createdMilliseconds: descriptor.createdMilliseconds,
                digest: digest,
                state: .published
            )
        )
    }
}

extension ManifestKind {
    /// What lies at this path of a workspace; nil for what is no manifest.
    fileprivate init?(path: String) {
        switch path.split(separator: "/").last {
        case "catalog.sqlite": self = .catalog
        case "dedupe.sqlite": self = .dedupe
        case "manifest.sqlite": self = .shard
        default: return nil
        }
    }
}
