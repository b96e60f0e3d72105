internal import Dataflow
internal import Manifests
internal import Storage
package import Telemetry

package struct ReshardReport: Sendable, Hashable, Codable {
    package var workspace: String
    /// How many shards there were; equal to `shards` where nothing had to be done.
    package var shardsBefore: Int
    package var shards: Int
    /// Known to the workspace, whatever became of them.
    package var documents: Int
}

/// Spreads the documents of a workspace over another count of shards.
///
/// Everything that is known of them goes along, so the next run extracts and embeds nothing for it; it writes
/// the segments anew, with the digest that they had. Until then what is published is served from the segments
/// of before, and those go when no snapshot names them any more.
///
/// A process that is killed leaves the old shards or the new ones. The next command that writes removes what
/// is left of the others.
/// - Throws: ``OperationError`` `.noSuchState`, `.locked` while another writer or a run in items is at work,
///   `.configuration` for a count that no workspace can have, `.fatal` when a manifest is lost or damaged, or
///   when the disk is too small.
package func reshard(
    to shardCount: Int,
    workspace root: String,
    lockWaitSeconds: Double = 0,
    progress: RunProgress = RunProgress()
) throws -> ReshardReport {
    try translatingErrors {
        guard Plan.shardCountRange.contains(shardCount) else {
            throw OperationError(
                .configuration,
                "a workspace has \(Plan.shardCountRange.lowerBound) to \(Plan.shardCountRange.upperBound) "
                    + "shards, not \(shardCount)"
            )
        }
        let layout = try WorkspaceReader(root: root).layout
        let lock = try acquireWriterLock(
            layout,
            verb: "reshard",
            startedMilliseconds: WallClock.system.milliseconds(),
            waitSeconds: lockWaitSeconds
        )
        return try withExtendedLifetime(lock) {
            guard !fileExists(layout.workSession) else {
                throw OperationError(
                    .locked,
                    "\(layout.root): a run in items is under way; end it with 'millrace work done PIPELINE', "
                        + "or let 'millrace sync PIPELINE' take over what it has done"
                )
            }
            try ShardSwitch(layout).finish()
            let reader = try WorkspaceReader(root: root)
            return try Resharding(reader: reader, shardCount: shardCount, progress: progress).run()
        }
    }
}

/// Precondition: the workspace lock is held.
private struct Resharding {
    let reader: WorkspaceReader
    let shardCount: Int
    let progress: RunProgress

    private var layout: WorkspaceLayout { self.reader.layout }

    func run() throws -> ReshardReport {
        try self.layout.removeStagedFiles(shardCount: self.reader.shardCount)
        var report = ReshardReport(
            workspace: self.layout.root,
            shardsBefore: self.reader.shardCount,
            shards: self.shardCount,
            documents: 0
        )
        guard self.shardCount != self.reader.shardCount else {
            report.documents = try self.reader.shards().reduce(0) { try $0 + $1.documentCount() }
            return report
        }
        var checksums = try StateChecksums(taking: self.layout)
        let staged = try StagedFolder(replacing: self.layout.shardsFolder)
        report.documents = try self.fill(staged.path)
        try self.linkOtherFiles(to: staged.path)
        try ShardSwitch.write(self.shardCount, to: staged.path)
        try staged.exchange()
        try ShardSwitch(self.layout).finish()
        try checksums.putBack(shardCount: self.shardCount, unchanged: [self.layout.dedupe])
        return report
    }

    /// Makes the new manifests, and leaves none of either side open.
    ///
    /// - Returns: how many documents they know.
    private func fill(_ folder: String) throws -> Int {
        let sources = try (0..<self.reader.shardCount).map { shard in
            let path = self.layout.manifest(shard: shard)
            guard fileExists(path) else {
                throw OperationError(.fatal, self.reader.lossOfManifest(shard))
            }
            let manifest = try ShardManifest(path: path, mode: .readWrite)
            try manifest.checkpoint()
            return manifest
        }
        try self.requireSpace(for: sources.map(\.path))
        self.progress.begin(phase: "reshard", total: self.shardCount * sources.count)
        let numbers = try self.commonNumbers(of: sources)
        let pageBlocksRevision = try self.commonPageBlocksRevision(of: sources)
        var documents = 0
        for shard in 0..<self.shardCount {
            let shardFolder = "\(folder)/\(WorkspaceLayout.shardName(shard))"
            try createFolder("\(shardFolder)/\(WorkspaceLayout.segmentsName)")
            let path = "\(shardFolder)/\(WorkspaceLayout.manifestName)"
            let manifest = try ShardManifest(path: path, mode: .create)
            try self.fill(manifest, shard: shard, from: sources)
            for (key, value) in numbers.sorted(by: { $0.key < $1.key }) {
                try manifest.setNumber(key, to: value)
            }
            if let pageBlocksRevision { try manifest.setPageBlocksRevision(pageBlocksRevision) }
            try manifest.checkpoint()
            documents += try manifest.documentCount()
            try syncFile(path)
            try syncFolder(shardFolder)
        }
        let before = try sources.reduce(0) { try $0 + $1.documentCount() }
        guard documents == before else {
            throw OperationError(
                .fatal,
                "\(self.layout.root): \(before) documents came out as \(documents); a manifest is damaged, "
                    + "'millrace doctor' says which; nothing was changed"
            )
        }
        return documents
    }

    private func fill(
        _ manifest: ShardManifest,
        shard: Int,
        from sources: [ShardManifest]
    ) throws {
        for (number, source) in sources.enumerated() {
            try manifest.takeDocuments(of: source.path, shard: shard, shardCount: self.shardCount)
            if number % self.shardCount == shard { try manifest.takeUnusedVectors(of: source.path) }
            // Keeps the log as small as one part.
            try manifest.checkpoint()
            self.progress.finish(1)
        }
    }

    /// What is said of all documents of a shard, where all shards say the same; what they disagree about is of
    /// a run that did not end, and is decided anew.
    private func commonNumbers(of sources: [ShardManifest]) throws -> [String: Int64] {
        let all = try sources.map { try $0.exportedNumbers() }
        return (all.first ?? [:]).filter { key, value in all.allSatisfy { $0[key] == value } }
    }

    /// Zero where the shards disagree, so that it is decided anew; nil where there never was a page.
    private func commonPageBlocksRevision(of sources: [ShardManifest]) throws -> Int? {
        let revisions = Set(try sources.map { try $0.pageBlocksRevision() })
        return revisions.count > 1 ? 0 : revisions.first.flatMap { $0 }.map(Int.init)
    }

    private func requireSpace(for paths: [String]) throws {
        let needed = try paths.reduce(0) { try $0 + fileStatus($1).size }
        let free = try freeBytes(at: self.layout.root)
        guard needed >= free else { return }
        throw OperationError(
            .fatal,
            "\(self.layout.root): new manifests take \(needed) bytes beside the old ones, \(free) are free; "
                + "nothing was changed"
        )
    }

    /// Gives the segments, and what was set aside as damaged, a second name in the new folder: snapshots name
    /// them by the shard they were written in.
    private func linkOtherFiles(to folder: String) throws {
        for shard in try self.layout.shardsWithFolder(shardCount: self.reader.shardCount) {
            let name = WorkspaceLayout.shardName(shard)
            for part in ["", "/\(WorkspaceLayout.segmentsName)"] {
                let (from, to) = (self.layout.shardFolder(shard) + part, "\(folder)/\(name)\(part)")
                guard fileExists(from) else { continue }
                let files = try folderEntries(from).compactMap(\.name)
                    .filter { try self.isKept("\(from)/\($0)", $0) }
                if files.isEmpty { continue }
                try createFolder(to)
                for file in files { try linkFile("\(from)/\(file)", as: "\(to)/\(file)") }
                try syncFolder(to)
            }
        }
    }

    private func isKept(_ path: String, _ name: String) throws -> Bool {
        let manifest = ["", "-wal", "-shm", "-journal"].map { WorkspaceLayout.manifestName + $0 }
        guard !manifest.contains(name), !name.hasPrefix(StagedFile.namePrefix) else { return false }
        return try fileStatus(path, followingLinks: false).kind == .regular
    }
}
