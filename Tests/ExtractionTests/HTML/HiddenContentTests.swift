import Extraction
import Formats
import Records
import Testing

@Suite struct HiddenContentTests {
    static let words = "MULBERRY words that only a click or a robot can ever bring to the light."

    /// What a control opens.
    static let opened = [
        "<div role=tabpanel hidden><p>\(words)</p></div>",
        "<div role=tabpanel class=tab-pane style='display:none'><p>\(words)</p></div>",
        "<h3>Who repairs it?</h3><div class=panel aria-hidden=true><p>\(words)</p></div>",
        "<p><button aria-controls=a1>More</button></p><div id=a1 hidden><p>\(words)</p></div>",
        "<ul><li><a href='#s1'>Details</a></ul><div id=s1 style='display:none'><p>\(words)</p></div>",
        "<button data-bs-target='#c1' data-bs-toggle=collapse>How long?</button>"
            + "<div id=c1 style='display:none'><p>\(words)</p></div>",
        "<details><summary>How long?</summary><p>\(words)</p></details>",
        "<x-card><template shadowrootmode=open><p>\(words)</p></template></x-card>",
        "<p>All of it.<span id=m1 style='display:none'> \(words)</span></p>"
            + "<button aria-controls=m1>Read more</button>",
        "<noscript><p>\(words.prefix(40))</p></noscript>",
        "<div hidden=until-found><p>\(words)</p></div>",
        "<div data-w-id=19390221 style='opacity:0'><p>\(words)</p></div>",
        "<section data-aos=fade-up style='opacity: 0'><p>\(words)</p></section>",
    ]

    /// What none opens, or nobody could see.
    static let unseen = [
        "<div style='display:none'><p>\(words)</p></div>", "<p hidden>\(words)</p>",
        "<p style='visibility:hidden'>\(words)</p>", "<p style='font-size:0'>\(words)</p>",
        "<p style='font-size: 1px'>\(words)</p>",
        "<p style='position:absolute;left:-9999px'>\(words)</p>",
        "<p style='color:#fff;background:#FFFFFF'>\(words)</p>",
        "<p style='color:rgba(0, 0, 0, 0)'>\(words)</p>",
        "<p style='color:rgb(255,255,255);background:white'>\(words)</p>",
        "<p style='transform:scale(0)'>\(words)</p>",
        "<div role=tabpanel style='font-size:0'>\(words)</div>", "<p class=sr-only>\(words)</p>",
        "<p style='opacity:0'>\(words)</p>",
        "<p data-aos=fade-up style='opacity:0;font-size:0'>\(words)</p>",
        "<p data-w-id=1 style='left:-9999px;opacity:0'>\(words)</p>",
    ]

    private func extract(_ piece: String, _ hidden: HTMLOptions.Hidden) throws -> ExtractedContent {
        var options = HTMLOptions()
        options.hidden = hidden
        let body = "<main><article>\(article)\(piece)\(article)</article></main>"
        return try extractHTML(page(body), options: options)
    }

    @Test(arguments: opened)
    func whatAControlOpensIsKept(piece: String) throws {
        let content = try self.extract(piece, .interactive)
        #expect(String(decoding: content.markdown, as: UTF8.self).contains("MULBERRY"))
    }

    @Test(arguments: unseen)
    func whatNobodySeesIsCountedAndKeptOnDemand(piece: String) throws {
        let content = try self.extract(piece, .interactive)
        #expect(!String(decoding: content.markdown, as: UTF8.self).contains("MULBERRY"))
        #expect(content.warnings.first { $0.code == "hidden_content" }?.count == 1)
        let all = try self.extract(piece, .keep)
        #expect(String(decoding: all.markdown, as: UTF8.self).contains("MULBERRY"))
    }

    @Test func dropLeavesOutWhatAControlOpens() throws {
        let content = try self.extract(Self.opened[0], .drop)
        #expect(!String(decoding: content.markdown, as: UTF8.self).contains("MULBERRY"))
        #expect(content.warnings.contains { $0.code == "hidden_content" })
    }

    @Test(arguments: [
        ("<p>Press the <button>START</button> button now.</p>", true),
        ("<p>Then press <button>START</button>.</p>", true),
        ("<div><button>START</button></div>", false),
    ])
    func aButtonIsReadInASentence(piece: String, isRead: Bool) throws {
        let content = try self.extract(piece, .interactive)
        #expect(String(decoding: content.markdown, as: UTF8.self).contains("START") == isRead)
    }

    @Test func aNoscriptThatAsksForScriptsIsNoText() throws {
        let body =
            "<div id=root></div><noscript>You need to enable JavaScript to run this app, as it "
            + "is made of nothing else than scripts, we are sorry to say.</noscript><script>a()</script>"
        let error = #expect(throws: ExtractionError.self) { try extractHTML(page(body)) }
        #expect(error?.code == .empty)
        #expect(error?.message.contains("scripts") == true)
    }
}
