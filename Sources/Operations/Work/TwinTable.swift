internal import Bytes
internal import Hashing
internal import Manifests
internal import Records
internal import Storage

/// Which documents had which bytes when a run was planned, in a mapped file: a document that was renamed
/// finds its prepared form in another shard without opening them all.
///
/// Layout: 24 bytes a document, sorted: the first eight bytes of the content's hash and the id, both as
/// big-endian numbers.
struct TwinTable: Sendable {
    private static let rowByteCount = 8 + DocumentID.byteCount
    /// Any few suffice, because all have the same content.
    private static let twinsMaximum = 4

    private let file: MappedFile
    private let shardCount: Int

    /// - Throws: ``OperationError`` `.fatal` for a file that is cut short.
    init(_ name: String, _ files: WorkFiles, shardCount: Int) throws {
        self.file = try MappedFile(path: files.input(name))
        self.shardCount = shardCount
        guard self.file.byteCount.isMultiple(of: Self.rowByteCount) else {
            throw OperationError(.fatal, "\(self.file.path): cut short; \(files.wayOut)")
        }
    }

    /// Keeps the twins that `known` has to offer; nil where it has none.
    static func keep(
        _ known: KnownDocuments,
        _ fingerprints: PrepareFingerprints,
        _ files: WorkFiles
    ) throws -> String? {
        var rows: [(prefix: UInt64, id: DocumentID)] = []
        known.forEachTwin(fingerprints) { rows.append(($0, $1)) }
        guard !rows.isEmpty else { return nil }
        rows.sort { ($0.prefix, $0.id) < ($1.prefix, $1.id) }
        var file = try StagedFile(in: files.inputsFolder)
        var hasher = StreamingSHA256()
        for row in rows {
            var bytes: [UInt8] = []
            bytes.append(bigEndian: row.prefix)
            bytes += row.id.bytes
            hasher.update(bytes)
            try file.write(bytes)
        }
        let name = hasher.finish().hex
        try file.commit(to: files.input(name))
        return name
    }

    func twins(of content: Digest) -> [ChangeLadder.Twin] {
        self.file.withBytes { bytes in
            func word(_ row: Int, _ offset: Int) -> UInt64 {
                UInt64(
                    bigEndian: bytes.loadUnaligned(
                        fromByteOffset: row * Self.rowByteCount + offset,
                        as: UInt64.self
                    )
                )
            }
            let count = bytes.count / Self.rowByteCount
            let first = lowerBound(of: count) { word($0, 0) >= content.word0 }
            return (first..<min(count, first + Self.twinsMaximum))
                .prefix { word($0, 0) == content.word0 }
                .map { row in
                    let id = DocumentID(high: word(row, 8), low: word(row, 16))
                    return ChangeLadder.Twin(shard: id.shard(of: self.shardCount), id: id)
                }
        }
    }
}

extension KnownDocuments {
    /// Calls `body` with every document that another with its bytes may be taken over from.
    fileprivate func forEachTwin(
        _ fingerprints: PrepareFingerprints,
        _ body: (_ contentPrefix: UInt64, DocumentID) -> Void
    ) {
        for (shard, rows) in self.rows.enumerated() {
            for (index, row) in rows.enumerated()
            where row.hasContent && row.state == .prepared && !row.isTakenOut
                && fingerprints.isCurrent(self.fingerprint(of: row))
                && self.children(of: Place(shard: shard, index: index)).isEmpty
            {
                body(row.contentPrefix, row.id)
            }
        }
    }
}
