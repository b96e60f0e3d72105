import Extraction
import Formats
import Records
import Testing

/// What the rules of a page's own style element hide.
@Suite struct PageStyleTests {
    static let words = "MULBERRY words that a rule of the page's style may keep from its readers."

    private func extract(
        _ style: String,
        _ piece: String,
        _ hidden: HTMLOptions.Hidden = .interactive
    ) throws -> (text: String, hiddenCount: Int) {
        var options = HTMLOptions()
        options.hidden = hidden
        let body = "<main><article>\(article)\(piece)\(article)</article></main>"
        let content = try extractHTML(page(body, head: style), options: options)
        let count = content.warnings.first { $0.code == "hidden_content" }?.count ?? 0
        return (String(decoding: content.markdown, as: UTF8.self), count)
    }

    @Test(arguments: [
        (".x{display:none}", "<p class='a x b'>"), ("#x{visibility: hidden}", "<p id=x>"),
        (".x{position:absolute;left:-9999px}", "<p class=x>"),
        ("p.x{font-size:0}", "<p class=x>"), (".x{opacity:0}", "<p class=x>"),
        (".a,.b , .x{ display : none !important }", "<p class=x>"),
        (".a.x{display:none}", "<p class='x a'>"), ("article .x{display:none}", "<p class=x>"),
        ("@media screen{.a{color:red}.x{display:none}}", "<p class=x>"),
        ("@supports (display:grid){.x{display:none}}", "<p class=x>"),
        ("/* { */ .x{color:#fff;background:#fff}", "<p class=x>"),
        (".x{clip:rect(0,0,0,0)}", "<p class=x>"), (".x{text-indent:-9999px}", "<p class=x>"),
        (".x{display:block}.x{display:none}", "<p class=x>"),
        (".x{display:none}.x:hover{display:block}", "<p class=x>"),
        ("@import url(a.css);.x{display:none}", "<p class=x>"),
    ])
    func textThatARuleHidesIsLeftOutAndCounted(rules: String, tag: String) throws {
        let piece = "\(tag)\(Self.words)</p>"
        let style = "<style>\(rules)</style>"
        let found = try self.extract(style, piece)
        #expect(!found.text.contains("MULBERRY"), "\(rules)")
        #expect(found.hiddenCount == 1)
        #expect(try self.extract(style, piece, .keep).text.contains("MULBERRY"))
    }

    @Test(arguments: [
        "@media print{.x{display:none}}", "@media (max-width:600px){.x{display:none}}",
        ".x{display:none}.x{display:block}",
        ".x{display:none}@media (min-width:600px){.x{display:block}}",
        ".js .x{display:none}", ".x::after{display:none}", ".x:empty{display:none}",
        ".x[data-a]{display:none}", ".y.x{display:none}", ".X{display:none}",
        "div.x{display:none}", ".x>b{display:none}", ".a+.x{display:none}", "p{display:none}",
        ".x{overflow:hidden}", ".x{display:none", "{.x}display:none", ".x{}}}{{{display:none;",
        "<!-- .x{display:block} -->",
    ])
    func otherRulesHideNothing(rules: String) throws {
        let found = try self.extract(
            "<style>\(rules)</style>",
            "<p class=x>\(Self.words)</p>"
        )
        #expect(found.text.contains("MULBERRY") == !rules.hasSuffix("{display:none"), "\(rules)")
    }

    @Test(arguments: [
        "<style media=print>.x{display:none}</style>",
        "<noscript><style>.x{display:none}</style></noscript>",
    ])
    func sheetsForOtherReadersHideNothing(style: String) throws {
        #expect(try self.extract(style, "<p class=x>\(Self.words)</p>").text.contains("MULBERRY"))
    }

    /// Tabs and answers that a checked box opens, without a script.
    @Test(arguments: [
        ".x{display:none}input:checked + label + .x{display:block}",
        ".x{display:none}#c:checked ~ #p{display:block}",
        ".x{max-height:0;overflow:hidden}.acc input:checked ~ .x{max-height:10em}",
        ".x{display:none}.x:target{display:block}", ".x{display:none}.open .x{display:block}",
    ])
    func whatACheckedBoxOpensIsKeptUnlessAllIsDropped(rules: String) throws {
        let piece =
            "<div class=acc><input type=checkbox id=c><label for=c>How long?</label>"
            + "<div class=x id=p><p>\(Self.words)</p></div></div>"
        let style = "<style>\(rules)</style>"
        #expect(try self.extract(style, piece).text.contains("MULBERRY"), "\(rules)")
        #expect(try !self.extract(style, piece, .drop).text.contains("MULBERRY"), "\(rules)")
    }

    /// A page whose scripts show its text is read whole.
    @Test func sheetsThatHideMostOfAPageAreNotHeard() throws {
        let body = "<div class=x>\(article)\(article)</div><script src=a.js></script>"
        let style = "<style>.x{display:none}</style>"
        let content = try extractHTML(page(body, head: style))
        #expect(String(decoding: content.markdown, as: UTF8.self).contains("quick brown fox"))
    }

    @Test func hostileSheetsEnd() throws {
        let pieces = [
            String(repeating: ".a{", count: 100_000),
            String(repeating: "@media screen{", count: 50_000),
            String(repeating: ".x{display:none}", count: 40_000),
            String(repeating: "/*", count: 100_000), String(repeating: ".x.y.z.", count: 50_000),
            ".x" + String(repeating: ",.x", count: 1_300) + "{display:none}",
        ]
        for piece in pieces {
            let found = try self.extract("<style>\(piece)</style>", "<p class=x>\(Self.words)</p>")
            #expect(found.text.contains("quick brown fox"))
        }
    }
}
