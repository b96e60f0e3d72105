internal import Manifests
internal import Records
internal import Text

/// What ``NearIndex`` keeps, in one transaction on the dedupe store.
final class StoredNearIndex: NearStorage {
    private let tables: DedupeTables
    private let documents: any ComparedDocuments

    init(_ tables: DedupeTables, documents: any ComparedDocuments) {
        self.tables = tables
        self.documents = documents
    }

    func node(_ number: Int64) throws -> NearNode? { try self.tables.node(number) }
    func put(_ node: NearNode) throws { try self.tables.put(node) }
    func drop(_ number: Int64) throws { try self.tables.drop(number) }

    func bandKeys(of number: Int64) -> [UInt64] { self.tables.bandKeys(of: number) }
    func band(_ key: UInt64, limit: Int) -> [Int64] { self.tables.band(key, limit: limit) }
    func addToBand(_ key: UInt64, _ number: Int64) { self.tables.addToBand(key, number) }
    func dropFromBand(_ key: UInt64, _ number: Int64) { self.tables.dropFromBand(key, number) }

    func listed(_ key: UInt64, _ list: NearList, _ standing: NearStanding) throws -> [Int64] {
        try self.tables.listed(key, facts: list.facts, standing: standing.rawValue)
    }

    func setStanding(
        _ key: UInt64,
        _ list: NearList,
        _ number: Int64,
        from old: NearStanding?,
        to new: NearStanding?
    ) throws {
        try self.tables.setStanding(
            key,
            facts: list.facts,
            number,
            from: old?.rawValue,
            to: new?.rawValue
        )
    }

    func dropLists(_ key: UInt64) throws { try self.tables.dropLists(key) }
    func followers(of number: Int64) throws -> [Int64] { try self.tables.followers(of: number) }
    func contained(in number: Int64) throws -> [Int64] { try self.tables.contained(in: number) }
    func enqueue(_ node: NearNode) throws { try self.tables.enqueue(node) }
    func dequeue(_ node: NearNode) throws { try self.tables.dequeue(node) }
    func firstQueued() throws -> NearNode? {
        try self.tables.queued(limit: 1).first.map(self.tables.group)
    }
    func lastDecidedRank() throws -> [UInt8] { try self.tables.lastDecidedRank() }
    func noteOutcome(of number: Int64) throws { try self.tables.noteUnwritten(ofGroup: number) }

    func noteLeader(_ number: Int64) throws {
        guard try self.tables.node(number) != nil else { return }
        try self.tables.noteUnwritten(self.tables.representative(ofGroup: number))
    }

    func shingles(of number: Int64) throws -> [UInt32] {
        try self.documents.shingles(ofGroup: number) {
            GroupMembers(
                exact: try self.tables.exact(ofGroup: number),
                ids: try self.tables.members(ofGroup: number)
            )
        }
    }

    func holdsFact(_ earlier: Int64, _ later: Int64) throws -> Bool {
        try self.documents.holdsFact(
            self.tables.representative(ofGroup: earlier),
            self.tables.representative(ofGroup: later)
        )
    }
}

extension NearList {
    fileprivate var facts: UInt64? {
        switch self {
        case .leaders: nil
        case .facts(let facts): facts
        }
    }
}
