internal import Bytes
internal import Records

/// What is known of the arrivals whose band keys are in one bucket: which stand alone in all of these bands, which
/// have company, and whose texts are likely to be compared.
struct BucketFile {
    /// `MRBUCKE1`.
    static let kind: UInt64 = 0x3145_4B43_5542_524D

    enum Section {
        /// Bands of one arrival that no group of the store has, ascending.
        static let lone = 0
        /// Places of the arrivals of all other bands, ascending.
        static let company = 1
        /// Of pairs: the later and the earlier in the order of preference; ascending.
        static let pairs = 2
        static let count = 3
    }

    private let file: SectionFile

    init(_ name: String, _ files: WorkFiles) throws {
        self.file = try SectionFile(name, kind: Self.kind, files)
        guard self.file.sectionCount == Section.count,
            self.file[Section.lone].count.isMultiple(of: ArrivalBand.byteCount),
            self.file[Section.company].count.isMultiple(of: 8),
            self.file[Section.pairs].count.isMultiple(of: 16)
        else { throw self.file.damage }
    }

    /// Holds the file to its checksums.
    func check() throws {
        for section in 0..<Section.count { try self.file.check(section) }
    }

    var loneCount: Int { self.file[Section.lone].count / ArrivalBand.byteCount }

    func lone(at index: Int) -> ArrivalBand {
        ArrivalBand(self.file[Section.lone], at: index * ArrivalBand.byteCount)
    }

    /// Calls `body` with the arrivals of a shard that have company.
    func forEachCompanion(ofShard shard: Int, _ body: (_ index: Int) -> Void) {
        self.forEachRow(of: Section.company, byteCount: 8, ofShard: shard) { place, _ in
            body(place.index)
        }
    }

    /// Calls `body` with the pairs whose later one is of a shard.
    func forEachPair(
        ofShard shard: Int,
        _ body: (_ later: ArrivalPlace, _ earlier: ArrivalPlace) -> Void
    ) {
        let words = self.file[Section.pairs]
        self.forEachRow(of: Section.pairs, byteCount: 16, ofShard: shard) { later, offset in
            body(later, ArrivalPlace(word: words.word(at: offset + 8)))
        }
    }

    /// Calls `body` with the place that a row begins with and where the row is, for all rows of a shard.
    private func forEachRow(
        of section: Int,
        byteCount: Int,
        ofShard shard: Int,
        _ body: (_ place: ArrivalPlace, _ offset: Int) -> Void
    ) {
        let words = self.file[section]
        let end = words.count / byteCount
        let first = lowerBound(of: end) {
            words.word(at: byteCount * $0) >= ArrivalPlace(shard: shard, index: 0).word
        }
        for row in first..<end {
            let place = ArrivalPlace(word: words.word(at: byteCount * row))
            guard place.shard == shard else { return }
            body(place, byteCount * row)
        }
    }
}
