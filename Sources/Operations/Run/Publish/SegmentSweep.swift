internal import Dataflow
internal import Manifests
internal import Segments
internal import Storage
internal import Telemetry

/// Removes what no reader needs any more: old snapshots, and the files only they named.
///
/// The live snapshot stays, and so do those that are pinned or in a channel, the newest candidate that waits, and
/// of the published ones those that the retention keeps.
struct SegmentSweep {
    let workspace: Workspace
    var retention = RetentionSettings()
    /// Milliseconds since 1970, for the days of the retention.
    var now: Int64 = 0
    /// Whether pinned snapshots and those of channels go as well: what they hold may not be kept.
    var ignoresMarks = false

    func run() throws {
        let root = self.workspace.layout.root
        let numbers = try snapshotNumbers(workspace: root)
        var kept = try self.kept(of: numbers)
        var named: [Int: Set<String>] = [:]
        for (number, shard) in self.workspace.shards.enumerated() {
            let segments = try shard.writtenIndexes().values.flatMap(\.segments)
            named[number] = Set(segments.flatMap(\.fileNames))
        }
        let live = try liveSnapshotNumber(workspace: root)
        // What a run must leave nothing of goes under the readers' hands: their files stay mapped.
        if !self.ignoresMarks {
            let leased = try leasedSnapshots(
                self.workspace.layout,
                nowMilliseconds: WallClock.system.milliseconds()
            )
            kept.formUnion(numbers.filter(leased.contains))
        }
        for number in kept.sorted() {
            guard let snapshot = try self.snapshot(number, isLive: number == live) else {
                kept.remove(number)
                continue
            }
            for index in snapshot.indexes {
                for segment in index.segments {
                    named[segment.shard, default: []].formUnion(
                        [segment.name, segment.tombstones].compactMap { $0 }
                    )
                }
            }
        }
        try SnapshotMarks(layout: self.workspace.layout).removeStale(keeping: kept)
        // The descriptor goes first: one that is there must name files that are there.
        for number in numbers where !kept.contains(number) {
            try removeFile(self.workspace.layout.snapshot(number))
        }
        let shardCount = self.workspace.shards.count
        for shard in try self.workspace.layout.shardsWithFolder(shardCount: shardCount) {
            try self.sweep(shard, keeping: named[shard] ?? [])
        }
    }

    /// A shard that the workspace had before it was resharded goes with its last file.
    private func sweep(_ shard: Int, keeping named: Set<String>) throws {
        let layout = self.workspace.layout
        let folder = layout.segmentsFolder(shard: shard)
        guard fileExists(folder) else { return }
        for name in try folderEntries(folder).compactMap(\.name)
        where Self.isSegmentFile(name) && !named.contains(name) {
            try removeFile(folder + "/" + name)
        }
        guard shard >= self.workspace.shards.count, try folderEntries(folder).isEmpty,
            try folderEntries(layout.shardFolder(shard)).count == 1
        else { return }
        try removeFolder(layout.shardFolder(shard))
    }

    /// Which of the snapshots stay.
    private func kept(of numbers: [Int]) throws -> Set<Int> {
        let root = self.workspace.layout.root
        let live = try liveSnapshotNumber(workspace: root)
        let records = try self.workspace.catalog.snapshots()
        let rejected = Set(records.filter { $0.state != .published }.map(\.number))
        var kept: Set<Int> = []
        if let live { kept.insert(live) }
        // One that was written and neither recorded nor made live is of a run that died.
        let published = numbers.filter { number in
            !rejected.contains(number) && number <= (records.last?.number ?? number)
        }
        let others = published.filter { $0 != live }
        kept.formUnion(others.suffix(self.retention.keepSnapshots))
        if let days = self.retention.keepDays {
            let oldest = self.now - Int64(days) * 86_400_000
            let young = Set(records.filter { $0.createdMilliseconds >= oldest }.map(\.number))
            kept.formUnion(published.filter(young.contains))
        }
        if let waiting = try self.workspace.catalog.waitingCandidate(workspace: root) {
            kept.insert(waiting)
        }
        if !self.ignoresMarks {
            kept.formUnion(try SnapshotMarks(layout: self.workspace.layout).numbers)
        }
        return kept.intersection(numbers).union(live.map { [$0] } ?? [])
    }

    /// Nil for one before the live one that is damaged: it serves no reader.
    private func snapshot(_ number: Int, isLive: Bool) throws -> Snapshot? {
        do {
            return try Segments.snapshot(number: number, workspace: self.workspace.layout.root)
        } catch let error as SegmentError where error.code == .corrupt && !isLive {
            return nil
        }
    }

    private static func isSegmentFile(_ name: String) -> Bool {
        name.hasSuffix(".mrs") || name.hasSuffix(".mrt")
    }
}

extension LiveSegment {
    /// The files it consists of, in the segment folder of its shard.
    var fileNames: [String] { [self.segment.name, self.tombstones?.name].compactMap { $0 } }
}
