package import Records

/// Which of the groups of a hot band others are compared with; see ``NearIndex``.
package enum NearList: Hashable, Sendable {
    case leaders
    /// Groups with these facts.
    case facts(UInt64)
}

/// Where a group stands in a list.
package enum NearStanding: Int, CaseIterable, Sendable {
    /// Among the first of those kept: others are compared with it.
    case listed = 0
    /// Kept, behind the first.
    case waiting = 1
    /// Not kept.
    case unkept = 2
}

/// What ``NearIndex`` keeps between two changes, in memory or on the disk.
package protocol NearStorage: AnyObject {
    func node(_ number: Int64) throws -> NearNode?
    /// Adds or replaces.
    func put(_ node: NearNode) throws
    func drop(_ number: Int64) throws

    /// The keys of the bands that a group is in.
    func bandKeys(of number: Int64) throws -> [UInt64]
    /// The groups that have a band key, at most `limit` of them.
    func band(_ key: UInt64, limit: Int) throws -> [Int64]
    /// A group is in all bands of its keys, or in none.
    func addToBand(_ key: UInt64, _ number: Int64) throws
    func dropFromBand(_ key: UInt64, _ number: Int64) throws

    func listed(_ key: UInt64, _ list: NearList, _ standing: NearStanding) throws -> [Int64]
    /// - Parameter old, new: nil where the group is not in the list.
    func setStanding(
        _ key: UInt64,
        _ list: NearList,
        _ number: Int64,
        from old: NearStanding?,
        to new: NearStanding?
    ) throws
    /// Empties all lists of a band.
    func dropLists(_ key: UInt64) throws

    /// The groups whose partner this one is.
    func followers(of number: Int64) throws -> [Int64]
    func contained(in number: Int64) throws -> [Int64]

    /// Adds to the queue, once; a node is in it under its present rank.
    func enqueue(_ node: NearNode) throws
    func dequeue(_ node: NearNode) throws
    /// The one of the smallest rank.
    func firstQueued() throws -> NearNode?
    /// The largest rank among decided groups that are not alone; empty where there is none.
    func lastDecidedRank() throws -> [UInt8]

    /// Says that what was decided for the documents of a group may have changed.
    func noteOutcome(of number: Int64) throws
    /// Says that a group may have become a leader that any follows, or ceased to be one.
    func noteLeader(_ number: Int64) throws

    /// Distinct shingle hashes, ascending.
    func shingles(of number: Int64) throws -> [UInt32]
    /// Whether the difference between the texts of two groups holds a fact.
    func holdsFact(_ earlier: Int64, _ later: Int64) throws -> Bool
}
