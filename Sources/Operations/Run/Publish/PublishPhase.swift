internal import Dataflow
internal import Hashing
internal import Manifests
internal import Records
internal import Segments
internal import Storage

/// Names the segments of every shard in a snapshot and makes it live, unless it would be the same.
struct PublishPhase {
    let context: RunContext
    let plan: MaterialisePlan

    /// The live snapshot, and whether it is a new one.
    func run() throws -> (snapshot: Snapshot, isNew: Bool) {
        let workspace = self.context.workspace
        let root = workspace.layout.root
        let live = try usableSnapshot(workspace: root)
        var candidate = try self.candidate(number: live?.number ?? 0)
        if let live, live == candidate { return (live, false) }
        candidate.number = try self.nextNumber()
        guard let digest = Digest(hex: candidate.digest) else {
            throw OperationError(.fatal, "the snapshot's digest is not one")
        }
        try publish(candidate, workspace: root)
        try workspace.catalog.recordSnapshot(
            SnapshotRecord(
                number: candidate.number,
                run: self.context.run,
                createdMilliseconds: self.context.now,
                digest: digest,
                state: .published
            )
        )
        try SegmentSweep(workspace: workspace).run()
        return (candidate, true)
    }

    /// Above every number that was ever given, also by a run that died before it recorded its own.
    private func nextNumber() throws -> Int {
        let workspace = self.context.workspace
        let written = try snapshotNumbers(workspace: workspace.layout.root).last ?? 0
        return max(try workspace.catalog.nextSnapshotNumber(), written + 1)
    }

    /// What the shards' present segments make; a function of them but for the number.
    private func candidate(number: Int) throws -> Snapshot {
        let shards = try self.context.workspace.shards.map { try $0.writtenIndexes() }
        var digest = DigestSum()
        var indexes: [IndexSnapshot] = []
        for index in self.plan.indexes {
            var segments: [SnapshotSegment] = []
            for (shard, written) in shards.enumerated() {
                guard let part = written[index.node.id] else {
                    throw OperationError(
                        .fatal,
                        "shard \(shard) has no segments of index '\(index.node.id)'; run it again"
                    )
                }
                for segment in part.segments {
                    digest.add(try segment.digest)
                    segments.append(try SnapshotSegment(segment, shard: shard))
                }
            }
            indexes.append(
                IndexSnapshot(
                    name: index.node.id,
                    modelFingerprint: index.configuration.modelFingerprint,
                    modelName: index.modelName,
                    dimensions: index.configuration.dimensions,
                    embedder: index.embedder,
                    segments: segments.sorted { ($0.shard, $0.name) < ($1.shard, $1.name) }
                )
            )
        }
        return Snapshot(
            number: number,
            pipeline: self.context.plan.name,
            indexes: indexes,
            digest: digest.value.hex,
            documentCount: indexes.first?.segments.reduce(0) { $0 + $1.documentCount } ?? 0,
            chunkCount: indexes.reduce(0) { $0 + $1.segments.reduce(0) { $0 + $1.chunkCount } }
        )
    }
}
