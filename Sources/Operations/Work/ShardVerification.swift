internal import Manifests
internal import Records
internal import Text

/// Reads the texts of the arrivals of one shard that have company, and compares them with those that are likely to
/// remove them.
///
/// Invariant: what it says of documents follows from their texts alone, so that who decides may ask or not.
struct ShardVerification {
    let shard: Int
    let arrivals: [ArrivalFile]
    let buckets: [BucketFile]
    let rule: DedupeRule
    let files: WorkFiles
    let stop: StopPoint
    private let reader: ComparedReader

    init(
        shard: Int,
        ahead: ResolveAhead,
        rule: DedupeRule,
        manifest: @escaping (_ shard: Int) throws -> ShardManifest,
        files: WorkFiles,
        stop: StopPoint
    ) {
        self.shard = shard
        self.arrivals = ahead.arrivals
        self.buckets = ahead.buckets
        self.rule = rule
        self.files = files
        self.stop = stop
        let shardCount = ahead.arrivals.count
        self.reader = ComparedReader(isAcrossLabels: rule.acrossLabels) { id in
            try manifest(id.shard(of: shardCount))
        }
    }

    /// - Returns: the name of a ``VerdictFile``, and how many documents were read for it.
    func run() throws -> (name: String, count: Int) {
        let own = self.arrivals[self.shard]
        try own.checkRecords()
        for bucket in self.buckets { try bucket.check() }
        var companions = PlaceSet(count: own.count)
        var earlier: [Int: Set<ArrivalPlace>] = [:]
        for bucket in self.buckets {
            bucket.forEachCompanion(ofShard: self.shard) { companions.insert($0) }
            bucket.forEachPair(ofShard: self.shard) { later, other in
                earlier[later.index, default: []].insert(other)
            }
        }
        var writer = try VerdictFileWriter(self.files)
        var comparison = Comparison(reader: self.reader, threshold: self.rule.threshold)
        var count = 0
        for index in 0..<own.count where companions.contains(index) {
            try self.stop.check()
            guard let arrival = try own.record(at: index).arrival else { continue }
            if !writer.has(arrival.exact) {
                try writer.add(comparison.shingles(of: arrival), of: arrival.exact)
                count += 1
            }
            for other in try self.inOrder(earlier[index] ?? []) {
                guard let holdsFact = try comparison.holdsFact(other, arrival) else { continue }
                writer.add(ComparedPair(other.id, arrival.id), holdsFact: holdsFact)
                // The first without a difference removes it, most likely.
                if !holdsFact { break }
            }
        }
        return (try writer.finish(), count)
    }

    private func inOrder(_ places: Set<ArrivalPlace>) throws -> [DedupeArrival] {
        try places.sorted()
            .compactMap { try self.arrivals[$0.shard].record(at: $0.index).arrival }
            .sorted { $0.rank.bytes.lexicographicallyPrecedes($1.rank.bytes) }
    }
}

/// Compares texts, and remembers of some what was read.
private struct Comparison {
    private static let shingleBytes = 64 << 20

    let reader: ComparedReader
    let threshold: Double
    private var recent = RecentShingles<DocumentID>(byteLimit: Self.shingleBytes)
    private var difference = FactDifference()

    init(reader: ComparedReader, threshold: Double) {
        self.reader = reader
        self.threshold = threshold
    }

    mutating func shingles(of arrival: DedupeArrival) throws -> [UInt32] {
        if let known = self.recent[arrival.id] { return known }
        let made = try self.reader.shingles(
            of: GroupMembers(exact: arrival.exact, ids: [arrival.id])
        )
        self.recent[arrival.id] = made
        return made
    }

    /// Nil for two that are not similar: nobody asks then.
    mutating func holdsFact(_ one: DedupeArrival, _ other: DedupeArrival) throws -> Bool? {
        let similarity = jaccard(try self.shingles(of: one), try self.shingles(of: other))
        guard similarity >= self.threshold else { return nil }
        return self.difference.holdsFact(
            try self.reader.text(of: one.id),
            try self.reader.text(of: other.id)
        )
    }
}
