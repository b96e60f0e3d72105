internal import Dataflow
internal import Manifests
internal import Records
internal import Segments
internal import Storage

/// The last part of a run that leaves on the disk only what it publishes: drops from the manifests what the
/// pipeline no longer uses, gives the room back, and removes earlier snapshots with their segments.
///
/// A deleted or replaced document leaves its chunks' vectors behind until then, its bytes in free pages, and
/// its text in the segments of earlier snapshots. A reader that is at work on one of those has its files open.
struct PurgePhase {
    let context: RunContext
    let plan: MaterialisePlan

    func run() throws {
        let stages = self.plan.branches.map(\.node.id)
        for shard in self.context.workspace.shards {
            try shard.dropChunkSets(exceptStages: stages)
            try shard.dropUnusedVectors(keepingModels: self.plan.modelFingerprints.sorted())
            try shard.dropKeptVectors(ofModels: self.plan.cheapModelFingerprints.sorted())
            try shard.vacuum()
        }
        try self.context.workspace.dedupe.vacuum()
        try self.context.workspace.catalog.vacuum()
        try SegmentSweep(
            workspace: self.context.workspace,
            retention: .none,
            ignoresMarks: self.context.isRedactedAnew
        ).run()
        if self.context.dropsSetAside { try self.dropSetAside() }
    }

    private func dropSetAside() throws {
        let layout = self.context.workspace.layout
        for path in try layout.setAsideFiles(shardCount: self.context.workspace.shards.count) {
            try removeFile(path)
        }
    }
}

extension RetentionSettings {
    /// Nothing but the live snapshot.
    static var none: RetentionSettings {
        var settings = RetentionSettings()
        settings.keepSnapshots = 0
        return settings
    }
}
