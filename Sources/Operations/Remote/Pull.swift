internal import Manifests
internal import Objects
internal import Segments
internal import Storage
package import Telemetry

package struct PullReport: Sendable, Codable {
    package var workspace: String
    package var remote: String
    package var generation: String
    package var number: Int
    /// Whether the workspace was of this generation already.
    package var wasUpToDate: Bool
    package var snapshot: Int?
    package var digest: String?
    package var files: Int
    package var byteCount: Int
    package var bytesReceived: Int
    /// Whether something that was never pushed was replaced.
    package var hasDiscarded: Bool
}

package struct PullOptions: Sendable {
    package var clock = WallClock.system
    package var lockWaitSeconds = 0.0
    /// Replaces also what was never pushed.
    package var discards = false

    package init() {}
}

/// Makes the workspace at `root` what is in force at an address, fetching what differs.
///
/// Invariant: everything is fetched and held to its hash in a folder beside the workspace, which then takes its
/// place in one step.
/// - Throws: ``OperationError``: `.noSuchState` where nothing was pushed, `.locked` while a writer is at work,
///   `.newerVersion`, `.fatal` where the workspace has changes that were never pushed, or an object is damaged.
@discardableResult
package func pull(
    from store: RemoteStore,
    to root: String,
    options: PullOptions = PullOptions(),
    progress: RunProgress = RunProgress()
) throws -> PullReport {
    try translatingErrors {
        guard let head = try store.head()?.head else {
            throw OperationError(
                .noSuchState,
                "nothing was pushed to \(store.address) yet; push with 'millrace push PIPELINE "
                    + "\(store.address)'"
            )
        }
        let layout = WorkspaceLayout(root: root)
        let isNew = !fileExists(layout.root)
        try createFolder(layout.root)
        let lock = try acquireWriterLock(
            layout,
            verb: "pull",
            startedMilliseconds: options.clock.milliseconds(),
            waitSeconds: options.lockWaitSeconds
        )
        defer { withExtendedLifetime(lock) {} }
        let operation = PullOperation(
            store: store,
            layout: layout,
            head: head,
            options: options,
            progress: progress
        )
        do {
            return try operation.run()
        } catch {
            // A folder that was not there is not there; while it is locked nobody else has begun in it.
            if isNew, try !hasTraces(ofWorkspace: layout.root) { try? removeFolder(layout.root) }
            throw error
        }
    }
}

private struct PullOperation {
    let store: RemoteStore
    let layout: WorkspaceLayout
    let head: RemoteHead
    let options: PullOptions
    let progress: RunProgress

    private var address: String { self.store.address.description }

    func run() throws -> PullReport {
        let isVacant = try !hasTraces(ofWorkspace: self.layout.root)
        if isVacant { try self.requireNothingElse() } else { try requireNoItems(self.layout) }
        var record = RemoteRecord(self.layout)
        let base = record.base(of: self.address, head: self.head)
        let files = isVacant ? [] : try self.files(base)
        let isUpToDate = base?.name == self.head.generation && base?.generation.files == files
        let known =
            if isUpToDate, let base { base } else {
                RemoteRecord.Known(
                    name: self.head.generation,
                    generation: try self.store.generation(of: self.head)
                )
            }
        if known.generation.files == files {
            record.settle(known, at: self.address)
            try record.write(self.layout)
            return self.report(known, received: 0, wasUpToDate: true)
        }
        let isUnpushed = !isVacant && base?.generation.files != files
        if isUnpushed, !self.options.discards { throw self.unpushed(base) }
        let received = try self.replace(by: known, having: files)
        var report = self.report(known, received: received, wasUpToDate: false)
        report.hasDiscarded = isUnpushed
        return report
    }

    /// What the workspace has.
    private func files(_ base: RemoteRecord.Known?) throws -> [RemoteFile] {
        let reader = try WorkspaceReader(root: self.layout.root)
        let files = WorkspaceFiles(layout: self.layout)
        try files.emptyLogs(shardCount: reader.shardCount)
        return try files.contents(
            shardCount: reader.shardCount,
            known: base?.generation.files ?? [],
            progress: self.progress
        )
    }

    private func replace(
        by known: RemoteRecord.Known,
        having files: [RemoteFile]
    ) throws -> Int {
        let generation = known.generation
        let staged = try StagedFolder(replacing: self.layout.root)
        let target = WorkspaceLayout(root: staged.path)
        try target.createFolders(shardCount: generation.shardCount)
        let fetching = RemoteFetch(
            store: self.store,
            target: target,
            source: self.layout,
            present: files,
            progress: self.progress
        )
        let received = try fetching.run(generation.files)
        try checkManifests(of: generation, at: target)
        try self.keepOwn(in: target)
        var record = RemoteRecord(self.layout)
        record.settle(known, at: self.address)
        try record.write(target)
        try staged.exchange()
        return received
    }

    /// What belongs to this machine goes on under the same names: the lock, which is held meanwhile, and the
    /// leases of readers.
    private func keepOwn(in target: WorkspaceLayout) throws {
        try linkFile(self.layout.lock, as: target.lock)
        guard fileExists(self.layout.leasesFolder) else { return }
        try createFolder(target.leasesFolder)
        for name in try folderEntries(self.layout.leasesFolder).compactMap(\.name)
        where name.hasSuffix(WorkspaceLayout.leaseSuffix) {
            // Readers come and go meanwhile.
            try? linkFile(
                "\(self.layout.leasesFolder)/\(name)",
                as: "\(target.leasesFolder)/\(name)"
            )
        }
    }

    /// A folder that holds something else is nobody's to replace.
    private func requireNothingElse() throws {
        let own: Set<String> = ["lock", "remotes.json", "leases", "run.journal"]
        let others = try folderEntries(self.layout.root).compactMap(\.name).filter {
            !own.contains($0) && !$0.hasPrefix(StagedFile.namePrefix)
        }
        guard let first = others.sorted().first else { return }
        throw OperationError(
            .configuration,
            "\(self.layout.root) is no workspace and not empty: it holds \(first); name another folder"
        )
    }

    private func unpushed(_ base: RemoteRecord.Known?) -> OperationError {
        let push = "millrace push --workspace \(self.layout.root) \(self.address)"
        let discard = "millrace pull \(self.address) --workspace \(self.layout.root) --discard"
        guard let base else {
            return OperationError(
                .fatal,
                "\(self.layout.root) is a workspace that did not come from \(self.address); nothing was "
                    + "changed. Pull into another folder, or replace it for good with '\(discard)'"
            )
        }
        let way =
            base.name == self.head.generation
            ? ": push them with '\(push)', or"
            : ", and \(self.address) has moved on to generation \(self.head.number); the two are never merged: push to another address, or"
        return OperationError(
            .fatal,
            "\(self.layout.root) has changes since generation \(base.generation.number) that were never "
                + "pushed\(way) drop them for good with '\(discard)'. Nothing was changed"
        )
    }

    private func report(
        _ known: RemoteRecord.Known,
        received: Int,
        wasUpToDate: Bool
    ) -> PullReport {
        PullReport(
            workspace: self.layout.root,
            remote: self.address,
            generation: known.name,
            number: known.generation.number,
            wasUpToDate: wasUpToDate,
            snapshot: known.generation.snapshot,
            digest: known.generation.digest,
            files: known.generation.files.count,
            byteCount: known.generation.byteCount,
            bytesReceived: received,
            hasDiscarded: false
        )
    }
}

/// Refuses manifests that are not ours, or of a newer binary.
private func checkManifests(of generation: RemoteGeneration, at layout: WorkspaceLayout) throws {
    try checkManifestHeader(.catalog, path: layout.catalog)
    if fileExists(layout.dedupe) { try checkManifestHeader(.dedupe, path: layout.dedupe) }
    for shard in 0..<generation.shardCount where fileExists(layout.manifest(shard: shard)) {
        try checkManifestHeader(.shard, path: layout.manifest(shard: shard))
    }
}
