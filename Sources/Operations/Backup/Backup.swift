internal import Foundation
internal import Manifests
internal import Segments
internal import Storage
package import Telemetry

package struct BackupReport: Sendable, Codable {
    package var backup: String
    package var workspace: String
    /// Nil when nothing was published yet.
    package var snapshot: Int?
    package var digest: String?
    package var files: Int
    package var byteCount: Int
    /// Whether no writer was at work.
    ///
    /// Otherwise the sync after a restore compares all documents anew
    /// to find duplicates; it extracts and embeds nothing for that.
    package var isQuiet: Bool
}

/// Copies a workspace, while a writer may be at work on it, into a folder that does not exist yet.
///
/// With the workspace lock free it is held meanwhile, and the copy is one state of the whole. Otherwise
/// each database is copied as of one commit, one after the other, in an order that the next sync repairs.
///
/// Invariant, for a backup under a writer:
/// - The snapshot's number is read first, and its files never change; if a newer publish removed one,
///   the copy starts over.
/// - A shard's manifest says which documents it has, which segments hold them and which are in none yet:
///   one state of all three. A segment that is named and is not in the backup is written again from the
///   texts, chunks and vectors in the same manifest.
/// - Shards need no order among themselves: what a document is known as lies in one shard.
/// - The catalog is copied after them, so it knows every run that a dead letter or a held deletion names
///   and every number that a snapshot took, and gives none of them out again.
/// - The dedupe store is left out. It is right only together with the shards' lists of what it has not
///   seen: an older one misses documents for good, a newer one keeps documents that no shard knows.
///   Without one, the next run fills it from the signatures in the shards and decides anew.
/// - Throws: ``OperationError`` `.noSuchState` without a workspace, `.configuration` when something is
///   at `folder`, `.fatal` when the disk is too small or fails; nothing is left behind then.
package func backup(
    workspace root: String,
    to folder: String,
    clock: WallClock = .system,
    progress: RunProgress = RunProgress()
) throws -> BackupReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        guard !folder.hasPrefix(reader.layout.root + "/"), folder != reader.layout.root else {
            throw OperationError(
                .configuration,
                "\(folder) is in the workspace; name another folder"
            )
        }
        let lock = acquireIfFree(reader.layout, clock: clock)
        defer { withExtendedLifetime(lock) {} }
        var staged = try stageFolder(for: folder)
        var copy = BackupCopy(
            layout: reader.layout,
            shardCount: reader.shardCount,
            target: staged.path,
            progress: progress
        )
        try copy.checkSpace()
        let snapshot = try copy.copySnapshot()
        try copy.copyManifests(withDedupe: lock != nil)
        let descriptor = BackupDescriptor(
            shardCount: reader.shardCount,
            snapshot: snapshot?.number,
            digest: snapshot?.digest,
            isQuiet: lock != nil,
            createdMilliseconds: clock.milliseconds(),
            files: copy.files.sorted { $0.path < $1.path }
        )
        try descriptor.write(to: staged.path)
        try staged.commit()
        return BackupReport(
            backup: folder,
            workspace: root,
            snapshot: snapshot?.number,
            digest: snapshot?.digest,
            files: descriptor.files.count,
            byteCount: descriptor.files.reduce(0) { $0 + $1.byteCount },
            isQuiet: lock != nil
        )
    }
}

/// The workspace lock; nil when a writer holds it, or when this user may only read.
private func acquireIfFree(_ layout: WorkspaceLayout, clock: WallClock) -> WorkspaceLock? {
    try? WorkspaceLock.acquire(
        layout.lock,
        as: .current(verb: "backup", startedMilliseconds: clock.milliseconds())
    )
}

/// A staged folder; that its target is taken is the caller's mistake, not a failure.
func stageFolder(for target: String) throws -> StagedFolder {
    do {
        return try StagedFolder(for: target)
    } catch  where error.code == .alreadyExists {
        throw OperationError(.configuration, error.message)
    }
}

/// The copying of one backup, and what was copied so far.
private struct BackupCopy {
    /// Publishes that may come in between before a backup gives up.
    private static let attemptLimit = 5

    let layout: WorkspaceLayout
    let shardCount: Int
    let target: String
    let progress: RunProgress
    private(set) var files: [BackupDescriptor.File] = []

    /// Refuses at once what could only end in a full disk.
    func checkSpace() throws {
        var needed = 0
        let databases =
            try [self.layout.catalog, self.layout.dedupe]
            + DedupeStore.runFiles(of: self.layout.dedupe)
            + (0..<self.shardCount).map { self.layout.manifest(shard: $0) }
        for path in databases { needed += (try? fileStatus(path).size) ?? 0 }
        let live = try liveSnapshot(workspace: self.layout.root)
        for segment in live?.indexes.flatMap(\.segments) ?? [] { needed += segment.byteCount }
        let free = try freeBytes(at: parentFolder(of: self.target))
        guard needed < free else {
            throw OperationError(
                .fatal,
                "\(parentFolder(of: self.target)): the backup takes \(needed) bytes, \(free) are free"
            )
        }
    }

    mutating func copySnapshot() throws -> Snapshot? {
        for attempt in 1...Self.attemptLimit {
            guard let snapshot = try liveSnapshot(workspace: self.layout.root) else { return nil }
            do {
                try self.copyFiles(of: snapshot)
                return snapshot
            } catch let error as StorageError
                where error.code == .notFound && attempt < Self.attemptLimit
            {
                let now = try liveSnapshotNumber(workspace: self.layout.root)
                guard now != snapshot.number else { throw error }
                self.files = []
            }
        }
        return nil
    }

    private mutating func copyFiles(of snapshot: Snapshot) throws {
        self.progress.begin(phase: "backup", total: self.shardCount + 2)
        var paths: Set<String> = [self.layout.snapshot(snapshot.number)]
        for segment in snapshot.indexes.flatMap(\.segments) {
            let folder = self.layout.segmentsFolder(shard: segment.shard)
            paths.insert("\(folder)/\(segment.name)")
            if let tombstones = segment.tombstones { paths.insert("\(folder)/\(tombstones)") }
        }
        self.progress.update { $0.total += paths.count }
        for path in paths.sorted() {
            let (relative, copyPath) = try self.place(of: path)
            let measure = try copyFile(path, to: copyPath)
            self.take(relative, measure)
        }
        // Not a copy: LIVE may name a newer snapshot by now.
        let (relative, copyPath) = try self.place(of: self.layout.live)
        try replaceFile(copyPath, with: Array("\(snapshot.number)\n".utf8))
        self.take(relative, try measureFile(copyPath))
    }

    mutating func copyManifests(withDedupe: Bool) throws {
        for shard in 0..<self.shardCount {
            // The first run makes the shards one by one.
            let path = self.layout.manifest(shard: shard)
            if fileExists(path) { try self.copyManifest(.shard, path) }
        }
        try self.copyManifest(.catalog, self.layout.catalog)
        if withDedupe, fileExists(self.layout.dedupe) {
            try self.copyManifest(.dedupe, self.layout.dedupe)
            for path in try DedupeStore.runFiles(of: self.layout.dedupe) {
                let (relative, copyPath) = try self.place(of: path)
                self.take(relative, try copyFile(path, to: copyPath))
            }
        }
        try self.copyAuditLog()
        for path in [self.layout.erasureKey, self.layout.forgotten] where fileExists(path) {
            let (relative, copyPath) = try self.place(of: path)
            let measure = try copyFile(path, to: copyPath)
            if path == self.layout.erasureKey { try makePrivate(copyPath) }
            self.take(relative, measure)
        }
    }

    /// The log as far as its head says, whatever a writer adds meanwhile; after the catalog, which knows an
    /// entry of it.
    private mutating func copyAuditLog() throws {
        guard var head = try AuditHead.read(self.layout) else { return }
        let bytes = try readFile(self.layout.auditLog, maximumBytes: AuditLog.byteCountMax)
        head.next = nil
        let (relative, copyPath) = try self.place(of: self.layout.auditLog)
        try replaceFile(copyPath, with: Array(bytes.prefix(head.byteCount)))
        self.take(relative, try measureFile(copyPath))
        let (headName, headPath) = try self.place(of: self.layout.auditHead)
        try head.write(WorkspaceLayout(root: self.target))
        self.take(headName, try measureFile(headPath))
    }

    private mutating func copyManifest(_ kind: ManifestKind, _ path: String) throws {
        let (relative, copyPath) = try self.place(of: path)
        try Manifests.copyManifest(kind, from: path, to: copyPath)
        try syncFile(copyPath)
        try syncFolder(parentFolder(of: copyPath))
        self.take(relative, try measureFile(copyPath))
    }

    /// The path in the workspace, and where its copy goes; the folder for it is made.
    private func place(of path: String) throws -> (relative: String, copyPath: String) {
        let relative = String(path.dropFirst(self.layout.root.count + 1))
        let copyPath = "\(self.target)/\(relative)"
        try createFolder(parentFolder(of: copyPath))
        return (relative, copyPath)
    }

    private mutating func take(_ path: String, _ measure: (byteCount: Int, sha256: String)) {
        self.files.append(
            BackupDescriptor.File(
                path: path,
                byteCount: measure.byteCount,
                sha256: measure.sha256
            )
        )
        self.progress.update {
            $0.done += 1
            $0.bytesRead += measure.byteCount
        }
    }
}
