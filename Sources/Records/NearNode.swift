/// What was decided for a group of equal documents among the groups that are similar to it.
package enum NearRole: Int, Sendable {
    /// It came, or what decides it changed.
    case undecided = 0
    case removed = 1
    /// Kept, in the group of near-duplicates of another.
    case member = 2
    /// Kept; similar ones after it that stay join it.
    case leader = 3
    /// Kept, as no other has a band in common with it.
    case lonely = 4

    package var isKept: Bool { self.rawValue >= Self.member.rawValue }
    package var leads: Bool { self.rawValue >= Self.leader.rawValue }
}

/// A group of equal documents as the search for near-duplicates sees it.
package struct NearNode: Hashable, Sendable {
    /// Which of its store it is; depends on history and reaches no output.
    package let number: Int64
    /// The place in the order of preference, which no two share: smaller bytes come first.
    package private(set) var rank: [UInt8]
    /// Where in `rank` the byte is that says whether another contains this one.
    ///
    /// Nil where the order does not ask. What stands before it must be equal for the byte to decide.
    package let containedAt: Int?
    /// Groups of which it differs differ in a fact.
    package let facts: UInt64
    /// A group that contains this one.
    package private(set) var container: Int64?
    package var role: NearRole
    /// The kept group that removed this one, or the leader of this member.
    package var partner: Int64?
    /// To the partner.
    package var similarity: Double
    /// Whether so many texts were read beside its own that no more were.
    package var isSaturated: Bool

    package init(
        number: Int64,
        rank: [UInt8],
        containedAt: Int?,
        facts: UInt64,
        container: Int64? = nil,
        role: NearRole = .undecided,
        partner: Int64? = nil,
        similarity: Double = 0,
        isSaturated: Bool = false
    ) {
        self.number = number
        self.rank = rank
        self.containedAt = containedAt
        self.facts = facts
        self.container = container
        self.role = role
        self.partner = partner
        self.similarity = similarity
        self.isSaturated = isSaturated
    }

    package func precedes(_ other: NearNode) -> Bool {
        self.rank.lexicographicallyPrecedes(other.rank)
    }

    /// Whether nothing that weighs more than to be contained tells the two apart.
    package func tiesBeforeContainment(_ other: NearNode) -> Bool {
        guard let place = self.containedAt, place == other.containedAt else { return false }
        return self.rank[..<place] == other.rank[..<place]
    }

    /// Changes the container, and the rank with it.
    package mutating func setContainer(_ container: Int64?) {
        self.container = container
        if let place = self.containedAt { self.rank[place] = container == nil ? 0 : 1 }
    }
}
