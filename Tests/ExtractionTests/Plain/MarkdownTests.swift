import Markdown
import Records
import Testing

@testable import Extraction

@Suite("Markdown blocks")
struct MarkdownBlockTests {
    private func blocks(_ text: String) -> [(kind: Block.Kind, level: UInt8, text: String)] {
        let bytes = Array(text.utf8)
        let found = bytes.withUnsafeBufferPointer { parseMarkdownBlocks($0) }
        return found.map { ($0.kind, $0.level, String(decoding: bytes[$0.range], as: UTF8.self)) }
    }

    @Test(arguments: [
        ("# One", Block.Kind.heading, 1), ("###### Six ######", .heading, 6),
        ("####### seven", .paragraph, 0), ("#no blank", .paragraph, 0), ("#", .heading, 1),
        ("Title\n===", .heading, 1), ("Two\nlines\n---", .heading, 2), ("- item", .list, 0),
        ("1) item", .list, 0), ("-no item", .paragraph, 0), ("* * *", .paragraph, 0),
        ("> quote\nlazy", .quote, 0), ("    code", .code, 0), ("\tcode", .code, 0),
        ("```\ncode\n```", .code, 0), ("~~~~\n```\n~~~~", .code, 0), ("```\nopen", .code, 0),
        ("a | b\n--|--\n1 | 2", .table, 0), ("| a |\n|---|", .table, 0),
        ("a | b\nno table", .paragraph, 0), ("[^1]: note", .footnote, 0),
        ("<!-- a\n\nb -->", .paragraph, 0), ("`` ` `` span", .paragraph, 0),
    ])
    func kindOfASingleBlock(text: String, kind: Block.Kind, level: UInt8) {
        let found = blocks(text)
        #expect(found.map(\.kind) == [kind])
        #expect(found.first?.level == level)
        #expect(found.first?.text == text)
    }

    @Test func blocksEndWhereAnotherBegins() {
        let text = """
            Intro
            # Head
            text
            - a
            - b

              still b
            - c

            after
            > quote

            ```
            # no head
            ```
            | x | y |
            |---|---|
            | 1 | 2 |
            end
            """
        let found = blocks(text)
        #expect(
            found.map(\.kind) == [
                .paragraph, .heading, .paragraph, .list, .paragraph, .quote, .code, .table,
                .paragraph,
            ]
        )
        #expect(found[3].text == "- a\n- b\n\n  still b\n- c")
    }

    @Test func aFenceInsideAListStaysThere() {
        let text = "- a\n\n  ```\n  # x\n\n- y\n  ```\n- b\n\nend"
        #expect(blocks(text).map(\.kind) == [.list, .paragraph])
    }

    @Test func aNumberInsideAParagraphStartsNoList() {
        #expect(blocks("the year\n1984. A book").map(\.kind) == [.paragraph])
        #expect(blocks("as follows\n1. first").map(\.kind) == [.paragraph, .list])
    }

    @Test func whatLiesBetweenBlocksIsWhiteSpace() {
        let pieces = [
            "# h", "text", "- item", "  more", "> q", "```", "    code", "---", "| a | b |",
            "|---|---|", "", "", "<!-- c", "-->", "===", "[a]: b", "1. x", "\t", "[^n]: f", "* * *",
        ]
        // A fixed linear congruential sequence: the same texts on each run.
        var state: UInt64 = 20_261_121
        for _ in 0..<500 {
            var lines: [String] = []
            for _ in 0..<20 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                lines.append(pieces[Int(state >> 33) % pieces.count])
            }
            let bytes = Array(lines.joined(separator: "\n").utf8)
            var end = 0
            for block in bytes.withUnsafeBufferPointer({ parseMarkdownBlocks($0) }) {
                #expect(block.range.lowerBound >= end && !block.range.isEmpty)
                #expect(bytes[end..<block.range.lowerBound].allSatisfy { $0 <= 0x20 })
                end = block.range.upperBound
            }
            #expect(bytes[end...].allSatisfy { $0 <= 0x20 })
        }
    }

    @Test func emptyTextHasNoBlocks() {
        #expect(blocks("").isEmpty)
        #expect(blocks(" \n\t\n").isEmpty)
    }
}

@Suite("Markdown extraction")
struct MarkdownExtractionTests {
    private func extract(_ text: String) throws -> ExtractedContent {
        try extractMarkdown(Array(text.utf8))
    }

    private func plain(_ content: ExtractedContent) -> String {
        String(decoding: content.text, as: UTF8.self)
    }

    @Test func frontMatterBecomesMetadata() throws {
        let content = try extract(
            """
            ---
            title: "On Mills: a guide"
            author: [A. Miller, 'B. Race']
            date: 2024-05-01 # first
            tags:
              - water
            authors:
              - C. Wheel
            lang: en
            ---

            # Other title

            Text.
            """
        )
        #expect(content.title == "On Mills: a guide")
        #expect(content.metadata["author"] == "A. Miller, B. Race, C. Wheel")
        #expect(content.metadata["published"] == "2024-05-01")
        #expect(content.metadata["language"] == "en")
        #expect(plain(content) == "Other title\n\nText.")
        #expect(String(decoding: content.markdown, as: UTF8.self) == "# Other title\n\nText.")
    }

    @Test(arguments: [
        ("author:\n  name: A. Miller\n  email: a@b.c", "author", "A. Miller"),
        ("authors:\n  - name: A. Miller\n  - B. Race", "author", "A. Miller, B. Race"),
        ("description: >-\n  Two\n  lines\nlang: de", "description", "Two lines"),
        ("date: 12 May 2024", "published", "2024-05-12"), ("date: soon", "published", nil),
        ("modified: 2024-05-01T08:00:00Z", "modified", "2024-05-01T08:00:00Z"),
        ("license: 'it''s mine'", "licence", "it's mine"),
    ])
    func valuesOfFrontMatter(matter: String, key: String, value: String?) throws {
        let content = try extract("---\n\(matter)\n---\ntext")
        #expect(content.metadata[key] == value)
        #expect(plain(content) == "text")
    }

    @Test func tablesOfTOMLAreNotTheDocuments() throws {
        let content = try extract("+++\ntitle = \"Mill\"\n[extra]\ntitle = \"other\"\n+++\ntext")
        #expect(content.title == "Mill")
    }

    @Test(arguments: [
        ("<div hidden>SPAM</div>\n\ntext", 1), ("text <span style='display: none'>SPAM</span>", 1),
        ("<p aria-hidden=\"true\">SPAM\n\ntext", 1),
        ("text\n\n<script>\nSPAM\n\nSPAM\n</script>", 1),
        ("<div style=\"display:none\">\n\n```\nSPAM\n```\n\n- SPAM\n\n</div>\n\ntext", 1),
        ("<div class=x hidden><div>SPAM</div> SPAM</div>text", 1),
        ("text\n\n<template>SPAM</template>", 1), ("text <div hidden>SPAM", 1),
        ("<style>SPAM</style><style>SPAM</style>text", 2),
        ("text <!-- SPAM -->", 0), ("<b>text</b>", 0), ("<input hidden>text", 0),
    ])
    func hiddenElementsAreLeftOutAndCounted(markdown: String, count: Int) throws {
        let content = try extract(markdown)
        #expect(plain(content).contains("text"))
        #expect(!plain(content).contains("SPAM"))
        #expect(!String(decoding: content.markdown, as: UTF8.self).contains("SPAM"))
        #expect(content.warnings.first { $0.code == "hidden_content" }?.count ?? 0 == count)
    }

    @Test(arguments: [
        "`<div hidden>shown</div>`", "```\n<div hidden>shown</div>\n```",
        "<div data-hidden=1>shown</div>", "a < b hidden> shown", "<a title=' hidden '>shown</a>",
        "<div hidden/>shown", "The <script> element is shown", "</script> <script> is shown",
    ])
    func whatIsShownStays(markdown: String) throws {
        let content = try extract(markdown)
        #expect(plain(content).contains("shown"))
        #expect(content.warnings.isEmpty)
    }

    @Test func aThematicBreakAtTheTopIsNoFrontMatter() throws {
        let content = try extract("---\n\nTitle: text\n\n---\n\nMore")
        #expect(plain(content) == "Title: text\n\nMore")
        #expect(content.title.isEmpty)
    }

    @Test func titleIsTheFirstHeadingOfLevelOne() throws {
        #expect(try extract("## Two\n\n# *One*\n\ntext").title == "One")
        #expect(try extract("## Two\n\ntext").title == "Two")
    }

    @Test(arguments: [
        ("a *b* **c** ~~d~~ _e_ __f__", "a b c d e f"), ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name and *open", "snake_case_name and *open"), ("***both***", "both"),
        ("[text](http://x.y \"t\") and [ref][r] and [alone]", "text and ref and [alone]"),
        ("![image](a.png) stays out", "stays out"), ("`a*b*` and `` ` ``", "a*b* and `"),
        ("<https://x.y> <b>bold</b> Vec<T> a < b", "https://x.y bold Vec<T> a < b"),
        ("AT&amp;T &#8364; &unknown;", "AT&T € &unknown;"), ("\\*not\\* \\d", "*not* \\d"),
        ("[a [nested](x) b](y)", "a nested b"), ("line\nbreak  \nhard", "line break hard"),
        ("text <!-- hidden --> more", "text  more"), ("`<!-- shown -->`", "<!-- shown -->"),
        ("[broken](no end", "[broken](no end"),
    ])
    func inlineMarksAreStripped(markdown: String, text: String) throws {
        let content = try extract("x\n\n" + markdown)
        let found = plain(content).split(separator: "\n\n").dropFirst().joined()
        #expect(found.drop { $0 == " " } == text)
    }

    @Test(arguments: [
        ("- a\n  goes on\n  - b\n- [x] c", "a goes on\nb\nc"), ("1. a\n2. *b*", "a\nb"),
        ("> a\n> b\n>\n> - c", "a b\nc"),
        ("| a | *b* |\n|---|---|\n| c \\| d | e |", "a\tb\nc | d\te"),
        ("```swift\nlet a = *b*\n```", "let a = *b*"), ("    code\n\n      more", "code\n\n  more"),
        ("Two\nlines\n===", "Two lines"), ("## Closed ##", "Closed"),
        ("[^1]: A *note*.", "A note."),
        ("- a\n\n  ```\n  *code*\n  ```", "a\n  *code*"),
    ])
    func blocksAsPlainText(markdown: String, text: String) throws {
        #expect(plain(try extract(markdown)) == text)
    }

    @Test func definitionsBreaksAndCommentsAreLeftOut() throws {
        let content = try extract(
            "Text with [a link][x].\n\n[x]: http://x.y \"title\"\n[y]: <z>\n\n---\n\n<!-- c\n\nd -->\n\nEnd"
        )
        #expect(
            String(decoding: content.markdown, as: UTF8.self) == "Text with [a link][x].\n\nEnd"
        )
        #expect(plain(content) == "Text with a link.\n\nEnd")
    }

    @Test(arguments: ["", "\n\n", "---\ntitle: x\n---\n", "<!-- only -->", "![](a.png)"])
    func filesWithoutTextAreEmpty(text: String) {
        #expect(throws: ExtractionError.self) { try extract(text) }
    }

    @Test func rangesSliceBothTexts() throws {
        let content = try extract(
            "# A\n\ntext *b*\n\n- c\n\n```\nd\n```\n\n| e | f |\n|--|--|\n| 1 | 2 |"
        )
        let texts = content.plainRanges.map { String(decoding: content.text[$0], as: UTF8.self) }
        #expect(texts == ["A", "text b", "c", "d", "e\tf\n1\t2"])
        let slices = content.blocks.map {
            String(decoding: content.markdown[$0.range], as: UTF8.self)
        }
        #expect(slices.first == "# A" && slices.last == "| e | f |\n|--|--|\n| 1 | 2 |")
        #expect(content.blocks.map(\.kind) == [.heading, .paragraph, .list, .code, .table])
    }

    /// Looking ahead from each mark would take minutes on this much.
    @Test(arguments: [
        "[", "*a ", "`", "<", "**_", "![", "&", "\\", "> ", "- ", "|", "[](", "[a](b", "](",
        "``` `",
        "<a ", "<div hidden ", "<!-", "~~a", "[^", "``a`", "<p hidden><p ", "[a][", "(", "_a_ ",
    ])
    func unclosedMarksTakeLinearTime(piece: String) throws {
        let text = "x " + String(repeating: piece, count: 100_000) + " ] ) > y"
        _ = try extract(text)
        let lines = String(repeating: piece + "\n", count: 10_000)
        _ = try? extract(lines)
    }
}
