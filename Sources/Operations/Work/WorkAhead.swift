internal import Manifests

/// The names of what items found out of duplicates.
struct WorkAhead: Codable {
    /// Of every shard.
    var arrivals: [String]
    /// Of every bucket.
    var buckets: [String] = []
    /// Of the shards that have texts to read.
    var verdicts: [Int: String] = [:]

    static func named(_ name: String, _ files: WorkFiles) throws -> WorkAhead {
        try files.kept(WorkAhead.self, name)
    }

    func openedArrivals(_ files: WorkFiles) throws -> [ArrivalFile] {
        try self.arrivals.map { try ArrivalFile($0, files) }
    }

    func opened(_ files: WorkFiles) throws -> ResolveAhead {
        ResolveAhead(
            arrivals: try self.openedArrivals(files),
            buckets: try self.buckets.map { try BucketFile($0, files) },
            verdicts: try self.verdicts.mapValues { try VerdictFile($0, files) }
        )
    }
}

// The phases before the decisions. In a small run they are passed over: one process does it all then.

extension WorkSession {
    /// Enters the phase in which duplicates are decided, or the first of those that find out for it.
    mutating func enterResolve(
        after before: [String],
        _ pipeline: WorkPipeline,
        _ workspace: Workspace
    ) throws {
        let count = try Self.comparedCount(pipeline, workspace)
        guard count > 0, count >= pipeline.options.resolvesInItemsFrom else {
            return self.decide(after: before)
        }
        self.phase = .sign
        self.items = workspace.shards.indices.map { self.item(.sign, part: $0, inputs: before) }
    }

    /// Goes on from one of the phases before the decisions, whose items came to `results`.
    mutating func goOnAhead(_ results: [WorkResult], _ files: WorkFiles) throws {
        let outputs = results.flatMap(\.outputs)
        switch self.phase {
        case .sign:
            let name = try files.keep(WorkAhead(arrivals: outputs))
            self.phase = .join
            self.items = outputs.indices.map { self.item(.join, part: $0, inputs: [name]) }
        case .join:
            var ahead = try self.aheadOfItems(files)
            ahead.buckets = outputs
            let name = try files.keep(ahead)
            let shards = Set(results.flatMap { $0.shards ?? [] }).sorted()
            guard !shards.isEmpty else { return self.decide(with: name) }
            self.phase = .verify
            self.items = shards.map { self.item(.verify, part: $0, inputs: [name]) }
        case .verify:
            var ahead = try self.aheadOfItems(files)
            for result in results { ahead.verdicts[result.part] = result.outputs.first }
            self.decide(with: try files.keep(ahead))
        default:
            break
        }
    }

    private func aheadOfItems(_ files: WorkFiles) throws -> WorkAhead {
        guard let name = self.items.first?.inputs.first else { return WorkAhead(arrivals: []) }
        return try WorkAhead.named(name, files)
    }

    private mutating func decide(with ahead: String) {
        self.ahead = ahead
        self.decide(after: [ahead])
    }

    private mutating func decide(after before: [String]) {
        self.phase = .resolve
        self.items = [self.item(.resolve, inputs: [self.listing] + before)]
    }

    /// How many documents are going to be taken up; 0 where none are compared.
    private static func comparedCount(
        _ pipeline: WorkPipeline,
        _ workspace: Workspace
    ) throws -> Int {
        guard let rule = pipeline.rule else { return 0 }
        let startsOver = try workspace.dedupe.fingerprint() != rule.fingerprint
        return try workspace.shards.reduce(0) { count, shard in
            try count + (startsOver ? shard.documentCount() : shard.unresolvedCount())
        }
    }
}
