internal import Segments
internal import Synchronization

/// How many live chunks hold a term, counted when first asked and kept for the queries after: where documents
/// were deleted, a list has to be read through for it.
final class LiveCounts: Sendable {
    /// Shorter lists are counted as fast as they are looked up.
    private static let postingsMin = 1024
    /// Choice: a few megabytes.
    private static let countsMax = 1 << 16

    private struct Key: Hashable {
        let segment: Int
        let start: Int
    }

    private let lists: ChunkLists
    private let known = Mutex<[Key: Int]>([:])

    init(of lists: ChunkLists) { self.lists = lists }

    /// - Throws: ``SegmentError`` `.corrupt` where the postings are damaged.
    func count(
        of entry: SegmentTermEntry,
        in segment: SegmentReader,
        _ live: ChunkMask,
        number: Int
    ) throws -> Int {
        guard entry.chunkCount >= Self.postingsMin else {
            return try segment.liveCount(of: entry, in: self.lists, live: live)
        }
        let key = Key(segment: number, start: entry.postingsStart)
        if let count = self.known.withLock({ $0[key] }) { return count }
        let count = try segment.requiringBytes {
            try segment.liveCount(of: entry, in: self.lists, live: live)
        }
        self.known.withLock { known in
            if known.count >= Self.countsMax { known = [:] }
            known[key] = count
        }
        return count
    }
}
