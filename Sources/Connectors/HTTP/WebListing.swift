internal import Hashing
internal import Objects
internal import Records

/// A part of a listing of pages while it is made: what was found, and what it adds to the state.
struct WebListing {
    private let options: WebSourceOptions
    var state: CrawlState
    var page = ListingPage(items: [])
    private(set) var keptBytes = 0
    /// Why the first page that could not be had was not, for people.
    private(set) var firstFailure: String?
    private(set) var failureCount = 0
    private var saidThatPagesAreTooMany = false

    /// Redirects that lead from one page to the next, at most.
    private static let redirectLimit = 10

    init(_ options: WebSourceOptions, _ state: CrawlState) {
        self.options = options
        self.state = state
    }

    /// Puts a page that the source names in the queue; one outside of the scope is passed over.
    mutating func begin(with address: WebAddress, stamp: String = "") {
        guard self.options.scope.contains(address) else {
            self.passOver(address.description)
            return
        }
        let number = self.state.number(of: address.description)
        if !stamp.isEmpty { self.state.stamps[number] = stamp }
        self.enqueue(number, steps: 0)
    }

    mutating func take(_ visits: [(number: Int, visit: PageVisit)]) {
        for (number, visit) in visits { self.take(number, visit) }
    }

    private mutating func take(_ number: Int, _ visit: PageVisit) {
        switch visit {
        case .unchanged:
            self.state.hasSuccess = true
            self.keep(number)
        case .page(let page): self.take(number, page)
        case .redirect(let target): self.redirect(number, to: target)
        case .absent:
            // A site whose first page is not there is another site than the one that was meant.
            if self.options.start == .crawl, self.state.steps(to: number) == 0 {
                self.note("\(self.shown(self.state.addresses[number])): there is no such page")
            } else {
                self.state.hasSuccess = true
            }
            self.passOver(number)
        case .refused(let why):
            self.note("\(self.shown(self.state.addresses[number])): \(why)")
            self.passOver(number)
        case .failed(let failure):
            self.note(failure.message)
            self.page.report.add(
                ListingReport.Problem(
                    path: "\(self.options.name)/\(self.place(of: number))",
                    message: failure.message
                )
            )
            // Nobody knows what became of it: it is as it was.
            self.keep(number)
        }
    }

    private mutating func note(_ failure: String) {
        self.failureCount += 1
        self.firstFailure = self.firstFailure ?? failure
    }

    private mutating func passOver(_ number: Int) {
        self.state.record(number, PageRecord(kind: .absent))
        self.passOver(self.state.addresses[number])
    }

    private mutating func passOver(_ address: String) {
        let shown = self.shown(address)
        self.page.report.addSkippedLink(shown)
    }

    /// Takes over what the listing before this one knows of a page.
    private mutating func keep(_ number: Int) {
        guard var record = self.state.known[number] else { return }
        record.isListed = false
        record.stamp = self.state.stamps[number] ?? record.stamp
        self.state.record(number, record)
        self.follow(record, from: number)
        self.settle(number, record, nil)
    }

    private mutating func take(_ number: Int, _ fetched: FetchedPage) {
        self.state.hasSuccess = true
        var record = PageRecord(kind: fetched.links?.isNoIndex == true ? .notIndexed : .document)
        record.entityTag = fetched.entityTag
        record.lastModified = fetched.lastModified
        record.stamp = self.state.stamps[number] ?? ""
        record.version = fetched.version.digest
        if let links = fetched.links, let address = WebAddress(self.state.addresses[number]) {
            self.resolve(links, of: address, number, into: &record)
        }
        self.state.record(number, record)
        self.follow(record, from: number)
        self.settle(number, record, fetched)
    }

    /// The links of a page as numbers: those in the scope, each once, in order.
    private mutating func resolve(
        _ links: PageLinks,
        of address: WebAddress,
        _ number: Int,
        into record: inout PageRecord
    ) {
        let base = links.base.flatMap { WebAddress($0, relativeTo: address) } ?? address
        if let canonical = links.canonical.flatMap({ WebAddress($0, relativeTo: base) }),
            canonical != address, self.options.scope.contains(canonical), self.mayFollow(canonical)
        {
            record.target = self.state.number(of: canonical.description)
        }
        guard self.options.start == .crawl, !links.isNoFollow else { return }
        var seen = Set<Int>()
        for text in links.links {
            guard let target = WebAddress(text, relativeTo: base),
                self.options.scope.contains(target),
                self.mayFollow(target)
            else { continue }
            // Names without end are not kept without end.
            guard
                self.state.addresses.count < self.options.addressLimit
                    || self.state.names(target.description)
            else {
                self.reportLimit("more than \(self.options.pageLimit) pages", "max_pages")
                break
            }
            let link = self.state.number(of: target.description)
            if link != number, seen.insert(link).inserted { record.links.append(link) }
        }
    }

    private func mayFollow(_ address: WebAddress) -> Bool {
        !self.options.patterns.excludes(Array(self.options.scope.place(of: address).utf8))
    }

    /// Queues what a page leads to.
    private mutating func follow(_ record: PageRecord, from number: Int) {
        let steps = self.state.steps(to: number) + 1
        if let target = record.target { self.enqueue(target, steps: steps) }
        for link in record.links { self.enqueue(link, steps: steps) }
    }

    private mutating func redirect(_ number: Int, to target: WebAddress) {
        self.state.hasSuccess = true
        var record = PageRecord(kind: .redirect)
        if self.options.scope.contains(target), self.mayFollow(target) {
            record.target = self.state.number(of: target.description)
        } else {
            self.passOver(target.description)
        }
        self.state.record(number, record)
        self.follow(record, from: number)
    }

    private mutating func enqueue(_ number: Int, steps: Int) {
        if self.state.queue.count >= self.options.pageLimit, self.state.steps(to: number) < 0 {
            return self.reportLimit("more than \(self.options.pageLimit) pages", "max_pages")
        }
        if !self.state.enqueue(number, steps: steps, limit: self.options.stepLimit) {
            self.reportLimit("pages more than \(self.options.stepLimit) links away", "max_depth")
        }
    }

    /// What is cut off is said: the listing is then not whole, and nothing is deleted for it.
    private mutating func reportLimit(_ what: String, _ key: String) {
        guard !self.saidThatPagesAreTooMany else { return }
        self.saidThatPagesAreTooMany = true
        self.page.report.add(
            ListingReport.Problem(
                path: self.options.name,
                message: "it has \(what): raise '\(key)', or narrow it by 'scope' or 'exclude'"
            )
        )
    }

    // MARK: Documents

    /// Lists a page that is a document whatever comes later.
    private mutating func settle(_ number: Int, _ record: PageRecord, _ fetched: FetchedPage?) {
        guard record.kind == .document else { return }
        guard self.options.patterns.lists(Array(self.place(of: number).utf8)) else {
            return self.page.report.addUnmatched()
        }
        if record.target == nil { self.list(number, record, fetched) }
    }

    /// Names a page as a document, unless it is one of a listing of changes that did not change.
    private mutating func list(_ number: Int, _ record: PageRecord, _ fetched: FetchedPage?) {
        self.state.setListed(number)
        let version = ItemVersion(record.version)
        if let known = self.state.known[number], known.isListed, known.version == record.version,
            version.isKnown
        {
            return
        }
        let uri = "\(self.options.name)/\(self.place(of: number))"
        let content = fetched?.bytes.map { bytes in
            SourceDocument(bytes: bytes, mediaType: fetched?.mediaType, charset: fetched?.charset)
        }
        self.keptBytes += content?.bytes.count ?? 0
        self.page.items.append(
            ListedItem(
                id: documentID(uri: uri),
                uri: uri,
                token: Array(self.state.addresses[number].utf8),
                version: version,
                size: fetched?.size,
                modificationNanoseconds: InternetTime.nanoseconds(ofHTTPDate: record.lastModified),
                mediaType: fetched?.mediaType ?? MediaType(ofPath: self.path(of: number)),
                labels: [],
                content: content
            )
        )
    }

    /// Decides about pages that prefer another address, and names what is gone.
    mutating func finish() {
        let order = self.state.records.indices
            .filter { self.state.records[$0]?.kind == .document }
            .sorted { self.state.addresses[$0] < self.state.addresses[$1] }
        for number in order {
            guard let record = self.state.records[number], !record.isListed, record.target != nil,
                !self.isListed(behind: record),
                self.options.patterns.lists(Array(self.place(of: number).utf8))
            else { continue }
            self.list(number, record, nil)
        }
        guard self.state.isDelta else { return }
        let gone = self.state.known.filter { number, record in
            record.isListed && self.state.records[number]?.isListed != true
        }
        self.page.deleted = gone.keys.map { self.state.addresses[$0] }.sorted().map { address in
            documentID(uri: "\(self.options.name)/\(self.place(of: address))")
        }
    }

    /// Whether the address that a page prefers leads to a document.
    private func isListed(behind record: PageRecord) -> Bool {
        var next = record.target
        for _ in 0...Self.redirectLimit {
            guard let number = next, let record = self.state.records[number] else { return false }
            if record.kind != .redirect { return record.isListed }
            next = record.target
        }
        return false
    }

    private func place(of number: Int) -> String { self.place(of: self.state.addresses[number]) }

    private func place(of address: String) -> String {
        WebAddress(address).map { self.options.scope.place(of: $0) } ?? address
    }

    private func path(of number: Int) -> String {
        WebAddress(self.state.addresses[number])?.path ?? ""
    }

    private func shown(_ address: String) -> String { placeInErrors(of: address) }
}
