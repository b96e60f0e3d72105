import Connectors
import Foundation
import Hashing
import Records
import Testing

/// What every source promises.
@Suite(.serialized) struct ContractTests {
    private static let few = ["a.txt": "one", "d/b.txt": "two", "d/e/c.md": "# three"]

    /// A document as the rooms above know it.
    private struct Known: Equatable {
        var version: ItemVersion
        var text: String
    }

    private func list(
        _ connector: any Connector,
        from checkpoint: ListingCursor? = nil
    ) async throws -> (items: [ListedItem], last: ListingPage, deleted: [DocumentID]) {
        var items: [ListedItem] = []
        var deleted: [DocumentID] = []
        var cursor = checkpoint
        while true {
            let page = try await connector.page(after: cursor)
            #expect(page.report.isComplete, "\(page.report.errors)")
            items += page.items
            deleted += page.deleted
            guard let next = page.next else { return (items, page, deleted) }
            #expect(page.checkpoint == nil)
            cursor = next
        }
    }

    private func texts(
        _ bench: any ContractBench,
        _ connector: any Connector,
        _ items: [ListedItem]
    ) async throws -> [String: String] {
        var texts: [String: String] = [:]
        for item in items {
            var document = item.content
            if document == nil { document = try await connector.read(item, maximumBytes: 1 << 20) }
            texts[item.uri] = document.map { bench.text(of: $0.bytes) }
        }
        return texts
    }

    /// What a folder with the same names gives.
    private func expected(_ documents: [String: String]) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: documents.map {
                ("s/" + $0.key.replacing("%", with: "%25").replacing("\n", with: "%0A"), $0.value)
            }
        )
    }

    @Test(arguments: ConnectorContract.all)
    func documentsAreThoseOfAFolderWithTheSameNames(_ contract: ConnectorContract) async throws {
        let bench = try contract.make()
        let names = ["ü %.txt", "#1 q&a.txt", "x/é\u{301} y.txt"]
        let odd = Self.few.merging(names.map { ($0, "odd \($0)") }) { $1 }
        try await bench.put(odd)
        let connector = try bench.connector()
        let items = try await self.list(connector).items
        #expect(try await self.texts(bench, connector, items) == self.expected(odd))
        for item in items { #expect(item.id == documentID(uri: item.uri)) }
    }

    @Test(arguments: ConnectorContract.all)
    func emptySourceIsEmptyAndNotBroken(_ contract: ConnectorContract) async throws {
        let bench = try contract.make()
        try await bench.put([:])
        #expect(try await self.list(try bench.connector()).items.isEmpty)
    }

    @Test(arguments: ConnectorContract.all)
    func versionSaysWhatChanged(_ contract: ConnectorContract) async throws {
        guard contract.promises(.keepsVersions) else { return }
        let bench = try contract.make()
        try await bench.put(Self.few)
        let first = try await self.list(try bench.connector()).items
        let again = try await self.list(try bench.connector()).items
        #expect(self.versions(first) == self.versions(again))
        #expect(!first.contains { !$0.version.isKnown })
        var changed = Self.few
        changed["d/b.txt"] = "TWO"
        // The clock of a file system may stand still for some milliseconds.
        try await Task.sleep(for: .milliseconds(20))
        try await bench.put(changed)
        let after = self.versions(try await self.list(try bench.connector()).items)
        for (uri, version) in self.versions(first) {
            #expect((after[uri] == version) == (uri != "s/d/b.txt"), "\(uri)")
        }
    }

    private func versions(_ items: [ListedItem]) -> [String: ItemVersion] {
        Dictionary(items.map { ($0.uri, $0.version) }) { first, _ in first }
    }

    /// A cursor leads to the same place in another process as well.
    @Test(arguments: ConnectorContract.all)
    func listingGoesOnFromEveryPage(_ contract: ConnectorContract) async throws {
        let bench = try contract.make()
        var many: [String: String] = [:]
        for number in 0..<contract.manyCount { many["n\(number).txt"] = "text \(number)" }
        try await bench.put(many)
        var cursors: [ListingCursor] = []
        var counts = [0]
        var cursor: ListingCursor?
        let connector = try bench.connector()
        repeat {
            let page = try await connector.page(after: cursor)
            counts.append((counts.last ?? 0) + page.items.count)
            cursor = page.next
            if let cursor { cursors.append(cursor) }
        } while cursor != nil
        #expect(counts.last == many.count)
        // A few of the places: each costs the source a listing.
        let step = max(1, cursors.count / 3)
        for index in stride(from: 0, to: cursors.count, by: step) {
            let rest = try await self.list(try bench.connector(), from: cursors[index]).items
            #expect(rest.count == many.count - counts[index + 1])
        }
    }

    @Test(arguments: ConnectorContract.all)
    func historyOfDeltasEqualsOneListing(_ contract: ConnectorContract) async throws {
        let bench = try contract.make()
        try await bench.put(Self.few)
        var known: [DocumentID: Known] = [:]
        var checkpoint: ListingCursor?
        let states: [[String: String]] = [
            Self.few, Self.few, Self.few.merging(["new.txt": "new", "a.txt": "ONE"]) { $1 },
            ["d/b.txt": "two", "a.txt": "ONE"],
            ["d/b.txt": "again", "a.txt": "ONE", "new.txt": "new"],
            [:], Self.few,
        ]
        for (number, state) in states.enumerated() {
            if number > 0 { try await bench.put(state) }
            let connector = try bench.connector()
            let before = known
            let (items, last, deleted) = try await self.list(connector, from: checkpoint)
            #expect(last.isDelta || deleted.isEmpty)
            if number > 0, contract.promises(.givesDeltas) { #expect(last.isDelta) }
            if !last.isDelta { known = [:] }
            for id in deleted { known[id] = nil }
            for item in items {
                let isSame = before[item.id]?.version == item.version && item.version.isKnown
                if isSame, let kept = before[item.id] {
                    known[item.id] = kept
                    continue
                }
                let text = try await self.texts(bench, connector, [item])[item.uri] ?? ""
                known[item.id] = Known(version: item.version, text: text)
            }
            let whole = self.expected(state)
            let wanted = Dictionary(
                uniqueKeysWithValues: whole.map { (documentID(uri: $0.key), $0.value) }
            )
            #expect(known.mapValues(\.text) == wanted, "state \(number)")
            checkpoint = last.checkpoint
            #expect((checkpoint != nil) == contract.promises(.givesDeltas))
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test(arguments: ConnectorContract.all)
    func documentThatWentIsGoneAndNotBroken(_ contract: ConnectorContract) async throws {
        guard contract.promises(.saysGone) else { return }
        let bench = try contract.make()
        try await bench.put(Self.few)
        let connector = try bench.connector()
        let items = try await self.list(connector).items
        let item = try #require(items.first { $0.uri == "s/d/b.txt" })
        try await bench.put(["a.txt": "one"])
        let error = await #expect(throws: ConnectorError.self) {
            try await connector.read(item, maximumBytes: 99)
        }
        #expect(error?.code == .gone)
        let other = try #require(items.first { $0.uri == "s/a.txt" })
        #expect(bench.text(of: try await connector.read(other, maximumBytes: 99).bytes) == "one")
    }

    @Test(arguments: ConnectorContract.all)
    func documentThatIsTooLargeIsRefused(_ contract: ConnectorContract) async throws {
        guard contract.promises(.keepsLimit) else { return }
        let bench = try contract.make()
        try await bench.put(["a.txt": "12345"])
        let connector = try bench.connector()
        let item = try #require(try await self.list(connector).items.first)
        let error = await #expect(throws: ConnectorError.self) {
            try await connector.read(item, maximumBytes: 4)
        }
        #expect(error?.code == .tooLarge)
        #expect(try await connector.read(item, maximumBytes: 5).bytes.count == 5)
    }
}
