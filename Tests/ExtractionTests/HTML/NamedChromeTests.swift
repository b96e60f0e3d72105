import Extraction
import Records
import Testing

/// One word in a class or id decides nothing alone.
@Suite struct NamedChromeTests {
    @Test(arguments: [
        "row no-gutter", "sc-qXiTt jpKwRZ", "post has-paywall", "post format-gallery", "no-sidebar",
        "row-content--sidebar--x", "post category-no-newsletter-rss entry", "elementor-widget-wrap",
        "content-with-sidebar", "is-comments-open", "gutter", "widget", "news-related",
    ])
    func aWrappersNameLosesNoArticle(name: String) throws {
        let text = try markdown(
            "<nav><a href=/>Home</a></nav><div class='\(name)'>\(article)</div>"
        )
        #expect(text.count(of: "river bank") == 8)
    }

    @Test(arguments: [
        "section-header", "card-header", "header-anchor-post", "accordion-header", "step-header",
        "widget-title", "related-heading", "share-title",
    ])
    func aHeadingStaysWithTheTextUnderIt(name: String) throws {
        let text = try markdown(
            "<main><article>\(article)<h2 class='\(name)'>Installation</h2><p>Set the pump on a level "
                + "base and fill it before the first start.</p>\(article)</article></main>"
        )
        #expect(text.contains("## Installation\n\nSet the pump"))
    }

    @Test(arguments: [
        "<p class=text-secondary>KEPT the pump must be filled before the first start.</p>",
        "<aside class=note><p>KEPT never run the pump dry, not even for a test.</p></aside>",
        "<div class=discussion><p>\(sentence)KEPT \(sentence)</p></div>",
        "<div class=subscription-plan><h3>Basic</h3><p>KEPT 10 EUR a month.</p></div>",
        "<pre>start 2\n<span class=comment># KEPT wait</span>\nstatus</pre>",
        "<p>These are its parts:</p><ul><li><a href=/a>KEPT bearing of the pump</a>"
            + "<li><a href=/b>Seal of the pump</a></ul>",
        "<p>Rye needs acid <a href='#id2'>[1]</a>.</p><aside class='footnote-list brackets'>"
            + "<aside class='footnote brackets' id=id2><span>[1]</span><p>KEPT its enzymes.</p></aside>"
            + "</aside>",
    ])
    func whatStandsInAnArticleStays(piece: String) throws {
        let text = try markdown("<main><article>\(article)\(piece)\(article)</article></main>")
        #expect(text.contains("KEPT"))
    }

    @Test func whatIsLeftOutIsCounted() throws {
        let content = try extractHTML(
            page(
                "<nav><a href=/>Home</a></nav><article>\(article)</article>"
                    + "<div id=comments class=comments><p>First! \(sentence)</p></div>"
            )
        )
        let codes = content.warnings.map(\.code)
        #expect(codes.contains("navigation_removed"))
        #expect(codes.contains("comments_removed"))
    }

    @Test(arguments: ["comments", "post"])
    func everyPostOfAThreadIsKept(name: String) throws {
        let posts = (1...4).map {
            "<div class='\(name)' id=p\($0)><a href=/u>ann</a><p>POST\($0) is said here.</p></div>"
        }
        let text = try markdown("<div id=content><h1>Seals</h1>\(posts.joined())</div>")
        for number in 1...4 { #expect(text.contains("POST\(number)")) }
    }

    @Test func aPageThatIsAllChromeIsKeptWithAWarning() throws {
        let content = try extractHTML(
            page(
                "<div class='sidebar widget'><p>Open from nine to five, but not on Mondays.</p></div>"
            )
        )
        #expect(String(decoding: content.text, as: UTF8.self).contains("Mondays"))
    }
}

extension String {
    fileprivate func count(of piece: String) -> Int {
        self.split(separator: piece, omittingEmptySubsequences: false).count - 1
    }
}
