import Dispatch
import Synchronization
import Testing

@testable import Operations

/// Does the items of a run by seed: in any order, each twice, two at a time.
struct ItemEngine {
    let corpus: TestCorpus
    private var random: SplitMix64
    /// Small runs look for duplicates in one item.
    var resolvesInItemsFrom = RunOptions().resolvesInItemsFrom
    /// Whose items were done.
    private(set) var phases: [WorkPhase] = []

    init(_ corpus: TestCorpus, seed: UInt64) {
        self.corpus = corpus
        self.random = SplitMix64(seed: seed)
    }

    var options: RunOptions {
        var options = RunOptions()
        options.isolation = .none
        options.workerCount = 1
        options.lockWaitSeconds = 600
        options.resolvesInItemsFrom = self.resolvesInItemsFrom
        return options
    }

    @discardableResult
    func perform(_ item: WorkItem, isAgain: Bool = false) throws -> WorkResult {
        try doWork(
            path: try self.corpus.pipelineFile(),
            item: item,
            options: self.options,
            isAgain: isAgain
        )
    }

    @discardableResult
    mutating func run() throws -> RunSummary {
        let path = try self.corpus.pipelineFile()
        while true {
            let plan = try planWork(path: path, options: self.options)
            if let summary = plan.summary { return summary }
            #expect(try planWork(path: path, options: self.options).items == plan.items)
            self.phases.append(plan.phase)
            var items = plan.items + plan.items
            items.shuffle(using: &self.random)
            try self.performTwoAtATime(items, path: path)
            #expect(try planWork(path: path, options: self.options).items.isEmpty)
            if let summary = try finishWork(path: path, options: self.options).summary {
                #expect(summary.accounts.addsUp)
                return summary
            }
        }
    }

    private func performTwoAtATime(_ items: [WorkItem], path: String) throws {
        let next = Mutex(0)
        let failures = Mutex<[String]>([])
        let options = self.options
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            while true {
                let place = next.withLock { place in
                    defer { place += 1 }
                    return place
                }
                guard place < items.count else { return }
                do {
                    _ = try doWork(path: path, item: items[place], options: options)
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(failures.withLock { $0 } == [])
    }
}
