import Extraction
import Formats
import Records
import Testing

@Suite struct HTMLMarkdownTests {
    static let everything: HTMLOptions = {
        var options = HTMLOptions()
        options.content = .all
        return options
    }()

    static let cases: [(html: String, markdown: String)] = [
        ("<p>one<p>two", "one\n\ntwo"),
        ("<h1>A</h1><h3>B <a class=headerlink href=#b>¶</a></h3><p>c", "# A\n\n### B\n\nc"),
        ("<h2>Top <a href='#x'>#</a></h2><p>c", "## Top\n\nc"),
        ("<p>a <b>bold</b>, <i>it</i>alic <span>x</span>\n  y", "a bold, italic x y"),
        ("<p>one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "- a\n- b\n  - c\n- d"),
        ("<ol start=9><li>a<li>b<p>more<ul><li>c</ul></ol>", "9. a\n10. b\n    more\n    - c"),
        ("<ol><li>a<li>b</li><ul><li>c</ul><li>d</ol>", "1. a\n2. b\n   - c\n3. d"),
        ("<ul><li>a</li><ol><li>b</ol><li>c</ul>", "- a\n  1. b\n- c"),
        ("<ul><li>a</li><pre>b</pre><li>c</ul>", "- a\n  ```\n  b\n  ```\n- c"),
        ("<h2>A<p>b</p></h2><p>c", "## A\n\nb\n\nc"),
        ("<blockquote><p>a<p>b<ul><li>c</ul></blockquote>", "> a\n\n> b\n\n> - c"),
        (
            "<pre><code class='language-swift'>let a = 1\n\n  b()\n</code></pre>",
            "```swift\nlet a = 1\n\n  b()\n```"
        ),
        (
            "<div class='highlight-python3'><div class=highlight><pre>\n<span>x</span> &lt; 1</pre></div></div>",
            "```python\nx < 1\n```"
        ),
        ("<pre data-lang=Ruby>x</pre>", "```ruby\nx\n```"),
        ("<pre><code data-language=go>x</code></pre>", "```go\nx\n```"),
        ("<pre class='sourceCode haskell'><code>x</code></pre>", "```haskell\nx\n```"),
        ("<pre class='brush: js; x'>x</pre>", "```js\nx\n```"),
        ("<pre><code class=lang-c++>x</code></pre>", "```c++\nx\n```"),
        ("<pre class='lang-<b>'>x</pre>", "```\nx\n```"),
        ("<details><summary>Q</summary><p>A</details>", "Q\n\nA"),
        (
            "<p>a<sup><a href=#fn1>1</a></sup>, b<a href=#fn2 role=doc-noteref>*</a>, <a href=#fn1>[1]</a></p>"
                + "<ol><li id=fn1>One <a href=#fnref1>↩</a><li id=fn2><p>Two</p><p>more</p><li>no note</ol>",
            "a[^1], b[^2], [^1]\n\n[^1]: One\n[^2]: Two\n    more\n3. no note"
        ),
        (
            "<p>x [<a href=#id1 class=footnote-reference>1</a>] y</p><h2>Notes</h2>"
                + "<aside role=doc-footnote id=id1><span>[<a role=doc-backlink href=#id0>1</a>]</span><p>Text</p></aside>",
            "x [^1] y\n\n## Notes\n\n[^1]: Text"
        ),
        (
            "<p>see <a href=#note-1>the first note</a></p><p id=note-1>Text",
            "see the first note\n\nText"
        ),
        ("<p>a<a href=#fn9>9</a></p>", "a[9]"),
        ("<p id=fn1>a<a href=#fn1>1</a></p>", "a[1]"),
        ("<h2><a class=toc-backref role=doc-backlink href=#id1>Kept</a></h2><p>a", "## Kept\n\na"),
        ("<p>a<a href=#fn1>1</a><div id=fn1><pre>x</pre></div><p>b", "a[^1]\n\n```\nx\n```\n\nb"),
        ("<pre>a ``` b</pre>", "````\na ``` b\n````"),
        ("<ul><li>run<pre>x\ny</pre></ul>", "- run\n  ```\n  x\n  y\n  ```"),
        (
            "<table><tr><th>a<th>b<tr><td>1|2<td>3</table>",
            "| a | b |\n| --- | --- |\n| 1\\|2 | 3 |"
        ),
        (
            "<table><caption>C</caption><tr><td colspan=2>w<tr><td>1<td><p>x<p>y</table>",
            "C\n\n| w | |\n| --- | --- |\n| 1 | x y |"
        ),
        ("<table><tr><td><p>a<p>b</table>", "a\n\nb"),
        ("<dl><dt>t<dd>d<dt>u<dd>e</dl>", "t\n: d\nu\n: e"),
        ("<dl><dt>f()<dd><p>x<pre>y</pre></dl>", "f()\n\nx\n\n```\ny\n```"),
        (
            "a &amp; b &copy 2020 caf&eacute; &nexist; &#x80; &#128; &bogus; AT&T",
            "a & b © 2020 café ∄ € € &bogus; AT&T"
        ),
        ("x<script>no</script><style>no</style><!-- no -->y<svg><title>no</title></svg>z", "xyz"),
        ("<p>a<!-->b<!--->c<!-- > -->d<!----!>e", "abcde"),
        ("<template>no</template><noscript>no</noscript><p>yes", "yes"),
        ("<p hidden>no<p style='Display : none'>no<p aria-hidden=true>no<p>yes", "yes"),
        ("<p>a\u{202E}b\u{200B}c\u{E0041}d\u{AD}e", "abcde"),
        ("<p>text<section>next</section><p>last", "text\n\nnext\n\nlast"),
        ("<b><p>x</p> y</b>", "x\n\ny"),
        ("<p>nul\0inside", "nulinside"),
        ("1 < 2 <3 a<b</p>", "1 < 2 <3 a"),
    ]

    @Test(arguments: cases.indices)
    func markupBecomesMarkdown(index: Int) throws {
        let (html, expected) = Self.cases[index]
        #expect(try markdown(html, options: Self.everything) == expected)
    }

    @Test func plainTextHasNoMarks() throws {
        let html = "<h2>H</h2><ul><li>a<li>b</ul><table><tr><th>x<th>y<tr><td>1<td>2</table>"
        let content = try extractHTML(page(html), options: Self.everything)
        #expect(String(decoding: content.text, as: UTF8.self) == "H\n\na\nb\n\nx\ty\n1\t2")
        #expect(content.blocks.map(\.kind) == [.heading, .list, .table])
        #expect(content.blocks.map(\.level) == [2, 0, 0])
    }

    @Test func linksKeepTheirTargetsOnDemand() throws {
        var options = Self.everything
        options.links = .urls
        let html = "<p>see <a href='a b.html?x=1&amp;y'>the page </a>and <a href='#t'>top</a>"
        #expect(try markdown(html, options: options) == "see [the page](a%20b.html?x=1&y) and top")
        #expect(try markdown(html, options: Self.everything) == "see the page and top")
    }

    @Test func referencesResolveAsInBrowsers() throws {
        let html = "<p>&notit; &notin; &#0; &#xD800; &#x110000; &#99999999999; &#65 &#x42;c"
        #expect(
            try markdown(html, options: Self.everything)
                == "¬it; ∉ \u{FFFD} \u{FFFD} \u{FFFD} \u{FFFD} A Bc"
        )
    }
}
