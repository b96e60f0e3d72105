internal import Dataflow
internal import Hashing
internal import Manifests
internal import Records
internal import Segments
internal import Storage

/// Names the segments of every shard in a snapshot and makes it live, unless it would be the same.
struct PublishPhase {
    /// Segments of this many snapshots before the live one are kept for readers still at work.
    private static let snapshotsKept = 2

    let context: RunContext
    let plan: MaterialisePlan

    /// The live snapshot, and whether it is a new one.
    func run() throws -> (snapshot: Snapshot, isNew: Bool) {
        let workspace = self.context.workspace
        let root = workspace.layout.root
        let live = try liveSnapshot(workspace: root)
        var candidate = try self.candidate(number: live?.number ?? 0)
        if let live, live == candidate { return (live, false) }
        candidate.number = try workspace.catalog.nextSnapshotNumber()
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
        try self.sweepSegments()
        return (candidate, true)
    }

    /// What the shards' present segments make; a function of their content but for the number.
    private func candidate(number: Int) throws -> Snapshot {
        let workspace = self.context.workspace
        let states = try workspace.shards.indices.map { shard in
            guard let state = try ShardState.read(shard: shard, from: workspace.catalog) else {
                throw OperationError(.fatal, "shard \(shard) was not materialised; run it again")
            }
            return state
        }
        var digest = DigestSum()
        var indexes: [IndexSnapshot] = []
        for index in self.plan.indexes {
            var segments: [SnapshotSegment] = []
            for (shard, state) in states.enumerated() {
                guard let part = state.indexes[index.node.id],
                    let partDigest = Digest(hex: part.segment.digest)
                else {
                    throw OperationError(
                        .fatal,
                        "shard \(shard) has no segment of index '\(index.node.id)'"
                    )
                }
                digest.add(partDigest)
                segments.append(SnapshotSegment(part.segment, shard: shard))
            }
            indexes.append(
                IndexSnapshot(
                    name: index.node.id,
                    modelFingerprint: index.configuration.modelFingerprint,
                    modelName: index.modelName,
                    dimensions: index.configuration.dimensions,
                    segments: segments.filter { $0.documentCount > 0 }
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

    /// Removes segments that neither a recent snapshot nor a shard's state names.
    private func sweepSegments() throws {
        let workspace = self.context.workspace
        let root = workspace.layout.root
        var named = Array(repeating: Set<String>(), count: workspace.shards.count)
        for number in try snapshotNumbers(workspace: root).suffix(Self.snapshotsKept + 1) {
            for index in try snapshot(number: number, workspace: root).indexes {
                for segment in index.segments { named[segment.shard].insert(segment.name) }
            }
        }
        for shard in workspace.shards.indices {
            let state = try ShardState.read(shard: shard, from: workspace.catalog)
            named[shard].formUnion(state?.indexes.values.map(\.segment.name) ?? [])
            let folder = workspace.layout.segmentsFolder(shard: shard)
            for name in try folderEntries(folder).compactMap(\.name)
            where name.hasSuffix(".mrs") && !named[shard].contains(name) {
                try removeFile(folder + "/" + name)
            }
        }
    }
}
