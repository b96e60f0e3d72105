internal import Records

/// A ``NearStorage`` in memory.
final class NearMemory: NearStorage {
    private let shinglesOf: (Int64) throws -> [UInt32]
    private let differInFacts: (Int64, Int64) throws -> Bool
    private(set) var nodes: [Int64: NearNode] = [:]
    private var bands: [UInt64: [Int64]] = [:]
    private var keysOf: [Int64: [UInt64]] = [:]
    /// By band, list and standing.
    private var lists: [UInt64: [NearList: [Set<Int64>]]] = [:]
    private var followersOf: [Int64: Set<Int64>] = [:]
    private var containedIn: [Int64: Set<Int64>] = [:]
    private var queued: Set<Int64> = []
    private var queue = RankHeap()

    init(
        shingles: @escaping (Int64) throws -> [UInt32],
        holdsFact: @escaping (Int64, Int64) throws -> Bool
    ) {
        self.shinglesOf = shingles
        self.differInFacts = holdsFact
    }

    func node(_ number: Int64) -> NearNode? { self.nodes[number] }

    func put(_ node: NearNode) {
        let old = self.nodes.updateValue(node, forKey: node.number)
        Self.move(node.number, from: old?.partner, to: node.partner, in: &self.followersOf)
        Self.move(node.number, from: old?.container, to: node.container, in: &self.containedIn)
    }

    func drop(_ number: Int64) {
        let old = self.nodes.removeValue(forKey: number)
        Self.move(number, from: old?.partner, to: nil, in: &self.followersOf)
        Self.move(number, from: old?.container, to: nil, in: &self.containedIn)
    }

    private static func move(
        _ number: Int64,
        from old: Int64?,
        to new: Int64?,
        in relation: inout [Int64: Set<Int64>]
    ) {
        guard old != new else { return }
        if let old { relation[old]?.remove(number) }
        if let new { relation[new, default: []].insert(number) }
    }

    func band(_ key: UInt64, limit: Int) -> [Int64] {
        Array(self.bands[key, default: []].prefix(limit))
    }

    func bandKeys(of number: Int64) -> [UInt64] { self.keysOf[number, default: []] }

    func addToBand(_ key: UInt64, _ number: Int64) {
        self.bands[key, default: []].append(number)
        self.keysOf[number, default: []].append(key)
    }

    func dropFromBand(_ key: UInt64, _ number: Int64) {
        self.bands[key, default: []].removeAll { $0 == number }
        self.keysOf[number, default: []].removeAll { $0 == key }
    }

    func listed(_ key: UInt64, _ list: NearList, _ standing: NearStanding) -> [Int64] {
        self.lists[key]?[list].map { Array($0[standing.rawValue]) } ?? []
    }

    func setStanding(
        _ key: UInt64,
        _ list: NearList,
        _ number: Int64,
        from old: NearStanding?,
        to new: NearStanding?
    ) {
        let empty = [Set<Int64>](repeating: [], count: NearStanding.allCases.count)
        if let old {
            self.lists[key, default: [:]][list, default: empty][old.rawValue].remove(number)
        }
        if let new {
            self.lists[key, default: [:]][list, default: empty][new.rawValue].insert(number)
        }
    }

    func dropLists(_ key: UInt64) { self.lists[key] = nil }

    func followers(of number: Int64) -> [Int64] { Array(self.followersOf[number, default: []]) }

    func contained(in number: Int64) -> [Int64] {
        self.containedIn[number, default: []].sorted()
    }

    func enqueue(_ node: NearNode) {
        guard self.queued.insert(node.number).inserted else { return }
        self.queue.insert(rank: node.rank, number: node.number)
    }

    func dequeue(_ node: NearNode) { self.queued.remove(node.number) }

    func firstQueued() -> NearNode? {
        while let (rank, number) = self.queue.first {
            if self.queued.contains(number), let node = self.nodes[number], node.rank == rank {
                return node
            }
            self.queue.removeFirst()
        }
        return nil
    }

    func lastDecidedRank() -> [UInt8] {
        self.nodes.values.filter { $0.role != .undecided && $0.role != .lonely }
            .map(\.rank).max { $0.lexicographicallyPrecedes($1) } ?? []
    }

    func noteOutcome(of number: Int64) {}
    func noteLeader(_ number: Int64) {}

    func shingles(of number: Int64) throws -> [UInt32] { try self.shinglesOf(number) }

    func holdsFact(_ earlier: Int64, _ later: Int64) throws -> Bool {
        try self.differInFacts(earlier, later)
    }
}

/// A binary heap, the smallest rank first.
///
/// - Source: Williams 1964.
private struct RankHeap {
    private var entries: [(rank: [UInt8], number: Int64)] = []

    var first: (rank: [UInt8], number: Int64)? { self.entries.first }

    mutating func insert(rank: [UInt8], number: Int64) {
        self.entries.append((rank, number))
        var place = self.entries.count - 1
        while place > 0, self.precedes(place, (place - 1) / 2) {
            self.entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func removeFirst() {
        self.entries.swapAt(0, self.entries.count - 1)
        self.entries.removeLast()
        var place = 0
        while true {
            let children = [2 * place + 1, 2 * place + 2].filter { $0 < self.entries.count }
            guard let least = children.min(by: { self.precedes($0, $1) }),
                self.precedes(least, place)
            else { return }
            self.entries.swapAt(place, least)
            place = least
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        self.entries[left].rank.lexicographicallyPrecedes(self.entries[right].rank)
    }
}
