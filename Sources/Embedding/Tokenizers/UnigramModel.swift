/// The Unigram language model of SentencePiece: the cut of a piece with the highest sum of scores.
///
/// - Source: Kudo, Subword Regularization (2018); Hugging Face tokenizers `unigram/model.rs`,
///   `encode_optimized`: a character that no entry covers costs ten below the lowest score, and
///   neighbouring ones are one unknown token.
struct UnigramModel: Sendable {
    private static let unknownPenalty = 10.0

    let unknownID: Int32?
    private let fusesUnknown = true
    private let trie: PieceTrie
    private let scores: [Double]
    private let unknownScore: Double
    /// Ids of `<0x00>` to `<0xFF>`, where text that is not known becomes its bytes.
    private let byteIDs: [Int32]?

    init(pieces: [[UInt8]], scores: [Double], unknownID: Int32?, fallsBackToBytes: Bool) {
        self.trie = PieceTrie(pieces)
        self.scores = scores
        self.unknownID = unknownID
        self.unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
        self.byteIDs = fallsBackToBytes ? byteFallbackIDs { [trie] in trie.id(of: $0[...]) } : nil
    }

    func id(of piece: [UInt8]) -> Int32? { self.trie.id(of: piece[...]) }

    private struct Node {
        var id: Int32 = -1
        var score = 0.0
        var start = -1
    }

    func append(_ piece: [UInt8], to ids: inout [Int32]) {
        guard !piece.isEmpty else { return }
        var nodes = [Node](repeating: Node(), count: piece.count + 1)
        var start = 0
        while start < piece.count {
            let score = nodes[start].score
            let characterEnd = min(piece.count, start + utf8Length(piece[start]))
            var hasSingle = false
            self.trie.visitPrefixes(of: piece, from: start) { end, id in
                let candidate = self.scores[Int(id)] + score
                if nodes[end].start < 0 || candidate > nodes[end].score {
                    nodes[end] = Node(id: id, score: candidate, start: start)
                }
                if end == characterEnd { hasSingle = true }
            }
            if !hasSingle {
                let candidate = self.unknownScore + score
                if nodes[characterEnd].start < 0 || candidate > nodes[characterEnd].score {
                    nodes[characterEnd] = Node(
                        id: self.unknownID ?? -1,
                        score: candidate,
                        start: start
                    )
                }
            }
            start = characterEnd
        }
        self.collect(nodes, of: piece, into: &ids)
    }

    private func collect(_ nodes: [Node], of piece: [UInt8], into ids: inout [Int32]) {
        var parts: [Range<Int>] = []
        var isUnknown: [Bool] = []
        var end = piece.count
        while end > 0 {
            let node = nodes[end]
            let unknown = node.id == (self.unknownID ?? -1)
            if unknown, self.fusesUnknown, isUnknown.last == true, let last = parts.last {
                parts[parts.count - 1] = node.start..<last.upperBound
            } else {
                parts.append(node.start..<end)
                isUnknown.append(unknown)
            }
            end = node.start
        }
        for part in parts.reversed() {
            if let id = self.trie.id(of: piece[part]) {
                ids.append(id)
            } else if let byteIDs {
                ids += piece[part].map { byteIDs[Int($0)] }
            } else if let unknownID {
                ids.append(unknownID)
            }
        }
    }
}

/// Ids of the 256 tokens for bytes; nil unless all are there.
func byteFallbackIDs(_ id: ([UInt8]) -> Int32?) -> [Int32]? {
    let digits = Array("0123456789ABCDEF".utf8)
    let ids = (0..<256).compactMap { byte in
        id(Array("<0x".utf8) + [digits[byte >> 4], digits[byte & 15]] + Array(">".utf8))
    }
    return ids.count == 256 ? ids : nil
}

/// Bytes of the character that `byte` begins.
@inline(__always)
func utf8Length(_ byte: UInt8) -> Int {
    byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
}

/// The pieces of a vocabulary in byte order, asked which of them begin a text.
///
/// A look-up narrows the range of pieces byte by byte, by binary search; the first byte by a table.
struct PieceTrie: Sendable {
    private let bytes: [UInt8]
    /// Where each piece begins in `bytes`, in byte order of the pieces; one more for the end.
    private let starts: [Int32]
    private let ids: [Int32]
    private let firstOfByte: [Int32]

    /// - Parameter pieces: by id. Of equal ones the last counts; an empty one is never found.
    init(_ pieces: [[UInt8]]) {
        let order = pieces.indices.filter { !pieces[$0].isEmpty }.sorted { left, right in
            let (a, b) = (pieces[left], pieces[right])
            if a == b { return left < right }
            return a.lexicographicallyPrecedes(b)
        }
        var bytes: [UInt8] = []
        var starts: [Int32] = []
        var ids: [Int32] = []
        for (place, piece) in order.enumerated() {
            if place + 1 < order.count, pieces[order[place + 1]] == pieces[piece] { continue }
            starts.append(Int32(bytes.count))
            ids.append(Int32(piece))
            bytes += pieces[piece]
        }
        starts.append(Int32(bytes.count))
        var firsts = [Int32](repeating: 0, count: 257)
        for place in ids.indices { firsts[Int(bytes[Int(starts[place])]) + 1] += 1 }
        for byte in 1...256 { firsts[byte] += firsts[byte - 1] }
        self.bytes = bytes
        self.starts = starts
        self.ids = ids
        self.firstOfByte = firsts
    }

    func id(of piece: ArraySlice<UInt8>) -> Int32? {
        var found: Int32?
        let key = Array(piece)
        self.visitPrefixes(of: key, from: 0) { end, id in if end == key.count { found = id } }
        return found
    }

    /// Calls `body` with the end and id of every piece that stands in `text` at `start`, shortest first.
    func visitPrefixes(of text: [UInt8], from start: Int, _ body: (Int, Int32) -> Void) {
        guard start < text.count else { return }
        let first = Int(text[start])
        var low = Int(self.firstOfByte[first])
        var high = Int(self.firstOfByte[first + 1])
        var depth = 1
        while low < high {
            // The shortest of the pieces that share the bytes so far comes first.
            if self.length(low) == depth {
                body(start + depth, self.ids[low])
                low += 1
            }
            guard start + depth < text.count, low < high else { return }
            let byte = text[start + depth]
            low = self.firstPlace(low, high, depth) { $0 >= byte }
            high = self.firstPlace(low, high, depth) { $0 > byte }
            depth += 1
        }
    }

    @inline(__always)
    private func length(_ place: Int) -> Int { Int(self.starts[place + 1] - self.starts[place]) }

    /// All pieces of the range are longer than `depth`.
    private func firstPlace(
        _ low: Int,
        _ high: Int,
        _ depth: Int,
        _ isPast: (UInt8) -> Bool
    ) -> Int {
        var (low, high) = (low, high)
        while low < high {
            let middle = (low + high) / 2
            if isPast(self.bytes[Int(self.starts[middle]) + depth]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
