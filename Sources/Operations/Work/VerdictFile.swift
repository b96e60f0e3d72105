internal import Bytes
internal import Records

/// What the arrivals of one shard that have company are compared by, and how some comparisons of texts came out.
struct VerdictFile {
    /// `MRVERDI1`.
    static let kind: UInt64 = 0x3149_4452_4556_524D

    enum Section {
        /// Of one group of equal documents after the other.
        static let shingles = 0
        /// Of each group: its hash, where its shingles begin, and how many there are; ascending.
        static let groups = 1
        /// Of pairs of documents: the smaller id, the other one, and whether their difference holds a fact.
        static let facts = 2
        static let count = 3
        static let groupByteCount = 48
        static let factByteCount = 40
    }

    private let file: SectionFile

    /// Its bytes are held to their checksums.
    init(_ name: String, _ files: WorkFiles) throws {
        self.file = try SectionFile(name, kind: Self.kind, files)
        guard self.file.sectionCount == Section.count,
            self.file[Section.groups].count.isMultiple(of: Section.groupByteCount),
            self.file[Section.facts].count.isMultiple(of: Section.factByteCount)
        else { throw self.file.damage }
        for section in 0..<Section.count { try self.file.check(section) }
    }

    /// Nil where nobody made them.
    func shingles(of exact: Digest) throws -> [UInt32]? {
        let rows = self.file[Section.groups]
        let count = rows.count / Section.groupByteCount
        func digest(_ row: Int) -> Digest {
            let at = row * Section.groupByteCount
            return Digest(
                rows.word(at: at),
                rows.word(at: at + 8),
                rows.word(at: at + 16),
                rows.word(at: at + 24)
            )
        }
        let row = lowerBound(of: count) { digest($0) >= exact }
        guard row < count, digest(row) == exact else { return nil }
        let at = row * Section.groupByteCount
        let words = self.file[Section.shingles]
        guard let start = Int(exactly: rows.word(at: at + 32)),
            let length = Int(exactly: rows.word(at: at + 40)),
            start <= words.count / 4, length <= words.count / 4 - start
        else { throw self.file.damage }
        return (start..<start + length).map { words.halfWord(at: 4 * $0) }
    }

    /// Nil where nobody compared the two.
    func holdsFact(_ pair: ComparedPair) -> Bool? {
        let rows = self.file[Section.facts]
        let count = rows.count / Section.factByteCount
        func compared(_ row: Int) -> ComparedPair {
            let at = row * Section.factByteCount
            return ComparedPair(
                DocumentID(high: rows.word(at: at), low: rows.word(at: at + 8)),
                DocumentID(high: rows.word(at: at + 16), low: rows.word(at: at + 24))
            )
        }
        let row = lowerBound(of: count) { compared($0) >= pair }
        guard row < count, compared(row) == pair else { return nil }
        return rows.word(at: row * Section.factByteCount + 32) != 0
    }
}

/// Two documents, in one order.
struct ComparedPair: Hashable, Comparable {
    let first: DocumentID
    let second: DocumentID

    init(_ one: DocumentID, _ other: DocumentID) {
        (self.first, self.second) = one < other ? (one, other) : (other, one)
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.first, left.second) < (right.first, right.second)
    }
}

/// Writes a ``VerdictFile``.
struct VerdictFileWriter {
    private var file: SectionFileWriter
    private var groups: [Digest: (start: Int, count: Int)] = [:]
    private var wordCount = 0
    private var facts: [ComparedPair: Bool] = [:]

    init(_ files: WorkFiles) throws {
        self.file = try SectionFileWriter(kind: VerdictFile.kind, files)
    }

    func has(_ exact: Digest) -> Bool { self.groups[exact] != nil }

    mutating func add(_ shingles: [UInt32], of exact: Digest) throws {
        var writer = ByteWriter(reserving: 4 * shingles.count)
        for word in shingles { writer.write(fixed32: word) }
        try self.file.write(writer.bytes)
        self.groups[exact] = (self.wordCount, shingles.count)
        self.wordCount += shingles.count
    }

    mutating func add(_ pair: ComparedPair, holdsFact: Bool) { self.facts[pair] = holdsFact }

    /// - Returns: the name of the file.
    mutating func finish() throws -> String {
        self.file.endSection()
        var rows = ByteWriter()
        for (exact, place) in self.groups.sorted(by: { $0.key < $1.key }) {
            for word in [exact.word0, exact.word1, exact.word2, exact.word3] {
                rows.write(fixed64: word)
            }
            rows.write(fixed64: UInt64(place.start))
            rows.write(fixed64: UInt64(place.count))
        }
        try self.file.section(rows.bytes)
        rows = ByteWriter()
        for (pair, holdsFact) in self.facts.sorted(by: { $0.key < $1.key }) {
            for id in [pair.first, pair.second] {
                rows.write(fixed64: id.high)
                rows.write(fixed64: id.low)
            }
            rows.write(fixed64: holdsFact ? 1 : 0)
        }
        try self.file.section(rows.bytes)
        return try self.file.finish()
    }
}
