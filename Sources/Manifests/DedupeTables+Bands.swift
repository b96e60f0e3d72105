internal import Records

/// What one transaction read of the bands and changes in them.
struct BandRows {
    /// Of one band: its groups as far as they were read, and those that came.
    fileprivate struct Band {
        var numbers: [Int64] = []
        var isWhole = false
        /// What came while not all was read, behind it.
        var added: [Int64] = []
    }

    fileprivate var bands: [UInt64: Band] = [:]
    /// Of groups of this transaction.
    fileprivate var newKeys: [Int64: [UInt64]] = [:]
    /// Of groups of earlier ones.
    fileprivate var oldKeys: [Int64: [UInt64]] = [:]
    /// Whose keys are read with the first that is asked for.
    fileprivate var wanted: Set<Int64> = []
    /// Groups of earlier transactions that are in no band any more.
    private(set) var gone: Set<Int64> = []

    /// What the groups of this transaction come under, sorted.
    func newEntries() -> [BandEntry] {
        var entries: [BandEntry] = []
        entries.reserveCapacity(self.newKeys.count * Signature.bandCount)
        for (number, keys) in self.newKeys {
            for key in keys { entries.append(BandEntry(key: key, number: number)) }
        }
        entries.sort()
        return entries
    }

    fileprivate mutating func setGone(_ number: Int64, _ isGone: Bool) {
        if isGone { self.gone.insert(number) } else { self.gone.remove(number) }
    }
}

extension DedupeTables {
    /// The groups that have a band key, at most `limit` of them.
    package func band(_ key: UInt64, limit: Int) -> [Int64] {
        self.readBand(key, limit: limit)
        let numbers = self.bands.bands[key]?.numbers ?? []
        return numbers.count <= limit ? numbers : Array(numbers.prefix(limit))
    }

    /// Reads bands by ascending key, each run from its begin to its end.
    package func readBands(_ keys: [UInt64], limit: Int) {
        // Choice: some megabytes of a run between two.
        let keysPerRelease = 1_024
        for (count, key) in keys.sorted().enumerated() {
            // Keys ascend, and with them the places: what was read is behind.
            if count % keysPerRelease == keysPerRelease - 1 { self.runs.release() }
            self.readBand(key, limit: limit)
            // Who meets others may ask for their keys.
            if let band = self.bands.bands[key], band.numbers.count < limit {
                self.bands.wanted.formUnion(band.numbers)
            }
        }
    }

    private func readBand(_ key: UInt64, limit: Int) {
        var band = self.bands.bands[key] ?? .init()
        guard !band.isWhole, band.numbers.count < limit else { return }
        band.numbers.removeAll(keepingCapacity: true)
        self.runs.forEachNumber(of: key) { number in
            band.numbers.append(number)
            return band.numbers.count < limit
        }
        if band.numbers.count < limit {
            band.isWhole = true
            band.numbers += band.added
            band.added = []
        }
        self.bands.bands[key] = band
    }

    /// - Precondition: the keys of a group that comes back are those it had.
    package func addToBand(_ key: UInt64, _ number: Int64) {
        precondition(key >> UInt64(BandKey.bitCount) == 0, "keys are cut to what is stored")
        self.readBand(key, limit: 1)
        if self.bands.bands[key]?.isWhole == true {
            self.bands.bands[key]?.numbers.append(number)
        } else {
            self.bands.bands[key]?.added.append(number)
        }
        if number < self.firstNew {
            self.bands.setGone(number, false)
        } else {
            self.bands.newKeys[number, default: []].append(key)
        }
    }

    /// Takes a group out of one of its bands; it leaves the others in the same transaction.
    package func dropFromBand(_ key: UInt64, _ number: Int64) {
        self.readBand(key, limit: .max)
        self.bands.bands[key]?.numbers.removeAll { $0 == number }
        if number < self.firstNew {
            self.bands.setGone(number, true)
        } else {
            self.bands.newKeys[number]?.removeAll { $0 == key }
        }
    }

    /// Says whose keys will be asked for, so that they are read together.
    package func wantKeys(of numbers: some Sequence<Int64>) {
        self.bands.wanted.formUnion(numbers)
    }

    /// The band keys of a group.
    ///
    /// - Complexity: O(entries of a run) once for all that are wanted.
    package func bandKeys(of number: Int64) -> [UInt64] {
        guard number < self.firstNew else { return self.bands.newKeys[number] ?? [] }
        if let keys = self.bands.oldKeys[number] { return keys }
        let wanted = self.bands.wanted.filter {
            $0 < self.firstNew && self.bands.oldKeys[$0] == nil
        }.union([number])
        self.bands.wanted = []
        let found = self.runs.keys(of: wanted)
        for number in wanted { self.bands.oldKeys[number] = found[number] ?? [] }
        return self.bands.oldKeys[number] ?? []
    }
}
