internal import Operations
internal import Telemetry

/// What every kind of change costs, each beside the least it can cost.
package func selftestCheapChanges(_ options: SelftestOptions) throws -> SelftestReport {
    let start = monotonicNanoseconds()
    var report = SelftestReport(
        name: "cheap-changes",
        seed: options.seed,
        caseCount: 0,
        caseName: "changes",
        seconds: 0
    )
    report.details.append(
        row("change", ["read", "extracted", "chunked", "embedded", "segments"])
    )
    let shape = PipelineShape()
    let table = CostedChange.table(shards: shape.shards)
    // The planted bug makes one change dear, which is among the first.
    for change in options.plantsBug ? Array(table.prefix(2)) : table {
        options.progress(change.name)
        var test = try CostTest(options, shape)
        let (cost, minimum) = try test.cost(of: change)
        report.details.append(
            row(
                change.name,
                zip(cost.columns, minimum.columns).map { $0 == $1 ? "\($0)" : "\($0)/\($1)" }
            )
        )
        if !cost.isWithin(minimum) {
            report.failures.append(
                "\(change.name): costs \(cost), the least is \(minimum)"
            )
        }
        report.failures += test.failures.map { "\(change.name): \($0)" }
        report.caseCount += 1
    }
    report.seconds = Double(monotonicNanoseconds() - start) / 1e9
    return report
}

/// A published index of the known collection, and one change.
private struct CostTest {
    private(set) var failures: [String] = []
    private let options: SelftestOptions
    private let folder: WorkFolder
    private var collection: ChangeCollection
    private var bench: Bench

    init(_ options: SelftestOptions, _ shape: PipelineShape) throws {
        self.options = options
        self.folder = try WorkFolder(in: options.folder)
        self.collection = try ChangeCollection(folder: self.folder("docs"), seed: options.seed)
        self.bench = Bench(
            shape,
            source: self.folder("docs"),
            workspace: self.folder("workspace")
        )
        try self.bench.run(.backfill, workers: 2)
    }

    /// What the change costs, and the least it can cost.
    mutating func cost(of change: CostedChange) throws -> (ChangeCost, ChangeCost) {
        try change.change(&self.collection)
        change.configure(&self.bench.shape)
        let readsAll = self.options.plantsBug && change.name.hasPrefix("touch")
        let summary = try self.bench.run(.sync, workers: 2) {
            $0.isParanoid = readsAll
            $0.isAdopting = true
        }
        // Cheap and wrong is no saving.
        let fresh = Bench(
            self.bench.shape,
            source: self.folder("docs"),
            workspace: self.folder("fresh")
        )
        let wanted = try fresh.run(.backfill, workers: 2)
        if summary.digest != wanted.digest {
            self.failures.append("the digest is not that of a fresh backfill")
        }
        var minimum = change.minimum
        if change.makesNewChunks { minimum.embedded = wanted.chunksEmbedded }
        return (ChangeCost(summary), minimum)
    }
}

private func row(_ name: String, _ columns: [String]) -> String {
    func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
    return padded(name, 36) + columns.map { padded($0, 11) }.joined()
}

extension ChangeCost: CustomStringConvertible {
    var description: String {
        zip(["read", "extracted", "chunked", "embedded", "segments"], self.columns)
            .map { "\($0) \($1)" }.joined(separator: ", ")
    }
}
