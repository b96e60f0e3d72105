internal import Dataflow
internal import Hashing
internal import Objects
internal import Records

/// What the keys of an `http` source say, checked.
struct WebSourceOptions: Sendable {
    /// Where the pages of a source are named.
    enum Start: String, Sendable, CaseIterable {
        case urls, sitemap, feed, crawl
    }

    let name: String
    let start: Start
    /// The pages, sitemaps, feeds or first pages.
    let addresses: [WebAddress]
    let scope: CrawlScope
    let patterns: PlacePatterns
    let rule: AddressRule
    let userAgent: String
    let obeysRobots: Bool
    let trustsStamps: Bool
    /// Between the beginnings of two requests to a server; nil for what fits it.
    let pause: Duration?
    let timeout: Duration
    let concurrency: Int
    let pageLimit: Int
    let stepLimit: Int
    let maximumBytes: Int
    /// Of all that decides which pages there are.
    let fingerprint: Digest

    /// The product by which `robots.txt` and pages may speak to this program alone.
    let agent: String

    /// Addresses that are kept of pages and of what they link to.
    var addressLimit: Int { self.pageLimit * 4 + 1000 }

    /// A host that the source names as private is its user's own: it needs no pauses.
    func pause(for address: WebAddress) -> Duration {
        self.pause ?? (self.rule.names(address.hostName) ? .zero : .milliseconds(100))
    }

    init(_ settings: SourceSettings) throws(ConnectorError) {
        let values = settings.values
        let given = Start.allCases.filter { !values.strings($0.rawValue).isEmpty }
        guard given.count == 1, let start = given.first else {
            throw settings.failure(
                given.last?.rawValue ?? "urls",
                "an http source has one of urls, sitemap, feed and crawl; this one has "
                    + (given.isEmpty ? "none" : given.map(\.rawValue).joined(separator: " and "))
            )
        }
        self.name = settings.name
        self.start = start
        let addresses = try webAddresses(start.rawValue, settings)
        let prefixes = try webAddresses("scope", settings)
        let scope = CrawlScope(
            prefixes: prefixes.isEmpty ? defaultScope(start, addresses) : prefixes
        )
        self.addresses = addresses
        self.scope = scope
        if start == .urls || start == .crawl,
            let outside = addresses.first(where: { !scope.contains($0) })
        {
            throw settings.failure(start.rawValue, "\(outside) is not in the 'scope' of the source")
        }
        self.patterns = try PlacePatterns(
            include: values.strings("include"),
            exclude: values.strings("exclude"),
            of: settings.name
        )
        self.rule = AddressRule(allowPrivate: values.strings("allow_private"))
        self.userAgent = try statedAgent(settings)
        self.agent = productName(self.userAgent)
        self.obeysRobots = values.bool("robots", default: true)
        self.trustsStamps = values.bool("trust_lastmod")
        self.pause = statedPause(values)
        self.timeout = .milliseconds(Int64(values.double("timeout", default: 30) * 1000))
        self.concurrency = values.int("concurrency", default: CommonSourceKeys.concurrencyByDefault)
        self.pageLimit = values.int("max_pages", default: 100_000)
        self.stepLimit = values.int("max_depth", default: 64)
        self.maximumBytes = settings.maximumBytes
        self.fingerprint = sha256(
            [
                start.rawValue, addresses.description, scope.prefixes.description,
                values.strings("include").description, values.strings("exclude").description,
                "\(self.obeysRobots) \(self.pageLimit) \(self.stepLimit)", self.agent, self.name,
            ].joined(separator: "\n")
        )
    }
}

private func webAddresses(
    _ key: String,
    _ settings: SourceSettings
) throws(ConnectorError) -> [WebAddress] {
    var addresses: [WebAddress] = []
    for text in settings.values.strings(key) {
        guard let address = WebAddress(text) else {
            throw settings.failure(
                key,
                "'\(placeInErrors(of: text))' is no URL of a page: write it as "
                    + "https://example.org/docs/, a host of other letters in its xn-- form"
            )
        }
        addresses.append(address)
    }
    return addresses
}

/// The servers that are named; of a crawl the folders that it begins in.
private func defaultScope(_ start: WebSourceOptions.Start, _ addresses: [WebAddress])
    -> [WebAddress]
{
    var scope: [WebAddress] = []
    for address in addresses {
        let folder = address.path[...(address.path.lastIndex(of: "/") ?? address.path.startIndex)]
        let prefix = address.at(path: start == .crawl ? String(folder) : "/")
        if !scope.contains(prefix) { scope.append(prefix) }
    }
    return scope
}

/// `millrace` of `millrace/1.0 (…)`.
private func productName(_ userAgent: String) -> String {
    let name = userAgent.prefix { $0.isLetter || $0 == "_" || $0 == "-" }
    return name.isEmpty ? "millrace" : name.lowercased()
}

private func statedPause(_ values: Parameters) -> Duration? {
    let seconds = values.double("delay", default: -1)
    return seconds < 0 ? nil : .milliseconds(Int64(seconds * 1000))
}

private func statedAgent(_ settings: SourceSettings) throws(ConnectorError) -> String {
    let contact = settings.values.string("contact", default: "")
    let name = settings.values.string("user_agent", default: "millrace/1.0")
    let text = contact.isEmpty ? name : "\(name) (+\(contact))"
    guard !name.isEmpty, text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
        throw settings.failure("user_agent", "a user agent is one line of ASCII")
    }
    return text
}
