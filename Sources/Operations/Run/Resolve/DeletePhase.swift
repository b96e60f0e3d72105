internal import Manifests
internal import Records
internal import Synchronization

/// Deletes what the sources no longer list, and holds what must not be deleted unasked.
///
/// It runs after every listed document is checkpointed, so that a renamed document finds its old form.
struct DeletePhase {
    private static let documentsPerTransaction = 512

    let context: RunContext
    let known: KnownDocuments

    func run() throws {
        guard let listing = self.context.tally.withLock({ $0.listing }) else { return }
        let shards = self.context.workspace.shards
        let held = try shards.flatMap { try $0.heldDeletions() }
        let deletions = try DeletionGuard(
            plan: self.context.plan,
            known: self.known,
            listing: listing,
            approved: Set(held.filter(\.isApproved).map(\.id)).union(listing.leftOutKnown),
            moved: { try MovedDocuments(shards, known: self.known, listing: listing)($0) }
        ).decide()
        try RetentionErasure(context: self.context).begin(listing.expiredKnown)
        for (shard, removed) in zip(shards, deletions.removed) {
            for start in stride(from: 0, to: removed.count, by: Self.documentsPerTransaction) {
                let end = min(start + Self.documentsPerTransaction, removed.count)
                try shard.commit(
                    removed[start..<end].map { .removed($0) },
                    run: self.context.run,
                    at: self.context.now
                )
            }
        }
        if !held.isEmpty || deletions.heldCount > 0 {
            for (shard, ids) in zip(shards, deletions.held) {
                try shard.setHeld(ids, run: self.context.run)
            }
        }
        self.context.tally.withLock { $0.deletions = deletions }
    }
}
