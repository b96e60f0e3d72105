internal import Connectors
internal import Dataflow
internal import Hashing
internal import Manifests
internal import Records

/// Which sources may be asked for what changed alone, and since when.
struct DeltaListings: Sendable {
    private let checkpoints: [String: SourceCheckpoint]
    private let isReconciling: Bool
    private let now: Int64
    /// Documents whose deletion waits for approval.
    let held: Set<DocumentID>

    /// Every source is listed completely.
    static let none = DeltaListings(checkpoints: [:], held: [], isReconciling: true, now: 0)

    private init(
        checkpoints: [String: SourceCheckpoint],
        held: Set<DocumentID>,
        isReconciling: Bool,
        now: Int64
    ) {
        self.checkpoints = checkpoints
        self.held = held
        self.isReconciling = isReconciling
        self.now = now
    }

    init(
        catalog: Catalog,
        shards: [ShardManifest],
        isReconciling: Bool,
        now: Int64
    ) throws {
        let checkpoints = try catalog.sourceCheckpoints()
        let held =
            checkpoints.isEmpty
            ? [] : Set(try shards.flatMap { try $0.heldDeletions() }.map(\.id))
        self.init(checkpoints: checkpoints, held: held, isReconciling: isReconciling, now: now)
    }

    /// Nil where all of the source is to be listed.
    func checkpoint(of source: Plan.Source) -> ListingCursor? {
        guard !self.isReconciling, let stored = self.checkpoints[source.name],
            stored.configuration == source.digest,
            let every = milliseconds(
                of: source.configuration[CommonSourceKeys.reconcileEvery.name]?.stringValue ?? ""
            ),
            self.now - stored.reconciledMilliseconds < every
        else { return nil }
        return ListingCursor(stored.cursor)
    }

    /// What the catalog is to keep once a run has published what it listed.
    func next(after listing: Listing, of plan: Plan) -> [String: SourceCheckpoint] {
        var next: [String: SourceCheckpoint] = [:]
        for source in plan.sources {
            let stored = self.checkpoints[source.name]
            guard let listed = listing.sources[source.name], listed.isComplete else {
                next[source.name] = stored
                continue
            }
            guard let checkpoint = listed.checkpoint else { continue }
            next[source.name] = SourceCheckpoint(
                configuration: source.digest,
                cursor: checkpoint.bytes,
                reconciledMilliseconds:
                    listed.isDelta ? stored?.reconciledMilliseconds ?? 0 : self.now
            )
        }
        return next
    }
}

extension Plan.Source {
    /// Of everything that decides what is listed.
    fileprivate var digest: Digest {
        sha256("\(self.type)\n" + self.configuration.canonicalText)
    }
}
