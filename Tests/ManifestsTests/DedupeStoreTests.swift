import Hashing
import Records
import Storage
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
            rank: [0, 0, UInt8(truncatingIfNeeded: number)],
            containedAt: 1,
            facts: .max - UInt64(number),
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
        try tables.put(
            self.member(name, of: node.number, rank: UInt8(truncatingIfNeeded: node.number))
        )
        tables.add(node, exact: sha256(name), first: documentID(uri: name))
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
            #expect(tables.nextNumber() == 2)
        }
    }

    private func lone(_ name: String, rank: UInt8, isUnwritten: Bool = false) -> LoneDocument {
        LoneDocument(
            id: documentID(uri: name),
            exact: sha256(name),
            facts: .max - UInt64(rank),
            rank: [0, 0, rank],
            containedAt: 1,
            isUnwritten: isUnwritten
        )
    }

    /// Loads documents under their names' keys; returns the numbers of their groups.
    private func load(_ documents: [LoneDocument], keys: [String: [UInt64]]) throws -> [Int64?] {
        var numbers: [Int64?] = []
        var entries: [(key: UInt64, number: Int64)] = []
        var next = 0
        let names = Dictionary(uniqueKeysWithValues: keys.keys.map { (documentID(uri: $0), $0) })
        try self.store.load(
            { add in
                for document in documents {
                    let number = try add(document)
                    numbers.append(number)
                    guard let number, let name = names[document.id] else { continue }
                    entries += (keys[name] ?? []).map { ($0, number) }
                }
                entries.sort { $0.key < $1.key }
            },
            nextEntry: {
                guard next < entries.count else { return nil }
                defer { next += 1 }
                return entries[next]
            }
        )
        return numbers
    }

    @Test func whatIsLoadedIsThereAsIfItHadBeenTakenUp() throws {
        try self.store.update { tables in
            try self.add(self.node(1), "old", to: tables)
            for key in [7, 8, 9] as [UInt64] { tables.addToBand(key, 1) }
        }
        let documents = [
            self.lone("a", rank: 3), self.lone("b", rank: 2, isUnwritten: true),
        ]
        let keys: [String: [UInt64]] = ["a": [1, 5], "b": [3, 1 << 40 - 1]]
        #expect(try self.load(documents, keys: keys) == [2, 3])
        let reopened = try DedupeStore(path: self.store.path, mode: .readWrite)
        for store in [self.store, reopened] {
            try store.check()
            #expect(try store.unwritten(after: nil, limit: 9).map(\.id) == [documentID(uri: "b")])
            try store.update { tables in
                #expect(tables.nextNumber() == 4)
                let node = try #require(try tables.node(2))
                let expected = NearNode(
                    number: 2,
                    rank: [0, 0, 3],
                    containedAt: 1,
                    facts: .max - 3,
                    role: .lonely
                )
                #expect(node == expected)
                #expect(try tables.member(documentID(uri: "a")) == self.member("a", of: 2, rank: 3))
                #expect(try tables.exact(ofGroup: 2) == sha256("a"))
                #expect(try tables.group(exact: sha256("b")) == 3)
                #expect(try tables.representative(ofGroup: 3) == documentID(uri: "b"))
                #expect(tables.bandKeys(of: 1) == [7, 8, 9] && tables.bandKeys(of: 2) == [1, 5])
                #expect(tables.band(1 << 40 - 1, limit: 9) == [3])
            }
        }
        let bands = try DedupeStore(path: self.store.path, mode: .readOnly).bands()
        #expect([1, 3, 5, 7, 8, 9].allSatisfy(bands.hold) && !bands.hold(2) && !bands.hold(6))
    }

    @Test func whatTheStoreHasIsNotLoadedAgain() throws {
        let first = [self.lone("a", rank: 1), self.lone("b", rank: 2)]
        let keys: [String: [UInt64]] = ["a": [1], "b": [2], "c": [3]]
        #expect(try self.load(first, keys: keys) == [1, 2])
        #expect(try self.load(first, keys: keys) == [nil, nil])
        let more = [first[0], self.lone("c", rank: 3)]
        #expect(try self.load(more, keys: keys) == [nil, 3])
        try self.store.update { tables in
            for number in 1...3 as ClosedRange<Int64> {
                #expect(tables.band(UInt64(number), limit: 9) == [number])
            }
            #expect(tables.nextNumber() == 4)
        }
        #expect(try self.store.memberCount() == 3)
        try self.store.check()
    }

    @Test func bandsAreReadAsFarAsTheyAreAskedFor() throws {
        let numbers = (1...9).map { Int64($0) }
        let last = UInt64(1) << 40 - 1
        try self.store.update { tables in
            for number in numbers { tables.addToBand(last, number) }
            #expect(tables.band(last, limit: 4) == [1, 2, 3, 4])
            #expect(tables.band(last, limit: .max) == numbers)
            tables.addToBand(5, 1)
            #expect(tables.band(5, limit: 4) == [1])
            tables.addToBand(5, 2)
            #expect(tables.band(5, limit: 4) == [1, 2])
            #expect(tables.bandKeys(of: 1) == [last, 5])
        }
        try self.store.update { tables in
            tables.readBands([5, last, 6], limit: 3)
            #expect(tables.band(6, limit: 3) == [])
            #expect(tables.band(last, limit: 3) == [1, 2, 3])
            tables.addToBand(last, 10)
            tables.addToBand(5, 10)
            tables.addToBand(5, 11)
            #expect(tables.band(last, limit: 20) == numbers + [10])
            #expect(tables.band(5, limit: 3) == [1, 2, 10])
            #expect(tables.band(5, limit: 9) == [1, 2, 10, 11])
            // Of this transaction, and of an earlier one: each leaves all its bands.
            tables.dropFromBand(5, 11)
            for key in tables.bandKeys(of: 1) { tables.dropFromBand(key, 1) }
            #expect(tables.band(5, limit: 9) == [2, 10])
            #expect(tables.band(last, limit: 2) == [2, 3])
            // One that goes and comes back is where it was.
            for key in tables.bandKeys(of: 2) { tables.dropFromBand(key, 2) }
            for key in [5, last] { tables.addToBand(key, 2) }
        }
        try self.store.update { tables in
            #expect(tables.band(5, limit: 9) == [2, 10])
            #expect(tables.band(last, limit: .max) == numbers.dropFirst() + [10])
            #expect(tables.bandKeys(of: 1) == [])
            #expect(tables.bandKeys(of: 2) == [5, last])
            #expect(tables.bandKeys(of: 10) == [5, last])
        }
    }

    /// The bands of many transactions, with groups that go, are those of a table in memory.
    @Test(arguments: [1, 2, 3] as [UInt64]) func bandsOfAnyHistoryAreThoseOfATable(
        seed: UInt64
    ) throws {
        var random = SeededGenerator(seed: seed)
        var table: [Int64: Set<UInt64>] = [:]
        var store = self.store
        for round in 0..<40 {
            let count = Int.random(in: 0...(round % 10 == 0 ? 60 : 9), using: &random)
            try store.update { tables in
                let gone = table.keys.sorted().filter { _ in .random(in: 0..<9, using: &random) == 0
                }
                tables.wantKeys(of: gone)
                for number in gone {
                    let keys = tables.bandKeys(of: number)
                    #expect(Set(keys) == table[number])
                    for key in keys { tables.dropFromBand(key, number) }
                    table[number] = nil
                }
                for _ in 0..<count {
                    let number = tables.nextNumber()
                    let name = "\(seed) \(number)"
                    try self.add(self.node(number), name, to: tables)
                    // Some in many groups, some at the ends of what a key can be.
                    var keys: Set<UInt64> = [.random(in: 0..<3, using: &random) << 38]
                    keys.insert((1 << 40 - 1) - .random(in: 0..<9, using: &random))
                    for _ in 0..<4 { keys.insert(.random(in: 0..<1 << 40, using: &random)) }
                    for key in keys.sorted() { tables.addToBand(key, number) }
                    table[number] = keys
                }
            }
            if round % 7 == 3 { try store.checkpoint() }
            if round % 13 == 5 { try store.vacuum() }
            if round % 11 == 2 { store = try DedupeStore(path: store.path, mode: .readWrite) }
            var bands: [UInt64: [Int64]] = [:]
            for (number, keys) in table {
                for key in keys { bands[key, default: []].append(number) }
            }
            let expected = bands.mapValues { $0.sorted() }
            try store.update { tables in
                for (key, numbers) in expected {
                    #expect(
                        tables.band(key, limit: 4) == Array(numbers.prefix(4)),
                        "round \(round)"
                    )
                    #expect(tables.band(key, limit: .max) == numbers, "round \(round)")
                    #expect(tables.band(key ^ 1 << 20, limit: 1) == expected[key ^ 1 << 20] ?? [])
                }
            }
        }
        try store.check()
        try store.checkpoint()
        // Tiers: no more runs than the entries have bits.
        let files = try DedupeStore.runFiles(of: store.path)
        #expect(!files.isEmpty && files.count <= 12)
    }

    @Test func whatNoTransactionNamesIsSweptAndNothingElse() throws {
        try self.store.update { $0.addToBand(1, 1) }
        let named = try DedupeStore.runFiles(of: self.store.path)
        #expect(named.count == 1)
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try self.store.update { tables in
                tables.addToBand(2, 2)
                _ = try tables.flush()
                throw Stop()
            }
        }
        // Written before its transaction was given up, like that of a process that was killed.
        #expect(try DedupeStore.runFiles(of: self.store.path).count == 2)
        try self.store.check()
        let again = try DedupeStore(path: self.store.path, mode: .readWrite)
        #expect(try DedupeStore.runFiles(of: self.store.path) == named)
        #expect(try again.update { $0.band(1, limit: 9) } == [1])
        #expect(try again.update { $0.band(2, limit: 9) } == [])
    }

    @Test func aRunThatIsDamagedOrGoneIsNamed() throws {
        try self.store.update { tables in
            for key in 0..<500 as Range<UInt64> { tables.addToBand(key << 30, 1) }
        }
        let path = try #require(try DedupeStore.runFiles(of: self.store.path).first)
        let bytes = try readFile(path, maximumBytes: 1 << 20)
        for place in stride(from: 0, to: bytes.count, by: 97) {
            var damaged = bytes
            damaged[place] ^= 4
            try replaceFile(path, with: damaged)
            let error = #expect(throws: ManifestError.self) { try self.store.check() }
            #expect(error?.code == .corrupt && error?.path == path)
            let other = try DedupeStore(path: self.store.path, mode: .readWrite)
            #expect(throws: ManifestError.self) { try other.update { $0.band(0, limit: 1) } }
        }
        try removeFile(path)
        #expect(throws: ManifestError.self) { try self.store.check() }
    }

    /// A group that is alone keeps its rank with its first member.
    @Test func aLonelyGroupHasTheRankItsFirstMemberHad() throws {
        try self.store.update { try self.add(self.node(1, role: .lonely), "a", to: $0) }
        try self.store.update { tables in
            var member = try #require(try tables.member(documentID(uri: "a")))
            #expect(try tables.node(1) == self.node(1, role: .lonely))
            member.rank[0] = 1
            try tables.put(member)
            #expect(try tables.node(1)?.rank == [0, 0, 1])
        }
        try self.store.update { tables in
            let member = try #require(try tables.member(documentID(uri: "a")))
            try tables.drop(member)
            #expect(try tables.node(1)?.rank == [1, 0, 1])
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
            try tables.drop(members[1])
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
            tables.addToBand(1, 1)
            try tables.enqueue(self.node(1))
        }
        try self.store.reset(fingerprint: "minhash 1, threshold 0.8", unwritten: [id, id])
        #expect(try self.store.memberCount() == 0)
        #expect(try self.store.queuedCount() == 0)
        #expect(try self.store.update { $0.band(1, limit: 9) } == [])
        try self.store.checkpoint()
        #expect(try DedupeStore.runFiles(of: self.store.path).isEmpty)
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
