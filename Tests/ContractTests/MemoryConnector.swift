import Connectors
import Foundation
import Records
import Synchronization

/// Documents in memory, listed a few a page, with a log of changes and planned faults.
final class MemoryConnector: Connector {
    struct State {
        /// By place.
        var documents: [String: (text: String, version: Int)] = [:]
        /// Places by the number of the change.
        var changes: [(number: Int, place: String)] = []
        var number = 0
        /// What the next calls throw, nil for none.
        var faults: [ConnectorError?] = []
        var calls = 0
    }

    static let itemsOfPage = 7

    private let state: Mutex<State>

    init() { self.state = Mutex(State()) }

    var capabilities: ConnectorCapabilities { ConnectorCapabilities(givesDeltas: true) }
    var calls: Int { self.state.withLock { $0.calls } }

    func plan(_ faults: [ConnectorError?]) { self.state.withLock { $0.faults = faults } }

    func put(_ documents: [String: String]) {
        self.state.withLock { state in
            for place in Set(state.documents.keys).union(documents.keys).sorted()
            where state.documents[place]?.text != documents[place] {
                state.number += 1
                state.changes.append((state.number, place))
                state.documents[place] = documents[place].map { ($0, state.number) }
            }
        }
    }

    private func fault(_ state: inout State) throws(ConnectorError) {
        state.calls += 1
        guard !state.faults.isEmpty, let fault = state.faults.removeFirst() else { return }
        throw fault
    }

    /// `from N` for what changed after change N, `at PLACE since N until M` within a listing.
    func page(after cursor: ListingCursor?) async throws(ConnectorError) -> ListingPage {
        let words = (cursor?.text ?? "").split(separator: "|", omittingEmptySubsequences: false)
        let result: Result<ListingPage, ConnectorError> = self.state.withLock { state in
            do throws(ConnectorError) { try self.fault(&state) } catch { return .failure(error) }
            let isFirst = words.count < 3
            let since = words.count > 1 ? Int(words[isFirst ? 1 : 2]) : nil
            let until = isFirst ? state.number : Int(words[3]) ?? state.number
            let last = isFirst ? "" : String(words[1])
            let wanted: Set<String>
            if let since, since >= 0 {
                wanted = Set(state.changes.filter { $0.number > since }.map(\.place))
            } else {
                wanted = Set(state.documents.keys)
            }
            let places = wanted.filter { $0 > last }.sorted()
            var page = ListingPage(items: [], isDelta: (since ?? -1) >= 0)
            for place in places.prefix(Self.itemsOfPage) {
                if let document = state.documents[place] {
                    page.items.append(Self.item(place, document.version))
                } else {
                    page.deleted.append(Self.item(place, 0).id)
                }
            }
            if places.count > Self.itemsOfPage {
                let end = places[Self.itemsOfPage - 1]
                page.next = ListingCursor("at|\(end)|\(since ?? -1)|\(until)")
            } else {
                page.checkpoint = ListingCursor("from|\(until)")
            }
            return .success(page)
        }
        return try result.get()
    }

    private static func item(_ place: String, _ version: Int) -> ListedItem {
        ListedItem(source: "s", place: place, version: ItemVersion(of: "\(version)"))
    }

    func read(_ item: ListedItem, maximumBytes: Int) async throws(ConnectorError) -> SourceDocument
    {
        let result: Result<SourceDocument, ConnectorError> = self.state.withLock { state in
            do throws(ConnectorError) { try self.fault(&state) } catch { return .failure(error) }
            let place = String(decoding: item.token, as: UTF8.self)
            guard let document = state.documents[place] else {
                return .failure(ConnectorError(.gone, path: item.uri, "it is gone"))
            }
            let bytes = Array(document.text.utf8)
            guard bytes.count <= maximumBytes else {
                return .failure(ConnectorError(.tooLarge, path: item.uri, "it is too large"))
            }
            return .success(SourceDocument(bytes: bytes))
        }
        return try result.get()
    }
}
