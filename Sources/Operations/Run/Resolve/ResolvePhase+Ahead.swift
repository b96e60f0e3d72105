internal import Manifests
internal import Records
internal import Telemetry
internal import Text

// Taking up what items wrote down. Most documents share no band with another: they are groups of their own whatever
// comes before or after them, and are written by ascending id, their bands as one run. The others are taken up as in
// any run.

extension ResolvePhase {
    /// As without `ahead`.
    func takeUp(_ ahead: ResolveAhead, _ rule: DedupeRule) throws {
        for file in ahead.arrivals { try file.checkRecords() }
        for bucket in ahead.buckets { try bucket.check() }
        var arrivals = try zip(self.workspace.shards, ahead.arrivals).enumerated()
            .map { shard, pair in
                try ShardArrivals(pair.0, pair.1, buckets: ahead.buckets, shard: shard)
            }
        self.context.options.progress.expect(arrivals.reduce(0) { $0 + $1.file.count })
        let load = LoneLoad(ahead: ahead)
        for slice in load.slices {
            try self.stop.check()
            try load.run(slice, &arrivals, into: self.workspace.dedupe)
        }
        for shard in arrivals { try self.takeUp(shard, rule) }
        try self.workspace.dedupe.checkpoint()
    }

    private func takeUp(_ shard: ShardArrivals, _ rule: DedupeRule) throws {
        guard !shard.isTakenUp else { return }
        if shard.isIncomplete { return try self.takeUp(shard.manifest, rule) }
        var page: [(id: DocumentID, arrival: DedupeArrival?)] = []
        page += shard.gone.map { (id: $0, arrival: nil) }
        for index in 0..<shard.file.count where shard.companions.contains(index) {
            let record = try shard.file.record(at: index)
            page.append((record.id, shard.isThere(index) ? record.arrival : nil))
            if page.count >= Self.documentsPerTransaction { try self.take(&page, rule) }
        }
        try self.take(&page, rule)
    }

    private func take(
        _ page: inout [(id: DocumentID, arrival: DedupeArrival?)],
        _ rule: DedupeRule
    ) throws {
        guard !page.isEmpty else { return }
        try self.take(page, rule)
        try self.stop.check()
        self.context.options.progress.finish(page.count)
        page.removeAll(keepingCapacity: true)
    }
}

/// The arrivals of a shard as they were written down, beside what the shard says now.
private struct ShardArrivals {
    private static let documentsPerPage = 4_096

    let manifest: ShardManifest
    let file: ArrivalFile
    /// Those that may share a band with others, or are not groups of their own.
    private(set) var companions: PlaceSet
    /// Those that were deleted since.
    private var lost: PlaceSet
    /// Deleted since, and not among them.
    private(set) var gone: [DocumentID] = []
    /// Whether the store has all of them on the disk.
    let isTakenUp: Bool
    /// Whether there are others now: then what the shard says counts alone.
    private(set) var isIncomplete = false

    init(_ manifest: ShardManifest, _ file: ArrivalFile, buckets: [BucketFile], shard: Int) throws {
        self.manifest = manifest
        self.file = file
        self.companions = PlaceSet(count: file.count)
        self.lost = PlaceSet(count: file.count)
        self.isTakenUp = try manifest.unresolvedCount() == 0
        guard !self.isTakenUp else { return }
        for bucket in buckets {
            bucket.forEachCompanion(ofShard: shard) { self.companions.insert($0) }
        }
        try self.compare()
    }

    func isThere(_ index: Int) -> Bool { !self.lost.contains(index) }

    var isLoadable: Bool { !self.isTakenUp && !self.isIncomplete }

    mutating func insertCompanion(_ index: Int) { self.companions.insert(index) }

    /// Both lists ascend.
    private mutating func compare() throws {
        var index = 0
        var last: DocumentID?
        while true {
            let page = try self.manifest.unresolvedIDs(after: last, limit: Self.documentsPerPage)
            guard let end = page.last else { break }
            last = end.id
            for (id, isThere) in page {
                while index < self.file.count, try self.file.id(at: index) < id { index += 1 }
                if index < self.file.count, try self.file.id(at: index) == id {
                    guard !isThere else { continue }
                    self.lost.insert(index)
                    self.companions.insert(index)
                } else if isThere {
                    self.isIncomplete = true
                } else {
                    self.gone.append(id)
                }
            }
        }
    }
}

/// Takes up the arrivals that have no company.
private struct LoneLoad {
    /// Of one transaction, about: some hundred megabytes of rows.
    private static let documentsPerSlice = 1 << 20

    let ahead: ResolveAhead
    private let sliceCount: Int

    init(ahead: ResolveAhead) {
        self.ahead = ahead
        let count = ahead.arrivals.reduce(0) { $0 + $1.count }
        self.sliceCount = 1 + count / Self.documentsPerSlice
    }

    /// Parts of the space of ids of one size, ascending.
    var slices: [ClosedRange<UInt64>] {
        let size = UInt64.max / UInt64(self.sliceCount)
        return (0..<UInt64(self.sliceCount)).map { slice in
            let isLast = slice == UInt64(self.sliceCount - 1)
            return slice * size...(isLast ? .max : (slice + 1) * size - 1)
        }
    }

    /// Takes up those whose ids begin within `slice`.
    func run(
        _ slice: ClosedRange<UInt64>,
        _ arrivals: inout [ShardArrivals],
        into store: DedupeStore
    ) throws {
        var numbers = try arrivals.map { try Numbers(slice, of: $0) }
        var places: [(id: DocumentID, shard: Int, index: Int)] = []
        for (shard, numbers) in numbers.enumerated() {
            for index in numbers.range where !arrivals[shard].companions.contains(index) {
                places.append((try arrivals[shard].file.id(at: index), shard, index))
            }
        }
        guard !places.isEmpty else { return }
        places.sort { $0.id < $1.id }
        var bands = LoneBands(self.ahead.buckets)
        try store.load(
            { add in
                for (_, shard, index) in places {
                    let record = try arrivals[shard].file.record(at: index)
                    if let document = LoneDocument(record), let number = try add(document) {
                        numbers[shard][index] = number
                    } else {
                        arrivals[shard].insertCompanion(index)
                    }
                }
            },
            nextEntry: {
                while let band = bands.next() {
                    if let number = numbers[band.shard][band.place.index] {
                        return (key: band.key, number: number)
                    }
                }
                return nil
            }
        )
    }
}

/// The numbers that were given to the arrivals of one shard in one slice.
private struct Numbers {
    let range: Range<Int>
    private var numbers: [Int64]

    init(_ slice: ClosedRange<UInt64>, of arrivals: ShardArrivals) throws {
        let file = arrivals.file
        guard arrivals.isLoadable else {
            (self.range, self.numbers) = (0..<0, [])
            return
        }
        let start = try file.index(of: DocumentID(high: slice.lowerBound, low: 0))
        let end =
            slice.upperBound == .max
            ? file.count : try file.index(of: DocumentID(high: slice.upperBound + 1, low: 0))
        self.range = start..<end
        self.numbers = [Int64](repeating: 0, count: end - start)
    }

    /// Nil for one that has none.
    subscript(_ index: Int) -> Int64? {
        get {
            guard self.range.contains(index) else { return nil }
            let number = self.numbers[index - self.range.lowerBound]
            return number == 0 ? nil : number
        }
        set { self.numbers[index - self.range.lowerBound] = newValue ?? 0 }
    }
}

/// The bands of lone arrivals, bucket after bucket: by ascending key.
private struct LoneBands {
    private let buckets: [BucketFile]
    private var bucket = 0
    private var index = 0

    init(_ buckets: [BucketFile]) { self.buckets = buckets }

    mutating func next() -> ArrivalBand? {
        while self.bucket < self.buckets.count {
            if self.index < self.buckets[self.bucket].loneCount {
                defer { self.index += 1 }
                return self.buckets[self.bucket].lone(at: self.index)
            }
            self.bucket += 1
            self.index = 0
        }
        return nil
    }
}

extension LoneDocument {
    /// Nil for what is no group of its own.
    fileprivate init?(_ record: ArrivalRecord) {
        guard let arrival = record.arrival, !arrival.bandKeys.isEmpty else { return nil }
        self.init(
            id: record.id,
            exact: arrival.exact,
            facts: arrival.facts,
            rank: arrival.rank.bytes,
            containedAt: arrival.rank.containedAt,
            isUnwritten: record.isResolved
        )
    }
}
