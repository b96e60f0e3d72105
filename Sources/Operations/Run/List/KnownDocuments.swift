internal import Bytes
internal import Manifests
internal import Records
internal import Synchronization

/// What the manifests knew when a run began, packed: 64 bytes a document, without text.
///
/// Rows are sorted by id within their shard, so that a listed document is found by bisection.
final class KnownDocuments: Sendable {
    /// One document, where what few documents differ in is a number into a table.
    struct Row: Sendable {
        let id: DocumentID
        let version: ItemVersion
        /// The first eight bytes of the content's hash.
        let contentPrefix: UInt64
        /// From the lowest: size (40 bits), kind (20), state (2), whether it has content, whether it was taken
        /// out of another document.
        private let bits: UInt64

        static let sizeMaximum = (1 << 40) - 1
        static let kindCountMaximum = 1 << 20

        init(_ row: ListingRow, kind: Int) {
            self.id = row.id
            self.version = row.version
            self.contentPrefix = row.listedHash?.word0 ?? 0
            self.bits =
                UInt64(min(max(row.size, 0), Self.sizeMaximum)) | UInt64(kind) << 40
                | UInt64(row.state.rawValue) << 60 | (row.listedHash == nil ? 0 : 1 << 62)
                | (row.parent == nil ? 0 : 1 << 63)
        }

        /// Bytes; a terabyte where it is more.
        var size: Int { Int(self.bits & UInt64(Self.sizeMaximum)) }
        var kind: Int { Int(self.bits >> 40) & (Self.kindCountMaximum - 1) }
        var state: DocumentState { DocumentState(rawValue: Int(self.bits >> 60 & 3)) ?? .failed }
        /// False when the last read failed, or a retry was asked for.
        var hasContent: Bool { self.bits >> 62 & 1 == 1 }
        /// Whether it was taken out of a listed document, and is not listed itself.
        var isTakenOut: Bool { self.bits >> 63 == 1 }
    }

    /// What most documents of a source have in common; numbers into tables.
    struct Kind: Hashable, Sendable {
        var priority: Int32
        var source: UInt16
        var labels: UInt16
        var fingerprint: UInt16
    }

    /// A document that was taken out of another one.
    private struct Child: Sendable {
        let index: Int
        /// The second half of the id of the document it was taken out of, which begins as its own.
        let parentLow: UInt64
    }

    /// A place in the table.
    struct Place: Hashable, Sendable {
        let shard: Int
        let index: Int
    }

    let rows: [[Row]]
    /// Of each shard, by index.
    private let taken: [[Child]]
    private let kinds: [Kind]
    private let sourceNames: [String]
    private let labels: [String]
    private let fingerprints: [Digest]
    private let twins = Mutex<[(prefix: UInt64, place: Place)]?>(nil)

    /// - Parameters:
    ///   - shards: nil for those whose documents are not asked for.
    ///   - added: documents that the manifests have, and did not have when the run began.
    init(_ shards: [ShardManifest?], except added: Set<DocumentID> = []) throws {
        var kinds = KindTable()
        var taken: [[Child]] = []
        self.rows = try shards.map { shard in
            var rows: [Row] = []
            var children: [Child] = []
            defer { taken.append(children) }
            guard let shard else { return rows }
            rows.reserveCapacity(try shard.documentCount())
            try shard.visitListing { row in
                guard added.isEmpty || !added.contains(row.parent ?? row.id) else { return }
                if let parent = row.parent {
                    children.append(Child(index: rows.count, parentLow: parent.low))
                }
                rows.append(Row(row, kind: try kinds.number(of: row)))
            }
            return rows
        }
        self.taken = taken
        self.kinds = kinds.kinds.values
        self.sourceNames = kinds.sources.values
        self.labels = kinds.labels.values
        self.fingerprints = kinds.fingerprints.values
    }

    /// Nothing is known yet.
    init(shardCount: Int) {
        self.rows = Array(repeating: [], count: shardCount)
        self.taken = self.rows.map { _ in [] }
        self.kinds = []
        self.sourceNames = []
        self.labels = []
        self.fingerprints = []
    }

    var isEmpty: Bool { self.rows.allSatisfy(\.isEmpty) }
    func row(_ place: Place) -> Row { self.rows[place.shard][place.index] }
    func priority(of row: Row) -> Int32 { self.kinds[row.kind].priority }
    func source(of row: Row) -> String { self.sourceNames[Int(self.kinds[row.kind].source)] }
    /// As the manifest stores them.
    func labels(of row: Row) -> String { self.labels[Int(self.kinds[row.kind].labels)] }
    func fingerprint(of row: Row) -> Digest {
        self.fingerprints[Int(self.kinds[row.kind].fingerprint)]
    }

    /// The listed document that one was taken out of; nil for a listed one.
    func parent(of place: Place) -> DocumentID? {
        let row = self.row(place)
        guard row.isTakenOut else { return nil }
        let children = self.taken[place.shard]
        let index = lowerBound(of: children.count) { children[$0].index >= place.index }
        return DocumentID(high: row.id.high, low: children[index].parentLow)
    }

    /// How many listed documents there are of each source.
    func countBySource() -> [String: Int] {
        var counts = [Int](repeating: 0, count: self.sourceNames.count)
        for row in self.rows.joined() where !row.isTakenOut {
            counts[Int(self.kinds[row.kind].source)] += 1
        }
        return Dictionary(uniqueKeysWithValues: zip(self.sourceNames, counts))
    }

    /// Where a document is; nil when it is not known.
    ///
    /// - Complexity: O(log documents of the shard).
    func place(of id: DocumentID) -> Place? {
        let shard = id.shard(of: self.rows.count)
        let rows = self.rows[shard]
        let index = lowerBound(of: rows.count) { rows[$0].id >= id }
        return index < rows.count && rows[index].id == id ? Place(shard: shard, index: index) : nil
    }

    /// The documents that were taken out of the one at `place`: their ids begin as its own does.
    func children(of place: Place) -> [Place] {
        let rows = self.rows[place.shard]
        let parent = rows[place.index].id
        let isNear = { (index: Int) in rows[index].id.high == parent.high }
        let first = rows[..<place.index].indices.reversed().prefix(while: isNear).last
        let end = rows[place.index...].indices.prefix(while: isNear).endIndex
        return ((first ?? place.index)..<end).map { Place(shard: place.shard, index: $0) }
            .filter { self.parent(of: $0) == parent }
    }

    func hasChildren(_ id: DocumentID) -> Bool {
        self.place(of: id).map { !self.children(of: $0).isEmpty } ?? false
    }

    /// Documents whose content most likely has this hash and of which a version is served.
    ///
    /// The table behind it is made at the first call: a run without new documents never pays for it.
    func likelyTwins(of content: Digest) -> [Place] {
        self.twins.withLock { table in
            let sorted = table ?? self.sortedByContent()
            table = sorted
            let first = lowerBound(of: sorted.count) { sorted[$0].prefix >= content.word0 }
            // Any few suffice, because all have the same content.
            return sorted[first...].prefix(4).prefix { $0.prefix == content.word0 }.map(\.place)
        }
    }

    private func sortedByContent() -> [(prefix: UInt64, place: Place)] {
        var table: [(prefix: UInt64, place: Place)] = []
        for (shard, rows) in self.rows.enumerated() {
            for (index, row) in rows.enumerated()
            where row.hasContent && row.state == .prepared && !row.isTakenOut {
                table.append((row.contentPrefix, Place(shard: shard, index: index)))
            }
        }
        table.sort {
            if $0.prefix != $1.prefix { return $0.prefix < $1.prefix }
            if $0.place.shard != $1.place.shard { return $0.place.shard < $1.place.shard }
            return $0.place.index < $1.place.index
        }
        return table
    }
}

/// Gives each distinct kind a small number.
private struct KindTable {
    var sources = NumberTable<String>()
    var labels = NumberTable<String>()
    var fingerprints = NumberTable<Digest>()
    var kinds = NumberTable<KnownDocuments.Kind>()

    mutating func number(of row: ListingRow) throws -> Int {
        let kind = KnownDocuments.Kind(
            priority: Int32(clamping: row.priority),
            source: try Self.small(self.sources.number(of: row.source)),
            labels: try Self.small(self.labels.number(of: row.labels)),
            fingerprint: try Self.small(self.fingerprints.number(of: row.attemptFingerprint))
        )
        let number = self.kinds.number(of: kind)
        guard number < KnownDocuments.Row.kindCountMaximum else { throw Self.isDamaged }
        return number
    }

    private static func small(_ number: Int) throws -> UInt16 {
        guard let number = UInt16(exactly: number) else { throw self.isDamaged }
        return number
    }

    private static let isDamaged = OperationError(
        .fatal,
        "a manifest names over 65,536 sources, fingerprints or sets of labels; it is damaged, restore it"
    )
}

private struct NumberTable<Value: Hashable> {
    private(set) var values: [Value] = []
    private var numbers: [Value: Int] = [:]
    private var last: (value: Value, number: Int)?

    mutating func number(of value: Value) -> Int {
        if let last, last.value == value { return last.number }
        let number = self.numbers[value] ?? self.values.count
        if number == self.values.count {
            self.numbers[value] = number
            self.values.append(value)
        }
        self.last = (value, number)
        return number
    }
}
