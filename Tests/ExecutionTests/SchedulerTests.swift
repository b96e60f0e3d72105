import Execution
import Testing

/// A run in memory: what is durable survives a kill, everything else is lost.
private struct SimulatedWorkspace {
    var checkpointed: Set<Int> = []
    var materialised: Set<Int> = []
    var isPublished = false
}

/// SplitMix64 by Steele and others: a seed replays a failing case.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct SchedulerTests {
    static let batchCount = 12
    static let shardCount = 4

    /// Performs actions in random order until the run ends or is killed after `stepLimit` steps.
    private func simulate(
        _ workspace: inout SimulatedWorkspace,
        seed: UInt64,
        stepLimit: Int,
        stopAfter: Int? = nil
    ) -> Scheduler.Outcome? {
        var generator = SeededGenerator(state: seed)
        var scheduler = Scheduler()
        var pending = scheduler.handle(.started)
        var unlisted = (0..<Self.batchCount).filter { !workspace.checkpointed.contains($0) }
        for step in 0..<stepLimit {
            if step == stopAfter { pending += scheduler.handle(.stopRequested) }
            if case .finish(let outcome)? = pending.first(where: {
                if case .finish = $0 { true } else { false }
            }) {
                return outcome
            }
            guard !pending.isEmpty else { return nil }
            let index = Int.random(in: 0..<pending.count, using: &generator)
            let action = pending[index]
            switch action {
            case .list:
                if let next = unlisted.popLast(), !scheduler.isEnding {
                    pending += scheduler.handle(.batchListed(next))
                } else {
                    pending.remove(at: index)
                    pending += scheduler.handle(.listingEnded)
                }
            case .prepare(let batch):
                pending.remove(at: index)
                workspace.checkpointed.insert(batch)
                pending += scheduler.handle(.batchCheckpointed(batch))
            case .resolve:
                #expect(workspace.checkpointed.count == Self.batchCount, "seed \(seed)")
                pending.remove(at: index)
                let rest = (0..<Self.shardCount).filter { !workspace.materialised.contains($0) }
                pending += scheduler.handle(.resolved(shards: rest))
            case .materialise(let shard):
                pending.remove(at: index)
                workspace.materialised.insert(shard)
                pending += scheduler.handle(.shardMaterialised(shard))
            case .publish:
                #expect(workspace.materialised.count == Self.shardCount, "seed \(seed)")
                pending.remove(at: index)
                workspace.isPublished = true
                pending += scheduler.handle(.published)
            case .finish:
                break
            }
        }
        return nil
    }

    @Test(arguments: 0..<300)
    func aRunKilledAnywhereEndsPublishedWhenRunAgain(seed: Int) {
        var workspace = SimulatedWorkspace()
        var generator = SeededGenerator(state: UInt64(seed))
        for _ in 0..<3 where !workspace.isPublished {
            let limit = Int.random(in: 0..<40, using: &generator)
            _ = self.simulate(&workspace, seed: generator.next(), stepLimit: limit)
        }
        if !workspace.isPublished {
            let outcome = self.simulate(&workspace, seed: UInt64(seed), stepLimit: 1000)
            #expect(outcome == .published)
        }
        #expect(workspace.checkpointed.count == Self.batchCount)
    }

    @Test(arguments: 0..<100)
    func aStopEndsTheRunWithoutPublishingHalfOfIt(seed: Int) {
        var workspace = SimulatedWorkspace()
        let outcome = self.simulate(
            &workspace,
            seed: UInt64(seed),
            stepLimit: 1000,
            stopAfter: seed % 20
        )
        #expect(outcome == .stopped || outcome == .published)
        #expect(workspace.isPublished == (outcome == .published))
    }

    @Test func aFailureFinishesOnceEverythingInFlightIsDone() {
        var scheduler = Scheduler()
        _ = scheduler.handle(.started)
        _ = scheduler.handle(.batchListed(0))
        _ = scheduler.handle(.batchListed(1))
        #expect(scheduler.handle(.failed(.prepare(batch: 0))).isEmpty)
        #expect(scheduler.handle(.batchListed(2)).isEmpty)
        #expect(scheduler.handle(.listingEnded).isEmpty)
        #expect(scheduler.handle(.batchCheckpointed(1)) == [.finish(.failed)])
        #expect(scheduler.handle(.batchCheckpointed(1)).isEmpty)
    }

    @Test func nothingToMaterialiseGoesStraightToPublish() {
        var scheduler = Scheduler()
        _ = scheduler.handle(.started)
        #expect(scheduler.handle(.listingEnded) == [.resolve])
        #expect(scheduler.handle(.resolved(shards: [])) == [.publish])
        #expect(scheduler.handle(.published) == [.finish(.published)])
    }
}
