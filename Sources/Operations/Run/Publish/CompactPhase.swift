internal import Dataflow
internal import Manifests
internal import Records
internal import Segments
internal import Storage

/// The last part of a compaction: drops from the manifests what the pipeline no longer uses, and gives
/// the room back.
///
/// A deleted document leaves its chunks' vectors behind until then, and its bytes in free pages.
struct CompactPhase {
    let context: RunContext
    let plan: MaterialisePlan

    func run() throws {
        let stages = self.plan.branches.map(\.node.id)
        for shard in self.context.workspace.shards {
            try shard.dropChunkSets(exceptStages: stages)
            try shard.dropUnusedVectors(keepingModels: self.plan.modelFingerprints.sorted())
            try shard.vacuum()
        }
        try self.context.workspace.dedupe.vacuum()
        try SegmentSweep(workspace: self.context.workspace).run()
    }
}
