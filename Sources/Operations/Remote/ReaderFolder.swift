internal import Dataflow
internal import Foundation
internal import Objects
internal import Segments
internal import Storage
internal import Telemetry

/// What answers queries of a workspace on object storage, on this machine: the live snapshot and those of
/// channels, with their segments, and no manifest.
///
/// Of a large segment there is a file with holes, which a query has filled where it reads (``PartialSegment``).
///
/// Invariant: as in any workspace, what a snapshot names is there before its descriptor, and that before `LIVE`.
struct ReaderFolder: Sendable {
    static let limitVariable = "MILLRACE_CACHE_LIMIT"
    /// Choice: room for some ten million chunks.
    private static let limitBytes = 20 << 30
    private static let lockWaitSeconds = 600.0

    let store: RemoteStore
    let layout: WorkspaceLayout

    /// Fetches what is in force, where it is not here yet.
    ///
    /// - Throws: ``OperationError`` `.noSuchState` where nothing was pushed.
    func bringUpToDate(progress: RunProgress = RunProgress()) throws {
        guard let head = try self.store.head()?.head else {
            throw OperationError(
                .noSuchState,
                "nothing is published in \(self.store.address) yet; run 'millrace backfill PIPELINE'"
            )
        }
        if let current = self.current(head) { return try self.open(current) }
        try createFolder(self.layout.root)
        let lock = try acquireWriterLock(
            self.layout,
            verb: "pull",
            startedMilliseconds: WallClock.system.milliseconds(),
            waitSeconds: Self.lockWaitSeconds
        )
        defer { withExtendedLifetime(lock) {} }
        // Another reader may have been at it.
        if let current = self.current(head) { return try self.open(current) }
        let generation = try self.store.generation(of: head)
        guard generation.files.contains(where: { $0.path == "LIVE" }) else {
            throw OperationError(
                .noSuchState,
                "nothing is published in \(self.store.address) yet; run 'millrace sync PIPELINE'"
            )
        }
        let needed = try self.fetch(generation, progress)
        // Before it is noted that all is done: one that was killed is done again.
        try self.clean(needed: needed, listed: Set(generation.files.map(\.path)))
        var record = RemoteRecord()
        record.settle(
            RemoteRecord.Known(name: head.generation, generation: generation),
            at: self.store.address.description
        )
        try record.write(self.layout)
        try self.open(generation)
    }

    /// What the head names, where it is what this folder is; nil where it is another.
    private func current(_ head: RemoteHead) -> RemoteGeneration? {
        let base = RemoteRecord(self.layout).base(of: self.store.address.description, head: head)
        return base?.name == head.generation ? base?.generation : nil
    }

    /// Has reads of this process in files with holes fill these.
    private func open(_ generation: RemoteGeneration) throws {
        for file in generation.files where file.isReadInParts && self.isPartial(file) {
            let path = self.path(file)
            guard PartialFiles.source(of: path) == nil,
                let source = try PartialSegment(file, at: self.partPath(file), of: self.store)
            else { continue }
            PartialFiles.register(source, as: path)
        }
    }

    private func path(_ file: RemoteFile) -> String { "\(self.layout.root)/\(file.path)" }
    private func partPath(_ file: RemoteFile) -> String { self.path(file) + PartialSegment.suffix }

    private func isPartial(_ file: RemoteFile) -> Bool {
        !self.isHere(file) && fileExists(self.partPath(file))
    }

    /// - Returns: the paths that answers need.
    private func fetch(
        _ generation: RemoteGeneration,
        _ progress: RunProgress
    ) throws -> Set<String> {
        try self.layout.createFolders(shardCount: generation.shardCount)
        let files = Dictionary(generation.files.map { ($0.path, $0) }) { first, _ in first }
        let marks = generation.files.filter { $0.path.hasPrefix("channels/") || $0.path == "LIVE" }
        // What is replaced comes into a folder of its own, and from there to its name.
        let staged = try StagedFolder(replacing: self.layout.root + "/incoming")
        let incoming = WorkspaceLayout(root: staged.path)
        try self.fetch(marks, into: incoming, progress)
        let numbers = try marks.compactMap { file -> Int? in
            let bytes = try readFile("\(incoming.root)/\(file.path)", maximumBytes: 64)
            return Int(String(decoding: bytes, as: UTF8.self).filter { $0 != "\n" })
        }
        let descriptors = Set(numbers).compactMap { files["snapshots/\($0).json"] }
        try self.fetch(descriptors, into: incoming, progress)
        var segments: Set<String> = []
        for number in Set(numbers) where files["snapshots/\(number).json"] != nil {
            let snapshot = try Segments.snapshot(number: number, workspace: incoming.root)
            segments.formUnion(Self.paths(of: snapshot))
        }
        let absent = segments.sorted().compactMap { files[$0] }.filter { !self.isHere($0) }
        let own = WorkspaceLayout(root: try RemoteCache.workspace(of: self.store))
        let partial = absent.filter { $0.isReadInParts && !Self.isThere($0, in: own) }
        for file in partial where !fileExists(self.partPath(file)) {
            try SparseFile.make(self.partPath(file), byteCount: file.byteCount)
        }
        try self.fetch(
            absent.filter { !$0.isReadInParts || Self.isThere($0, in: own) },
            into: self.layout,
            progress
        )
        try self.place(descriptors + marks.filter { $0.path != "LIVE" }, from: incoming)
        try self.place(marks.filter { $0.path == "LIVE" }, from: incoming)
        for name in try SnapshotMarks(layout: self.layout).channels().keys
        where files["channels/\(name)"] == nil {
            try removeFile("\(self.layout.channelsFolder)/\(name)")
        }
        return segments
    }

    private func fetch(
        _ files: [RemoteFile],
        into target: WorkspaceLayout,
        _ progress: RunProgress
    ) throws {
        let own = WorkspaceLayout(root: try RemoteCache.workspace(of: self.store))
        let fetching = RemoteFetch(
            store: self.store,
            target: target,
            source: own,
            // Segments that a run of this machine made need not come from elsewhere.
            present: files.filter { isSegmentName($0.path) && Self.isThere($0, in: own) },
            progress: progress
        )
        _ = try fetching.run(files)
    }

    /// Segments are written once, and appear whole.
    private func isHere(_ file: RemoteFile) -> Bool { Self.isThere(file, in: self.layout) }

    private static func isThere(_ file: RemoteFile, in layout: WorkspaceLayout) -> Bool {
        (try? fileStatus("\(layout.root)/\(file.path)"))?.size == file.byteCount
    }

    private func place(_ files: [RemoteFile], from incoming: WorkspaceLayout) throws {
        for file in files {
            let path = "\(self.layout.root)/\(file.path)"
            try createFolder(parentFolder(of: path))
            try replaceFile(
                path,
                with: try readFile("\(incoming.root)/\(file.path)", maximumBytes: 1 << 26)
            )
        }
    }

    /// Removes segments that the workspace does not have any more, since they may hold what was forgotten or is
    /// redacted by now, and keeps the others under the limit by removing what came longest ago and nobody needs.
    ///
    /// What a reader has open stays mapped. Files with holes that are needed begin anew, empty, where the limit is
    /// passed even so.
    private func clean(needed: Set<String>, listed: Set<String>) throws {
        var snapshots = try self.snapshots()
        let leased = try leasedSnapshots(
            self.layout,
            nowMilliseconds: WallClock.system.milliseconds()
        )
        let held = snapshots.filter { leased.contains($0.key) }.values.reduce(needed) {
            $0.union($1)
        }
        let limit = try Self.limit()
        let here = try self.segments()
        var total = here.reduce(0) { $0 + $1.byteCount }
        var others = here.filter { !needed.contains($0.path) }
        // Those that are gone from the workspace first, then by age.
        others.sort {
            (listed.contains($0.path) ? 1 : 0, $0.status.modificationNanoseconds, $0.path)
                < (listed.contains($1.path) ? 1 : 0, $1.status.modificationNanoseconds, $1.path)
        }
        for other in others {
            let isKept = total <= limit || held.contains(other.path)
            if isKept, listed.contains(other.path) { continue }
            // The descriptor goes first: one that is there must name files that are there.
            for (number, paths) in snapshots where paths.contains(other.path) {
                try removeFile(self.layout.snapshot(number))
                snapshots[number] = nil
            }
            try removeFile("\(self.layout.root)/\(other.path)")
            try removeFile("\(self.layout.root)/\(other.path)\(PartialSegment.suffix)")
            total -= other.byteCount
        }
        var emptied: Set<String> = []
        for part in here where part.isPartial && needed.contains(part.path) && total > limit {
            let path = "\(self.layout.root)/\(part.path)"
            try SparseFile.make(path + PartialSegment.suffix, byteCount: part.status.size)
            emptied.insert(path)
            total -= part.byteCount
        }
        PartialFiles.keep { path in
            !path.hasPrefix(self.layout.root + "/")
                || fileExists(path + PartialSegment.suffix) && !emptied.contains(path)
        }
    }

    /// The paths of the segments of each snapshot.
    private func snapshots() throws -> [Int: Set<String>] {
        var all: [Int: Set<String>] = [:]
        for number in try snapshotNumbers(workspace: self.layout.root) {
            let snapshot = try Segments.snapshot(number: number, workspace: self.layout.root)
            all[number] = Self.paths(of: snapshot)
        }
        return all
    }

    private static func paths(of snapshot: Snapshot) -> Set<String> {
        var paths: Set<String> = []
        for segment in snapshot.indexes.flatMap(\.segments) {
            let folder = "shards/\(WorkspaceLayout.shardName(segment.shard))/segments/"
            paths.insert(folder + segment.name)
            if let tombstones = segment.tombstones { paths.insert(folder + tombstones) }
        }
        return paths
    }

    /// A segment or tombstones in the folder.
    private struct Here {
        /// Of the whole file, below the folder.
        let path: String
        let status: FileStatus
        /// What it takes on the disk.
        let byteCount: Int
        let isPartial: Bool
    }

    private func segments() throws -> [Here] {
        var all: [Here] = []
        let shards = try folderEntries(self.layout.shardsFolder).compactMap {
            $0.name.flatMap { Int($0) }
        }
        for shard in shards {
            let folder = self.layout.segmentsFolder(shard: shard)
            for entry in try folderEntries(folder).compactMap(\.name) {
                let isPartial = entry.hasSuffix(PartialSegment.suffix)
                let name = isPartial ? String(entry.dropLast(PartialSegment.suffix.count)) : entry
                guard isSegmentName(name) else { continue }
                let status = try fileStatus("\(folder)/\(entry)")
                all.append(
                    Here(
                        path: "shards/\(WorkspaceLayout.shardName(shard))/segments/\(name)",
                        status: status,
                        byteCount: isPartial
                            ? try allocatedBytes("\(folder)/\(entry)") : status.size,
                        isPartial: isPartial
                    )
                )
            }
        }
        return all
    }

    private static func limit() throws -> Int {
        guard let text = ProcessInfo.processInfo.environment[self.limitVariable], !text.isEmpty
        else { return self.limitBytes }
        guard let bytes = Int(text), bytes >= 0 else {
            throw OperationError(.configuration, "\(self.limitVariable) takes a count of bytes")
        }
        return bytes
    }
}

/// A folder that answers queries: a workspace, or for one on object storage what is needed of it.
package struct SearchableWorkspace: Sendable {
    package let path: String
    private let remote: ReaderFolder?

    /// Of the workspace that a pipeline file names.
    package init(pipeline: String) throws {
        let plan = try loadPipeline(path: pipeline)
        try self.init(plan.remote ?? plan.workspace)
    }

    /// Of a folder, or an address on object storage, which is brought up to date.
    package init(_ place: String) throws {
        guard place.hasPrefix("s3://") else {
            self.path = absolutePath(place)
            self.remote = nil
            return
        }
        let store = try RemoteStore(place)
        let folder = ReaderFolder(
            store: store,
            layout: WorkspaceLayout(root: try RemoteCache.readers(of: store))
        )
        self.path = folder.layout.root
        self.remote = folder
        try self.bringUpToDate()
    }

    /// Whether what is published elsewhere has to be asked for.
    package var isRemote: Bool { self.remote != nil }

    /// Fetches what was published meanwhile; does nothing for a folder.
    package func bringUpToDate() throws {
        guard let remote = self.remote else { return }
        try translatingErrors { try remote.bringUpToDate() }
    }
}
