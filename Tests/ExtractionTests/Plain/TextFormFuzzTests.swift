import Dataflow
import Formats
import Records
import Testing

@testable import Extraction

private let tableFragments = fragments([
    ",", ";", "\t", "|", "\"", "\"\"", "\n", "\r\n", "\r", "\u{0}", "\u{FEFF}", "sep=;\n", "'",
    "\\\"", "a,b,c\n",
    "\"a\nb\",", "1,5;2,5\n", ",,,,,,,,,,,,,,,,,,,,,,,,\n", "#", " ", "é", "e\u{301}", "\u{202E}",
])

private let jsonFragments = fragments([
    "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\ud83d", "\\udc00", "\\u0000", "null",
    "true", "1e999", "-",
    "0x1", "\"a\":", "[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "\n", "\u{0}", "\u{FEFF}", "//",
    "NaN", "é",
    "\"cell_type\":\"code\"", "\"source\":[1,null,\"x\"]",
    "\"outputs\":[{\"data\":{\"text/html\":\"<p>\"}}]",
    "\"text\":\"x\"", "e\u{301}", "\"cells\":[", "\"metadata\":{}",
])

private let xmlFragments = fragments([
    "<a>", "</a>", "<a/>", "<a b='c'>", "<![CDATA[", "]]>", "<!--", "-->", "<?x?>", "<!DOCTYPE a [",
    "]>",
    "<!ENTITY a 'b'>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>", "<!ENTITY b '&a;&a;&a;&a;'>",
    "&a;", "&b;", "&#0;",
    "&#x110000;", "&amp;", "xmlns='http://docbook.org/ns/docbook'", "<para>", "</para>", "<title>",
    "</title>",
    "<x:y>", "encoding='utf-16'", "\u{0}", "e\u{301}", "<table><row>", "</row></table>", "<topic>",
    "<item>",
])

private let cueFragments = fragments([
    "00:00:01,000 --> 00:00:02,000\n", "99:99:99.999 --> 00:00:00.000\n", "-->", "WEBVTT\n\n",
    "NOTE x\n", "STYLE\n",
    "\n\n", "1\n", "<v Al>", "</v>", "<i>", "<00:00:01.000>", "{\\an8}", "- ", "&amp;", "\r\n",
    "\u{0}", "\u{FEFF}",
    "position:10%\n", "e\u{301}",
])

private let markupFragments = fragments([
    "====\n", "----\n", "= ", "== ", "* ", "** ", "- ", ". ", "1. ", "|===\n", "| a | b |\n",
    "+---+---+\n", "::\n\n",
    ".. code:: c\n\n", ".. note::\n", ".. image:: x\n", "`", "``", "_", "*", "**", "|", "[[", "]]",
    "[", "]", "{", "}",
    "\\", "\\begin{tabular}{ll}\n", "\\end{tabular}\n", "\\begin{itemize}\n", "\\item ",
    "\\end{itemize}\n", "\\\\", "&",
    "\\section{", "\\footnote{", "$", "$$", "\\[", "\\]", "%", "\\verb|", "\\begin{verbatim}\n",
    "\\newcommand{\\a}{\\a\\a}\n",
    "\\a", "#+BEGIN_SRC c\n", "#+END_SRC\n", "#+TITLE: x\n", ":PROPERTIES:\n", ":END:\n",
    "|---+---|\n", "[fn:1]", "include::x[]\n",
    "ifdef::x[]\n", "----\n", "____\n", "++++\n", "////\n", "    ", "\t", "\n\n", "\r\n", "\u{0}",
    "e\u{301}", "/*", "*/", "//", "#",
])

private let cues: [[UInt8]] = [
    "1\n00:00:01,000 --> 00:00:02,500\nThe <i>wheel</i>\nturns.\n\n2\n00:00:03,000 --> 00:00:04,000\n- Yes.\n",
    "WEBVTT\n\nNOTE x\n\nintro\n00:01.000 --> 00:02.000 align:left\n<v Al>The wheel</v>\n\n00:03.000 --> 00:04.000\nturns.\n",
].map { Array($0.utf8) }

private let markups: [(type: MediaType, source: String)] = [
    (
        .restructuredText,
        "Mill\n====\n\n* one\n\n  * deep\n\n.. code:: c\n\n   int a;\n\n+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+\n\nText [1]_ ``x`` :math:`x^2`.\n\n.. [1] Note.\n"
    ),
    (
        .asciiDoc,
        "= Mill\n:toc:\n\n== Water\n\n* one\n** deep\n\n----\nint a;\n----\n\n|===\n| a | b\n\n| 1 | 2\n|===\n\nText footnote:[Note.] *b* _i_ `x`.\n"
    ),
    (
        .org,
        "#+TITLE: Mill\n* Water\n- one\n  - deep\n| a | b |\n|---+---|\n| 1 | 2 |\n#+BEGIN_SRC c\nint a;\n#+END_SRC\nText[fn:1] *b* /i/ =x=.\n\n[fn:1] Note.\n"
    ),
    (
        .latex,
        "\\documentclass{article}\\title{Mill}\\begin{document}\\section{Water}\\begin{itemize}\\item one\\end{itemize}\n"
            + "\\begin{tabular}{ll}a & b \\\\ 1 & 2\\end{tabular} Text\\footnote{Note.} $x^2$ \\emph{i}\n\\begin{verbatim}int a;\\end{verbatim}\\end{document}"
    ),
]

/// Mutated text forms of each kind are read or refused, and read the same twice.
@Suite("FormatFuzz of text forms")
struct TextFormFuzzTests {
    @Test func tablesAreReadOrRefused() {
        let sources = [
            "a,b,c\n1,\"x, y\",3\n\"q\"\"r\",5,6\n", "a;b\n1,5;2\n3;4\n", "a\tb\n1\t2\n",
        ]
        fuzz(fragments(sources), with: tableFragments) { (bytes) throws(ExtractionError) in
            try extractDelimited(bytes)
        }
    }

    @Test func jsonIsReadOrRefused() {
        let sources = [
            #"{"title":"Mill","body":"a\u00e9\n","tags":["x",1,null,true],"in":{"deep":[{"a":1.5e3}]}}"#,
            "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n",
            #"{"cells":[{"cell_type":"markdown","source":["Mill\n","x"]},{"cell_type":"code","source":"a=1","outputs":[{"text":["1"]}]}],"metadata":{},"nbformat":4}"#,
        ]
        fuzz(fragments(sources), with: jsonFragments) { (bytes) throws(ExtractionError) in
            try extractJSON(bytes)
        }
    }

    @Test func notebooksAreReadOrRefused() {
        let source =
            ##"{"cells":[{"cell_type":"markdown","source":["# Mill\n","x"]},{"cell_type":"code","source":"a=1","outputs":[{"output_type":"stream","text":["1"]},{"data":{"text/html":["<p>x</p>"],"text/plain":"x"}}]}],"metadata":{"language_info":{"name":"python"}},"nbformat":4}"##
        fuzz(fragments([source]), with: jsonFragments) { (bytes) throws(ExtractionError) in
            try JSONOptions(Parameters([:])).content(bytes, of: .notebook)
        }
    }

    @Test func xmlIsReadOrRefused() {
        let sources = [
            "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e 'x'>]><a><b c='d'>Mill &e;</b><b>two<i>three</i></b></a>",
            "<book xmlns='http://docbook.org/ns/docbook'><title>Mill</title><chapter><title>Water</title><para>It <emphasis>turns</emphasis>.</para></chapter></book>",
        ]
        fuzz(fragments(sources), with: xmlFragments) { (bytes) throws(ExtractionError) in
            try extractXML(bytes)
        }
    }

    @Test func subtitlesAreReadOrRefused() {
        fuzz(cues, with: cueFragments) { (bytes) throws(ExtractionError) in
            try extractSubtitles(bytes)
        }
    }

    @Test(arguments: markups.indices)
    func markupsAreReadOrRefused(index: Int) {
        let (type, source) = markups[index]
        fuzz(fragments([source]), with: markupFragments) { (bytes) throws(ExtractionError) in
            try extractMarkup(bytes, as: type)
        }
    }

    @Test func codeIsReadOrRefused() {
        let source = "/* Mill.\n * Water. */\nint a;\n\n// x\nint f() {\n\n  return 1;\n}\n"
        fuzz(fragments([source]), with: markupFragments) { (bytes) throws(ExtractionError) in
            try extractSourceCode(bytes, language: "c")
        }
    }

    @Test func plainTextIsReadOrRefused() {
        fuzz(fragments(["Mill\n\nThe wheel\nturns.\n"]), with: markupFragments) {
            (bytes) throws(ExtractionError) in try extractPlainText(bytes)
        }
    }
}
