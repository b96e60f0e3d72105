internal import Records

/// A group that others are compared with from now on, or no more, because of one list of one band.
struct NearBandChange {
    var key: UInt64
    var list: NearList
    var node: NearNode
    var isAdded: Bool
}

/// Which groups are compared because they share a band.
///
/// A cold band is read whole. The lists of a hot one are stored: first all of its members whose standing
/// can matter, so that a group meets a bounded number of others and a change meets those it concerns.
struct NearBands<Storage: NearStorage> {
    let storage: Storage
    let usesFacts: Bool
    let sizeLimit: Int

    /// What came with a group.
    struct Arrival {
        var hasNeighbours = false
        /// The groups that share a cold band with it, ascending.
        var coldNeighbours: [Int64] = []
        /// The groups of bands that were cold before.
        var heated: [Int64] = []
    }

    /// - Parameter keys: distinct.
    func insert(_ node: NearNode, keys: [UInt64]) throws -> Arrival {
        var arrival = Arrival()
        var cold: Set<Int64> = []
        var heated: Set<Int64> = []
        for key in keys {
            let present = try self.storage.band(key, limit: self.sizeLimit + 1)
            try self.storage.addToBand(key, node.number)
            guard !present.isEmpty else { continue }
            arrival.hasNeighbours = true
            if present.count < self.sizeLimit {
                cold.formUnion(present)
            } else if present.count == self.sizeLimit {
                heated.formUnion(present)
                for number in present + [node.number] { try self.list(number, key) }
            } else if self.usesFacts {
                try self.storage.setStanding(
                    key,
                    .facts(node.facts),
                    node.number,
                    from: nil,
                    to: .unkept
                )
            }
        }
        arrival.coldNeighbours = cold.sorted()
        arrival.heated = heated.sorted()
        return arrival
    }

    /// Takes an undecided group out; returns the members of bands that were hot before.
    func remove(_ node: NearNode) throws -> [Int64] {
        var cooled: Set<Int64> = []
        for key in try self.storage.bandKeys(of: node.number) {
            let isHot = try self.isHot(key)
            try self.storage.dropFromBand(key, node.number)
            guard isHot else { continue }
            if self.usesFacts {
                try self.storage.setStanding(
                    key,
                    .facts(node.facts),
                    node.number,
                    from: .unkept,
                    to: nil
                )
            }
            if try !self.isHot(key) {
                try self.storage.dropLists(key)
                cooled.formUnion(try self.storage.band(key, limit: self.sizeLimit))
            }
        }
        return cooled.sorted()
    }

    /// The kept groups before `node` that it is compared with, in the order of preference.
    func compared(with node: NearNode) throws -> [NearNode] {
        var met: Set<Int64> = [node.number]
        var found: [NearNode] = []
        func take(_ numbers: [Int64]) throws {
            for number in numbers where met.insert(number).inserted {
                guard let other = try self.storage.node(number), other.role.isKept,
                    other.precedes(node)
                else { continue }
                found.append(other)
            }
        }
        for key in try self.storage.bandKeys(of: node.number) {
            let members = try self.storage.band(key, limit: self.sizeLimit + 1)
            if members.count <= self.sizeLimit {
                try take(members)
            } else {
                try take(self.storage.listed(key, .leaders, .listed))
                if self.usesFacts {
                    try take(self.storage.listed(key, .facts(node.facts), .listed))
                }
            }
        }
        return found.sorted { $0.precedes($1) }
    }

    /// The groups that share a cold band with `node`, ascending.
    func coldNeighbours(of node: NearNode) throws -> [Int64] {
        var found: Set<Int64> = []
        for key in try self.storage.bandKeys(of: node.number) {
            let members = try self.storage.band(key, limit: self.sizeLimit + 1)
            if members.count <= self.sizeLimit { found.formUnion(members) }
        }
        found.remove(node.number)
        return found.sorted()
    }

    /// The groups for which a change can matter.
    func audience(of change: NearBandChange) throws -> [Int64] {
        guard case .facts = change.list, try self.isHot(change.key) else {
            return try self.storage.band(change.key, limit: .max)
        }
        return try NearStanding.allCases.flatMap {
            try self.storage.listed(change.key, change.list, $0)
        }
    }

    private func isHot(_ key: UInt64) throws -> Bool {
        try self.storage.band(key, limit: self.sizeLimit + 1).count > self.sizeLimit
    }

    /// Puts a member of a band that has become hot into its lists; they have room for all.
    private func list(_ number: Int64, _ key: UInt64) throws {
        guard let node = try self.storage.node(number) else { return }
        if node.role.leads {
            try self.storage.setStanding(key, .leaders, number, from: nil, to: .listed)
        }
        if self.usesFacts {
            let standing = node.role.isKept ? NearStanding.listed : .unkept
            try self.storage.setStanding(key, .facts(node.facts), number, from: nil, to: standing)
        }
    }
}

// MARK: Changes of a role

extension NearBands {
    /// Keeps the lists when the role of a group changes.
    ///
    /// - Returns: what others are compared with from now on, or no more.
    func change(_ node: NearNode, from old: NearRole, to new: NearRole) throws -> [NearBandChange] {
        var lists: [(list: NearList, isAdded: Bool)] = []
        if old.leads != new.leads { lists.append((.leaders, new.leads)) }
        if self.usesFacts, old.isKept != new.isKept {
            lists.append((.facts(node.facts), new.isKept))
        }
        guard !lists.isEmpty else { return [] }
        var changes: [NearBandChange] = []
        for key in try self.storage.bandKeys(of: node.number) {
            let isHot = try self.isHot(key)
            for (list, isAdded) in lists {
                if !isHot {
                    changes.append(.init(key: key, list: list, node: node, isAdded: isAdded))
                } else if isAdded {
                    changes += try self.admit(node, to: list, of: key)
                } else {
                    changes += try self.dismiss(node, from: list, of: key)
                }
            }
        }
        return changes
    }

    private func admit(
        _ node: NearNode,
        to list: NearList,
        of key: UInt64
    ) throws -> [NearBandChange] {
        let before: NearStanding? = list == .leaders ? nil : .unkept
        let first = try self.storage.listed(key, list, .listed)
        var changes: [NearBandChange] = []
        if first.count >= self.sizeLimit, let last = try self.nodes(first).max(by: precede) {
            guard node.precedes(last) else {
                try self.storage.setStanding(key, list, node.number, from: before, to: .waiting)
                return []
            }
            try self.storage.setStanding(key, list, last.number, from: .listed, to: .waiting)
            changes.append(.init(key: key, list: list, node: last, isAdded: false))
        }
        try self.storage.setStanding(key, list, node.number, from: before, to: .listed)
        changes.append(.init(key: key, list: list, node: node, isAdded: true))
        return changes
    }

    private func dismiss(
        _ node: NearNode,
        from list: NearList,
        of key: UInt64
    ) throws -> [NearBandChange] {
        let after: NearStanding? = list == .leaders ? nil : .unkept
        guard try self.storage.listed(key, list, .listed).contains(node.number) else {
            try self.storage.setStanding(key, list, node.number, from: .waiting, to: after)
            return []
        }
        try self.storage.setStanding(key, list, node.number, from: .listed, to: after)
        var changes = [NearBandChange(key: key, list: list, node: node, isAdded: false)]
        let waiting = try self.nodes(self.storage.listed(key, list, .waiting))
        if let next = waiting.min(by: precede) {
            try self.storage.setStanding(key, list, next.number, from: .waiting, to: .listed)
            changes.append(.init(key: key, list: list, node: next, isAdded: true))
        }
        return changes
    }

    private func nodes(_ numbers: [Int64]) throws -> [NearNode] {
        try numbers.compactMap { try self.storage.node($0) }
    }
}

private func precede(_ left: NearNode, _ right: NearNode) -> Bool { left.precedes(right) }
