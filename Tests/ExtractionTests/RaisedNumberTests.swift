import Records
import Testing

@testable import Extraction

/// A raised digit is not a digit of the number, in whatever format it is raised.
@Suite("Raised numbers")
struct RaisedNumberTests {
    private static let expected = "10^6 of H_2O at x^(n+1)"

    @Test func inMarkups() throws {
        let forms: [(MediaType, String)] = [
            (
                .restructuredText,
                "10\\ :sup:`6` of H\\ :sub:`2`\\ O at x\\ :superscript:`n+1`"
            ),
            (.asciiDoc, "10^6^ of H~2~O at x^n+1^"),
            (
                .latex,
                #"10\textsuperscript{6} of H\textsubscript{2}O at x\textsuperscript{n+1}"#
            ),
        ]
        for (type, source) in forms {
            let content = try extractMarkup(Array(source.utf8), as: type)
            #expect(content.plainText == Self.expected, "\(type.name)")
        }
        #expect(
            try extractMarkup(Array("about ~5 to ~9 and a^b".utf8), as: .asciiDoc).plainText
                == "about ~5 to ~9 and a^b"
        )
    }

    @Test func inMarkdown() throws {
        let source = "10<sup>6</sup> of H<sub>2</sub>O at x<sup>n+1</sup>"
        #expect(try extractMarkdown(Array(source.utf8)).plainText == Self.expected)
        let open = try extractMarkdown(Array("the 1<sup>st</sup> <sup>*a*</sup> x<sup>2".utf8))
        #expect(open.plainText == "the 1st a x2")
    }

    @Test func inXML() throws {
        let source =
            "<article><title>T</title><p>10<sup>6</sup> of H<sub>2</sub>O at x<sup>n+1</sup></p>"
            + "<list><item>10<sup>6</sup> litres</item></list></article>"
        let content = try extractXML(Array(source.utf8))
        #expect(content.plainText.contains(Self.expected))
        #expect(content.plainText.contains("10^6 litres"))
    }

    @Test func inPresentations() throws {
        func run(_ text: String, _ baseline: Int) -> String {
            "<a:r><a:rPr baseline='\(baseline)'/><a:t>\(text)</a:t></a:r>"
        }
        let line =
            TinyOffice.run("10") + run("6", 30_000) + TinyOffice.run(" of H") + run("2", -25_000)
            + TinyOffice.run("O at x") + run("n", 30_000) + run("+1", 30_000)
        let zip = TinyOffice.presentation([("", TinyOffice.shape([line]), "")])
        #expect(try extractPPTX(zip.bytes()).plainText.contains(Self.expected))
    }

    @Test func inOpenDocuments() throws {
        func span(_ style: String, _ text: String) -> String {
            "<text:span text:style-name='\(style)'>\(text)</text:span>"
        }
        func style(_ name: String, _ position: String) -> String {
            "<style:style style:name='\(name)' style:family='text'>"
                + "<style:text-properties style:text-position='\(position)'/></style:style>"
        }
        let zip = TinyOffice.openDocument(
            "<text:p>10\(span("S", "6")) of H\(span("B", "2"))O at x\(span("R", span("N", "n+1")))</text:p>",
            styles: style("S", "super 58%") + style("B", "-33% 58%") + style("R", "33% 58%")
                + style("N", "0% 100%")
        )
        #expect(try extractOpenDocument(zip.bytes()).plainText == Self.expected)
    }
}
