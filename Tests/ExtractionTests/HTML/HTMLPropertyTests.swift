import Dispatch
import Extraction
import Formats
import Records
import Synchronization
import Testing

/// What must hold for every page, however broken.
func expectSound(_ bytes: [UInt8], _ options: HTMLOptions = HTMLOptions(), seed: UInt64 = 0) {
    let content: ExtractedContent
    do throws(ExtractionError) {
        content = try extractHTML(bytes, options: options)
    } catch {
        #expect(error.code == .empty || error.code == .corrupt, "seed \(seed): \(error)")
        return
    }
    expectSound(content, seed: seed) { try extractHTML(bytes, options: options) }
    for block in content.blocks {
        let slice = content.markdown[block.range]
        switch block.kind {
        case .heading:
            #expect(
                slice.starts(with: Array(repeating: 0x23, count: Int(block.level)) + [0x20])
                    || slice.first == 0x3E,
                "seed \(seed)"
            )
        case .table: #expect(slice.first == 0x7C || slice.first == 0x3E, "seed \(seed)")
        case .code: #expect(slice.first == 0x60 || slice.first == 0x3E, "seed \(seed)")
        default: break
        }
    }
}

@Suite struct HTMLPropertyTests {
    static let pieces = [
        "<div>", "</div>", "<p>", "</p>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<ul>",
        "<ol start=3>", "<li>", "</ul>", "<dl>", "<dt>", "<dd>", "</dl>", "<pre>", "</pre>", "<br>",
        "<a href=x>", "</a>", "<b>", "</b>", "<h2>", "</h2>", "<blockquote>", "</blockquote>",
        "<span hidden>", "</span>", "<script>", "</script>", "<!--", "-->", "<svg>", "</svg>",
        "<section class='entry-content'>", "</section>", "<article>", "<nav>", "text ", "&amp;",
        "&",
        "&#x202e;", "<", ">", "\"", "'", "\0", "ü", "日本", "\u{1F600}", " ", "\n", "<th colspan=9>",
        "<caption>", "<thead>", "</body>", "<title>", "</title>", "<meta charset=koi8-r>", sentence,
        "<code class=language-c>", "</code>", "```", "|", "<my-box>", "</my-box>", "<template>",
        "e\u{301}", "&#x301;", "か\u{3099}", "\u{1100}\u{1161}", "\u{2126}",
        "<meta name=author content=e",
        "<script type=application/ld+json>{\"articleBody\":\"\(sentence)\(sentence)\(sentence)\"}",
    ]

    @Test func randomMarkupIsSound() {
        for seed in 0..<1_500 as Range<UInt64> {
            var generator = SeededGenerator(state: seed)
            var markup = ""
            for _ in 0..<Int.random(in: 1...120, using: &generator) {
                markup += Self.pieces.randomElement(using: &generator) ?? ""
            }
            var options = HTMLOptions()
            options.content = seed.isMultiple(of: 2) ? .main : .all
            options.links = seed.isMultiple(of: 3) ? .urls : .text
            expectSound(Array(markup.utf8), options, seed: seed)
        }
    }

    @Test(.enabled(if: sharedFolder != nil, "needs the shared development pages"))
    func mutatedPagesAreSound() throws {
        let folder = try #require(sharedFolder)
        let paths = listFolder(folder + "/data/html/readability/pages").prefix(12)
        for (number, path) in paths.enumerated() {
            let original = Array(try #require(readFile(path)).prefix(40_000))
            for round in 0..<6 as Range<UInt64> {
                let seed = UInt64(number) * 100 + round
                var generator = SeededGenerator(state: seed)
                expectSound(mutate(original, using: &generator), seed: seed)
            }
        }
    }

    private func mutate(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var mutated = bytes
        for _ in 0..<Int.random(in: 1...60, using: &generator) where mutated.count > 64 {
            let start = Int.random(in: 0..<mutated.count - 32, using: &generator)
            let length = Int.random(in: 1...32, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: mutated[start] = UInt8.random(in: 0...255, using: &generator)
            case 1: mutated.removeSubrange(start..<start + length)
            case 2: mutated.insert(contentsOf: mutated[start..<start + length], at: start / 2)
            default:
                let piece = Self.pieces.randomElement(using: &generator) ?? ""
                mutated.insert(contentsOf: piece.utf8, at: start)
            }
        }
        return mutated
    }

    @Test func everyPrefixOfAPageIsSound() {
        let bytes = page(
            """
            <div class="a b" id='c'>\(sentence)<table><tr><td>ü&eacute;</td></tr></table><!-- c -->
            <script type="application/ld+json">{"headline":"x"}</script><pre>a\tb</pre>
            """,
            head: "<meta charset=utf-8><title>T</title>"
        )
        for length in 0...bytes.count { expectSound(Array(bytes[..<length])) }
    }

    @Test func extractionIsAPureFunctionOnManyThreads() throws {
        let bytes = page("<h1>T</h1>\(article)<ul><li>a<li>b</ul>")
        let expected = try extractHTML(bytes)
        let mismatches = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 64) { _ in
            let content = try? extractHTML(bytes)
            let isSame =
                content?.markdown == expected.markdown && content?.blocks == expected.blocks
                && content?.metadata == expected.metadata
            if !isSame { mismatches.withLock { $0 += 1 } }
        }
        #expect(mismatches.withLock { $0 } == 0)
    }

    /// A table as wide as it is long is not filled up to a square.
    @Test func aWideTableStaysAsLargeAsItsPage() throws {
        let cells = String(repeating: "<td>x", count: 5_000)
        let rows = String(repeating: "<tr><td>y", count: 5_000)
        let content = try extractHTML(page("<table><tr>\(cells)\(rows)</table>"))
        #expect(content.markdown.count < 8 * (cells.utf8.count + rows.utf8.count))
    }

    /// Sizes at which a quadratic step would take minutes.
    @Test(arguments: [
        String(repeating: "<div>", count: 200_000) + "text",
        String(repeating: "<ul><li>", count: 50_000) + "text",
        String(repeating: "<table><tr><td>", count: 20_000) + "text",
        "<p " + (0..<50_000).map { "a\($0)=1" }.joined(separator: " ") + ">text",
        String(repeating: "<a><b><i><u>", count: 20_000) + "text",
        String(repeating: "<svg>", count: 50_000) + "text",
        String(repeating: "<template>", count: 50_000) + "text",
        String(repeating: "<div></div>", count: 100_000) + "text",
        "<ul><table><tr><td>" + String(repeating: "<div>", count: 50_000)
            + String(repeating: "</ul>", count: 50_000) + "text",
        String(repeating: "<a href=x>", count: 50_000) + "text",
        String(repeating: "&", count: 200_000) + "text",
        "text" + String(repeating: "<!--", count: 100_000),
        "\(article)text" + String(repeating: "<div><h2>More</h2></div>", count: 5_000),
        "\(article)text" + String(repeating: "<ul><li><a href=x>y</a></ul>", count: 5_000),
        "\(article)text" + String(repeating: "<section>x<a href=y>z</a>", count: 5_000),
        String(repeating: "<p>a<a href=#fn1>1</a>", count: 5_000) + "<p id=fn1>text",
        "a" + String(repeating: "\u{200D}", count: 50_000) + " text",
        "<p style='" + String(repeating: "a:b;", count: 20_000) + "'>text",
        "<p class='" + String(repeating: "next-prev ", count: 20_000) + "'>x<p>text",
    ])
    func hostileShapesKeepTheirText(html: String) throws {
        let content = try extractHTML(Array(html.utf8))
        #expect(String(decoding: content.text, as: UTF8.self).contains("text"))
        #expect(content.text.count < html.utf8.count + 16)
    }
}
