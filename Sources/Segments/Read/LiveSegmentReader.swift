internal import Records
internal import Storage

/// A mapped segment with the tombstones in force.
///
/// Row numbers are the segment's; which of them are live is worked out once, at opening.
package final class LiveSegmentReader: Sendable {
    package let segment: SegmentReader
    /// Which chunks are live; nil when all are.
    package let liveChunks: [Bool]?
    /// The same as a set; nil when all are.
    package let liveSet: ChunkMask?
    /// Nil when all rows are live.
    let tombstones: Tombstones?
    private let tombstonePath: String?
    /// Live rows that this reader's user may not see; nil when there are none.
    private let hidden: HiddenRows?

    /// - Parameters:
    ///   - name: The segment's file name.
    ///   - tombstones: The tombstones' file name; nil when all rows are live.
    /// - Throws: ``SegmentError`` for files that are damaged, of another version or not of each
    ///   other; ``StorageError`` when one cannot be mapped.
    /// - Complexity: O(1) without tombstones, O(documents + chunks) with them.
    package init(folder: String, name: String, tombstones: String?) throws {
        let segment = try SegmentReader(path: folder + "/" + name)
        self.segment = segment
        self.tombstonePath = tombstones.map { folder + "/" + $0 }
        self.hidden = nil
        guard let path = self.tombstonePath else {
            self.tombstones = nil
            self.liveChunks = nil
            self.liveSet = nil
            return
        }
        let tombstones = try Tombstones(path: path, of: segment)
        self.tombstones = tombstones
        let liveChunks = try segment.requiringBytes {
            try tombstones.liveChunks(path: path, of: segment)
        }
        self.liveChunks = liveChunks
        self.liveSet = ChunkMask(liveChunks)
    }

    /// Opens the files of `live`, which must be as recorded there.
    package convenience init(_ live: LiveSegment, folder: String) throws {
        try self.init(
            folder: folder,
            name: live.segment.name,
            tombstones: live.tombstones?.name
        )
        try live.segment.check(self.segment.header, path: self.segment.path)
        if let header = self.tombstones?.header, let path = self.tombstonePath {
            try live.tombstones?.check(header, path: path)
        }
    }

    package convenience init(_ segment: SnapshotSegment, workspace: String) throws {
        try self.init(
            folder: WorkspaceLayout(root: workspace).segmentsFolder(shard: segment.shard),
            name: segment.name,
            tombstones: segment.tombstones
        )
    }

    private init(_ whole: LiveSegmentReader, hiding hidden: HiddenRows, liveChunks: [Bool]) {
        self.segment = whole.segment
        self.tombstones = whole.tombstones
        self.tombstonePath = whole.tombstonePath
        self.hidden = hidden
        self.liveChunks = liveChunks
        self.liveSet = ChunkMask(liveChunks)
    }

    /// The same segment for a user who may see those documents alone of whose labels `isVisible` holds: rows,
    /// counts and statistics are as if there were no others.
    ///
    /// - Complexity: O(documents + chunks); `isVisible` is asked once for documents of the same labels, where
    ///   the segment lists them by these.
    package func restricted(
        toLabels isVisible: ([String]) throws -> Bool
    ) throws -> LiveSegmentReader {
        let key = SegmentDocument.labelsKey
        return try self.segment.requiringBytes { try self.restricted(key, isVisible) }
    }

    private func restricted(
        _ key: String,
        _ isVisible: ([String]) throws -> Bool
    ) throws -> LiveSegmentReader {
        var verdicts = [Bool?](repeating: nil, count: self.segment.documentCount)
        try self.segment.forEachValue(under: Array(key.utf8)) { value, rows in
            let verdict = try isVisible(SegmentDocument.labels(in: [key: value]))
            for row in rows { verdicts[Int(row)] = verdict }
        }
        return try self.restricted { row in
            // What no list has may have labels even so, too long for one.
            if let verdict = verdicts[row] { return verdict }
            let value = try self.segment.metadata(ofDocument: row, under: key)
            return try isVisible(value.map { SegmentDocument.labels(in: [key: $0]) } ?? [])
        }
    }

    /// - Parameter isVisible: Is asked once for the row of each live document.
    private func restricted(to isVisible: (Int) throws -> Bool) throws -> LiveSegmentReader {
        var hidden = self.hidden ?? HiddenRows(documents: self.segment.documentCount)
        var liveChunks =
            self.liveChunks ?? [Bool](repeating: true, count: self.segment.chunkCount)
        for index in 0..<self.segment.documentCount where self.isLive(document: index) {
            guard try !isVisible(index) else { continue }
            hidden.isHidden[index] = true
            hidden.documentCount += 1
            for chunk in try self.segment.documentRow(index).chunks {
                liveChunks[chunk] = false
                hidden.chunkCount += 1
                hidden.termOccurrenceCount += self.segment.length(ofChunk: chunk)
            }
        }
        guard hidden.documentCount > 0 else { return self }
        return LiveSegmentReader(self, hiding: hidden, liveChunks: liveChunks)
    }

    /// Live documents.
    package var documentCount: Int {
        self.segment.documentCount - (self.tombstones?.header.documentCount ?? 0)
            - (self.hidden?.documentCount ?? 0)
    }

    /// Live chunks.
    package var chunkCount: Int {
        self.segment.chunkCount - (self.tombstones?.header.chunkCount ?? 0)
            - (self.hidden?.chunkCount ?? 0)
    }

    /// Occurrences of terms in live chunks.
    package var termOccurrenceCount: Int {
        self.segment.termOccurrenceCount - (self.tombstones?.header.termOccurrenceCount ?? 0)
            - (self.hidden?.termOccurrenceCount ?? 0)
    }

    package func isLive(document row: Int) -> Bool {
        guard self.hidden.map({ !$0.isHidden[row] }) ?? true else { return false }
        return self.tombstones.map { !$0.rows.contains(row) } ?? true
    }

    /// Replaces `target` with the postings of a term of this segment in live chunks.
    package func postings(
        of entry: SegmentTermEntry,
        into target: inout SegmentPostings
    ) throws {
        try self.segment.postings(of: entry, into: &target)
        if let liveChunks { target.keep(liveChunks) }
    }

    /// Reads both files whole and checks all that can be checked: see ``SegmentReader/verify()``;
    /// the tombstones' counts and digest are recomputed from the rows.
    ///
    /// - Throws: ``SegmentError`` `.corrupt` at the first thing that is wrong.
    package func verify() throws {
        try self.segment.verify()
        guard let path = self.tombstonePath else { return }
        try self.tombstones?.verify(path: path, of: self.segment)
    }
}

/// Live rows that are not to be seen.
private struct HiddenRows: Sendable {
    var isHidden: [Bool]
    var documentCount = 0
    var chunkCount = 0
    var termOccurrenceCount = 0

    init(documents count: Int) { self.isHidden = [Bool](repeating: false, count: count) }
}

extension SegmentPostings {
    /// Leaves the postings of chunks that `isKept` names.
    fileprivate mutating func keep(_ isKept: [Bool]) {
        var kept = 0
        isKept.withUnsafeBufferPointer { isKept in
            self.chunks.withUnsafeMutableBufferPointer { chunks in
                self.counts.withUnsafeMutableBufferPointer { counts in
                    for index in chunks.indices {
                        chunks[kept] = chunks[index]
                        counts[kept] = counts[index]
                        kept += isKept[Int(chunks[index])] ? 1 : 0
                    }
                }
            }
        }
        self.chunks.removeSubrange(kept...)
        self.counts.removeSubrange(kept...)
    }
}
