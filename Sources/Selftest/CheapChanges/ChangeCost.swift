internal import Operations

/// What a sync did, in the units that cost time or money.
struct ChangeCost: Hashable, Sendable {
    /// Documents whose bytes were read.
    var read = 0
    /// Documents that went through the prepare stages.
    var extracted = 0
    /// Documents that were cut into chunks.
    var chunked = 0
    /// Chunks that were embedded.
    var embedded = 0
    var segments = 0

    static let nothing = ChangeCost()

    /// - Parameter other: the least that is possible.
    func isWithin(_ other: ChangeCost) -> Bool {
        self.read <= other.read && self.extracted <= other.extracted
            && self.chunked <= other.chunked && self.embedded <= other.embedded
            && self.segments <= other.segments
    }

    var columns: [Int] {
        [self.read, self.extracted, self.chunked, self.embedded, self.segments]
    }
}

extension ChangeCost {
    init(_ summary: RunSummary) {
        self.init(
            read: summary.read,
            extracted: summary.extracted,
            chunked: summary.chunked,
            embedded: summary.chunksEmbedded,
            segments: summary.segmentsWritten
        )
    }
}
