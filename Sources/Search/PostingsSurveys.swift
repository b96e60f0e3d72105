internal import Segments
internal import Synchronization

/// Surveys of long lists of postings, made when first needed and kept for the queries after.
final class PostingsSurveys: Sendable {
    /// Shorter lists are read through faster than they are looked up.
    static let postingsMin = 1024
    /// All lists of a million chunks with more than a thousand postings have fewer blocks.
    private static let blocksMax = 1 << 22

    private struct Key: Hashable {
        let segment: Int
        let start: Int
    }

    private struct State {
        var surveys: [Key: PostingsSurvey] = [:]
        var blockCount = 0
    }

    private let lists: ChunkLists
    private let state = Mutex(State())

    init(of lists: ChunkLists) { self.lists = lists }

    /// The survey of a term's postings in a segment.
    ///
    /// - Throws: ``SegmentError`` `.corrupt` where they are damaged.
    func survey(
        of entry: SegmentTermEntry,
        in reader: LiveSegmentReader,
        number segment: Int
    ) throws -> PostingsSurvey {
        guard entry.chunkCount >= Self.postingsMin else {
            return try reader.segment.survey(entry, in: self.lists, live: reader.liveSet)
        }
        let key = Key(segment: segment, start: entry.postingsStart)
        if let known = self.state.withLock({ $0.surveys[key] }) { return known }
        let made = try reader.segment.survey(entry, in: self.lists, live: reader.liveSet)
        self.state.withLock { state in
            if state.blockCount + made.blockCount > Self.blocksMax { state = State() }
            if state.surveys.updateValue(made, forKey: key) == nil {
                state.blockCount += made.blockCount
            }
        }
        return made
    }
}
