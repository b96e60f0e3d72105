internal import Manifests
internal import Records
internal import Segments
internal import Storage

/// Compares what the segments of a shard serve with what its manifest says is served.
struct ShardComparison {
    /// More of them tell nothing new.
    private static let problemLimit = 10

    let shard: Int
    let snapshot: Snapshot
    let reader: WorkspaceReader

    init(shard: Int, of snapshot: Snapshot, in reader: WorkspaceReader) {
        self.shard = shard
        self.snapshot = snapshot
        self.reader = reader
    }

    /// What disagrees in any shard; nothing after a rollback, while a candidate waits, nor between a reshard
    /// and the run after it: all three leave the manifests ahead on purpose.
    static func problems(of snapshot: Snapshot, in reader: WorkspaceReader) throws -> [String] {
        guard try reader.snapshotAhead(of: snapshot.number) == nil,
            try reader.candidateAhead() == nil, try !reader.awaitsSegments()
        else { return [] }
        return try (0..<reader.shardCount).flatMap {
            try ShardComparison(shard: $0, of: snapshot, in: reader).problems()
        }
    }

    /// What disagrees, each with the document and what to do; empty when nothing does.
    ///
    /// - Complexity: O(documents of the shard); no text is read.
    func problems() throws -> [String] {
        guard let manifest = try self.reader.shardIfThere(self.shard) else {
            return [self.reader.lossOfManifest(self.shard)]
        }
        let served = try manifest.canonicalIDs()
        var problems: [String] = []
        for index in self.snapshot.indexes {
            let rows = try self.liveRows(of: index)
            problems += try self.compare(rows, with: served, index: index.name, manifest: manifest)
        }
        return Array(problems.prefix(Self.problemLimit))
    }

    /// The live documents of the index in this shard with their chunk counts, by ascending id.
    private func liveRows(
        of index: IndexSnapshot
    ) throws -> [(id: DocumentID, chunkCount: Int)] {
        var rows: [(id: DocumentID, chunkCount: Int)] = []
        for segment in index.segments where segment.shard == self.shard {
            let live = try LiveSegmentReader(segment, workspace: self.reader.layout.root)
            for row in 0..<live.segment.documentCount where live.isLive(document: row) {
                let document = try live.segment.documentRow(row)
                rows.append((document.id, document.chunks.count))
            }
        }
        return rows.sorted { $0.id < $1.id }
    }

    private func compare(
        _ rows: [(id: DocumentID, chunkCount: Int)],
        with served: [DocumentID],
        index: String,
        manifest: ShardManifest
    ) throws -> [String] {
        var problems: [String] = []
        func note(_ id: DocumentID, _ what: String) throws {
            guard problems.count < Self.problemLimit else { return }
            let uri = try manifest.listingURI(of: id) ?? id.hex
            problems.append("shard \(self.shard), index '\(index)': \(uri) \(what); run a sync")
        }
        var (row, document) = (0, 0)
        while row < rows.count || document < served.count {
            if row + 1 < rows.count, rows[row].id == rows[row + 1].id {
                try note(rows[row].id, "is in two segments")
                row += 1
                continue
            }
            if document == served.count || row < rows.count && rows[row].id < served[document] {
                try note(rows[row].id, "is in a segment and not served by the manifest")
                row += 1
            } else if row == rows.count || served[document] < rows[row].id {
                try note(served[document], "is served by the manifest and in no segment")
                document += 1
            } else {
                let sets = try manifest.chunkSummaries(of: rows[row].id)
                let count = rows[row].chunkCount
                if !sets.isEmpty, !sets.contains(where: { $0.chunkCount == count }) {
                    try note(rows[row].id, "has \(count) chunks, other than in the manifest")
                }
                row += 1
                document += 1
            }
        }
        return problems
    }
}

extension ShardManifest {
    fileprivate func listingURI(of id: DocumentID) throws -> String? {
        try self.listingRow(of: id)?.uri
    }
}
