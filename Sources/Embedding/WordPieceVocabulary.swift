/// The pieces of a WordPiece vocabulary as two byte tries: word starts and continuations (`##`).
///
/// Edges live in one open-addressing table keyed by (node, byte), so a longest match is one
/// probe per byte whatever the vocabulary's size.
struct WordPieceVocabulary: Sendable {
    static let wordRoot: UInt32 = 0
    static let continuationRoot: UInt32 = 1
    static let absent: Int32 = -1

    private(set) var pieceCount = 0
    /// Half the pieces are at most this many characters long, `##` counted.
    private(set) var pieceLengthMedian = 0
    private var tokenOfNode: [Int32] = [Self.absent, Self.absent]
    /// Key and target of each slot; a key is (node << 8 | byte) + 1, and 0 marks a free slot.
    private var edges: [Edge] = []
    private var edgeMask: UInt32 = 0

    private struct Edge {
        var key: UInt32
        var target: UInt32
    }

    /// - Parameter text: One piece a line; the line number is the id.
    /// - Throws: ``EmbeddingError`` `.damagedModel` when it is empty, too large or repeats a piece.
    init(text: UnsafeBufferPointer<UInt8>) throws(EmbeddingError) {
        // Node numbers must stay below 2^24, and no more nodes than bytes can be made.
        guard text.count < 1 << 24, !text.isEmpty else {
            throw EmbeddingError(.damagedModel, "a vocabulary of \(text.count) bytes")
        }
        // Words share about two letters of three: room for the rest, so that it is made once.
        var capacity = 1 << 12
        while capacity < text.count { capacity *= 2 }
        self.resizeEdges(to: capacity)
        var lengths: [Int] = []
        var line = 0
        while line < text.count {
            let end = text[line...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            let carriageReturn = end > line && text[end - 1] == UInt8(ascii: "\r")
            let piece = text[line..<(carriageReturn ? end - 1 : end)]
            lengths.append(piece.count { $0 & 0xC0 != 0x80 })
            try self.insert(piece)
            line = end + 1
        }
        lengths.sort()
        // The mean of the two middle values, rounded down, as numpy's median cast to an integer.
        self.pieceLengthMedian = (lengths[(lengths.count - 1) / 2] + lengths[lengths.count / 2]) / 2
    }

    /// The id of `piece` as it stands in the vocabulary file, nil when it is not there.
    func id(of piece: String) -> Int32? {
        let bytes = Array(piece.utf8)
        let match = bytes.withUnsafeBufferPointer { bytes in
            let isContinuation = piece.hasPrefix("##") && bytes.count > 2
            let rest = UnsafeBufferPointer(rebasing: bytes[(isContinuation ? 2 : 0)...])
            let match = self.longestMatch(
                rest,
                from: 0,
                root: isContinuation ? Self.continuationRoot : Self.wordRoot
            )
            return match.end == rest.count ? match.token : Self.absent
        }
        return match == Self.absent ? nil : match
    }

    /// The longest piece that starts at `start`, and where it ends; `absent` when none does.
    @inline(__always)
    func longestMatch(
        _ word: UnsafeBufferPointer<UInt8>,
        from start: Int,
        root: UInt32
    ) -> (token: Int32, end: Int) {
        var node = root
        var best = (token: Self.absent, end: start)
        var index = start
        while index < word.count {
            guard let next = self.child(of: node, byte: word[index]) else { break }
            node = next
            index += 1
            let token = self.tokenOfNode[Int(node)]
            if token != Self.absent { best = (token, index) }
        }
        return best
    }

    private mutating func insert(_ piece: Slice<UnsafeBufferPointer<UInt8>>) throws(EmbeddingError)
    {
        let hash = UInt8(ascii: "#")
        let isContinuation = piece.count > 2 && piece.starts(with: [hash, hash])
        var node = isContinuation ? Self.continuationRoot : Self.wordRoot
        for byte in piece.dropFirst(isContinuation ? 2 : 0) {
            if let next = self.child(of: node, byte: byte) {
                node = next
            } else {
                let next = UInt32(self.tokenOfNode.count)
                self.tokenOfNode.append(Self.absent)
                self.addEdge(Edge(key: (node << 8 | UInt32(byte)) + 1, target: next))
                node = next
            }
        }
        // An empty line keeps its number and matches nothing.
        if node > Self.continuationRoot {
            guard self.tokenOfNode[Int(node)] == Self.absent else {
                throw EmbeddingError(
                    .damagedModel,
                    "the vocabulary repeats a piece on line \(self.pieceCount + 1)"
                )
            }
            self.tokenOfNode[Int(node)] = Int32(self.pieceCount)
        }
        self.pieceCount += 1
    }

    @inline(__always)
    private func child(of node: UInt32, byte: UInt8) -> UInt32? {
        let key = (node << 8 | UInt32(byte)) &+ 1
        return self.edges.withUnsafeBufferPointer { edges in
            var slot = Self.hash(key) & self.edgeMask
            while true {
                let edge = edges[Int(slot)]
                if edge.key == key { return edge.target }
                if edge.key == 0 { return nil }
                slot = (slot &+ 1) & self.edgeMask
            }
        }
    }

    private mutating func addEdge(_ edge: Edge) {
        if self.tokenOfNode.count * 2 > self.edges.count {
            let old = self.edges
            self.resizeEdges(to: old.count * 2)
            for edge in old where edge.key != 0 { self.place(edge) }
        }
        self.place(edge)
    }

    private mutating func place(_ edge: Edge) {
        var slot = Self.hash(edge.key) & self.edgeMask
        while self.edges[Int(slot)].key != 0 { slot = (slot &+ 1) & self.edgeMask }
        self.edges[Int(slot)] = edge
    }

    private mutating func resizeEdges(to capacity: Int) {
        self.edges = Array(repeating: Edge(key: 0, target: 0), count: capacity)
        self.edgeMask = UInt32(capacity - 1)
    }

    @inline(__always)
    private static func hash(_ key: UInt32) -> UInt32 {
        // Knuth's multiplicative hashing; the high half mixes both the node and the byte.
        let product = UInt64(key) &* 0x9E37_79B9_7F4A_7C15
        return UInt32(truncatingIfNeeded: product >> 32)
    }
}
