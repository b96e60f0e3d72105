import Hashing
import Records
import Testing

@testable import Manifests

@Suite struct DedupeStoreTests {
    let folder: TemporaryFolder
    let store: DedupeStore

    init() throws {
        self.folder = try TemporaryFolder()
        self.store = try DedupeStore(path: self.folder("dedupe.sqlite"), mode: .create)
    }

    private func node(
        _ number: Int64,
        role: NearRole = .undecided,
        partner: Int64? = nil,
        similarity: Double = 0
    ) -> NearNode {
        NearNode(
            number: number,
            rank: [0, 0, UInt8(number)],
            containedAt: 1,
            facts: .max - UInt64(number),
            bandKeys: [.max, UInt64(number)],
            role: role,
            partner: partner,
            similarity: similarity
        )
    }

    private func member(_ name: String, of number: Int64, rank: UInt8) -> DedupeMember {
        DedupeMember(
            id: documentID(uri: name),
            number: number,
            rank: [0, 0, rank],
            containedAt: 1,
            isHeld: false
        )
    }

    /// Group `number` of one document.
    private func add(_ node: NearNode, _ name: String, to tables: DedupeTables) throws {
        try tables.put(self.member(name, of: node.number, rank: UInt8(node.number)))
        try tables.add(node, exact: sha256(name), first: documentID(uri: name))
    }

    @Test func groupsComeBackAsTheyWerePut() throws {
        var node = self.node(1)
        try self.store.update { try self.add(node, "a", to: $0) }
        node.role = .removed
        node.partner = 2
        node.similarity = 0.875
        node.isSaturated = true
        node.setContainer(7)
        try self.store.update { tables in
            #expect(try tables.node(1) == self.node(1))
            try tables.put(node)
            #expect(try tables.node(1) == node)
        }
        try self.store.update { tables in
            #expect(try tables.node(1) == node)
            #expect(try tables.node(1)?.rank == [0, 1, 1])
            #expect(try tables.followers(of: 2) == [1])
            #expect(try tables.contained(in: 7) == [1])
            #expect(try tables.lastDecidedRank() == [0, 1, 1])
            #expect(try tables.group(exact: sha256("a")) == 1)
            #expect(try tables.exact(ofGroup: 1) == sha256("a"))
            try tables.drop(1)
            #expect(try tables.node(1) == nil)
            // A number is never given out twice.
            #expect(try tables.nextNumber() == 2)
        }
    }

    @Test func bandsAreReadAsFarAsTheyAreAskedFor() throws {
        let numbers = (1...9).map { Int64($0) }
        try self.store.update { tables in
            for number in numbers { try tables.addToBand(.max, number) }
            #expect(try tables.band(.max, limit: 4) == [1, 2, 3, 4])
            #expect(try tables.band(.max, limit: .max) == numbers)
            try tables.addToBand(5, 1)
            #expect(try tables.band(5, limit: 4) == [1])
            try tables.addToBand(5, 2)
            #expect(try tables.band(5, limit: 4) == [1, 2])
        }
        try self.store.update { tables in
            try tables.readBands([5, .max, 6], limit: 3)
            #expect(try tables.band(6, limit: 3) == [])
            try tables.addToBand(5, 3)
            try tables.addToBand(5, 4)
            #expect(try Set(tables.band(5, limit: 3)).count == 3)
            #expect(try tables.band(5, limit: 9) == [1, 2, 3, 4])
            try tables.dropFromBand(5, 4)
            try tables.dropFromBand(5, 1)
            #expect(try tables.band(5, limit: 9) == [2, 3])
        }
    }

    @Test func listsAreOfABandAndItsFacts() throws {
        try self.store.update { tables in
            try tables.setStanding(3, facts: nil, 1, from: nil, to: 0)
            try tables.setStanding(3, facts: 0, 2, from: nil, to: 0)
            try tables.setStanding(3, facts: .max, 3, from: nil, to: 2)
            try tables.setStanding(4, facts: nil, 4, from: nil, to: 0)
            #expect(try tables.listed(3, facts: nil, standing: 0) == [1])
            #expect(try tables.listed(3, facts: 0, standing: 0) == [2])
            try tables.setStanding(3, facts: .max, 3, from: 2, to: 1)
            #expect(try tables.listed(3, facts: .max, standing: 2) == [])
            #expect(try tables.listed(3, facts: .max, standing: 1) == [3])
            try tables.dropLists(3)
            #expect(try tables.listed(3, facts: 0, standing: 0) == [])
            #expect(try tables.listed(4, facts: nil, standing: 0) == [4])
        }
    }

    @Test func theQueueIsByRankAndHoldsAGroupOnce() throws {
        try self.store.update { tables in
            for number in [3, 1, 2, 1] as [Int64] { try tables.enqueue(self.node(number)) }
            #expect(try tables.queued(limit: 2) == [1, 2])
            try tables.dequeue(self.node(1))
            #expect(try tables.queued(limit: 9) == [2, 3])
        }
        #expect(try self.store.queuedCount() == 2)
    }

    @Test func decisionsAreThoseOfTheGroupAndItsPartner() throws {
        let ids = ["a", "a2", "b", "c", "d", "gone"].map { documentID(uri: $0) }
        try self.store.update { tables in
            try self.add(self.node(1, role: .leader), "a", to: tables)
            try tables.put(self.member("a2", of: 1, rank: 200))
            try self.add(
                self.node(2, role: .removed, partner: 1, similarity: 0.875),
                "b",
                to: tables
            )
            try self.add(self.node(3, role: .member, partner: 1), "c", to: tables)
            try self.add(self.node(4, role: .lonely), "d", to: tables)
            for number in 1...4 { try tables.noteUnwritten(ofGroup: Int64(number)) }
            try tables.noteUnwritten(ids[5])
            try tables.noteUnwritten(ids[5])
        }
        #expect(try self.store.unwrittenCount() == 6)
        let first = try self.store.unwritten(after: nil, limit: 4)
        let found = first + (try self.store.unwritten(after: first.last?.id, limit: 4))
        #expect(found.map(\.id) == ids.sorted())
        #expect(
            Set(found) == [
                Resolution(id: ids[0], canonical: nil, similarity: nil, group: ids[0]),
                Resolution(id: ids[1], canonical: ids[0], similarity: 1),
                Resolution(id: ids[2], canonical: ids[0], similarity: 0.875),
                Resolution(id: ids[3], canonical: nil, similarity: nil, group: ids[0]),
                Resolution(id: ids[4], canonical: nil, similarity: nil),
                Resolution(id: ids[5], canonical: nil, similarity: nil),
            ]
        )
        // A leader that none follows is not shown as one.
        try self.store.update { try $0.put(self.node(3, role: .removed, partner: 1)) }
        #expect(try self.store.unwritten(after: nil, limit: 9).allSatisfy { $0.group == nil })
        try self.store.markWritten()
        #expect(try self.store.unwritten(after: nil, limit: 9).isEmpty)
    }

    @Test func membersAreByRank() throws {
        let members = [self.member("x", of: 5, rank: 9), self.member("y", of: 5, rank: 2)]
        try self.store.update { tables in
            for member in members { try tables.put(member) }
            #expect(try tables.firstMember(ofGroup: 5) == members[1])
            #expect(try tables.members(ofGroup: 5) == [members[1].id, members[0].id])
            #expect(try tables.member(members[0].id) == members[0])
            try tables.dropMember(members[1].id)
            #expect(try tables.firstMember(ofGroup: 5) == members[0])
            var held = members[0]
            held.isHeld = true
            try tables.put(held)
        }
        #expect(try self.store.heldMembers() == [members[0].id])
        #expect(try self.store.memberCount() == 1)
    }

    @Test func resetForgetsEverythingAndRemembersTheFingerprint() throws {
        #expect(try self.store.fingerprint() == nil)
        let id = documentID(uri: "a")
        try self.store.update { tables in
            try self.add(self.node(1), "a", to: tables)
            try tables.addToBand(1, 1)
            try tables.enqueue(self.node(1))
        }
        try self.store.reset(fingerprint: "minhash 1, threshold 0.8", unwritten: [id, id])
        #expect(try self.store.memberCount() == 0)
        #expect(try self.store.queuedCount() == 0)
        #expect(try self.store.update { try $0.band(1, limit: 9) } == [])
        #expect(try self.store.unwritten(after: nil, limit: 9).map(\.id) == [id])
        #expect(try self.store.fingerprint() == "minhash 1, threshold 0.8")
        try self.store.forgetFingerprint()
        #expect(try self.store.fingerprint() == nil)
    }

    @Test func anErrorUndoesTheTransaction() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try self.store.update { tables in
                try self.add(self.node(1), "a", to: tables)
                throw Stop()
            }
        }
        #expect(try self.store.memberCount() == 0)
    }
}
