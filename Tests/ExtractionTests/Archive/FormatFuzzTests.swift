import Dataflow
import Formats
import Records
import Testing

@testable import Extraction

private let wordFragments = fragments([
    "<w:p>", "</w:p>", "<w:p/>", "<w:r>", "</w:r>", "<w:t>x</w:t>", "<w:tbl>", "</w:tbl>", "<w:tr>",
    "</w:tr>", "<w:tc>", "</w:tc>", "<w:txbxContent>", "</w:txbxContent>", "<w:del>", "</w:del>",
    "<w:vMerge/>", "<w:gridSpan w:val='99999999999'/>", "<w:gridSpan w:val='-1'/>", "<w:pPr>",
    "</w:pPr>", "<w:numPr><w:ilvl w:val='-3'/><w:numId w:val='1'/></w:numPr>", "<w:vanish/>",
    "<w:footnoteReference w:id='1'/>", "<w:footnote w:id='1'>", "</w:footnote>", "<w:sdt>",
    "<w:outlineLvl w:val='-9'/>", "<mc:Choice>", "</mc:Choice>", "<mc:AlternateContent>",
    "<w:start w:val='9223372036854775807'/>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "&#0;", "&lt;",
    "<w:t>e\u{301}\u{2126}</w:t>", "<![CDATA[x]]>", "<w:sym w:char='110000'/>", "<w:br/>",
    "<w:tab/>", "\u{202E}", "\u{0}",
])

private let bookFragments = fragments([
    "<item id='p0' href='../../x'/>", "<itemref idref='p0'/>", "</spine>", "properties='nav'",
    "<dc:title>", "</dc:title>", "href='%2e%2e/x'", "<meta property='dcterms:modified'>", "&amp;",
    "<!DOCTYPE x>", "<p>", "</p>", "<table>", "<ul><li>", "\u{FEFF}", "e\u{301}",
])

private let markdownFragments = fragments([
    "[", "]", "(", ")", "![", "](x)", "*", "**", "_", "~~", "`", "```\n", "~~~\n", "> ", "- ",
    "1. ",
    "# ", "\n===\n", "\n---\n", "| a | b |\n|---|---|\n", "<div hidden>", "</div>", "<p hidden>",
    "<!--", "-->", "\\", "&#xFFFFFFFF;", "&amp;", "    ", "\t", "\n\n", "[^1]: ", "---\ntitle: x\n",
    "+++\n", "\u{0}", "\u{1F600}", "e\u{301}", "\u{301}", "\u{2126}", "- name: x\n", "[a]: b\n",
    "\u{FEFF}", "\r\n",
    "\u{C}",
])

private let word: TinyZip = {
    typealias Word = TinyWord
    var word = TinyWord(
        Word.paragraph("Title", style: "Heading1") + Word.paragraph("a", list: 1)
            + Word.paragraph("b", list: 1, level: 2) + Word.table([["a", "b"], ["c", "d"]])
            + "<w:p><w:r><w:t>t</w:t><w:footnoteReference w:id='1'/></w:r><w:r>"
            + "<mc:AlternateContent><mc:Choice><w:txbxContent>" + Word.paragraph("box")
            + "</w:txbxContent></mc:Choice><mc:Fallback/></mc:AlternateContent></w:r></w:p>"
    )
    word.styles = "<w:style w:styleId='Heading1'><w:name w:val='heading 1'/></w:style>"
    word.numbering =
        "<w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:numFmt w:val='decimal'/></w:lvl>"
        + "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
    word.footnotes = "<w:footnote w:id='1'>\(Word.paragraph("note"))</w:footnote>"
    word.core = "<dc:title>Mill</dc:title>"
    return word.zip
}()

private let markdown = Array(
    """
    ---
    title: Mill
    authors: [a, b]
    ---
    # Head *one*

    Text with [a link](http://x.y "t"), `code`, <b>tags</b> and ![image](i.png).
    Lazy line &amp; more \\* [ref][r]

    - item
      - nested **bold**
        ```swift
        let a = 1
        ```
    - [x] done

    > quote
    > - list

    | a | b |
    |---|---|
    | 1 \\| | 2 |

    <div style="display:none">hidden</div>

    [r]: http://x.y
    [^n]: A note.
    """.utf8
)

private let mailFragments = fragments([
    "Content-Type: multipart/mixed; boundary=b\n\n", "Content-Type: message/rfc822\n\n", "--b\n",
    "--b--\n", "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: x-uuencode\n",
    "Content-Type: multipart/alternative; boundary=\"\"\n", "=?utf-8?q?a=?=", "=?utf-16?b?AA==?=",
    "=?", "?=", "filename*0*=utf-7''%", "; charset=iso-2022-kr", "format=flowed; delsp=yes",
    "\n-- \n",
    "\n> ", "From a 00:00\nA: b\n", "To: a:a:a:;;", "\r\n", "\u{0}", "begin 644 a\n", "(((", "\"",
    "Content-Disposition: attachment; filename=../a\n",
])

private let message = Array(
    """
    From: =?utf-8?q?J=C3=B6rg?= <j@mill.example>
    To: Al <al@mill.example>, mill:;
    Subject: =?utf-8?b?R3LDvMOfZQ==?=
    Date: Tue, 1 Apr 2031 08:30:00 +0200
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary=b

    --b
    Content-Type: multipart/alternative; boundary=c

    --c
    Content-Type: text/plain; charset=utf-7; format=flowed

    The wheel +APw- \nturns.

    > Yes.

    --\u{20}
    Jo

    --c
    Content-Type: text/html; charset=koi8-r
    Content-Transfer-Encoding: quoted-printable

    <p>The wheel =C1 turns.</p><blockquote>Yes.</blockquote>
    --c--
    --b
    Content-Type: message/rfc822

    Subject: Inner
    Content-Transfer-Encoding: base64

    VGhlIHdoZWVsIHR1cm5zLg==
    --b
    Content-Disposition: attachment; filename*=utf-8''a%20b.txt

    one
    --b--
    """.utf8
)

@Suite("FormatFuzz")
struct FormatFuzzTests {
    /// A mutated file with documents in it, and those in it in turn, are read or refused.
    private func fuzzContainer(
        _ container: some Container,
        _ sources: [[UInt8]],
        with fragments: [[UInt8]]
    ) {
        for run in 0..<fuzzRunCount {
            let seed = firstFuzzSeed &+ UInt64(run)
            var numbers = SeededGenerator(state: seed)
            let bytes = mutated(sources[run % sources.count], with: fragments, by: &numbers)
            _ = sniffMediaType(bytes, declared: .unknown)
            guard let taken = try? TakenChildren(container, bytes) else { continue }
            expectSound(taken.content, seed: seed) { try container.content(bytes) }
            for child in taken.children {
                #expect(child.suffix.first == "#" || child.suffix.hasPrefix("!/"), "seed \(seed)")
                #expect(!child.suffix.utf8.contains { $0 < 0x20 }, "seed \(seed)")
                guard let inner = try? child.bytes.get() else { continue }
                _ = try? container.content(inner)
            }
        }
    }

    @Test func mailIsReadOrRefused() {
        let box =
            Array("From a Tue Apr  1 08:30:00 2031\n".utf8) + message
            + Array("\n\nFrom b Tue Apr  1 08:30:00 2031\n".utf8) + message
        self.fuzzContainer(
            MailOptions(Parameters([:])),
            [message, box],
            with: mailFragments
        )
    }

    @Test func outlookMessagesAreReadOrRefused() {
        self.fuzzContainer(
            MailOptions(Parameters([:])),
            [TinyCompound(OutlookMessageTests.nodes).bytes()],
            with: numberFragments
        )
    }

    @Test func archivesAreReadOrRefused() {
        self.fuzzContainer(
            ArchiveOptions(Parameters([:])),
            ArchiveTests.forms.map(\.bytes),
            with: numberFragments
        )
    }

    @Test func wordDocumentsAreReadOrRefused() {
        fuzz(word, with: wordFragments) { (bytes) throws(ExtractionError) in
            try extractDOCX(bytes)
        }
    }

    @Test func booksAreReadOrRefused() {
        let book = TinyBook(EPUBTests.pages).zip
        fuzz(book, with: bookFragments) { (bytes) throws(ExtractionError) in
            try extractEPUB(bytes)
        }
    }

    @Test func markdownIsReadOrRefused() {
        fuzz([markdown], with: markdownFragments) { (bytes) throws(ExtractionError) in
            try extractMarkdown(bytes)
        }
    }

    @Test func gzipIsReadOrRefused() {
        let member = TinyDeflate.gzip(markdown, name: "a.md")
        for run in 0..<fuzzRunCount {
            let seed = firstFuzzSeed &+ UInt64(run)
            var numbers = SeededGenerator(state: seed)
            let bytes = mutated(member + member, with: numberFragments, by: &numbers)
            guard
                let content = try? identifyContent(bytes, declared: .gzip, byteLimit: 1 << 20)
            else { continue }
            #expect(content.bytes.count <= max(bytes.count, 1 << 20), "seed \(seed)")
            #expect(Compression(of: content.bytes) == nil, "seed \(seed)")
        }
    }

    @Test func anyBytesAreDecodedToUTF8() {
        for run in 0..<fuzzRunCount {
            let seed = firstFuzzSeed &+ UInt64(run)
            var numbers = SeededGenerator(state: seed)
            let item = MillTexts.all[run % MillTexts.all.count]
            let source = MillTexts.bytes(item.hex)
            let bytes = mutated(source, with: numberFragments, by: &numbers)
            for decoded in [
                decodeText(bytes), decodeHTML(bytes), decodeText(bytes, declared: item.charset),
            ] {
                #expect(String(validating: decoded.utf8, as: UTF8.self) != nil, "seed \(seed)")
            }
        }
    }
}
