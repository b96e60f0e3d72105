import Execution
import Synchronization
import Testing

@Suite struct EngineTests {
    struct Failure: Error, Equatable {}

    @Test(arguments: [1, 2, 8])
    func everyBatchAndShardIsPerformedExactlyOnce(workers: Int) throws {
        let performed = Mutex<[Scheduler.Action]>([])
        let engineBox = Mutex<Engine?>(nil)
        let engine = Engine(workerCount: workers, queueBytes: 100) { action, _ in
            performed.withLock { $0.append(action) }
            switch action {
            case .list:
                let engine = engineBox.withLock { $0 }
                for batch in 0..<50 { engine?.submitBatch(batch, byteCount: 40) }
                return .listingEnded
            case .prepare(let batch): return .batchCheckpointed(batch)
            case .resolve: return .resolved(shards: [3, 1, 2])
            case .materialise(let shard): return .shardMaterialised(shard)
            case .publish, .finish: return .published
            }
        }
        engineBox.withLock { $0 = engine }
        #expect(try engine.run() == .published)
        let actions = performed.withLock { $0 }
        #expect(actions.count == Set(actions).count)
        #expect(actions.count == 1 + 50 + 1 + 3 + 1)
        #expect(actions.last == .publish)
    }

    @Test func anErrorEndsTheRunAndIsThrown() {
        let engine = Engine(workerCount: 2, queueBytes: 100) { action, _ in
            switch action {
            case .list: return .listingEnded
            default: throw Failure()
            }
        }
        #expect(throws: Failure()) { try engine.run() }
    }

    @Test(arguments: [Engine.StopReason.interrupted, .budget])
    func aStopBeforeTheListingEndsStopsTheRunAndItsFirstReasonIsKept(
        reason: Engine.StopReason
    ) throws {
        let engineBox = Mutex<Engine?>(nil)
        let engine = Engine(workerCount: 2, queueBytes: 100) { action, _ in
            switch action {
            case .list:
                engineBox.withLock { $0 }?.requestStop(reason)
                engineBox.withLock { $0 }?.requestStop(.interrupted)
                return .listingEnded
            case .prepare(let batch): return .batchCheckpointed(batch)
            default:
                Issue.record("no new work after a stop")
                return .published
            }
        }
        engineBox.withLock { $0 = engine }
        #expect(engine.stopReason == nil)
        #expect(try engine.run() == .stopped)
        #expect(engine.stopReason == reason)
    }
}
