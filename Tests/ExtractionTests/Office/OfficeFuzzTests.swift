import Records
import Testing

@testable import Extraction

private typealias Office = TinyOffice

private let sheetFragments = fragments([
    "<row r='9223372036854775807'>", "</row>", "<row>", "<c r='XFD1048576'><v>1</v></c>",
    "<c r='ZZZZZZZZ1' t='s'>", "<c r='A0'>", "<c t='s'><v>99999999999</v></c>",
    "<c t='s'><v>-1</v></c>",
    "<c s='7'><v>1e308</v></c>", "<c s='1'><v>-1</v></c>", "<c s='1'><v>2958466</v></c>", "<v>",
    "</v>",
    "<c t='b'><v>2</v></c>", "<c t='inlineStr'><is><t>x</t></is></c>", "<c t='e'><v>#REF!</v></c>",
    "<si><t>x</t></si>", "<si><r><t>a</t></r><rPh><t>b</t></rPh></si>", "</si>", "<sst>", "</sst>",
    "<numFmt numFmtId='200' formatCode='[$€-407]#,##0.00;[Red]-#,##0.00;\"z\"'/>",
    "<xf numFmtId='14'/>",
    "<numFmt numFmtId='201' formatCode='[h]:mm:ss.000'/>", "<xf numFmtId='201'/>",
    "<xf numFmtId='200'/>",
    "<numFmt numFmtId='202' formatCode='# ?/?????????'/>",
    "<cols><col min='1' max='99999' hidden='1'/></cols>",
    "<mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>", "state='veryHidden'", "&#0;",
    "&lt;",
    "<hyperlink ref='A1'/>", "\u{0}", "e\u{301}", "\u{202E}", "1e-400", "0x", "NaN", "inf",
])

private let slideFragments = fragments([
    "<p:sp>", "</p:sp>", "<p:grpSp>", "</p:grpSp>", "<a:p>", "</a:p>", "<a:r><a:t>x</a:t></a:r>",
    "<a:tbl>", "</a:tbl>", "<a:tr>", "</a:tr>", "<a:tc gridSpan='99999999999'>",
    "<a:tc hMerge='1'>",
    "</a:tc>", "<a:pPr lvl='-9'/>", "<a:pPr lvl='99999999999'/>",
    "<a:buAutoNum type='arabicPeriod'/>",
    "<p:ph type='title'/>", "<p:ph type='sldNum'/>", "<p:cNvPr hidden='1'/>", "show='0'", "<a:br/>",
    "<mc:Choice>", "</mc:Choice>", "<mc:Fallback>", "</mc:AlternateContent>",
    "<a:fld type='slidenum'>",
    "<a:rPr baseline='30000'/>", "<a:off x='99999999999999999999' y='-1'/>", "r:id='s0'", "&#0;",
    "\u{0}",
    "Target='../../../x'", "Target='slides/0.xml'", "TargetMode='External'", "e\u{301}",
])

private let odfFragments = fragments([
    "<text:p>", "</text:p>", "<text:h text:outline-level='-1'>", "</text:h>", "<text:list>",
    "</text:list>",
    "<text:list-item>", "</text:list-item>", "<text:s text:c='99999999999'/>", "<text:tab/>",
    "<text:note>",
    "<text:note-citation/>", "<text:note-body>", "</text:note>", "<table:table>", "</table:table>",
    "<table:table-row table:number-rows-repeated='1048576'>", "</table:table-row>",
    "<table:table-cell table:number-columns-repeated='16384'>", "</table:table-cell>",
    "<table:covered-table-cell/>", "table:number-columns-spanned='99999999999'", "<draw:frame>",
    "</draw:frame>",
    "<text:tracked-changes>", "</text:tracked-changes>", "<office:annotation>",
    "</office:annotation>",
    "<style:style style:name='A' style:parent-style-name='A'/>", "text:style-name='A'", "&#0;",
    "\u{0}",
    "<presentation:notes>", "<draw:page>", "</draw:page>", "text:display='none'", "e\u{301}",
])

private let rtfFragments = fragments([
    "{", "}", "{\\*", "\\par", "\\pard ", "\\u-1?", "\\u55357?\\u56832?", "\\uc99999 ", "\\'",
    "\\'e", "\\'zz",
    "\\bin9999999999 ", "\\bin4 ", "\\trowd\\cellx100", "\\cell", "\\row", "\\intbl", "\\nestcell",
    "\\itap99999 ",
    "\\ansicpg0", "\\ansicpg99999", "\\f1 ", "\\f99999 ", "\\fcharset128", "{\\footnote ",
    "{\\field{\\*\\fldinst ",
    "{\\fldrslt ", "\\upr", "\\ud", "\\deleted", "\\v ", "\\super ", "\\sub ", "\\nosupersub ",
    "\\outlinelevel9 ",
    "\\ls1\\ilvl99 ", "{\\pntext 1.\\tab}", "{\\listtext a\\tab}", "{\\pict 0000}", "{\\object",
    "\\line", "\\tab",
    "\\~", "\\_", "\\-", "\\\n", "\\fs-99999999999999999999 ", "\u{0}", "\r\n", "é",
])

private let sheets: TinyZip = Office.workbook(
    [
        (
            "Kasse", "visible",
            "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' s='1'><v>45000.5</v></c></row>"
                + "<row r='3'><c t='inlineStr'><is><t>x</t></is></c><c t='b'><v>1</v></c><c s='2'><v>-0.125</v></c></row>"
        ), ("B", "hidden", "<row><c><f>A1</f><v>3</v></c></row>"),
    ],
    strings: "<si><t>Mill</t></si><si><r><t>a</t></r></si>",
    styles: "<numFmts><numFmt numFmtId='164' formatCode='#,##0.00 \"€\"'/></numFmts>"
        + "<cellXfs><xf numFmtId='0'/><xf numFmtId='22'/><xf numFmtId='164'/></cellXfs>",
    properties: "<workbookPr date1904='0'/>"
)

private let slides: TinyZip = Office.presentation([
    (
        "",
        Office.shape([Office.run("Mill")], placeholder: "title")
            + Office.shape(
                ["<a:pPr lvl='1'/>" + Office.run("deep"), Office.run("two")],
                placeholder: "body"
            )
            + "<p:graphicFrame><a:tbl><a:tr><a:tc gridSpan='2'><a:p>\(Office.run("A"))</a:p></a:tc></a:tr></a:tbl></p:graphicFrame>",
        Office.shape([Office.run("Say this.")], placeholder: "body")
    ), ("show='0'", Office.shape([Office.run("backup")]), ""),
])

private let openDocuments: [TinyZip] = [
    Office.openDocument(
        "<text:h text:outline-level='1'>Water</text:h><text:p>It<text:s text:c='2'/>turns<text:note><text:note-body><text:p>n</text:p>"
            + "</text:note-body></text:note></text:p><text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>"
            + "<table:table><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell></table:table-row></table:table>",
        styles:
            "<style:style style:name='H' style:family='text'><style:text-properties text:display='none'/></style:style>"
    ),
    Office.openDocument(
        "<table:table table:name='S'><table:table-row table:number-rows-repeated='2'><table:table-cell table:number-columns-repeated='2'>"
            + "<text:p>x</text:p></table:table-cell></table:table-row></table:table>",
        kind: "spreadsheet"
    ),
    Office.openDocument(
        "<draw:page draw:name='p'><draw:frame presentation:class='title'><draw:text-box><text:p>Mill</text:p></draw:text-box></draw:frame>"
            + "<presentation:notes><draw:frame><draw:text-box><text:p>n</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>",
        kind: "presentation"
    ),
]

private let richText = Array(
    #"""
    {\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}{\f1\fcharset204 Arial;}{\f2\fcharset128 Gothic;}}
    {\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}}{\info{\title Mill}{\author A}}
    \pard\s1 Water\par\pard It {\b turns}\'e9 \u8364?{\footnote\pard note} 10{\super 6}{\v unseen}\par
    {\listtext 1.\tab}\ls1\ilvl0 one\par\trowd\cellx100\cellx200\intbl a\cell b\cell\row
    {\field{\*\fldinst HYPERLINK "http://x.y"}{\fldrslt link}}{\f2 \'82\'a0}{\pict\bin4 abcd}\par}
    """#.utf8
)

/// Mutated Office files of each kind are read or refused, and read the same twice.
@Suite("FormatFuzz of Office files")
struct OfficeFuzzTests {
    @Test func workbooksAreReadOrRefused() {
        fuzz(sheets, with: sheetFragments) { (bytes) throws(ExtractionError) in
            try extractXLSX(bytes)
        }
    }

    @Test func presentationsAreReadOrRefused() {
        fuzz(slides, with: slideFragments) { (bytes) throws(ExtractionError) in
            try extractPPTX(bytes)
        }
    }

    @Test(arguments: openDocuments.indices)
    func openDocumentsAreReadOrRefused(index: Int) {
        fuzz(openDocuments[index], with: odfFragments) { (bytes) throws(ExtractionError) in
            try extractOpenDocument(bytes)
        }
    }

    @Test func richTextIsReadOrRefused() {
        fuzz([richText], with: rtfFragments) { (bytes) throws(ExtractionError) in
            try extractRTF(bytes)
        }
    }
}
