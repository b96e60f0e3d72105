import Formats
import Glibc
import Records
import Testing

@testable import Extraction

/// How many inputs are tried; `MILLRACE_HTML_FUZZ=1000000 swift test --filter HTMLFuzz` tries more.
private let runCount = environmentNumber("MILLRACE_HTML_FUZZ") ?? 3_000
/// `MILLRACE_SEED=…` begins elsewhere.
private let firstSeed = environmentNumber("MILLRACE_SEED") ?? 1

private func environmentNumber(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
}

/// What mutations put in: tags whose handling is special, broken markup, references, odd bytes.
private let fragments: [[UInt8]] =
    [
        "<div>", "</div>", "<p>", "</p>", "<table>", "</table>", "<tr>", "<td colspan=9>", "<th>",
        "</td>",
        "<caption>", "<thead>", "<ul>", "</ul>", "<ol start=3>", "<li>", "<li id=fn1>", "</li>",
        "<dl>",
        "<dt>", "<dd>", "</dl>", "<pre>", "</pre>", "<pre data-lang=c>", "<code class=language-c>",
        "<a href=x>", "<a href=#fn1>", "<a href=#fnref1>", "</a>", "<sup>", "</sup>", "<b>", "</b>",
        "<h1>",
        "<h2>", "</h2>", "<blockquote>", "</blockquote>", "<br>", "<br><br>", "<hr>",
        "<span hidden>",
        "<span class=caption>", "</span>", "<p style='left:-9999px'>", "<script>", "</script>",
        "<script type='application/ld+json'>{\"headline\":\"a\\u00e9", "<style>", "</style>",
        "<!--", "-->",
        "<!-->", "<![CDATA[", "]]>", "<!doctype [", "<?xml ?>", "<svg>", "</svg>", "<template>",
        "</template>", "<section class='entry-content'>", "</section>", "<article>", "</article>",
        "<nav>",
        "<header>", "<aside role=doc-footnote id=n>", "<div class=related>", "<h3>Read more</h3>",
        "<main role=main>", "<form>", "<button>", "<select>", "<textarea>", "<title>", "</title>",
        "<meta charset=koi8-r>", "<meta name=date content=2019-11-19>", "<base href=x>", "</body>",
        "<body>",
        "<html lang=de>", "<my-box>", "</my-box>", "<p class='", "<p a='", "\"", "'", "<", "</",
        "<!", ">",
        "/>", "&", "&amp;", "&copy", "&#", "&#x202e;", "&#x110000;", "&zwj;", "&eacut", "\0", " ",
        "\n\n",
        "\t", "```", "|", "\\", "ü", "日本語", "\u{1F600}", "\u{E0041}", "\u{200D}", "\u{202E}",
        "\u{FEFF}",
        "© 2020 x", "You may also like",
        "some words, here and there, that read like a sentence of prose. ",
    ].map { Array($0.utf8) } + [
        [0xFF], [0xC3], [0xE2, 0x80], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], [0x1B],
    ]

private let samples: [[UInt8]] = [
    page("<article><h1>T</h1>\(article)<ul><li>a<ul><li>b</ul></ul></article>"),
    page("<table><tr><th>a<th>b<tr><td>1<td>2</table><dl><dt>t<dd>d</dl><pre>x\n y</pre>"),
    page("\(article)<p>x<a href=#fn1>1</a><ol><li id=fn1>Note <a href=#fnref1>^</a></ol>"),
    page(
        "<div class=post><h2>Related</h2><a href=x><p>\(sentence)</p></a>\(article)<p>© x</div>",
        head: "<title>T | S</title><meta name=description content='\(sentence)'>"
    ),
    page("<div class=documentwrapper><div role=main><h1>D</h1><dl><dt>f()<dd>x</dl></div></div>"),
    page("<blockquote><p>q<blockquote><ul><li>r</ul></blockquote></blockquote><nav>n</nav>"),
    [0xFF, 0xFE] + "<p>wide</p>".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
]

private func input(_ run: UInt64, by numbers: inout SeededGenerator) -> [UInt8] {
    if run % 3 == 0 {
        return (0..<Int.random(in: 1...60, using: &numbers)).flatMap { _ in
            fragments.randomElement(using: &numbers) ?? []
        }
    }
    var bytes = samples[Int(run % UInt64(samples.count))]
    for _ in 0..<Int.random(in: 1...12, using: &numbers) where bytes.count > 2 {
        let at = Int.random(in: 0..<bytes.count, using: &numbers)
        let length = min(Int.random(in: 1...48, using: &numbers), bytes.count - at)
        switch Int.random(in: 0..<7, using: &numbers) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &numbers)
        case 1: bytes.removeSubrange(at..<at + length)
        case 2: bytes.insert(contentsOf: Array(bytes[at..<at + length]), at: at)
        case 3:
            let other = Int.random(in: 0..<bytes.count - length + 1, using: &numbers)
            bytes.replaceSubrange(at..<at + length, with: Array(bytes[other..<other + length]))
        case 4: bytes.removeLast(min(length, bytes.count - 1))
        default: bytes.insert(contentsOf: fragments.randomElement(using: &numbers) ?? [], at: at)
        }
    }
    return bytes
}

@Suite("HTMLFuzz")
struct HTMLFuzzTests {
    /// Any bytes are read or refused; what is read is whole, and the same each time.
    @Test func anyBytesAreReadOrRefused() {
        for run in 0..<runCount {
            let seed = firstSeed &+ run
            var numbers = SeededGenerator(state: seed)
            let bytes = input(run, by: &numbers)
            var options = HTMLOptions()
            options.content = run % 2 == 0 ? .main : .all
            options.links = run % 5 == 0 ? .urls : .text
            guard let content = try? extractHTML(bytes, options: options) else { continue }
            if let fault = fault(in: content) {
                Issue.record("seed \(seed): \(fault)")
                return
            }
            if run % 8 == 0, let again = try? extractHTML(bytes, options: options) {
                let isSame =
                    again.markdown == content.markdown && again.text == content.text
                    && again.blocks == content.blocks && again.metadata == content.metadata
                    && again.warnings == content.warnings
                #expect(isSame, "seed \(seed)")
            }
        }
    }

    /// The prescan's text is valid and cut into runs; the arena is a tree in document order.
    @Test func anyBytesBecomeATree() {
        for run in 0..<runCount / 4 {
            let seed = firstSeed &+ run &+ 1 << 40
            var numbers = SeededGenerator(state: seed)
            let decoded = decodeHTML(input(run, by: &numbers), declared: nil)
            let (scanned, arena) = scanPage(decoded.utf8)
            if let fault = fault(in: arena, scanned) {
                Issue.record("seed \(seed): \(fault)")
                return
            }
        }
    }
}

/// What is wrong with an extraction, or nil.
private func fault(in content: ExtractedContent) -> String? {
    if String(validating: content.markdown, as: UTF8.self) == nil { return "Markdown is not UTF-8" }
    if String(validating: content.text, as: UTF8.self) == nil { return "text is not UTF-8" }
    if content.blocks.isEmpty { return "no block" }
    if !tiles(content.blocks.map(\.range), content.markdown) { return "blocks" }
    if !tiles(content.plainRanges, content.text) { return "plain ranges" }
    for block in content.blocks {
        let isMarked =
            switch block.kind {
            case .heading: content.markdown[block.range].starts(with: [0x23])
            case .table: content.markdown[block.range].starts(with: [0x7C])
            case .code: content.markdown[block.range].starts(with: [0x60])
            default: true
            }
        if !isMarked, !content.markdown[block.range].starts(with: [0x3E]) { return "mark" }
        if block.kind == .heading, !(1...6).contains(block.level) { return "level" }
    }
    return nil
}

private func tiles(_ ranges: [Range<Int>], _ bytes: [UInt8]) -> Bool {
    var end = 0
    for range in ranges {
        guard range.lowerBound >= end, !range.isEmpty,
            bytes[end..<range.lowerBound].allSatisfy({ $0 == 0x0A })
        else { return false }
        end = range.upperBound
    }
    return end == bytes.count
}

private func fault(in arena: HTMLArena, _ scanned: ScannedPage) -> String? {
    if String(validating: scanned.text, as: UTF8.self) == nil { return "text is not UTF-8" }
    var textEnd: Int32 = 0
    for run in scanned.runs {
        guard run.start >= textEnd, run.end > run.start else { return "runs" }
        textEnd = run.end
    }
    if Int(textEnd) > scanned.text.count { return "runs reach too far" }
    guard arena.nodes.first?.end == Int32(arena.nodes.count) else { return "root" }
    var nextRun: Int32 = 0
    for (index, node) in arena.nodes.enumerated() {
        guard Int(node.end) > index else { return "end" }
        if index > 0 {
            guard node.parent >= 0, Int(node.parent) < index,
                node.end <= arena.nodes[Int(node.parent)].end
            else { return "parent" }
        }
        if node.tag == .text {
            guard node.record >= nextRun, Int(node.record) < scanned.runs.count else {
                return "text order"
            }
            nextRun = node.record + 1
        } else if node.record >= scanned.elements.count {
            return "record"
        }
    }
    return Int(nextRun) == scanned.runs.count ? nil : "text lost"
}
