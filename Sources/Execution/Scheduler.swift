/// Decides what a run does next: events in, actions out.
///
/// The run is *prepare every batch; resolve; materialise every shard; publish*. This value holds no
/// thread, file or clock, so that a kill at any point is a loop in a test.
///
/// - Invariant: nothing of a phase is asked for before all of the phase before it is durable.
/// - Invariant: after a failure or a stop no new work is asked for, and `.finish` comes exactly once,
///   when nothing is in flight any more.
package struct Scheduler: Sendable {
    package enum Phase: String, Sendable, CaseIterable {
        case idle
        case prepare
        case resolve
        case materialise
        case publish
        case finished
    }

    package enum Event: Sendable, Hashable {
        case started
        case batchListed(Int)
        case listingEnded
        /// The batch's transaction is committed.
        case batchCheckpointed(Int)
        /// The batch was taken from the queue after a stop and not begun.
        case batchAbandoned(Int)
        case resolved(shards: [Int])
        case shardMaterialised(Int)
        case shardAbandoned(Int)
        case published
        case stopRequested
        /// Something that ends the run; a document that fails is not one.
        case failed(Action)
    }

    package enum Action: Sendable, Hashable {
        case list
        case prepare(batch: Int)
        case resolve
        case materialise(shard: Int)
        case publish
        case finish(Outcome)
    }

    package enum Outcome: String, Sendable, Hashable {
        case published
        case stopped
        case failed
    }

    package private(set) var phase: Phase = .idle
    /// True once no new work will be asked for.
    package private(set) var isEnding = false
    private var hasFailed = false
    private var isListing = false
    private var batchesInFlight: Set<Int> = []
    private var shardsInFlight: Set<Int> = []
    private var isResolving = false
    private var isPublishing = false

    package init() {}

    package mutating func handle(_ event: Event) -> [Action] {
        guard self.phase != .finished else { return [] }
        switch event {
        case .started:
            precondition(self.phase == .idle, "a run starts once")
            self.phase = .prepare
            self.isListing = true
            return [.list]
        case .batchListed(let batch):
            precondition(self.isListing, "a batch is listed while listing")
            guard !self.isEnding else { return [] }
            let (isNew, _) = self.batchesInFlight.insert(batch)
            precondition(isNew, "batch numbers are never used twice")
            return [.prepare(batch: batch)]
        case .listingEnded:
            self.isListing = false
        case .batchCheckpointed(let batch), .batchAbandoned(let batch):
            self.batchesInFlight.remove(batch)
        case .resolved(let shards):
            self.isResolving = false
            return self.beginMaterialise(shards)
        case .shardMaterialised(let shard), .shardAbandoned(let shard):
            self.shardsInFlight.remove(shard)
        case .published:
            self.isPublishing = false
            self.phase = .finished
            return [.finish(.published)]
        case .stopRequested:
            self.isEnding = true
        case .failed(let action):
            self.fail(action)
        }
        return self.advance()
    }

    private mutating func fail(_ action: Action) {
        self.isEnding = true
        self.hasFailed = true
        switch action {
        case .list: self.isListing = false
        case .prepare(let batch): self.batchesInFlight.remove(batch)
        case .resolve: self.isResolving = false
        case .materialise(let shard): self.shardsInFlight.remove(shard)
        case .publish: self.isPublishing = false
        case .finish: break
        }
    }

    private mutating func beginMaterialise(_ shards: [Int]) -> [Action] {
        guard !self.isEnding, !shards.isEmpty else { return self.advance(afterResolve: true) }
        self.phase = .materialise
        self.shardsInFlight = Set(shards)
        return shards.map { .materialise(shard: $0) }
    }

    /// Enters the next phase when the present one is complete.
    private mutating func advance(afterResolve: Bool = false) -> [Action] {
        let isIdle =
            !self.isListing && self.batchesInFlight.isEmpty && self.shardsInFlight.isEmpty
            && !self.isResolving && !self.isPublishing
        guard isIdle else { return [] }
        if self.isEnding {
            self.phase = .finished
            return [.finish(self.hasFailed ? .failed : .stopped)]
        }
        switch self.phase {
        case .prepare:
            self.phase = .resolve
            self.isResolving = true
            return [.resolve]
        case .resolve where afterResolve, .materialise:
            self.phase = .publish
            self.isPublishing = true
            return [.publish]
        case .idle, .resolve, .publish, .finished:
            return []
        }
    }
}
