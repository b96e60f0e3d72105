import Dataflow
import Foundation
import Hashing
import LoopbackServer
import Objects
import Records
import Storage
import Synchronization
import Testing

@testable import Connectors

/// A site that a test changes while it is read.
private final class Site: Sendable {
    struct Page: Sendable {
        var status = 200
        var headers: [String: String] = ["content-type": "text/html"]
        var body: [UInt8] = []
        var hasTag = true
    }

    private let pages = Mutex<[String: Page]>([:])

    subscript(path: String) -> Page? {
        get { self.pages.withLock { $0[path] } }
        set { self.pages.withLock { $0[path] = newValue } }
    }

    func html(_ path: String, _ body: String, _ headers: [String: String] = [:]) {
        self[path] = Page(
            headers: ["content-type": "text/html"].merging(headers) { $1 },
            body: Array(body.utf8)
        )
    }

    func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        guard let page = self[request.target] else { return .init(404, text: "none") }
        let tag = "\"\(sha256(page.body).description.prefix(16))\""
        var headers = page.headers
        if page.hasTag { headers["etag"] = tag }
        if page.hasTag, page.status == 200, request.headers["if-none-match"] == tag {
            return .init(304, ["etag": tag])
        }
        if request.method == "HEAD" {
            headers["content-length"] = String(page.body.count)
            return .init(page.status, headers)
        }
        return .init(page.status, headers, page.body)
    }
}

@Suite struct WebConnectorTests {
    private let site: Site
    private let server: LoopbackServer

    init() throws {
        let site = Site()
        self.site = site
        self.server = try LoopbackServer { site.answer($0) }
    }

    private func connector(_ values: [String: ConfigValue]) throws -> WebConnector {
        // The other tests may hold the machine for long.
        let own: [String: ConfigValue] = [
            "allow_private": texts("127.0.0.1"), "timeout": .double(600),
        ]
        return WebConnector(
            try WebSourceOptions(settings(WebConnector.kind, own.merging(values) { $1 }))
        )
    }

    private var url: String { self.server.url }

    private func crawl(_ values: [String: ConfigValue] = [:]) throws -> WebConnector {
        try self.connector(["crawl": texts(self.url + "/")].merging(values) { $1 })
    }

    /// The requests that were answered with a body, without those for `robots.txt`.
    private var asked: [String] {
        self.server.requests.map { "\($0.method) \($0.target)" }.filter { $0 != "GET /robots.txt" }
            .sorted()
    }

    @Test func aCrawlFindsWhatIsLinkedWithinTheScope() async throws {
        self.site.html(
            "/",
            "<a href='docs/'>1</a> <a href='/docs/b.html#x'>2</a> <a href='http://elsewhere.example/'>3</a>"
        )
        self.site.html(
            "/docs/",
            "<a href='a.html'>a</a> <a href='../c.html' rel=nofollow>c</a> <a href='/gone.html'>"
        )
        self.site.html("/docs/a.html", "<a href='/'>back</a> <a href='./a.html?'>me</a>")
        self.site.html("/docs/b.html", "<meta name=robots content=noindex><a href='/d.pdf'>d</a>")
        self.site["/d.pdf"] = Site.Page(
            headers: ["content-type": "application/pdf"],
            body: Array("%PDF".utf8)
        )
        self.site.html("/c.html", "never found")
        let listing = try await list(self.crawl())
        #expect(listing.uris == ["web/", "web/d.pdf", "web/docs/", "web/docs/a.html"])
        #expect(listing.documents["web/d.pdf"]?.mediaType == .pdf)
        #expect(listing.problems.isEmpty)
        #expect(listing.skipped.contains { $0.hasSuffix("/gone.html") })
        #expect(!listing.isDelta)
        // Each page once, also when many link to it.
        #expect(Set(self.asked).count == self.asked.count)
    }

    @Test func robotsAreObeyed() async throws {
        self.site["/robots.txt"] = Site.Page(
            body: Array("User-agent: millrace\nDisallow: /private/".utf8)
        )
        self.site.html("/", "<a href='/private/a.html'>a</a><a href='/b.html'>b</a>")
        self.site.html("/private/a.html", "secret")
        self.site.html("/b.html", "b")
        #expect(try await list(self.crawl()).uris == ["web/", "web/b.html"])
        #expect(!self.asked.contains("GET /private/a.html"))
        #expect(
            try await list(self.crawl(["robots": .bool(false)])).uris.contains("web/private/a.html")
        )
    }

    /// A server whose rules cannot be read is not asked, and nothing is taken to be gone for it.
    @Test func robotsThatFailCloseTheServer() async throws {
        self.site.html("/", "x")
        self.site["/robots.txt"] = Site.Page(status: 501)
        await #expect(throws: ConnectorError.self) { try await list(self.crawl()) }
        #expect(self.asked.isEmpty)
    }

    @Test func redirectsLeadOnWithinTheScope() async throws {
        func redirect(_ path: String, _ target: String) {
            self.site[path] = Site.Page(status: 301, headers: ["location": target])
        }
        self.site.html(
            "/",
            "<a href='/old'>1</a><a href='/away'>2</a><a href='/loop'>3</a><a href='/me'>4</a>"
        )
        redirect("/old", "/new.html")
        self.site.html("/new.html", "new")
        redirect("/away", "http://127.0.0.1:1/secret")
        redirect("/loop", "/pool")
        redirect("/pool", "/loop")
        redirect("/me", "/me")
        let listing = try await list(self.crawl())
        #expect(listing.uris == ["web/", "web/new.html"])
        #expect(listing.skipped.contains("http://127.0.0.1:1/secret"))
        #expect(listing.problems.isEmpty)
    }

    /// Pages without end: the source says that it was cut off, and no listing of it counts as whole.
    @Test func aTrapEnds() async throws {
        let server = try LoopbackServer { request in
            request.target == "/robots.txt"
                ? .init(404)
                : .init(
                    200,
                    ["content-type": "text/html"],
                    text: "<a href='\(request.target)a'>on</a>"
                )
        }
        func listing(_ values: [String: ConfigValue]) async throws -> WholeListing {
            try await list(
                self.connector(["crawl": texts(server.url + "/")].merging(values) { $1 })
            )
        }
        let few = try await listing(["max_pages": .int(30)])
        #expect(few.documents.count == 30)
        #expect(few.problems.count == 1)
        #expect(few.problems.first?.contains("max_pages") == true)
        let near = try await listing(["max_depth": .int(5)])
        #expect(near.documents.count == 6)
        #expect(near.problems.first?.contains("max_depth") == true)
    }

    @Test func privateServersAreNotAsked() async throws {
        self.site.html("/", "x")
        let refused = try self.crawl(["allow_private": .list([])])
        do {
            _ = try await list(refused)
            Issue.record("it was listed")
        } catch let error as ConnectorError {
            #expect(error.code == .unavailable)
            #expect(error.message.contains("allow_private: [\"127.0.0.1\"]"))
        }
        #expect(self.server.requests.isEmpty)
        // Nor where a page of a server that is allowed leads there.
        let inner = self.url + "/secret"
        self.site["/"] = Site.Page(status: 302, headers: ["location": inner])
        self.site.html("/secret", "secret")
        let outer = "http://localhost:\(self.server.port)/"
        let led = try self.connector([
            "crawl": texts(outer), "scope": texts(outer, self.url + "/"),
            "allow_private": texts("localhost"),
        ])
        let listing = try await list(led)
        #expect(listing.documents.isEmpty)
        #expect(listing.skipped == [inner])
        #expect(self.asked == ["GET /"])
    }

    @Test func listsOfPages() async throws {
        self.site.html("/a.html", "<a href='/b.html'>not followed</a>")
        self.site["/n.txt"] = Site.Page(
            headers: ["content-type": "text/plain; charset=iso-8859-1"],
            body: [0xE9]
        )
        self.site.html("/b.html", "b")
        let listing = try await list(
            self.connector([
                "urls": texts(self.url + "/a.html", self.url + "/n.txt", self.url + "/none.html")
            ])
        )
        #expect(listing.uris == ["web/a.html", "web/n.txt"])
        #expect(listing.documents["web/n.txt"]?.charset == "iso-8859-1")
        #expect(listing.skipped == [self.url + "/none.html"])
    }

    @Test func sitemapsWithIndexesAndCompression() async throws {
        let inner =
            "<urlset><url><loc>\(self.url)/a.html</loc></url><url><loc>\(self.url)/b%20c.html</loc></url>"
            + "<url><loc>http://elsewhere.example/x</loc></url></urlset>"
        self.site["/s.xml"] = Site.Page(
            body: Array(
                "<sitemapindex><sitemap><loc>\(self.url)/1.xml.gz</loc></sitemap></sitemapindex>"
                    .utf8
            )
        )
        self.site["/1.xml.gz"] = Site.Page(body: gzipped(inner))
        self.site.html("/a.html", "a")
        self.site.html("/b%20c.html", "b")
        let connector = try self.connector(["sitemap": texts(self.url + "/s.xml")])
        let listing = try await list(connector)
        #expect(listing.uris == ["web/a.html", "web/b c.html"])
        #expect(listing.skipped == ["http://elsewhere.example/x"])
        // An index of which one file is damaged is no whole listing.
        self.site["/1.xml.gz"] = Site.Page(body: Array(gzipped(inner).dropLast(12)))
        #expect(try await list(connector).problems.count == 1)
        // A source whose sitemap is not there is not an empty one.
        self.site["/s.xml"] = nil
        do {
            _ = try await list(connector)
            Issue.record("it was listed")
        } catch let error as ConnectorError {
            #expect(error.code == .unavailable)
            #expect(error.message.contains("404"))
            #expect(error.message.contains("'sitemap'"))
        }
    }

    @Test func feeds() async throws {
        self.site["/feed"] = Site.Page(
            body: Array(
                "<rss><channel><item><link>\(self.url)/p1</link></item></channel></rss>".utf8
            )
        )
        self.site.html("/p1", "one")
        #expect(
            try await list(self.connector(["feed": texts(self.url + "/feed")])).uris == ["web/p1"]
        )
    }

    /// What is listed anew costs an answer without a body; what changed, went and came is named.
    @Test func changesAreNamedByConditionalRequests() async throws {
        self.site.html("/", "<a href='/a.html'>a</a><a href='/b.html'>b</a><a href='/c.html'>c</a>")
        for name in ["a", "b", "c"] { self.site.html("/\(name).html", name) }
        let first = try await list(self.crawl())
        #expect(first.uris == ["web/", "web/a.html", "web/b.html", "web/c.html"])
        let same = try await list(self.crawl(), from: first.checkpoint)
        #expect(same.isDelta)
        #expect(same.items.isEmpty)
        #expect(same.deleted.isEmpty)
        let conditional = self.server.requests.filter { $0.headers["if-none-match"] != nil }
        #expect(conditional.count == 4)
        // c is not linked any more though it is there, b is gone, a changed, d is new.
        self.site.html("/", "<a href='/a.html'>a</a><a href='/b.html'>b</a><a href='/d.html'>d</a>")
        self.site.html("/a.html", "a2")
        self.site["/b.html"] = nil
        self.site.html("/d.html", "d")
        let changes = try await list(self.crawl(), from: same.checkpoint)
        #expect(changes.uris == ["web/", "web/a.html", "web/d.html"])
        #expect(
            Set(changes.deleted) == Set(["web/b.html", "web/c.html"].map { documentID(uri: $0) })
        )
        let whole = try await list(self.crawl())
        let versions = Dictionary(uniqueKeysWithValues: whole.items.map { ($0.uri, $0.version) })
        for item in changes.items { #expect(versions[item.uri] == item.version) }
        // A checkpoint of other settings begins anew.
        #expect(
            try await !list(self.crawl(["exclude": texts("x/**")]), from: first.checkpoint).isDelta
        )
    }

    /// A page that fails for a while is as it was: its links lead on, and nothing of it is gone.
    @Test func aPageThatFailsLosesNothing() async throws {
        self.site.html("/", "<a href='/a.html'>a</a>")
        self.site.html("/a.html", "<a href='/b.html'>b</a>")
        self.site.html("/b.html", "b")
        let first = try await list(self.crawl())
        self.site["/a.html"] = Site.Page(status: 501)
        let second = try await list(self.crawl(), from: first.checkpoint)
        #expect(second.problems.count == 1)
        #expect(second.deleted.isEmpty)
        #expect(second.items.isEmpty)
        let anew = try await list(self.crawl())
        #expect(anew.problems.count == 1)
        self.site.html("/a.html", "<a href='/b.html'>changed</a>")
        let third = try await list(self.crawl(), from: second.checkpoint)
        #expect(third.uris == ["web/a.html"])
        #expect(third.deleted.isEmpty)
    }

    /// Any page of the listing may be the last of a process.
    @Test func aListingGoesOnInAnotherProcess() async throws {
        for index in 0..<200 {
            self.site.html(
                "/\(index)",
                "<a href='/\(index * 2 + 1)'>x</a><a href='/\(index * 2 + 2)'>y</a>"
            )
        }
        self.site.html("/", "<a href='/0'>begin</a>")
        let whole = try await list(self.crawl())
        #expect(whole.documents.count == 201)
        let parts = try await list(self.crawl(), anew: { try self.crawl() })
        #expect(parts.items.map(\.uri) == whole.items.map(\.uri))
        #expect(parts.items.map(\.version) == whole.items.map(\.version))
        let one = try await list(self.crawl(["concurrency": .int(1)]))
        #expect(one.uris == whole.uris)
    }

    @Test func canonicalAddresses() async throws {
        self.site.html("/", "<a href='/p?session=1'>1</a><a href='/q'>2</a>")
        self.site.html("/p?session=1", "<link rel=canonical href='/p'>page")
        self.site.html("/p", "<link rel=canonical href='/p'>page")
        // The address that it prefers is not there: the page itself is listed.
        self.site.html("/q", "<link rel=canonical href='/missing'>q")
        let listing = try await list(self.crawl())
        #expect(listing.uris == ["web/", "web/p", "web/q"])
        #expect(listing.text("web/q")?.hasSuffix("q") == true)
        let again = try await list(self.crawl(), from: listing.checkpoint)
        #expect(again.items.isEmpty)
        #expect(again.deleted.isEmpty)
        // When it comes into being, the page goes and it comes.
        self.site.html("/missing", "here")
        let third = try await list(self.crawl(), from: again.checkpoint)
        #expect(third.uris == ["web/missing"])
        #expect(third.deleted == [documentID(uri: "web/q")])
    }

    @Test func largePagesAreReadWhenTheyAreWanted() async throws {
        let body = [UInt8](repeating: 0x61, count: WebFetcher.keptByteLimit + 10)
        self.site["/large.txt"] = Site.Page(headers: ["content-type": "text/plain"], body: body)
        let connector = try self.connector(["urls": texts(self.url + "/large.txt")])
        let listing = try await list(connector)
        #expect(listing.items.first?.content == nil)
        #expect(listing.items.first?.size == body.count)
        #expect(listing.documents["web/large.txt"]?.bytes == body)
        await #expect(throws: ConnectorError.self) {
            let item = try #require(listing.items.first)
            _ = try await connector.read(item, maximumBytes: 1000)
        }
    }

    @Test func compressedAnswers() async throws {
        self.site["/a.html"] = Site.Page(
            headers: ["content-type": "text/html", "content-encoding": "gzip"],
            body: gzipped("<p>text")
        )
        // It stands for more than a page may have.
        self.site["/bomb.html"] = Site.Page(
            headers: ["content-type": "text/html", "content-encoding": "gzip"],
            body: gzipped(String(repeating: "a", count: WebFetcher.keptByteLimit + 1))
        )
        let connector = try self.connector(
            [
                "urls": texts(self.url + "/a.html", self.url + "/bomb.html"),
                "maximum_bytes": .int(1 << 20),
            ]
        )
        let page = try await connector.page(after: nil)
        #expect(page.items.map(\.uri) == ["web/a.html", "web/bomb.html"])
        #expect(page.items.first?.content?.bytes == Array("<p>text".utf8))
        #expect(page.items.last?.content == nil)
    }

    @Test func throttlingIsWaitedFor() async throws {
        let count = Mutex(0)
        let site = self.site
        let server = try LoopbackServer { request in
            let turn = count.withLock {
                $0 += 1
                return $0
            }
            return turn % 2 == 1 ? .init(429, ["retry-after": "0.01"]) : site.answer(request)
        }
        for index in 0..<20 { self.site.html("/\(index)", "\(index)") }
        let urls = (0..<20).map { ConfigValue.string("\(server.url)/\($0)") }
        let listing = try await list(self.connector(["urls": .list(urls)]))
        #expect(listing.documents.count == 20)
        #expect(listing.problems.isEmpty)
    }

    @Test(
        arguments: [
            [:], ["urls": texts("http://127.0.0.1/"), "sitemap": texts("http://127.0.0.1/s")],
            ["urls": texts("example.org")],
            ["urls": texts("http://127.0.0.1/a"), "scope": texts("http://127.0.0.1/b/")],
            ["crawl": texts("http://127.0.0.1/"), "include": texts("[")],
            ["crawl": texts("http://127.0.0.1/"), "user_agent": .string("a\nb")],
        ] as [[String: ConfigValue]]
    )
    func whatCannotBe(values: [String: ConfigValue]) {
        do throws(ConnectorError) {
            _ = try WebSourceOptions(settings(WebConnector.kind, values))
            Issue.record("it was taken")
        } catch {
            #expect(error.code == .configuration)
            #expect(error.path.hasPrefix("sources.web."))
        }
    }
}

/// The text in gzip's format, made with the compressor of `Storage`.
func gzipped(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + deflate(bytes) + little(crc32(bytes))
        + little(UInt32(bytes.count))
}
