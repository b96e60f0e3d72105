internal import GRDB
internal import Records
internal import Storage

/// All band keys of the store as of one transaction: its runs by ascending numbers, and the groups that are gone.
///
/// A run is written before the transaction that names it ends, and removed once that which names it no more is
/// on the disk: whatever a crash leaves, the files that are named are there.
struct BandRuns: Sendable {
    private(set) var runs: [BandRun]
    /// Groups whose entries are still in a run; their numbers are never used again.
    private(set) var dropped: Set<Int64>

    static let none = BandRuns(runs: [], dropped: [])

    var entryCount: Int { self.runs.reduce(0) { $0 + $1.count } }

    /// Of the files that `others` has not.
    func byteCount(without others: BandRuns) -> Int {
        let names = Set(others.runs.map(\.digest))
        return self.runs.reduce(0) { $0 + (names.contains($1.digest) ? 0 : $1.byteCount) }
    }

    /// Calls `body` with the groups that have a key, by ascending number, until it returns false.
    func forEachNumber(of key: UInt64, _ body: (Int64) -> Bool) {
        var goesOn = true
        for run in self.runs where goesOn {
            run.forEachNumber(of: key) { number in
                goesOn = self.dropped.contains(number) || body(number)
                return goesOn
            }
        }
    }

    /// The keys of some groups, each ascending; a group that has none is not there.
    ///
    /// - Complexity: O(entries of the runs that hold one of them).
    func keys(of numbers: Set<Int64>) -> [Int64: [UInt64]] {
        var keys: [Int64: [UInt64]] = [:]
        for run in self.runs {
            let wanted = numbers.filter(run.numbers.contains)
            guard !wanted.isEmpty else { continue }
            let isWanted = NumberSet(wanted, in: run.numbers)
            run.forEachEntry { entry in
                if isWanted.contains(entry.number) {
                    keys[entry.number, default: []].append(entry.key)
                }
            }
        }
        return keys
    }

    /// Lets go of the pages of large runs, which count as memory of this process.
    func release() {
        let retainedByteCount = 8 << 20
        for run in self.runs where run.byteCount > retainedByteCount { run.release() }
    }
}

/// Numbers of a run, one bit for each that it may have.
private struct NumberSet {
    private let low: Int64
    private var words: [UInt64]

    init(_ numbers: Set<Int64>, in range: ClosedRange<Int64>) {
        self.low = range.lowerBound
        self.words = [UInt64](repeating: 0, count: Int(range.upperBound - self.low) / 64 + 1)
        for number in numbers {
            let place = Int(number - self.low)
            self.words[place / 64] |= 1 << UInt64(place % 64)
        }
    }

    func contains(_ number: Int64) -> Bool {
        let place = Int(number - self.low)
        return self.words[place / 64] >> UInt64(place % 64) & 1 != 0
    }
}

// MARK: Changes

extension BandRuns {
    /// With the groups `gone` taken away, and new entries, sorted, whose numbers are larger than all before.
    ///
    /// - Parameter isWhole: whether entries of groups that are gone are to be in no file any more.
    func changed(
        adding entries: [BandEntry],
        dropping gone: Set<Int64>,
        in folder: String,
        isWhole: Bool = false
    ) throws -> BandRuns {
        var new = self
        new.dropped.formUnion(gone)
        let count =
            isWhole || new.isMostlyDropped
            ? self.runs.count : self.mergedCount(with: entries.count)
        guard count > 0 || !entries.isEmpty else { return new }
        try new.mergeLast(count, with: [], entries, in: folder)
        return new
    }

    /// With a run whose numbers are larger than all before.
    func appending(_ run: BandRun, in folder: String) throws -> BandRuns {
        var new = self
        let count = self.mergedCount(with: run.count)
        if count == 0 {
            new.runs.append(run)
        } else {
            try new.mergeLast(count, with: [run], [], in: folder)
        }
        return new
    }

    /// Makes one of the last runs and of what comes after them.
    private mutating func mergeLast(
        _ count: Int,
        with others: [BandRun],
        _ entries: [BandEntry],
        in folder: String
    ) throws {
        let merged = Array(self.runs.suffix(count))
        let run = try self.merge(merged + others, entries, without: self.dropped, in: folder)
        self.runs.removeLast(count)
        if let run { self.runs.append(run) }
        for run in merged { self.dropped = self.dropped.filter { !run.numbers.contains($0) } }
    }

    /// How many of the last runs are merged with so many new entries: as long as one is no larger than all
    /// that come after it, so that an entry is written again only into a file of twice the size.
    private func mergedCount(with newCount: Int) -> Int {
        guard newCount > 0 else { return 0 }
        var total = newCount
        var count = 0
        for run in self.runs.reversed() {
            guard run.count <= total, total + run.count <= BandRunShape.countMax else { break }
            total += run.count
            count += 1
        }
        return count
    }

    /// Whether about a quarter of all entries are of groups that are gone.
    private var isMostlyDropped: Bool {
        let count = self.entryCount
        return count <= BandRunShape.countMax
            && self.dropped.count * Signature.bandCount * 4 > count && count > 0
    }

    private func merge(
        _ runs: [BandRun],
        _ entries: [BandEntry],
        without dropped: Set<Int64>,
        in folder: String
    ) throws -> BandRun? {
        let numbers = entries.map(\.number)
        let bounds =
            runs.flatMap { [$0.shape.low, $0.shape.high] }
            + [numbers.min(), numbers.max()].compactMap { $0 }
        guard let low = bounds.min(), let high = bounds.max() else { return nil }
        let count = runs.reduce(entries.count) { $0 + $1.count }
        try createFolder(folder)
        var writer = try BandRunWriter(
            BandRunShape(low: low, high: high, count: count),
            in: folder
        )
        var cursors = runs.map(BandCursor.init)
        var next = 0
        while true {
            var least = next < entries.count ? entries[next] : nil
            var source: Int?
            for (index, cursor) in cursors.enumerated() {
                guard let entry = cursor.entry, least.map({ entry < $0 }) ?? true else { continue }
                least = entry
                source = index
            }
            guard let entry = least else { break }
            if let source { cursors[source].advance() } else { next += 1 }
            if dropped.isEmpty || !dropped.contains(entry.number) { try writer.append(entry) }
        }
        for run in runs { run.release() }
        return try writer.finish()
    }
}

// MARK: In the store

extension BandRuns {
    /// What the store names.
    ///
    /// - Parameter isTrusting: whether another process holds the runs to their hashes.
    /// - Throws: ``ManifestError`` `.corrupt` where a run is gone or has changed.
    init(_ database: Database, in folder: String, isTrusting: Bool = false) throws {
        self.runs = try Self.names(database).map { name in
            isTrusting
                ? try BandRun(written: name, in: folder) : try BandRun(name, in: folder)
        }
        self.dropped = Set(
            try database.cachedStatement(sql: "SELECT number FROM dropped")
                .all { try $0.integer(0) }
        )
        for (run, next) in zip(self.runs, self.runs.dropFirst())
        where run.numbers.upperBound >= next.numbers.lowerBound { throw BadColumn() }
        self.release()
    }

    /// The hashes of the runs that the store names, by ascending numbers.
    static func names(_ database: Database) throws -> [Digest] {
        try database.cachedStatement(sql: "SELECT digest FROM runs ORDER BY low")
            .all { try $0.digest(0) }
    }

    /// Makes the store name these in place of `old`.
    func write(to database: Database, replacing old: BandRuns) throws {
        let names = Set(self.runs.map(\.digest))
        let oldNames = Set(old.runs.map(\.digest))
        let drop = try database.cachedStatement(sql: "DELETE FROM runs WHERE low = ?")
        for run in old.runs where !names.contains(run.digest) { try drop.run([run.shape.low]) }
        let put = try database.cachedStatement(
            sql: "INSERT INTO runs (low, high, entries, digest) VALUES (?, ?, ?, ?)"
        )
        for run in self.runs where !oldNames.contains(run.digest) {
            try put.run([run.shape.low, run.shape.high, run.count, run.digest])
        }
        let forget = try database.cachedStatement(sql: "DELETE FROM dropped WHERE number = ?")
        for number in old.dropped.subtracting(self.dropped).sorted() { try forget.run([number]) }
        let note = try database.cachedStatement(sql: "INSERT INTO dropped (number) VALUES (?)")
        for number in self.dropped.subtracting(old.dropped).sorted() { try note.run([number]) }
    }
}
