/// A set of globs as one automaton, fed a path byte by byte.
///
/// A walk keeps the state of each open folder, so a name costs its own length only, and a folder
/// in which nothing can match is not opened.
/// - Complexity: O(bytes of the path × bytes of the patterns) in the worst case; no backtracking.
/// - Source: the position automaton, Glushkov 1961 (doi:10.1070/RM1961v016n05ABEH004112).
struct GlobSet: Sendable {
    /// Keeps the tables below a few megabytes.
    static let positionCountMax = 4096

    /// Which positions may take the next byte.
    struct State: Sendable {
        fileprivate var words: [UInt64]
        /// Whether the path so far is matched as a whole.
        fileprivate(set) var isMatch: Bool
        fileprivate(set) var isAtComponentStart: Bool

        /// False when no longer path can match.
        var canContinue: Bool { self.words.contains { $0 != 0 } }
    }

    /// Words of a set of positions.
    private let wordCount: Int
    /// For each byte, the positions that take it.
    private let takers: [UInt64]
    /// Positions that spell out the dot of a hidden name.
    private let leadingDots: [UInt64]
    /// For each position, the positions that may follow it.
    private let followers: [UInt64]
    /// Positions after which a pattern is matched.
    private let finals: [UInt64]
    /// Positions that take whatever follows, to the end.
    private let tails: [UInt64]
    private let wildcardsMatchDots: Bool
    let start: State

    /// - Parameter wildcardsMatchDots: false leaves the dot that starts a hidden name to patterns
    ///   that spell it out.
    init(_ patterns: [String], wildcardsMatchDots: Bool) throws(GlobError) {
        var builder = GlobAutomatonBuilder()
        var first: [Int] = []
        var last: [Int] = []
        for pattern in patterns {
            let part = builder.add(try parseGlob(pattern))
            guard builder.positions.count <= Self.positionCountMax else {
                throw GlobError(message: "the patterns are too long together")
            }
            first += part.first
            last += part.last
        }
        let count = builder.positions.count
        let wordCount = (count + 63) / 64
        func words(_ members: some Sequence<Int>) -> [UInt64] {
            var words = [UInt64](repeating: 0, count: wordCount)
            for member in members { words[member >> 6] |= 1 << UInt64(member & 63) }
            return words
        }
        let positions = builder.positions
        self.wordCount = wordCount
        self.takers = (UInt8.min...UInt8.max).flatMap { byte in
            words(positions.indices.filter { positions[$0].set.contains(byte) })
        }
        self.leadingDots = words(positions.indices.filter { positions[$0].isLeadingDot })
        self.followers = builder.followers.flatMap(words)
        self.finals = words(last)
        let finalSet = Set(last)
        let takesAll = Set(
            positions.indices.filter { positions[$0].set == .all && finalSet.contains($0) }
        )
        let loops = takesAll.filter { builder.followers[$0].contains($0) }
        self.tails = words(takesAll.filter { !builder.followers[$0].isDisjoint(with: loops) })
        self.wildcardsMatchDots = wildcardsMatchDots
        self.start = State(words: words(first), isMatch: false, isAtComponentStart: true)
    }

    /// The state after `bytes` more of the path.
    func advance(_ state: State, by bytes: some Sequence<UInt8>) -> State {
        var state = state
        var next = [UInt64](repeating: 0, count: self.wordCount)
        for byte in bytes { self.step(&state, byte, next: &next) }
        return state
    }

    /// Whether every longer path is matched: after a folder's `/`, whether all in it is.
    func matchesAllBelow(_ state: State) -> Bool {
        zip(state.words, self.tails).contains { $0 & $1 != 0 }
    }

    func matches(_ path: some Sequence<UInt8>) -> Bool {
        self.advance(self.start, by: path).isMatch
    }

    /// - Parameter next: scratch of `wordCount` words, so that a byte allocates nothing.
    private func step(_ state: inout State, _ byte: UInt8, next: inout [UInt64]) {
        let isHiding =
            !self.wildcardsMatchDots && state.isAtComponentStart && byte == UInt8(ascii: ".")
        state.isMatch = false
        state.isAtComponentStart = byte == UInt8(ascii: "/")
        for word in 0..<self.wordCount { next[word] = 0 }
        for word in 0..<self.wordCount {
            var taking = state.words[word] & self.takers[Int(byte) * self.wordCount + word]
            if isHiding { taking &= self.leadingDots[word] }
            if taking & self.finals[word] != 0 { state.isMatch = true }
            while taking != 0 {
                let position = word * 64 + taking.trailingZeroBitCount
                taking &= taking - 1
                let row = position * self.wordCount
                for index in 0..<self.wordCount { next[index] |= self.followers[row + index] }
            }
        }
        swap(&state.words, &next)
    }
}

/// Numbers the byte positions of patterns and finds which may follow which.
private struct GlobAutomatonBuilder {
    struct Part {
        var first: [Int] = []
        var last: [Int] = []
        /// Whether it matches nothing at all, too.
        var isNullable = true
    }

    var positions: [(set: ByteSet, isLeadingDot: Bool)] = []
    var followers: [Set<Int>] = []

    mutating func add(_ node: GlobNode) -> Part {
        switch node {
        case .empty: return Part()
        case .byte(let set, let isLeadingDot):
            self.positions.append((set, isLeadingDot))
            self.followers.append([])
            let position = self.positions.count - 1
            return Part(first: [position], last: [position], isNullable: false)
        case .sequence(let nodes):
            var whole = Part()
            for node in nodes {
                let part = self.add(node)
                self.connect(whole.last, to: part.first)
                if whole.isNullable { whole.first += part.first }
                whole.last = part.isNullable ? whole.last + part.last : part.last
                whole.isNullable = whole.isNullable && part.isNullable
            }
            return whole
        case .alternatives(let nodes):
            var whole = Part(isNullable: false)
            for node in nodes {
                let part = self.add(node)
                whole.first += part.first
                whole.last += part.last
                whole.isNullable = whole.isNullable || part.isNullable
            }
            return whole
        case .repeated(let node):
            var part = self.add(node)
            self.connect(part.last, to: part.first)
            part.isNullable = true
            return part
        }
    }

    private mutating func connect(_ sources: [Int], to targets: [Int]) {
        for source in sources { self.followers[source].formUnion(targets) }
    }
}
