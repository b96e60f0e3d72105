import Records
import Testing

@testable import Extraction

@Suite("XML of any vocabulary")
struct GenericXMLTests {
    private func markdown(_ text: String) throws -> String {
        try extractXML(Array(text.utf8)).markdownText
    }

    @Test func likeElementsAreATableAndLeavesAreLines() throws {
        let text = """
            <?xml version="1.0"?><catalog season="spring"><title>Mills</title>
            <item sku="A1"><name>Wheel</name><price currency="EUR">5</price></item>
            <item sku="B2"><name>Stone</name><price currency="EUR">7</price></item>
            <owner><name>Ada</name><city>Ulm</city></owner></catalog>
            """
        let content = try extractXML(Array(text.utf8))
        #expect(content.title == "Mills")
        #expect(
            content.markdownText == """
                - season: spring
                - title: Mills

                # item

                | sku | name | price.currency | price |
                | --- | --- | --- | --- |
                | A1 | Wheel | EUR | 5 |
                | B2 | Stone | EUR | 7 |

                # owner

                - name: Ada
                - city: Ulm
                """
        )
    }

    @Test func proseKeepsItsOrderAndStructure() throws {
        let text = """
            <article><title>Mill</title><section><title>Water</title><para>It <emphasis>turns</emphasis>
            slowly.</para><itemizedlist><listitem><para>one</para></listitem><listitem><para>two</para>
            </listitem></itemizedlist><programlisting>a
              b</programlisting></section></article>
            """
        #expect(
            try self.markdown(text)
                == "# Mill\n\n## Water\n\nIt turns slowly.\n\n- one\n- two\n\n```\na\n  b\n```"
        )
    }

    @Test func pagesInValuesAreReadAsPages() throws {
        let feed = """
            <rss><channel><title>News</title><item><title>Open</title>
            <description>&lt;p&gt;The &lt;b&gt;mill&lt;/b&gt; turns.&lt;/p&gt;</description></item></channel></rss>
            """
        let markdown = try self.markdown(feed)
        #expect(markdown.contains("description: The mill turns."))
        #expect(!markdown.contains("<"))
    }

    @Test func entitiesAreExpandedWithinBounds() throws {
        let text =
            "<!DOCTYPE a [<!ENTITY m '&who; mill'><!ENTITY who 'Our'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
        #expect(
            try self.markdown(text + "<a><b>&m; &amp; pond&f;</b></a>") == "- b: Our mill & pond"
        )
        var bomb = "<!DOCTYPE a [<!ENTITY e0 'ha'>"
        for level in 1...12 {
            bomb += "<!ENTITY e\(level) '" + String(repeating: "&e\(level - 1);", count: 10) + "'>"
        }
        #expect(
            refusal { _ = try extractXML(Array((bomb + "]><a>&e12;</a>").utf8)) } == .limitExceeded
        )
        let circle = "<!DOCTYPE a [<!ENTITY x '&y;'><!ENTITY y '&x;'>]><a>&x;</a>"
        #expect(refusal { _ = try extractXML(Array(circle.utf8)) } == .limitExceeded)
        let long =
            "<!DOCTYPE a [<!ENTITY x '\(String(repeating: "x", count: 60_000))'>]><a>"
            + String(repeating: "&x;", count: 1_000) + "</a>"
        #expect(refusal { _ = try extractXML(Array(long.utf8)) } == .limitExceeded)
    }

    @Test func damagedAndDeepXMLIsRefused() throws {
        #expect(refusal { _ = try extractXML(Array("<a><b></a>".utf8)) } == .corrupt)
        #expect(refusal { _ = try extractXML(Array("<a/>".utf8)) } == .empty)
        #expect(
            refusal { _ = try extractXML(Array(String(repeating: "<a>", count: 5_000).utf8)) }
                == .limitExceeded
        )
    }
}
