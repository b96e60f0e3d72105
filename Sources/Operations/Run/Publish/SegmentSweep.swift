internal import Manifests
internal import Segments
internal import Storage
internal import Telemetry

/// Removes what no reader needs any more: old snapshots, and the files only they named.
struct SegmentSweep {
    let workspace: Workspace
    /// This many snapshots before the live one are kept for readers still at work.
    var snapshotsKept = 2

    func run() throws {
        let root = self.workspace.layout.root
        let numbers = try snapshotNumbers(workspace: root)
        var kept = Array(numbers.suffix(self.snapshotsKept + 1))
        var named = try self.workspace.shards.map { shard in
            Set(try shard.writtenIndexes().values.flatMap { $0.segments.flatMap(\.fileNames) })
        }
        let live = try liveSnapshotNumber(workspace: root)
        // What a run must leave nothing of goes under the readers' hands: their files stay mapped.
        if self.snapshotsKept > 0 {
            let leased = try leasedSnapshots(
                self.workspace.layout,
                nowMilliseconds: WallClock.system.milliseconds()
            )
            kept += numbers.filter { leased.contains($0) && !kept.contains($0) }
        }
        // A descriptor that was written and never made live is newer than the live one.
        if let live, !kept.contains(live) { kept.append(live) }
        for number in kept {
            guard let snapshot = try self.snapshot(number, isLive: number == live) else {
                kept.removeAll { $0 == number }
                continue
            }
            for index in snapshot.indexes {
                for segment in index.segments {
                    named[segment.shard].formUnion(
                        [segment.name, segment.tombstones].compactMap { $0 }
                    )
                }
            }
        }
        // The descriptor goes first: one that is there must name files that are there.
        for number in numbers where !kept.contains(number) {
            try removeFile(self.workspace.layout.snapshot(number))
        }
        for shard in self.workspace.shards.indices {
            let folder = self.workspace.layout.segmentsFolder(shard: shard)
            for name in try folderEntries(folder).compactMap(\.name)
            where Self.isSegmentFile(name) && !named[shard].contains(name) {
                try removeFile(folder + "/" + name)
            }
        }
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
