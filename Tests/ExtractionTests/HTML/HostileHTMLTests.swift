import Extraction
import Formats
import Testing

/// Pages made to cost more than they weigh: they are read to their end, and what comes out is not
/// much more than what went in.
@Suite struct HostileHTMLTests {
    static let count = 20_000

    static func times(_ piece: String, _ count: Int = count) -> String {
        String(repeating: piece, count: count)
    }

    static let bodies: [(name: String, body: String)] = [
        (
            "spans of thousands",
            "<table>" + times("<tr><td rowspan=65534 colspan=1000>x</td><td>KEPT</td></tr>")
                + "</table>"
        ),
        (
            "rows under spans",
            "<table><tr>" + times("<td rowspan=65534>x</td>", 60) + "</tr>" + times("<tr><td>KEPT")
                + "</table>"
        ),
        (
            "deep formula",
            "<p>KEPT <math>" + times("<mrow><msup>") + "<mi>x</mi></math></p>"
        ),
        (
            "formula of fractions",
            "<p>KEPT <math>" + times("<mfrac><mi>x</mi>") + "</math></p>"
        ),
        ("formulas without an end", "<p>KEPT</p>" + times("<math><mi>x</mi>")),
        ("nested shadow roots", times("<div><template shadowrootmode=open>") + "<p>KEPT</p>"),
        ("buttons in buttons", "<p>KEPT " + times("x <button>y ") + "</button></p>"),
        ("notices in notices", "<p>KEPT</p>" + times("<noscript><p>x") + "</noscript>"),
        (
            "hidden panes and their links",
            "<p>KEPT</p>" + times("<a href='#a'>x</a>")
                + times("<div class=pane id=b hidden><p>x</p></div>")
        ),
        ("raised in raised", "<p>KEPT 10" + times("<sup>1") + times("</sup>") + "</p>"),
        (
            "tables in tables",
            times("<table><tr><th>a</th><td>", 300) + "<h2>x</h2>KEPT" + times("x<p>", 300)
        ),
        (
            "controls that name everything",
            "<p>KEPT</p>" + times("<i aria-controls='a b c d e f g h'>x</i>")
                + "<div hidden id=h><p>x</p></div>"
        ),
        ("posts in posts", times("<div class=post><p>x, y. ") + "KEPT"),
        ("headings of every rank", times("<h1>a</h1><h6>b</h6>") + "<p>KEPT</p>"),
    ]

    @Test(arguments: bodies.indices)
    func isReadToItsEnd(index: Int) throws {
        var options = HTMLOptions()
        options.content = .all
        let source = page(Self.bodies[index].body)
        for content in HTMLOptions.Content.allCases {
            options.content = content
            let found = try extractHTML(source, options: options)
            #expect(found.markdown.count < source.count * 12 + 4_096, "\(Self.bodies[index].name)")
            if content == .all {
                let text = String(decoding: found.markdown, as: UTF8.self)
                #expect(text.contains("KEPT"), "\(Self.bodies[index].name)")
            }
        }
    }
}
