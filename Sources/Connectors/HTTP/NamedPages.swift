internal import Bytes
internal import Objects
internal import Storage

/// Reads the sitemaps or feeds that a source begins with.
struct NamedPages {
    private let fetcher: WebFetcher
    private var options: WebSourceOptions { self.fetcher.options }

    /// Sitemaps that indexes lead to, at most.
    private static let fileLimit = 1000
    private static let indexDepth = 3

    init(_ fetcher: WebFetcher) { self.fetcher = fetcher }

    /// The pages that are named, each once, in order, and what could not be read.
    ///
    /// - Throws: ``ConnectorError`` where a file that the source names could not be read; one that an
    ///   index leads to is a problem of the listing.
    func all() async throws(ConnectorError) -> (pages: [NamedPage], report: ListingReport) {
        var report = ListingReport()
        var pages: [NamedPage] = []
        var files = self.options.addresses.map { (address: $0, depth: 0) }
        var seen = Set(self.options.addresses)
        var next = 0
        while next < files.count {
            let (address, depth) = files[next]
            next += 1
            do throws(RemoteFailure) {
                let file = try await self.file(at: address)
                pages += file.pages
                for inner in file.files where seen.insert(inner).inserted {
                    guard self.mayRead(inner), depth < Self.indexDepth, files.count < Self.fileLimit
                    else {
                        report.add(self.problem(inner, "it lies outside of the scope, or too deep"))
                        continue
                    }
                    files.append((inner, depth + 1))
                }
            } catch {
                guard depth > 0 else { throw self.unavailable(address, error) }
                report.add(self.problem(address, error.message))
            }
        }
        var known = Set<WebAddress>()
        return (pages.filter { known.insert($0.address).inserted }, report)
    }

    /// A sitemap that another one names is on the same server, or in the scope.
    private func mayRead(_ address: WebAddress) -> Bool {
        self.options.scope.contains(address)
            || self.options.addresses.contains { $0.origin == address.origin }
    }

    private func file(at address: WebAddress) async throws(RemoteFailure) -> SitemapFile {
        var place = address
        for _ in 0...5 {
            let asked = place
            let response = try await self.fetcher.patiently(asked) {
                () async throws(RemoteFailure) in
                try await self.fetcher.fetch(asked, maximumBytes: SitemapFile.byteLimit)
            }
            guard let target = redirectTarget(of: response, from: asked) else {
                return try self.read(response, at: asked)
            }
            guard self.mayRead(target) else {
                throw RemoteFailure(
                    .permanent,
                    "it leads to \(target.origin), outside of the scope"
                )
            }
            place = target
        }
        throw RemoteFailure(.permanent, "it leads on and on")
    }

    private func read(
        _ response: HTTPResponse,
        at address: WebAddress
    ) throws(RemoteFailure) -> SitemapFile {
        var bytes = response.body
        if bytes.starts(with: [0x1F, 0x8B]) {
            bytes = try expandedFile(bytes, limit: SitemapFile.byteLimit)
        }
        do throws(XMLFault) {
            if self.options.start == .feed {
                var file = SitemapFile()
                file.pages = try feedPages(bytes, at: address)
                return file
            }
            return try SitemapFile(bytes, at: address)
        } catch {
            let kind = self.options.start == .feed ? "RSS or Atom feed" : "sitemap"
            throw RemoteFailure(
                .permanent,
                error == .tooLarge
                    ? "it has more entries or longer ones than a \(kind) may have"
                    : "it is no \(kind), or cut off"
            )
        }
    }

    private func problem(_ address: WebAddress, _ message: String) -> ListingReport.Problem {
        ListingReport.Problem(path: placeInErrors(of: address.description), message: message)
    }

    private func unavailable(_ address: WebAddress, _ failure: RemoteFailure) -> ConnectorError {
        let key = self.options.start.rawValue
        return ConnectorError(
            .unavailable,
            path: placeInErrors(of: address.description),
            "the \(key) of source '\(self.options.name)' cannot be read: \(failure.message); nothing of "
                + "the source was changed. Check the address in '\(key)'"
        )
    }
}

private func expandedFile(_ bytes: [UInt8], limit: Int) throws(RemoteFailure) -> [UInt8] {
    do throws(GunzipFault) {
        return try gunzip(bytes, limit: limit)
    } catch {
        throw RemoteFailure(
            .permanent,
            error == .tooLarge ? "it holds more than \(limit) bytes" : "its gzip is damaged"
        )
    }
}
