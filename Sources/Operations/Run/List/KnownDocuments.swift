internal import Bytes
internal import Manifests
internal import Records
internal import Synchronization

/// What the manifests knew when a run began, packed: tens of bytes a document, without text.
///
/// Rows are sorted by id within their shard, so that a listed document is found by bisection.
final class KnownDocuments: Sendable {
    /// One document; names and fingerprints are numbers into tables that few entries fill.
    struct Row: Sendable {
        let id: DocumentID
        let size: Int
        let version: ItemVersion
        /// The first eight bytes of the content's hash.
        let contentPrefix: UInt64
        let priority: Int32
        let source: UInt16
        let labels: UInt16
        let fingerprint: UInt16
        let state: DocumentState
        /// False when the last read failed, or a retry was asked for.
        let hasContent: Bool
        /// The second half of the id of the listed document that it was taken out of, which begins as
        /// its own; nil for a listed one.
        let parentLow: UInt64?

        var parent: DocumentID? {
            self.parentLow.map { DocumentID(high: self.id.high, low: $0) }
        }
    }

    /// A place in the table.
    struct Place: Hashable, Sendable {
        let shard: Int
        let index: Int
    }

    let rows: [[Row]]
    private let sourceNames: [String]
    private let labels: [String]
    private let fingerprints: [Digest]
    private let twins = Mutex<[(prefix: UInt64, place: Place)]?>(nil)

    /// - Parameters:
    ///   - shards: nil for those whose documents are not asked for.
    ///   - added: documents that the manifests have, and did not have when the run began.
    init(_ shards: [ShardManifest?], except added: Set<DocumentID> = []) throws {
        var sources = NumberTable<String>()
        var labels = NumberTable<String>()
        var fingerprints = NumberTable<Digest>()
        self.rows = try shards.map { shard in
            var rows: [Row] = []
            guard let shard else { return rows }
            rows.reserveCapacity(try shard.documentCount())
            try shard.visitListing { row in
                guard added.isEmpty || !added.contains(row.parent ?? row.id) else { return }
                rows.append(
                    Row(
                        id: row.id,
                        size: row.size,
                        version: row.version,
                        contentPrefix: row.listedHash?.word0 ?? 0,
                        priority: Int32(clamping: row.priority),
                        source: try sources.number(of: row.source),
                        labels: try labels.number(of: row.labels),
                        fingerprint: try fingerprints.number(of: row.attemptFingerprint),
                        state: row.state,
                        hasContent: row.listedHash != nil,
                        parentLow: row.parent?.low
                    )
                )
            }
            return rows
        }
        self.sourceNames = sources.values
        self.labels = labels.values
        self.fingerprints = fingerprints.values
    }

    /// Nothing is known yet.
    init(shardCount: Int) {
        self.rows = Array(repeating: [], count: shardCount)
        self.sourceNames = []
        self.labels = []
        self.fingerprints = []
    }

    var isEmpty: Bool { self.rows.allSatisfy(\.isEmpty) }
    func row(_ place: Place) -> Row { self.rows[place.shard][place.index] }
    func source(of row: Row) -> String { self.sourceNames[Int(row.source)] }
    /// As the manifest stores them.
    func labels(of row: Row) -> String { self.labels[Int(row.labels)] }
    func fingerprint(of row: Row) -> Digest { self.fingerprints[Int(row.fingerprint)] }

    /// How many listed documents there are of each source.
    func countBySource() -> [String: Int] {
        var counts = [Int](repeating: 0, count: self.sourceNames.count)
        for row in self.rows.joined() where row.parentLow == nil { counts[Int(row.source)] += 1 }
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
        return ((first ?? place.index)..<end).filter { rows[$0].parentLow == parent.low }
            .map { Place(shard: place.shard, index: $0) }
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
            where row.hasContent && row.state == .prepared && row.parentLow == nil {
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

/// Gives each distinct value a small number.
private struct NumberTable<Value: Hashable> {
    private(set) var values: [Value] = []
    private var numbers: [Value: UInt16] = [:]
    private var last: (value: Value, number: UInt16)?

    mutating func number(of value: Value) throws -> UInt16 {
        if let last, last.value == value { return last.number }
        if let number = self.numbers[value] {
            self.last = (value, number)
            return number
        }
        guard let number = UInt16(exactly: self.values.count) else {
            throw OperationError(
                .fatal,
                "a manifest names over 65,536 sources, fingerprints or sets of labels; it is damaged, "
                    + "restore it"
            )
        }
        self.values.append(value)
        self.numbers[value] = number
        self.last = (value, number)
        return number
    }
}
