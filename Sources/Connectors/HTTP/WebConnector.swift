internal import Hashing
internal import Objects
internal import Records
internal import Synchronization

/// Pages of web servers: of a list, a sitemap, a feed, or found by their links.
///
/// A listing fetches the pages, because only they tell what they link to and whether they want to be
/// indexed; what is small comes with the listing and is not asked for twice. A listing of changes asks
/// by ETag and time, and names what is new, changed and gone.
///
/// Two listings of one site give the same, whatever was listed before: pages are taken in the order in
/// which they are named, in steps from the first.
struct WebConnector: Connector {
    let options: WebSourceOptions
    private let fetcher: WebFetcher
    private let latest = LatestState()

    /// A page of the listing ends with the first of these.
    private static let itemsInPage = 64
    private static let bytesInPage = 8 << 20
    /// Pages that are asked for, changed or not.
    private static let visitsInPage = 512
    private static let failuresThatTell = 16

    init(_ options: WebSourceOptions) {
        self.options = options
        self.fetcher = WebFetcher(options)
    }

    var capabilities: ConnectorCapabilities { ConnectorCapabilities(givesDeltas: true) }

    func page(after cursor: ListingCursor?) async throws(ConnectorError) -> ListingPage {
        var listing = try await self.listing(after: cursor)
        var visitCount = 0
        while !listing.state.isFinished, listing.page.items.count < Self.itemsInPage,
            listing.keptBytes < Self.bytesInPage, visitCount < Self.visitsInPage
        {
            let numbers = listing.state.take(self.options.concurrency)
            visitCount += numbers.count
            listing.take(try await self.visits(of: Array(numbers), listing.state))
            // A server that gives nothing is not asked for each of its pages.
            if !listing.state.hasSuccess, listing.failureCount >= Self.failuresThatTell { break }
        }
        try self.requireSuccess(listing)
        if listing.state.isFinished {
            listing.finish()
            listing.page.checkpoint = ListingCursor(listing.state.remembered().encoded())
        } else {
            let next = ListingCursor(listing.state.encoded())
            listing.page.next = next
            self.latest.keep(listing.state, at: next)
        }
        listing.page.isDelta = listing.state.isDelta
        return listing.page
    }

    func read(
        _ item: ListedItem,
        maximumBytes: Int
    ) async throws(ConnectorError) -> SourceDocument {
        do throws(RemoteFailure) {
            return try await self.document(item, maximumBytes: maximumBytes)
        } catch {
            throw ConnectorError(error, path: item.uri)
        }
    }

    /// Whether the first of what the source begins with can be had; for `doctor`.
    ///
    /// - Returns: what was found, for people.
    func check() async throws(ConnectorError) -> String {
        guard let address = self.options.addresses.first else { return "nothing is named" }
        let place = placeInErrors(of: address.description)
        do throws(RemoteFailure) {
            guard try await self.fetcher.isAllowed(address) else {
                throw RemoteFailure(.forbidden, "\(place): robots.txt forbids it")
            }
            let response = try await self.fetcher.fetch(
                address,
                maximumBytes: SitemapFile.byteLimit
            )
            return "\(place) answers \(response.status) with \(response.body.count) bytes"
        } catch {
            throw ConnectorError(.unavailable, path: place, error.message)
        }
    }

    private func document(
        _ item: ListedItem,
        maximumBytes: Int
    ) async throws(RemoteFailure) -> SourceDocument {
        guard let address = WebAddress(String(decoding: item.token, as: UTF8.self)) else {
            throw RemoteFailure(.permanent, "the page's address cannot be read")
        }
        guard try await self.fetcher.isAllowed(address) else {
            throw RemoteFailure(.gone, "robots.txt forbids it now")
        }
        let response = try await self.fetcher.fetch(address, maximumBytes: maximumBytes)
        guard response.status < 300 else {
            throw RemoteFailure(.gone, "the page leads elsewhere now", status: response.status)
        }
        let type = ContentTypeHeader(response.header("content-type"))
        return SourceDocument(
            bytes: response.body,
            mediaType: type.mediaType(ofNamed: MediaType(ofPath: address.path)),
            charset: type.charset
        )
    }

    // MARK: Parts of a listing

    /// Goes on where `cursor` says, or begins.
    private func listing(after cursor: ListingCursor?) async throws(ConnectorError) -> WebListing {
        let fingerprint = self.options.fingerprint
        if let cursor, let state = self.latest.state(at: cursor) {
            return WebListing(self.options, state)
        }
        if let cursor, let state = CrawlState(cursor.bytes, settings: fingerprint) {
            if !state.queue.isEmpty { return WebListing(self.options, state) }
            var listing = WebListing(self.options, state)
            try await self.begin(&listing)
            return listing
        }
        var listing = WebListing(self.options, CrawlState(settings: fingerprint))
        try await self.begin(&listing)
        return listing
    }

    private func begin(_ listing: inout WebListing) async throws(ConnectorError) {
        switch self.options.start {
        case .urls, .crawl: for address in self.options.addresses { listing.begin(with: address) }
        case .sitemap, .feed:
            let named = try await NamedPages(self.fetcher).all()
            listing.page.report.add(named.report)
            for page in named.pages { listing.begin(with: page.address, stamp: page.stamp) }
        }
    }

    /// What the pages came to, in their order, asked for at the same time.
    private func visits(
        of numbers: [Int],
        _ state: CrawlState
    ) async throws(ConnectorError) -> [(number: Int, visit: PageVisit)] {
        let visits = await withTaskGroup(of: (Int, PageVisit).self) { group in
            for number in numbers {
                group.addTask { (number, await self.visit(number, state)) }
            }
            return await group.reduce(into: [Int: PageVisit]()) { $0[$1.0] = $1.1 }
        }
        if Task.isCancelled {
            throw ConnectorError(.stopped, path: self.options.name, "the listing was stopped")
        }
        return numbers.compactMap { number in visits[number].map { (number, $0) } }
    }

    private func visit(_ number: Int, _ state: CrawlState) async -> PageVisit {
        let known = state.known[number]
        if self.options.trustsStamps, let known, known.isListed, !known.stamp.isEmpty,
            known.stamp == state.stamps[number]
        {
            return .unchanged
        }
        guard let address = WebAddress(state.addresses[number]) else { return .absent }
        // What was no document is asked for in full: its record has no content to be compared with.
        let isComparable = known.map { $0.kind == .document || $0.kind == .notIndexed } ?? false
        return await self.fetcher.visit(address, known: isComparable ? known : nil)
    }

    /// A source of which no page could be had is not an empty one.
    private func requireSuccess(_ listing: WebListing) throws(ConnectorError) {
        guard !listing.state.hasSuccess, let failure = listing.firstFailure else { return }
        throw ConnectorError(
            .unavailable,
            path: self.options.addresses.first?.description ?? "",
            "no page of source '\(self.options.name)' could be fetched: \(failure); nothing of it "
                + "was changed. Check the address in '\(self.options.start.rawValue)', and that the "
                + "server can be reached from here"
        )
    }
}

/// The state behind the cursor that was given out last, so that the same process need not read it again.
private final class LatestState: Sendable {
    private let latest = Mutex<(cursor: ListingCursor, state: CrawlState)?>(nil)

    func keep(_ state: CrawlState, at cursor: ListingCursor) {
        self.latest.withLock { $0 = (cursor, state) }
    }

    func state(at cursor: ListingCursor) -> CrawlState? {
        self.latest.withLock { $0?.cursor == cursor ? $0?.state : nil }
    }
}
