internal import Manifests
internal import Segments
internal import Storage

/// Removes what no reader needs any more: old snapshots, and the files only they named.
struct SegmentSweep {
    /// This many snapshots before the live one are kept for readers still at work.
    private static let snapshotsKept = 2

    let workspace: Workspace

    func run() throws {
        let root = self.workspace.layout.root
        let numbers = try snapshotNumbers(workspace: root)
        let kept = numbers.suffix(Self.snapshotsKept + 1)
        var named = try self.workspace.shards.map { shard in
            Set(try shard.writtenIndexes().values.flatMap { $0.segments.flatMap(\.fileNames) })
        }
        for number in kept {
            for index in try snapshot(number: number, workspace: root).indexes {
                for segment in index.segments {
                    named[segment.shard].formUnion(
                        [segment.name, segment.tombstones].compactMap { $0 }
                    )
                }
            }
        }
        // The descriptor goes first: one that is there must name files that are there.
        for number in numbers.dropLast(kept.count) {
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

    private static func isSegmentFile(_ name: String) -> Bool {
        name.hasSuffix(".mrs") || name.hasSuffix(".mrt")
    }
}

extension LiveSegment {
    /// The files it consists of, in the segment folder of its shard.
    var fileNames: [String] { [self.segment.name, self.tombstones?.name].compactMap { $0 } }
}
