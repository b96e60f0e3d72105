package import Records

/// The near-duplicates among groups of equal documents, kept up to date while groups come and go.
///
/// The rule. In the order of preference, a group is removed if and only if a kept one before it, that it
/// is compared with, is similar and their difference holds no fact. A kept group leads unless it is
/// similar to a leader before it that it is compared with; then it is a member of the first such leader's.
/// Compared are groups that share a band key. A band of more than ``NearLimits/bandSize`` groups is hot; of
/// a hot band, a group is compared with the first leaders and with the first of the kept ones whose facts
/// are its own, ``NearLimits/bandSize`` of each. By induction over the order, all of this is a function of
/// the set of documents: neither arrival nor history enters.
///
/// How it is kept. What is decided for a group depends on kept groups before it alone. So changed groups
/// are decided in the order of preference, and where one is kept that was not, or the other way round, the
/// later ones for which that can matter are decided again: each once, however many changes there were.
///
/// - Complexity: a change costs the kept groups that it is compared with, and what it changes.
/// - Source: Under ``NearPolicy/remove``, the kept ones are the lexicographically first maximal independent
///   set; Blelloch, Fineman and Shun 2012.
package struct NearIndex<Storage: NearStorage> {
    let storage: Storage
    let rule: DedupeRule
    private let limits: NearLimits
    let bands: NearBands<Storage>
    /// Nothing decided comes after it.
    private var lastDecided: [UInt8]

    package init(storage: Storage, rule: DedupeRule, limits: NearLimits = NearLimits()) throws {
        self.storage = storage
        self.rule = rule
        self.limits = limits
        self.bands = NearBands(
            storage: storage,
            usesFacts: rule.near == .facts,
            sizeLimit: limits.bandSize
        )
        self.lastDecided = try storage.lastDecidedRank()
    }

    /// Adds a group that the storage does not have; it is decided later.
    ///
    /// - Parameter bandKeys: distinct; groups with a key in common are compared.
    package mutating func insert(_ node: NearNode, bandKeys: [UInt64]) throws {
        try self.storage.put(node)
        let arrival = try self.bands.insert(node, keys: bandKeys)
        guard arrival.hasNeighbours else {
            var node = node
            node.role = .lonely
            try self.storage.put(node)
            return try self.storage.noteOutcome(of: node.number)
        }
        try self.storage.enqueue(node)
        for number in arrival.coldNeighbours { try self.wake(number) }
        try self.findContained(node, among: arrival.coldNeighbours)
        for number in arrival.heated { try self.findContainer(of: number, ifContained: true) }
    }

    /// Takes a group away.
    package mutating func remove(_ number: Int64) throws {
        guard let node = try self.storage.node(number) else { return }
        try self.undecide(node)
        try self.storage.dequeue(node)
        let cooled = try self.bands.remove(node)
        try self.storage.drop(number)
        for other in try self.storage.contained(in: number) {
            try self.findContainer(of: other, ifContained: true)
        }
        for other in cooled { try self.findContainer(of: other, ifContained: false) }
    }

    /// Decides the next group that waits for it; false when none does.
    package mutating func decideNext() throws -> Bool {
        guard let old = try self.storage.firstQueued() else { return false }
        try self.storage.dequeue(old)
        let new = try self.decided(old)
        try self.storage.put(new)
        try self.noteLeaders(from: old, to: new)
        if self.lastDecided.lexicographicallyPrecedes(new.rank) { self.lastDecided = new.rank }
        try self.enqueueAffected(by: self.bands.change(new, from: old.role, to: new.role))
        try self.storage.noteOutcome(of: new.number)
        return true
    }

    /// A group that was alone has a neighbour now.
    private func wake(_ number: Int64) throws {
        guard var node = try self.storage.node(number), node.role == .lonely else { return }
        node.role = .undecided
        try self.storage.put(node)
        try self.storage.enqueue(node)
    }

    /// Takes back what was decided for a group, so that no other is compared with it.
    private mutating func undecide(_ node: NearNode) throws {
        var new = node
        new.role = .undecided
        new.partner = nil
        try self.storage.put(new)
        try self.noteLeaders(from: node, to: new)
        try self.enqueueAffected(by: self.bands.change(new, from: node.role, to: .undecided))
    }

    /// A leader is shown as one while any follows.
    private func noteLeaders(from old: NearNode, to new: NearNode) throws {
        let before = old.role == .member ? old.partner : nil
        let after = new.role == .member ? new.partner : nil
        guard before != after else { return }
        for case let leader? in [before, after] { try self.storage.noteLeader(leader) }
    }
}

// MARK: One decision

extension NearIndex {
    private func decided(_ old: NearNode) throws -> NearNode {
        var node = old
        node.partner = nil
        node.similarity = 0
        node.isSaturated = false
        var shingles: [UInt32]?
        var readCount = 0
        for other in try self.bands.compared(with: node) {
            let isRemover = self.mayRemove(other, node)
            guard
                isRemover && readCount < self.limits.readTexts
                    || other.role.leads && node.partner == nil
            else { continue }
            let own = try shingles ?? self.storage.shingles(of: node.number)
            shingles = own
            let similarity = jaccard(
                try self.storage.shingles(of: other.number),
                own,
                atLeast: self.rule.threshold
            )
            guard let similarity else { continue }
            if node.partner == nil, other.role.leads {
                node.partner = other.number
                node.similarity = similarity
            }
            guard isRemover, readCount < self.limits.readTexts else { continue }
            if try self.rule.near == .remove
                || !self.storage.holdsFact(other.number, node.number)
            {
                node.role = .removed
                node.partner = other.number
                node.similarity = similarity
                return node
            }
            readCount += 1
        }
        node.isSaturated = readCount >= self.limits.readTexts
        node.role = node.partner == nil ? .leader : .member
        return node
    }

    private func mayRemove(_ other: NearNode, _ node: NearNode) -> Bool {
        switch self.rule.near {
        case .remove: true
        case .facts: other.facts == node.facts
        case .group, .off: false
        }
    }
}

// MARK: What a decision changes for others

extension NearIndex {
    private func enqueueAffected(by changes: [NearBandChange]) throws {
        for (number, changes) in Dictionary(grouping: changes, by: \.node.number)
            .sorted(by: { $0.key < $1.key })
        {
            let node = changes[0].node
            // In a first run nothing decided comes later.
            guard node.rank.lexicographicallyPrecedes(self.lastDecided) else { continue }
            if changes.contains(where: { !$0.isAdded }) {
                for other in try self.storage.followers(of: number) { try self.enqueue(other) }
            }
            var met: Set<Int64> = [number]
            for change in changes where change.isAdded || self.rule.near == .facts {
                for other in try self.bands.audience(of: change) where met.insert(other).inserted {
                    try self.enqueue(other, ifAffectedBy: change)
                }
            }
        }
    }

    private func enqueue(_ number: Int64) throws {
        guard let node = try self.storage.node(number) else { return }
        try self.storage.enqueue(node)
    }

    private func enqueue(_ number: Int64, ifAffectedBy change: NearBandChange) throws {
        let changed = change.node
        guard let node = try self.storage.node(number), node.role != .undecided,
            changed.precedes(node)
        else { return }
        let isRemover = self.mayRemove(changed, node)
        // One text less to read makes room for another; what else a loss changes, followers say.
        guard change.isAdded || isRemover && node.isSaturated else { return }
        guard isRemover || changed.role.leads && node.role.isKept else { return }
        // The first decides, so one behind it changes nothing.
        if node.role == .removed || node.role == .member && !isRemover,
            let partner = try node.partner.flatMap(self.storage.node), partner.precedes(changed)
        {
            return
        }
        try self.storage.enqueue(node)
    }
}

// MARK: Documents that contain others

extension NearIndex {
    private var asksForContainment: Bool {
        self.rule.near != .off && self.rule.prefer.contains(.completeness)
    }

    /// Whether a cold band holds a group that contains `number`; its rank follows.
    ///
    /// - Parameter isContained: what it must have been taken for, or it is left alone.
    private mutating func findContainer(of number: Int64, ifContained isContained: Bool) throws {
        guard self.asksForContainment, let node = try self.storage.node(number),
            (node.container != nil) == isContained
        else { return }
        for other in try self.bands.coldNeighbours(of: node) {
            guard let other = try self.storage.node(other) else { continue }
            if try self.contains(other, node) {
                return try self.setContainer(of: number, to: other.number)
            }
        }
        try self.setContainer(of: number, to: nil)
    }

    private mutating func findContained(_ node: NearNode, among others: [Int64]) throws {
        guard self.asksForContainment else { return }
        for other in others {
            // Either may have changed by the one before.
            guard let node = try self.storage.node(node.number),
                let other = try self.storage.node(other)
            else { continue }
            if node.container == nil, try self.contains(other, node) {
                try self.setContainer(of: node.number, to: other.number)
            } else if other.container == nil, try self.contains(node, other) {
                try self.setContainer(of: other.number, to: node.number)
            }
        }
    }

    private func contains(_ larger: NearNode, _ smaller: NearNode) throws -> Bool {
        guard larger.tiesBeforeContainment(smaller) else { return false }
        return holds(
            try self.storage.shingles(of: larger.number),
            try self.storage.shingles(of: smaller.number),
            threshold: self.rule.threshold
        )
    }

    private mutating func setContainer(of number: Int64, to container: Int64?) throws {
        guard var node = try self.storage.node(number), node.container != container else { return }
        if (node.container == nil) != (container == nil) {
            try self.undecide(node)
            guard let undecided = try self.storage.node(number) else { return }
            try self.storage.dequeue(undecided)
            node = undecided
            node.setContainer(container)
            try self.storage.put(node)
            try self.storage.enqueue(node)
        } else {
            node.setContainer(container)
            try self.storage.put(node)
        }
    }
}
