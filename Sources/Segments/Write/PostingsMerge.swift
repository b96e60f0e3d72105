/// Merges sorted runs over ascending chunk ranges into the sections of terms and postings.
///
/// The bytes do not depend on how the chunks were split into runs.
struct PostingsMerge {
    private let index: Spill
    private let terms: Spill
    private let postings: Spill
    /// Nil for a table without.
    private let positions: Spill?
    private let bounds: BlockBounds
    private var encoder = PostingsEncoder()
    private var list = SegmentPostings()
    private var steps: [UInt32] = []
    private(set) var termCount = 0
    private var previous: [UInt8] = []

    init(index: Spill, terms: Spill, postings: Spill, positions: Spill?, bounds: BlockBounds) {
        self.index = index
        self.terms = terms
        self.postings = postings
        self.positions = positions
        self.bounds = bounds
    }

    mutating func merge(_ runs: [SpilledBytes]) throws {
        var cursors = try runs.map { try RunCursor($0) }
        var equal: [Int] = []
        while true {
            equal.removeAll(keepingCapacity: true)
            for (position, cursor) in cursors.enumerated() where !cursor.isFinished {
                guard let best = equal.first else {
                    equal.append(position)
                    continue
                }
                if cursor.hasSameTerm(as: cursors[best]) {
                    equal.append(position)
                } else if cursor.precedes(cursors[best]) {
                    equal = [position]
                }
            }
            guard !equal.isEmpty else { break }
            try self.write(equal.map { cursors[$0] })
            for position in equal { try cursors[position].advance() }
        }
        try self.index.append(little: UInt64(self.terms.byteCount))
    }

    /// A list of less than a block: as its parts have it.
    private func append(short parts: [RunCursor]) throws {
        var last: Int64 = -1
        for part in parts {
            try self.postings.append(part.firstPosting(after: last))
            try self.postings.append(part.otherPostings)
            last = Int64(part.lastChunk)
        }
    }

    private mutating func append(long parts: [RunCursor]) throws {
        self.list.chunks.removeAll(keepingCapacity: true)
        self.list.counts.removeAll(keepingCapacity: true)
        for part in parts {
            guard self.list.append(plain: part.postings, count: part.chunkCount) else {
                throw part.damaged
            }
        }
        try self.encoder.encode(self.list, self.bounds).withUnsafeBytes {
            try self.postings.append($0)
        }
    }

    private mutating func appendPositions(of parts: [RunCursor]) throws {
        guard let positions = self.positions else { return }
        self.steps.removeAll(keepingCapacity: true)
        for part in parts {
            var cursor = ByteCursor(part.positions)
            while !cursor.isAtEnd {
                guard let step = cursor.count(atMost: Int(UInt32.max)) else { throw part.damaged }
                self.steps.append(UInt32(step))
            }
        }
        try self.encoder.encode(positions: self.steps).withUnsafeBytes { try positions.append($0) }
    }

    /// One term; `parts` are its postings in ascending chunk ranges.
    private mutating func write(_ parts: [RunCursor]) throws {
        let start = self.postings.byteCount
        let positionsStart = self.positions?.byteCount ?? 0
        let chunkCount = parts.reduce(0) { $0 + $1.chunkCount }
        if chunkCount < SegmentFormat.postingsPerBlock {
            try self.append(short: parts)
        } else {
            try self.append(long: parts)
        }
        try self.appendPositions(of: parts)
        guard let first = parts.first else { return }
        let term = [UInt8](first.term)
        var entry: [UInt8] = []
        var shared = 0
        if self.termCount.isMultiple(of: SegmentFormat.termsPerBlock) {
            try self.index.append(little: UInt64(self.terms.byteCount))
            entry.append(varint: UInt64(start))
            if self.positions != nil { entry.append(varint: UInt64(positionsStart)) }
        } else {
            let limit = min(term.count, self.previous.count)
            while shared < limit, term[shared] == self.previous[shared] { shared += 1 }
        }
        entry.append(varint: UInt64(shared))
        entry.append(varint: UInt64(term.count - shared))
        entry.append(contentsOf: term[shared...])
        entry.append(varint: UInt64(chunkCount))
        entry.append(varint: UInt64(self.postings.byteCount - start))
        if let positions = self.positions {
            entry.append(varint: UInt64(positions.byteCount - positionsStart))
        }
        try self.terms.append(entry)
        self.previous = term
        self.termCount += 1
    }
}

/// Reads a run term by term.
private struct RunCursor {
    private let run: SpilledBytes
    private var cursor: ByteCursor
    private(set) var isFinished = false
    private(set) var term = UnsafeRawBufferPointer(start: nil, count: 0)
    private var prefix: UInt64 = 0
    private(set) var chunkCount = 0
    private(set) var lastChunk = 0
    private var firstGap: UInt64 = 0
    private(set) var postings = UnsafeRawBufferPointer(start: nil, count: 0)
    private(set) var positions = UnsafeRawBufferPointer(start: nil, count: 0)
    private(set) var otherPostings = UnsafeRawBufferPointer(start: nil, count: 0)

    init(_ run: SpilledBytes) throws {
        self.run = run
        self.cursor = ByteCursor(run.bytes)
        try self.advance()
    }

    func hasSameTerm(as other: RunCursor) -> Bool {
        self.prefix == other.prefix && self.term.count == other.term.count
            && self.term.elementsEqual(other.term)
    }

    func precedes(_ other: RunCursor) -> Bool {
        self.prefix != other.prefix
            ? self.prefix < other.prefix : Segments.precedes(self.term, other.term)
    }

    /// The first posting, its gap counted from `previous` instead of -1.
    func firstPosting(after previous: Int64) -> [UInt8] {
        let chunk = Int64(self.firstGap >> 1)
        var bytes: [UInt8] = []
        bytes.append(varint: UInt64(chunk - previous - 1) << 1 | self.firstGap & 1)
        return bytes
    }

    mutating func advance() throws {
        guard !self.cursor.isAtEnd else {
            self.isFinished = true
            return
        }
        self.run.release(before: self.cursor.offset)
        guard let termByteCount = self.cursor.count(atMost: SegmentFormat.termByteCountMax),
            let term = self.cursor.slice(termByteCount),
            let chunkCount = self.cursor.count(atMost: Int(UInt32.max)),
            let lastChunk = self.cursor.count(atMost: Int(UInt32.max)),
            let byteCount = self.cursor.count(atMost: self.run.bytes.count),
            let postings = self.cursor.slice(byteCount),
            let positionByteCount = self.cursor.count(atMost: self.run.bytes.count),
            let positions = self.cursor.slice(positionByteCount)
        else { throw self.damaged }
        var first = ByteCursor(postings)
        guard let gap = first.varint() else { throw self.damaged }
        self.term = term
        self.prefix = orderingPrefix(term)
        self.chunkCount = chunkCount
        self.lastChunk = lastChunk
        self.firstGap = gap
        self.postings = postings
        self.positions = positions
        self.otherPostings = UnsafeRawBufferPointer(rebasing: postings[first.offset...])
    }

    var damaged: SegmentError {
        SegmentError(.corrupt, path: "", "a temporary file of postings changed while it was read")
    }
}
