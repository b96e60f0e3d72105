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

    func band(_ key: UInt64, limit: Int) throws -> [Int64] {
        try self.tables.band(key, limit: limit)
    }

    func addToBand(_ key: UInt64, _ number: Int64) throws {
        try self.tables.addToBand(key, number)
    }

    func dropFromBand(_ key: UInt64, _ number: Int64) throws {
        try self.tables.dropFromBand(key, number)
    }

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
    func firstQueued() throws -> Int64? { try self.tables.queued(limit: 1).first }
    func lastDecidedRank() throws -> [UInt8] { try self.tables.lastDecidedRank() }
    func noteOutcome(of number: Int64) throws { try self.tables.noteUnwritten(ofGroup: number) }

    func noteLeader(_ number: Int64) throws {
        guard let id = try self.tables.representative(ofGroup: number) else { return }
        try self.tables.noteUnwritten(id)
    }

    func shingles(of number: Int64) throws -> [UInt32] {
        try self.documents.shingles(ofGroup: number) {
            guard let exact = try self.tables.exact(ofGroup: number) else {
                throw DedupeStoreIncoherent()
            }
            return GroupMembers(exact: exact, ids: try self.tables.members(ofGroup: number))
        }
    }

    func holdsFact(_ earlier: Int64, _ later: Int64) throws -> Bool {
        try self.documents.holdsFact(
            self.representative(of: earlier),
            self.representative(of: later)
        )
    }

    private func representative(of number: Int64) throws -> DocumentID {
        guard let id = try self.tables.representative(ofGroup: number) else {
            throw DedupeStoreIncoherent()
        }
        return id
    }
}

/// A group that others name is not in the store.
struct DedupeStoreIncoherent: Error, CustomStringConvertible {
    let description = "the dedupe store is damaged; type 'millrace sync --rebuild dedupe'"
}

extension NearList {
    fileprivate var facts: UInt64? {
        switch self {
        case .leaders: nil
        case .facts(let facts): facts
        }
    }
}
