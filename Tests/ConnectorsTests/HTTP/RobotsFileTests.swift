import Objects
import Testing

@testable import Connectors

@Suite struct RobotsFileTests {
    private func allows(_ file: String, _ target: String, agent: String = "millrace") throws -> Bool
    {
        let address = try #require(WebAddress("http://example.org" + target))
        return RobotsFile(Array(file.utf8), agent: agent).allows(address)
    }

    /// The example of RFC 9309, 5.1.
    private static let groups = """
        User-Agent: *
        Disallow: *.gif$
        Disallow: /example/
        Allow: /publications/

        User-Agent: foobot
        Disallow:/
        Allow:/example/page.html
        Allow:/example/allowed.gif

        User-Agent: barbot
        User-Agent: bazbot
        Disallow: /example/page.html

        User-Agent: quxbot
        """

    @Test(arguments: [
        ("other", "/", true), ("other", "/a.gif", false), ("other", "/a.gif?x", true),
        ("other", "/example/", false), ("other", "/publications/a", true), ("foobot", "/", false),
        ("foobot", "/example/page.html", true), ("foobot", "/example/allowed.gif", true),
        ("barbot", "/example/page.html", false), ("bazbot", "/example/page.html", false),
        ("bazbot", "/a.gif", true), ("quxbot", "/example/", true), ("FooBot", "/", false),
    ])
    func groups(agent: String, target: String, expected: Bool) throws {
        #expect(try self.allows(Self.groups, target, agent: agent) == expected)
    }

    /// The example of RFC 9309, 5.2: the longest match.
    @Test(arguments: [
        ("/example/page/", true), ("/example/page/disallowed.gif", false), ("/other", true),
        ("/example/", true),
    ])
    func longestMatch(target: String, expected: Bool) throws {
        let file =
            "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif"
        #expect(try self.allows(file, target, agent: "foobot") == expected)
    }

    @Test(arguments: [
        ("Disallow: /a*c$", "/abc", false), ("Disallow: /a*c$", "/abcd", true),
        ("Disallow: /a*c$", "/acbc", false), ("Disallow: /*?", "/x?y", false),
        ("Disallow: /*?", "/x", true),
        ("Disallow: /%7Eu", "/~u/x", false), ("Disallow: /~u", "/%7eu/x", false),
        ("Disallow: /é", "/%C3%A9", false),
        ("Disallow: /a%2fb", "/a%2Fb", false), ("Disallow:", "/", true),
        ("Disallow: /", "/robots.txt", true),
        ("Disallow: /a\nAllow: /a", "/a", true), ("Disallow: /a # not b", "/b", true),
        ("Disallow: a", "/a", false),
        ("Disallow: /a$", "/a", false), ("Disallow: /a$", "/ab", true),
        ("Disallow: *", "/x", false),
        ("Disallow: /***a", "/xa", false),
    ])
    func patterns(rules: String, target: String, expected: Bool) throws {
        #expect(try self.allows("User-agent: *\r\n" + rules, target) == expected)
    }

    @Test func delaysAndSitemaps() {
        let file = RobotsFile(
            Array(
                "\u{FEFF}Sitemap: http://a/s.xml\nUser-agent: Millrace/2\nCrawl-delay: 2.5\n".utf8
            ),
            agent: "millrace"
        )
        #expect(file.crawlDelay == 2.5)
        #expect(file.sitemaps == ["http://a/s.xml"])
        #expect(
            RobotsFile(Array("User-agent: *\nCrawl-delay: 1e9".utf8), agent: "m").crawlDelay == nil
        )
    }

    @Test func absentAndUnreachable() throws {
        let address = try #require(WebAddress("http://a/b"))
        #expect(RobotsFile.open.allows(address))
        #expect(!RobotsFile.closed.allows(address))
    }

    /// A pattern of many stars costs no more than its length times that of the path.
    @Test func hostilePatterns() throws {
        let stars = String(repeating: "*a", count: 2000)
        #expect(
            try self.allows(
                "User-agent: *\nDisallow: /\(stars)b",
                "/" + String(repeating: "a", count: 4000)
            )
        )
    }
}

@Suite struct SitemapReadingTests {
    private let place: WebAddress

    init() throws { self.place = try #require(WebAddress("http://example.org/sitemap.xml")) }

    private func addresses(_ text: String) throws -> [String] {
        try SitemapFile(Array(text.utf8), at: self.place).pages.map(\.address.description)
    }

    @Test func pages() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="x">
            <s:url><s:loc> http://example.org/a?x=1&amp;y=2 </s:loc><s:lastmod>2024-01-02</s:lastmod>
            <image:image><image:loc>http://example.org/picture.png</image:loc></image:image></s:url>
            <s:url><s:loc>javascript:alert(1)</s:loc></s:url>
            <s:url><s:lastmod>2024</s:lastmod></s:url></s:urlset>
            """
        let file = try SitemapFile(Array(text.utf8), at: self.place)
        #expect(file.pages.map(\.address.description) == ["http://example.org/a?x=1&y=2"])
        #expect(file.pages.first?.stamp == "2024-01-02")
        #expect(file.unreadableCount == 2)
        #expect(file.files.isEmpty)
    }

    @Test func indexesAndLists() throws {
        let index =
            "<sitemapindex><sitemap><loc>http://example.org/1.xml.gz</loc></sitemap></sitemapindex>"
        let file = try SitemapFile(Array(index.utf8), at: self.place)
        #expect(file.files.map(\.description) == ["http://example.org/1.xml.gz"])
        #expect(file.pages.isEmpty)
        #expect(
            try self.addresses("http://example.org/a\r\n\r\nhttp://example.org/b\n")
                == ["http://example.org/a", "http://example.org/b"]
        )
    }

    @Test(arguments: [
        "<html><body>404</body></html>", "<urlset><url><loc>http://a/</loc></url>",
        "not a list of addresses",
        "<rss></rss>",
    ])
    func whatIsNoSitemap(text: String) {
        #expect(throws: (any Error).self) { try self.addresses(text) }
    }

    @Test func tooManyEntries() {
        let one = "<url><loc>http://a/</loc></url>"
        let text =
            "<urlset>" + String(repeating: one, count: SitemapFile.entryLimit + 1) + "</urlset>"
        #expect(throws: (any Error).self) { try self.addresses(text) }
    }

    @Test func feeds() throws {
        func pages(_ text: String) throws -> [String] {
            try feedPages(Array(text.utf8), at: self.place).map { "\($0.address) \($0.stamp)" }
        }
        let rss = """
            <rss version="2.0"><channel><link>http://example.org/</link><item><title>A</title>
            <link>http://example.org/a</link><pubDate>Sun, 06 Nov 1994 08:49:37 GMT</pubDate></item>
            <item><link>/b</link></item><item><title>none</title></item></channel></rss>
            """
        #expect(
            try pages(rss) == [
                "http://example.org/a Sun, 06 Nov 1994 08:49:37 GMT", "http://example.org/b ",
            ]
        )
        let atom = """
            <feed xmlns="http://www.w3.org/2005/Atom"><link href="http://example.org/"/><entry>
            <link rel="self" href="/self"/><link rel="alternate" href="/a"/><published>2023</published>
            <updated>2024</updated></entry></feed>
            """
        #expect(try pages(atom) == ["http://example.org/a 2024"])
        #expect(throws: (any Error).self) { try pages("<html/>") }
    }
}
