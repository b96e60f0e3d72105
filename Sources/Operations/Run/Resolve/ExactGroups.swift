internal import Manifests
internal import Records
internal import Text

/// Documents of equal tokens and signs as one group of the near-duplicate search, in one transaction.
///
/// Invariant: a group is what its first member in the order of preference is; the others are its copies.
struct ExactGroups {
    private let tables: DedupeTables
    private let documents: any ComparedDocuments
    private let asksForContainment: Bool
    private let limits: NearLimits
    private var index: NearIndex<StoredNearIndex>
    /// Documents whose groups may go: the keys of those are read together.
    private var expected: [DocumentID] = []

    init(
        _ tables: DedupeTables,
        documents: any ComparedDocuments,
        rule: DedupeRule,
        limits: NearLimits = NearLimits()
    ) throws {
        self.tables = tables
        self.documents = documents
        self.asksForContainment = rule.prefer.contains(.completeness)
        self.limits = limits
        self.index = try NearIndex(
            storage: StoredNearIndex(tables, documents: documents),
            rule: rule,
            limits: limits
        )
    }

    /// Says which documents are going to be taken, removed or held.
    mutating func expect(_ ids: [DocumentID]) { self.expected = ids }

    /// Reads what is going to be looked up, in the order in which it is stored.
    func readBands(of arrivals: [DedupeArrival]) throws {
        let keys = arrivals.flatMap(\.bandKeys)
        self.tables.readBands(keys, limit: self.limits.bandSize + 1)
        // What contains another is looked for as soon as the two meet.
        guard self.asksForContainment else { return }
        var counts: [UInt64: Int] = [:]
        for key in keys { counts[key, default: 0] += 1 }
        try self.documents.readAhead(
            arrivals.filter { arrival in
                arrival.bandKeys.contains {
                    counts[$0] != 1 || !self.tables.band($0, limit: 1).isEmpty
                }
            }
            .map { GroupMembers(exact: $0.exact, ids: [$0.id]) }
        )
    }

    func readBandsOfQueued(limit: Int) throws {
        let queued = try self.tables.queued(limit: limit)
        self.tables.wantKeys(of: queued)
        self.tables.readBands(
            queued.flatMap { self.tables.bandKeys(of: $0) },
            limit: self.limits.bandSize + 1
        )
        let compared = queued.filter { group in
            !self.documents.knows(group)
                && self.tables.bandKeys(of: group)
                    .contains { self.tables.band($0, limit: 2).count > 1 }
        }
        try self.documents.readAhead(
            compared.map {
                GroupMembers(
                    exact: try self.tables.exact(ofGroup: $0),
                    ids: try self.tables.members(ofGroup: $0)
                )
            }
        )
    }

    /// Adds or replaces a document; the same again changes nothing.
    mutating func take(_ arrival: DedupeArrival) throws {
        if let old = try self.tables.member(arrival.id) {
            if old.rank == arrival.rank.bytes, old.isHeld == arrival.isHeld,
                try self.tables.exact(ofGroup: old.number) == arrival.exact
            {
                return
            }
            try self.remove(arrival.id)
        }
        let known = try self.tables.group(exact: arrival.exact)
        let number = known ?? self.tables.nextNumber()
        let member = DedupeMember(
            id: arrival.id,
            number: number,
            rank: arrival.rank.bytes,
            containedAt: arrival.rank.containedAt,
            isHeld: arrival.isHeld
        )
        try self.tables.put(member)
        try self.tables.noteUnwritten(arrival.id)
        if known != nil {
            try self.follow(number)
        } else {
            try self.add(
                NearNode(
                    number: number,
                    rank: arrival.rank.bytes,
                    containedAt: arrival.rank.containedAt,
                    facts: arrival.facts
                ),
                bandKeys: arrival.bandKeys,
                exact: arrival.exact,
                first: arrival.id
            )
        }
    }

    /// Takes a document away, if it is there.
    mutating func remove(_ id: DocumentID) throws {
        guard let member = try self.tables.member(id) else { return }
        try self.wantExpected()
        try self.tables.drop(member)
        try self.tables.noteUnwritten(id)
        try self.follow(member.number)
    }

    private mutating func wantExpected() throws {
        let groups = try self.expected.compactMap { try self.tables.member($0)?.number }
        self.tables.wantKeys(of: groups)
        self.expected = []
    }

    /// Says whether a document is held; what it is compared by stays.
    mutating func setHeld(_ id: DocumentID, _ isHeld: Bool) throws {
        guard var member = try self.tables.member(id), member.isHeld != isHeld else { return }
        try self.wantExpected()
        member.isHeld = isHeld
        PreferenceRank.setHeld(isHeld, in: &member.rank)
        try self.tables.put(member)
        try self.follow(member.number)
    }

    /// Decides the next group that waits for it; false when none does.
    mutating func decideNext() throws -> Bool { try self.index.decideNext() }

    /// Makes a group what its first member is.
    private mutating func follow(_ number: Int64) throws {
        guard let first = try self.tables.firstMember(ofGroup: number) else {
            return try self.index.remove(number)
        }
        let old = try self.tables.group(number)
        let exact = try self.tables.exact(ofGroup: number)
        guard
            try self.tables.representative(ofGroup: number) != first.id
                || !old.isRanked(first.rank)
        else { return }
        let bandKeys = self.tables.bandKeys(of: number)
        try self.index.remove(number)
        try self.add(
            old.reranked(first.rank, first.containedAt),
            bandKeys: bandKeys,
            exact: exact,
            first: first.id
        )
    }

    private mutating func add(
        _ node: NearNode,
        bandKeys: [UInt64],
        exact: Digest,
        first: DocumentID
    ) throws {
        self.tables.add(node, exact: exact, first: first)
        try self.index.insert(node, bandKeys: bandKeys)
    }
}

extension NearNode {
    /// Whether this is its rank, but for what contains it.
    fileprivate func isRanked(_ rank: [UInt8]) -> Bool {
        var own = self
        own.setContainer(nil)
        return own.rank == rank
    }

    /// The same group under another rank, undecided.
    fileprivate func reranked(_ rank: [UInt8], _ containedAt: Int?) -> NearNode {
        NearNode(
            number: self.number,
            rank: rank,
            containedAt: containedAt,
            facts: self.facts
        )
    }
}
