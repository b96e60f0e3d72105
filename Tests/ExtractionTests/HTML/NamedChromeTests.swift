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

    /// None of them is a sentence, and each has a name or links that speak against it.
    @Test(arguments: [
        "<div class=discussion><ul><li>KEPT fill the pump</li><li>open the valve</li></ul></div>",
        "<h2>Bridges of the town</h2><ul><li><a href=/1>KEPT arrow</a></li>"
            + "<li><a href=/2>Old deck</a></li></ul>",
        "<table><tr><th>Name</th><th>Town</th></tr>"
            + "<tr><td><a href=/1>KEPT</a></td><td><a href=/2>Hull</a></td></tr>"
            + "<tr><td><a href=/3>Arrow</a></td><td><a href=/4>York</a></td></tr></table>",
        "<form><table><tr><th>Name</th><th>Town</th></tr><tr><td>KEPT</td><td>Hull</td></tr>"
            + "<tr><td>Arrow</td><td>York</td></tr></table></form>",
        "<div class='share promo'><table><tr><th>Plan</th><th>Price</th></tr>"
            + "<tr><td>KEPT</td><td>10</td></tr></table></div>",
        "<figure><table><tr><th>Plan</th></tr><tr><td>Basic</td></tr></table>"
            + "<figcaption>KEPT prices of all plans</figcaption></figure>",
        "<figure><img src=x><figcaption>The KEPT pump in its winter cover. <span class=credit>Photo: Ann Lee"
            + "</span></figcaption></figure>",
        "<div class='pricing-card subscription'><h3>Basic</h3><p>12 € a month KEPT</p><ul><li>1 pump</li></ul>"
            + "<a class=btn href=/buy>Buy now</a></div>",
    ])
    func shortPartsAmongSentencesStay(piece: String) throws {
        let text = try markdown("<main><article>\(article)\(piece)\(article)</article></main>")
        #expect(text.contains("KEPT"))
    }

    @Test(arguments: ["References", "Einzelnachweise", "参考文献"])
    func whatAnArticleRefersToStays(heading: String) throws {
        let text = try markdown(
            "<main><article>\(article)<h2>\(heading)</h2><ol><li><a href=/r>KEPT report of the yard"
                + "</a></li><li><a href=/s>Survey of the pier</a></li></ol></article></main>"
        )
        #expect(text.contains("KEPT"))
    }

    @Test func aRemarkCalledTheAuthorsIsNoName() throws {
        let content = try extractHTML(
            page(
                "<main><article>\(article)<p class=author-note>KEPT the pump must be filled before "
                    + "it starts.</p>\(article)</article></main>"
            )
        )
        #expect(content.metadata["author"] == nil)
        #expect(String(decoding: content.markdown, as: UTF8.self).contains("KEPT"))
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

    /// A list of chapters has no sentence by which its body could be told from its navigation.
    @Test(arguments: ["<div role=main class=document>", "<main>", "<div class=content>"])
    func aBodyNamedAfterItsNavigationIsNoNavigation(main: String) throws {
        let chapters = (1...4).map {
            "<li class=toctree-l1><a href=/\($0)>KEPT\($0) pumps</a></li>"
        }
        let navigation = (1...9).map { "<li><a href=/n\($0)>Elsewhere \($0)</a></li>" }
        let generator =
            main.contains("document") ? "<meta name=generator content='Docutils 0.17'>" : ""
        let text = try markdown(
            "\(generator)<body class=body-for-nav><script>start()</script><div class=grid-for-nav>"
                + "<nav class=nav-side><ul>\(navigation.joined())</ul></nav>\(main)<h1>KEPT0 manual</h1>"
                + "<ul>\(chapters.joined())</ul></div></div></body>"
        )
        for number in 0...4 { #expect(text.contains("KEPT\(number)")) }
    }

    /// Reference says most in its shortest lines; what is learnt of articles does not hold there.
    @Test(arguments: ["AsciiDoc 10.2.0", "DocBook XSL Stylesheets", "rustdoc", "Pandoc", ""])
    func aPageOfReferenceIsKeptWhole(generator: String) throws {
        let text = try markdown(
            "<meta name=generator content='\(generator)'><div class=navheader><a href=/p>Prev</a>"
                + "<a href=/n>Next</a></div><div id=header><h1>KEPT0(1)</h1><h2>NAME</h2>"
                + "<p>KEPT1 - checks a pump</p></div><div id=content><h2>SYNOPSIS</h2>"
                + "<pre>KEPT2 [--raw] &lt;pump&gt;</pre><h2>DESCRIPTION</h2><p>KEPT3 checks it.</p>"
                + "<h2>OPTIONS</h2><dl><dt>--KEPT4</dt><dd>Print what the pump says instead of"
                + " the form that is made for readers of tables.</dd></dl>"
                + "<p>Part of the <a href=/k>KEPT5</a> suite</p></div>"
                + "<div id=footer>Last updated</div>"
        )
        for number in 0...5 { #expect(text.contains("KEPT\(number)")) }
        #expect(!text.contains("Prev"))
        #expect(!text.contains("Last updated"))
    }

    @Test func whatIsLeftOutOfAPageOfReferenceIsCounted() throws {
        let content = try extractHTML(
            page(
                "<div class=documentwrapper><div class=body role=main><h1>Pumps</h1><p>\(sentence)"
                    + "</p></div></div><div class=sphinxsidebar><a href=/>Home</a></div>"
            )
        )
        #expect(content.warnings.map(\.code) == ["navigation_removed"])
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
