internal import Manifests
internal import Records
internal import Text

/// Finds out which arrivals meet others under the band keys of one bucket.
struct BucketJoin {
    /// How many of those that come first others are compared with ahead.
    ///
    /// A choice: most documents that are removed are removed for one of these, and what is not compared ahead is
    /// compared when it is asked for.
    private static let firstCount = 4

    let arrivals: [ArrivalFile]
    let rule: DedupeRule
    /// Nil where the store is emptied first.
    let stored: StoredBands?
    let files: WorkFiles
    let stop: StopPoint

    /// - Returns: the name of a ``BucketFile``, and the shards of arrivals that have company.
    func run(bucket: Int) throws -> (name: String, shards: [Int]) {
        var bands: [ArrivalBand] = []
        for file in self.arrivals { try file.read(bucket: bucket, into: &bands) }
        bands.sort()
        var writer = try SectionFileWriter(kind: BucketFile.kind, self.files)
        var company: Set<UInt64> = []
        var pairs: Set<ArrivalPair> = []
        var lone = ByteWriter()
        var start = 0
        while start < bands.count {
            let key = bands[start].key
            let end = bands[start...].firstIndex { $0.key != key } ?? bands.count
            if end - start == 1, self.stored?.hold(key) != true {
                bands[start].write(to: &lone)
            } else {
                for band in bands[start..<end] { company.insert(band.place.word) }
                try self.addPairs(of: bands[start..<end].map(\.place), to: &pairs)
            }
            if lone.bytes.count > 1 << 16 {
                try writer.write(lone.bytes)
                lone = ByteWriter()
                try self.stop.check()
            }
            start = end
        }
        try writer.section(lone.bytes)
        let sorted = company.sorted()
        try writer.section(Self.bytes(of: sorted))
        try writer.section(Self.bytes(of: pairs.sorted().flatMap { [$0.later, $0.earlier] }))
        let shards = Set(sorted.map { ArrivalPlace(word: $0).shard })
        return (try writer.finish(), shards.sorted())
    }

    /// Those of one band whose texts a decision is going to ask for, most likely: each beside the first of those
    /// with the same facts.
    private func addPairs(of places: [ArrivalPlace], to pairs: inout Set<ArrivalPair>) throws {
        guard self.rule.near == .facts, places.count > 1 else { return }
        var members: [(place: ArrivalPlace, arrival: DedupeArrival)] = []
        for place in places {
            if let arrival = try self.arrivals[place.shard].record(at: place.index).arrival {
                members.append((place, arrival))
            }
        }
        members.sort { $0.arrival.rank.bytes.lexicographicallyPrecedes($1.arrival.rank.bytes) }
        var firsts: [UInt64: [(place: ArrivalPlace, exact: Digest)]] = [:]
        for member in members {
            let facts = member.arrival.facts
            let before = firsts[facts] ?? []
            guard !before.contains(where: { $0.exact == member.arrival.exact }) else { continue }
            for other in before {
                pairs.insert(ArrivalPair(later: member.place.word, earlier: other.place.word))
            }
            if before.count < Self.firstCount {
                firsts[facts, default: []].append((member.place, member.arrival.exact))
            }
        }
    }

    private static func bytes(of words: [UInt64]) -> [UInt8] {
        var writer = ByteWriter(reserving: 8 * words.count)
        for word in words { writer.write(fixed64: word) }
        return writer.bytes
    }
}

private struct ArrivalPair: Hashable, Comparable {
    var later: UInt64
    var earlier: UInt64

    static func < (left: Self, right: Self) -> Bool {
        (left.later, left.earlier) < (right.later, right.earlier)
    }
}
