internal import Glibc
internal import Storage
internal import Telemetry

/// A shard's manifest that was set aside.
package struct SetAsideManifest: Sendable, Hashable, Codable {
    package var shard: Int
    /// What the manifest is called now, beside its old name.
    package var path: String
}

/// Sets the manifests of shards aside, so that the next run prepares their documents again from the
/// sources and leaves the other shards as they are.
///
/// The live snapshot stays as it is until that run publishes. What only the manifest knew is lost with
/// it: deletions that were held, and dead letters that were ignored. A run that finds a manifest missing
/// does the rest, so a crash at any point loses nothing more.
/// - Throws: ``OperationError`` `.configuration` for a shard that the workspace does not have,
///   `.noSuchState`, `.locked`.
package func setShardsAside(
    _ shards: [Int],
    workspace root: String,
    lockWaitSeconds: Double = 0
) throws -> [SetAsideManifest] {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        if let shard = shards.first(where: { !(0..<reader.shardCount).contains($0) }) {
            throw OperationError(
                .configuration,
                "the workspace \(root) has shards 0000 to "
                    + "\(WorkspaceLayout.shardName(reader.shardCount - 1)), no "
                    + WorkspaceLayout.shardName(shard)
            )
        }
        let lock = try acquireWriterLock(
            reader.layout,
            verb: "sync --rebuild-shard",
            startedMilliseconds: WallClock.system.milliseconds(),
            waitSeconds: lockWaitSeconds
        )
        return try withExtendedLifetime(lock) {
            _ = try StateChecksums(taking: reader.layout)
            return try Set(shards).sorted().compactMap { shard in
                try setAside(reader.layout.manifest(shard: shard)).map {
                    SetAsideManifest(shard: shard, path: $0)
                }
            }
        }
    }
}

/// State files of a workspace that the next run makes again from the others.
package enum RebuildableState: String, Sendable, CaseIterable {
    /// Without the history of runs, and the failures of stages that only it knows.
    case catalog
    /// Comparisons; nothing is lost.
    case dedupe
}

/// Sets the catalog or the dedupe store aside, so that the next run makes it again; returns what it is
/// called now, or nil where it is gone already.
///
/// - Throws: ``OperationError`` `.noSuchState` when there is no workspace, `.locked`.
package func setAside(
    _ state: RebuildableState,
    workspace root: String,
    lockWaitSeconds: Double = 0
) throws -> String? {
    try translatingErrors {
        let layout = WorkspaceLayout(root: root)
        guard try hasTraces(ofWorkspace: root) else {
            throw OperationError(
                .noSuchState,
                "there is no workspace at \(root); make one with 'millrace backfill PIPELINE'"
            )
        }
        let lock = try acquireWriterLock(
            layout,
            verb: "sync --rebuild",
            startedMilliseconds: WallClock.system.milliseconds(),
            waitSeconds: lockWaitSeconds
        )
        return try withExtendedLifetime(lock) {
            _ = try StateChecksums(taking: layout)
            switch state {
            case .catalog: return try setAside(layout.catalog)
            case .dedupe: return try setAside(layout.dedupe)
            }
        }
    }
}

/// Renames a manifest and its log; nil when it is gone already.
private func setAside(_ path: String) throws -> String? {
    guard fileExists(path) else { return nil }
    var number = 1
    while fileExists("\(path).damaged-\(number)") { number += 1 }
    let target = "\(path).damaged-\(number)"
    // The manifest goes last: without it, a log that stayed behind would be taken for the new one's.
    for suffix in ["-wal", "-shm", ""] where fileExists(path + suffix) {
        guard rename(path + suffix, target + suffix) == 0 else {
            throw OperationError(
                .fatal,
                "\(path + suffix) cannot be renamed: \(String(cString: strerror(errno)))"
            )
        }
    }
    try syncFolder(parentFolder(of: path))
    return target
}
