/// Where documents come from: what there is, and the bytes of each.
///
/// A connector is a value without state that counts; several readers may go through one at the same time.
/// It retries nothing: ``RetryingConnector`` stands around it and does.
package protocol Connector: Sendable {
    var capabilities: ConnectorCapabilities { get }

    /// A part of the listing, in any order; whole or thrown.
    ///
    /// Nil begins a complete listing. The ``ListingPage/next`` of a page leads to the one after it, also in
    /// another process. The ``ListingPage/checkpoint`` of an earlier listing begins one of what changed
    /// since; where that cannot be told any more, a complete listing begins instead, and the page says so.
    ///
    /// - Throws: ``ConnectorError``: nothing is known of this page and of those after it then.
    func page(after cursor: ListingCursor?) async throws(ConnectorError) -> ListingPage

    /// The document as it is listed, or as it has become since; all from one state of it.
    ///
    /// - Throws: ``ConnectorError``: `.gone` where it is not there any more, `.tooLarge` where it has more
    ///   than `maximumBytes`, of which no more are kept then.
    func read(_ item: ListedItem, maximumBytes: Int) async throws(ConnectorError) -> SourceDocument
}

/// A source on this machine's own disks: it is listed and read on the thread that asks.
package protocol LocalConnector: Connector {
    /// Visits every document there is, in the order of URIs.
    ///
    /// - Throws: ``ConnectorError`` when there is no listing at all, or when `visit` throws
    ///   (`.stopped`). Anything less is in the report.
    func list(_ visit: (ListedItem) throws -> Void) throws(ConnectorError) -> ListingReport

    func readNow(_ item: ListedItem, maximumBytes: Int) throws(ConnectorError) -> SourceDocument

    /// The absolute path of the source.
    var root: String { get }

    /// Whether a file of one of these names below the absolute path `folder`, which need not exist, would be
    /// listed.
    func wouldList(_ names: [String], below folder: String) -> Bool
}

extension LocalConnector {
    package var capabilities: ConnectorCapabilities { ConnectorCapabilities(readsRemotely: false) }

    package func page(
        after cursor: ListingCursor?
    ) async throws(ConnectorError) -> ListingPage {
        var items: [ListedItem] = []
        let report = try self.list { items.append($0) }
        return ListingPage(items: items, report: report)
    }

    package func read(
        _ item: ListedItem,
        maximumBytes: Int
    ) async throws(ConnectorError) -> SourceDocument {
        try self.readNow(item, maximumBytes: maximumBytes)
    }
}

/// What a connector can do, so that nobody asks for more.
package struct ConnectorCapabilities: Hashable, Sendable {
    /// Whether a checkpoint leads to a listing of changes alone.
    package var givesDeltas: Bool
    /// Whether reading costs more than comparing: a plan then trusts versions and reads nothing.
    package var readsRemotely: Bool
    /// Whether labels come with the documents.
    package var hasLabels: Bool
    /// Whether large documents are fetched in parts.
    package var readsRanges: Bool

    package init(
        givesDeltas: Bool = false,
        readsRemotely: Bool = true,
        hasLabels: Bool = false,
        readsRanges: Bool = false
    ) {
        self.givesDeltas = givesDeltas
        self.readsRemotely = readsRemotely
        self.hasLabels = hasLabels
        self.readsRanges = readsRanges
    }
}

/// A place in a listing, as the connector writes it; nobody else looks inside.
package struct ListingCursor: Hashable, Sendable, Codable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
    package init(_ text: String) { self.bytes = Array(text.utf8) }

    /// What was written as text; nil where it was not.
    package var text: String? { String(validating: self.bytes, as: UTF8.self) }
}
