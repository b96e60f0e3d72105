import Objects
import Records
import Testing

@testable import Connectors

@Suite struct PageLinksTests {
    private func links(_ text: String) -> PageLinks {
        PageLinks(Array(text.utf8), agent: "millrace")
    }

    @Test(arguments: [
        ("<a href=\"/a\">x</a>", ["/a"]), ("<A HREF='/a'>", ["/a"]), ("<a href=/a>", ["/a"]),
        ("<a\nclass=x\thref = '/a' >", ["/a"]),
        ("<a href='/a?x=1&amp;y=2&#38;z'>", ["/a?x=1&y=2&z"]),
        ("<area href=/a><frame src=/b><iframe src='/c'>", ["/a", "/b", "/c"]),
        ("<a name=x><a href>", []), ("<a href=''>", [""]), ("<abbr href=/a>", []),
        ("< a href=/a>", []),
        ("<!-- <a href=/a> --><a href=/b>", ["/b"]), ("<!-- <a href=/a>", []),
        ("<script>'<a href=/a>'</script><a href=/b>", ["/b"]),
        ("<script>x</SCRIPT ><a href=/b>", ["/b"]),
        ("<textarea><a href=/a></textarea>", []), ("<title><a href=/a></title><a href=/b>", ["/b"]),
        ("<a href=/a rel='x NOFOLLOW'><a href=/b rel=noopener>", ["/b"]), ("<a href=\"/a", ["/a"]),
        ("<a href='/a' href='/b'>", ["/a"]),
        ("<link rel=next href=/n><link rel=stylesheet href=/s>", ["/n"]),
        ("<a data-href=/x href=/a/>", ["/a/"]), ("<a href=", []), ("<a", []), ("<", []), ("", []),
        ("<meta http-equiv=refresh content=\"0; URL='/a'\">", ["/a"]),
        ("<a title='>' href=/a>", ["/a"]),
        ("<a =x href=/a>", ["/a"]), ("<p<a href=/a>", []), ("</a href=/x><a href=/a>", ["/a"]),
    ])
    func targets(text: String, expected: [String]) {
        #expect(self.links(text).links == expected)
    }

    @Test func whatAPageSaysOfItself() {
        let page = self.links(
            "<base href=/b/><base href=/c/><link rel='x canonical' href=/one><link rel=canonical href=/two>"
        )
        #expect(page.base == "/b/")
        #expect(page.canonical == "/one")
        #expect(!page.isNoIndex)
        #expect(self.links("<meta name=robots content='NOINDEX, follow'>").isNoIndex)
        #expect(self.links("<meta name=Robots content=none>").isNoFollow)
        #expect(self.links("<meta name=millrace content=noindex>").isNoIndex)
        #expect(!self.links("<meta name=otherbot content=noindex>").isNoIndex)
        #expect(!self.links("<meta name=robots content='noindexing'>").isNoIndex)
    }

    @Test(arguments: [
        ("noindex", true), ("otherbot: noindex", false), ("millrace: noindex", true),
        ("nofollow, noindex", true),
        ("unavailable_after: 25 Jun 2010 15:00:00 PST", false), ("all", false),
    ])
    func headers(value: String, expected: Bool) {
        var page = self.links("")
        page.readHeader(value, agent: "millrace")
        #expect(page.isNoIndex == expected)
    }

    /// Time in proportion to the bytes, whatever they are.
    @Test(arguments: ["<a href='", "<!--", "<a ", "<script>", "<", "<a href=x>", "&#", "<a b=\""])
    func hostilePages(piece: String) {
        let page = self.links(String(repeating: piece, count: 100_000))
        #expect(page.links.count <= PageLinks.linkLimit)
    }

    @Test func scope() throws {
        func address(_ text: String) throws -> WebAddress { try #require(WebAddress(text)) }
        let scope = try CrawlScope(
            prefixes: [address("https://example.org/docs/"), address("https://example.org/a")]
        )
        for text in [
            "https://example.org/docs/", "https://example.org/docs/x?y", "https://example.org/a/b",
        ] {
            #expect(try scope.contains(address(text)), "\(text)")
        }
        for text in [
            "https://example.org/docs", "http://example.org/docs/x", "https://example.org:8/docs/x",
            "https://example.org/ab", "https://example.org/docs/../x",
            "https://example.org.evil/docs/",
            "https://docs@evil.org/docs/",
        ] {
            #expect(try !scope.contains(address(text)), "\(text)")
        }
        #expect(
            try scope.place(of: address("https://example.org/docs/%C3%BC%20b.html?q=%20"))
                == "docs/ü b.html?q=%20"
        )
        #expect(try scope.place(of: address("https://example.org/a%2Fb/100%25")) == "a%2Fb/100%25")
        let signs = try address("https://example.org/a%23b%3Fc/d%231")
        #expect(scope.place(of: signs) == "a%23b%3Fc/d#1")
        #expect(try scope.place(of: address("https://example.org/")) == "")
        let two = try CrawlScope(prefixes: [address("https://a/"), address("https://b:1/")])
        #expect(try two.place(of: address("https://b:1/x")) == "b:1/x")
    }

    @Test(arguments: [
        ("text/html; charset=\"ISO-8859-1\"", "text/html", "iso-8859-1"),
        ("TEXT/Plain;Charset=utf-8", "text/plain", nil),
        ("", nil, nil), ("html", nil, nil), ("text/html;charset=a b", "text/html", nil),
        ("a/b/c", nil, nil),
        ("text/\u{1B}[2J", nil, nil),
    ])
    func contentTypes(value: String, type: String?, charset: String?) {
        let header = ContentTypeHeader(value)
        #expect(header.mediaType?.name == type)
        #expect(header.charset == charset)
    }

    @Test(arguments: [
        ("text/html", "a.php", "text/html"), ("application/octet-stream", "a.md", "text/markdown"),
        ("text/plain", "a.md", "text/markdown"), ("text/plain", "a", "text/plain"),
        ("", "a.pdf", "application/pdf"), ("application/pdf", "a.html", "application/pdf"),
        ("binary/octet-stream", "a", "application/octet-stream"),
    ])
    func typesOfNames(value: String, name: String, expected: String) {
        let type = ContentTypeHeader(value).mediaType(ofNamed: MediaType(ofPath: name))
        #expect(type.name == expected)
    }

    @Test func politeness() {
        var schedule = PolitenessSchedule()
        func turn(_ server: String, _ now: Int) -> Duration {
            schedule.turn(at: server, pause: .seconds(1), now: .seconds(now))
        }
        #expect(turn("a", 0) == .seconds(0))
        #expect(turn("a", 0) == .seconds(1))
        #expect(turn("b", 0) == .seconds(0))
        #expect(turn("a", 0) == .seconds(2))
        #expect(turn("a", 10) == .seconds(10))
        schedule.hold("a", until: .seconds(60))
        #expect(turn("a", 12) == .seconds(60))
    }
}
