import Extraction
import Testing

@Suite struct HTMLMetadataTests {
    @Test func aDescriptionThatStandsTwiceBeforeTheTextIsNoPartOfIt() throws {
        let description = "What the riders of the county do in the month of September."
        let head = "<meta name=description content='\(description)'>"
        func text(_ body: String) throws -> String {
            String(decoding: try extractHTML(page(body, head: head)).text, as: UTF8.self)
        }
        let copy = "<div>\(description)</div>"
        let twice = "<main><h1>October</h1>\(copy)<section>\(copy)\(article)</section></main>"
        #expect(!(try text(twice)).contains("riders"))
        // The first paragraph is often what a page calls its description.
        let once = "<main><h1>October</h1><p>\(description)</p>\(article)</main>"
        #expect(try text(once).contains("riders"))
    }

    private func content(_ head: String, _ body: String = "") throws -> ExtractedContent {
        try extractHTML(page("<article>\(article)</article>" + body, head: head))
    }

    @Test func metaElementsFillMetadata() throws {
        let content = try self.content(
            """
            <title>Big news | The Site</title><meta property="og:title" content="Big &amp; new">
            <meta name=author content="Ann Ode"><meta property="og:site_name" content="The Site">
            <meta property="article:published_time" content="2019-11-19T08:30:00.123+0100">
            <meta name="DC.date.modified" content=x><meta name="last-modified" content="2020/01/02">
            <meta name=description content=" A   story "><link rel=canonical href="https://e.org/a?b&amp;c">
            <link rel=license href="https://creativecommons.org/licenses/by/4.0/">
            """
        )
        #expect(content.title == "Big & new")
        #expect(
            content.metadata == [
                "author": "Ann Ode", "site": "The Site", "published": "2019-11-19T08:30:00+01:00",
                "modified": "2020-01-02", "description": "A story",
                "canonical": "https://e.org/a?b&c", "charset": "utf-8",
                "licence": "https://creativecommons.org/licenses/by/4.0/",
            ]
        )
    }

    @Test func linkedDataFillsMetadata() throws {
        let content = try self.content(
            """
            <script type="application/ld+json">{"@context":"https://schema.org","@graph":[
            {"@type":"NewsArticle","headline":"Caf\\u00e9 \\"one\\"","author":[{"@type":"Person","name":"A B"},
            {"name":"C D"}],"publisher":{"name":"Pub","logo":{"name":"no"}},
            "datePublished":"2021-02-03","dateModified":"2021-02-04T00:00:00Z","inLanguage":"fr"}]}</script>
            """
        )
        #expect(content.title == "Café \"one\"")
        #expect(content.metadata["author"] == "A B, C D")
        #expect(content.metadata["site"] == "Pub")
        #expect(content.metadata["published"] == "2021-02-03")
        #expect(content.metadata["modified"] == "2021-02-04T00:00:00Z")
        #expect(content.metadata["language"] == "fr")
    }

    @Test func microdataFillsMetadata() throws {
        let content = try extractHTML(
            page(
                """
                <div itemscope itemtype="https://schema.org/Article"><h2 itemprop=headline>A fox</h2>
                <span itemprop=author itemscope><span itemprop=name>Ann Ode</span></span>
                <span itemprop=datePublished>19 November 2019</span>
                <meta itemprop=dateModified content="2019-11-21"><a rel="license" href="/by">CC BY</a>
                <div itemprop=articleBody>\(article)</div><p>CHROME \(sentence)</p></div>
                """
            )
        )
        #expect(content.title == "A fox")
        #expect(content.metadata["author"] == "Ann Ode")
        #expect(content.metadata["published"] == "2019-11-19")
        #expect(content.metadata["modified"] == "2019-11-21")
        #expect(content.metadata["licence"] == "/by")
        #expect(!String(decoding: content.text, as: UTF8.self).contains("CHROME"))
    }

    @Test(arguments: [
        "<div itemprop=datePublished content=2020-01-02>yesterday</div>",
        "<time itemprop=datePublished datetime=2020-01-02>yesterday</time>",
        "<meta itemprop=datePublished content=2020-01-02>",
    ])
    func markedDatesAreRead(body: String) throws {
        #expect(try self.content("", body).metadata["published"] == "2020-01-02")
    }

    @Test(arguments: [
        "<link rel=license href=/by>", "<a rel='nofollow license' href=/by>CC</a>",
        "<a itemprop=license href=/by>CC</a>", "<meta name=dcterms.license content=/by>",
    ])
    func licencesAreRead(markup: String) throws {
        #expect(try self.content(markup, markup).metadata["licence"] == "/by")
    }

    @Test func brokenLinkedDataIsNoError() throws {
        for json in [
            "{\"headline\":\"x", "{]}", "\"", String(repeating: "[", count: 10_000), "{\"a\\",
        ] {
            let content = try self.content(
                "<title>T</title><script type='application/ld+json'>\(json)</script>"
            )
            #expect(content.title == "T")
        }
    }

    @Test(arguments: [
        ("<title>Story of a fox - Example News</title>", "", "Story of a fox"),
        ("<title>Story of a fox | More | Example</title>", "", "Story of a fox | More"),
        (
            "<title>shutil — Files — Python 3</title>", "<h1>shutil — Files<a href=#>¶</a></h1>",
            "shutil — Files"
        ),
        ("<title>Fox</title>", "<h1>Example News</h1>", "Fox"),
        ("", "<h1>Only a heading</h1>", "Only a heading"),
    ])
    func titlesLoseTheSiteName(head: String, body: String, expected: String) throws {
        #expect(try self.content(head, body).title == expected)
    }

    @Test(arguments: [
        ("2019-11-19", "2019-11-19"), ("20191119", "2019-11-19"),
        ("2019-11-19T08:30Z", "2019-11-19T08:30:00Z"),
        ("2019-11-19 08:30:05 -0500", "2019-11-19T08:30:05-05:00"),
        ("Tue, 19 Nov 2019 08:30:00 GMT", "2019-11-19"), ("November 19, 2019", "2019-11-19"),
        ("19 Nov 2019", "2019-11-19"), ("2020-02-29", "2020-02-29"),
    ])
    func datesBecomeISO(value: String, expected: String) throws {
        let content = try self.content("<meta name=date content=\"\(value)\">")
        #expect(content.metadata["published"] == expected)
    }

    @Test(arguments: [
        "", "3/4/2019", "2019-13-01", "2019-02-29", "yesterday", "0000-00-00", "2019",
    ])
    func ambiguousAndImpossibleDatesAreLeftOut(value: String) throws {
        let content = try self.content("<meta name=date content=\"\(value)\">")
        #expect(content.metadata["published"] == nil)
    }
}
