/// Byte-pair encoding: the neighbours of the lowest rank are joined, from the left, until none is left.
///
/// - Source: Sennrich et al., Neural Machine Translation of Rare Words with Subword Units (2016); Hugging
///   Face tokenizers `bpe/model.rs`.
struct BytePairModel: Sendable {
    private struct Pair: Hashable {
        let left: Int32
        let right: Int32
    }

    private struct Merge {
        let rank: Int32
        let id: Int32
    }

    let unknownID: Int32?
    private let fusesUnknown: Bool
    /// Whether a piece that is in the vocabulary whole is taken without joining.
    private let ignoresMerges: Bool
    private let trie: PieceTrie
    private let merges: [Pair: Merge]
    private let byteIDs: [Int32]?

    /// - Parameter merges: pieces to join, the first of the lowest rank.
    /// - Returns: nil where a merge names a piece that the vocabulary lacks.
    init?(
        pieces: [[UInt8]],
        merges: [(left: [UInt8], right: [UInt8])],
        unknownID: Int32?,
        fusesUnknown: Bool,
        ignoresMerges: Bool,
        fallsBackToBytes: Bool
    ) {
        let trie = PieceTrie(pieces)
        var table: [Pair: Merge] = [:]
        table.reserveCapacity(merges.count)
        for (rank, merge) in merges.enumerated() {
            guard let left = trie.id(of: merge.left[...]),
                let right = trie.id(of: merge.right[...]),
                let joined = trie.id(of: (merge.left + merge.right)[...])
            else { return nil }
            table[Pair(left: left, right: right)] = Merge(rank: Int32(rank), id: joined)
        }
        self.trie = trie
        self.merges = table
        self.unknownID = unknownID
        self.fusesUnknown = fusesUnknown
        self.ignoresMerges = ignoresMerges
        self.byteIDs = fallsBackToBytes ? byteFallbackIDs { trie.id(of: $0[...]) } : nil
    }

    func id(of piece: [UInt8]) -> Int32? { self.trie.id(of: piece[...]) }

    func append(_ piece: [UInt8], to ids: inout [Int32]) {
        if self.ignoresMerges, let id = self.trie.id(of: piece[...]) {
            ids.append(id)
            return
        }
        ids += self.joined(self.characters(of: piece))
    }

    private func characters(of piece: [UInt8]) -> [Int32] {
        var symbols: [Int32] = []
        var lastIsUnknown = false
        var place = 0
        while place < piece.count {
            let end = min(piece.count, place + utf8Length(piece[place]))
            if let id = self.trie.id(of: piece[place..<end]) {
                symbols.append(id)
                lastIsUnknown = false
            } else if let byteIDs {
                symbols += piece[place..<end].map { byteIDs[Int($0)] }
                lastIsUnknown = false
            } else if let unknownID {
                if !(lastIsUnknown && self.fusesUnknown) { symbols.append(unknownID) }
                lastIsUnknown = true
            }
            place = end
        }
        return symbols
    }

    /// What may be joined at a place; stale once one of the two was joined otherwise.
    private struct Candidate: Comparable {
        let rank: Int32
        let place: Int
        let id: Int32

        static func < (left: Candidate, right: Candidate) -> Bool {
            (left.rank, left.place) < (right.rank, right.place)
        }
    }

    private func joined(_ characters: [Int32]) -> [Int32] {
        var symbols = characters
        var next = (1...max(1, symbols.count)).map { $0 < symbols.count ? $0 : -1 }
        var previous = (0..<symbols.count).map { $0 - 1 }
        var isGone = [Bool](repeating: false, count: symbols.count)
        var queue = LeastFirst<Candidate>()
        func offer(_ place: Int) {
            guard place >= 0, next[place] >= 0 else { return }
            let pair = Pair(left: symbols[place], right: symbols[next[place]])
            guard let merge = self.merges[pair] else { return }
            queue.insert(Candidate(rank: merge.rank, place: place, id: merge.id))
        }
        for place in symbols.indices { offer(place) }
        while let candidate = queue.removeLeast() {
            let place = candidate.place
            guard !isGone[place], next[place] >= 0 else { continue }
            let right = next[place]
            let pair = Pair(left: symbols[place], right: symbols[right])
            guard self.merges[pair]?.id == candidate.id else { continue }
            symbols[place] = candidate.id
            isGone[right] = true
            next[place] = next[right]
            if next[right] >= 0 { previous[next[right]] = place }
            offer(previous[place])
            offer(place)
        }
        return symbols.indices.compactMap { isGone[$0] ? nil : symbols[$0] }
    }
}

/// A binary heap.
struct LeastFirst<Element: Comparable> {
    private var elements: [Element] = []

    mutating func insert(_ element: Element) {
        self.elements.append(element)
        var place = self.elements.count - 1
        while place > 0, self.elements[place] < self.elements[(place - 1) / 2] {
            self.elements.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func removeLeast() -> Element? {
        guard let least = self.elements.first else { return nil }
        let last = self.elements.removeLast()
        guard !self.elements.isEmpty else { return least }
        self.elements[0] = last
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < self.elements.count else { return least }
            if child + 1 < self.elements.count, self.elements[child + 1] < self.elements[child] {
                child += 1
            }
            guard self.elements[child] < self.elements[place] else { return least }
            self.elements.swapAt(place, child)
            place = child
        }
    }
}

/// GPT-2's printable characters for the 256 bytes, as UTF-8.
///
/// - Source: openai/gpt-2 `encoder.py`, `bytes_to_unicode`.
let byteCharacters: [[UInt8]] = {
    let printable = Set(Array(33...126) + Array(161...172) + Array(174...255))
    var next: UInt32 = 256
    return (0..<256).map { byte in
        var code = UInt32(byte)
        if !printable.contains(byte) {
            code = next
            next += 1
        }
        return Array(String(Unicode.Scalar(code) ?? " ").utf8)
    }
}()
