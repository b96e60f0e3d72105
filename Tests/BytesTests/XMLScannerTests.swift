import Testing

@testable import Bytes

@Suite struct XMLScannerTests {
    /// The leaves of a text as `a/b=text`.
    private func leaves(
        _ text: String,
        _ limits: XMLLimits = XMLLimits()
    ) throws(XMLFault) -> [String] {
        var found: [String] = []
        try readXML(Array(text.utf8), limits: limits) { path, visit in
            guard case .closed(let text) = visit else { return }
            found.append(path.joined(separator: "/") + "=" + text)
        }
        return found
    }

    @Test func elementsWithTheirText() throws {
        #expect(try self.leaves("<a><b>x</b><c/>y</a>") == ["a/b=x", "a/c=", "a=y"])
    }

    @Test func whatStandsAroundTheRoot() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment with <tags> & more -->
            <!DOCTYPE a [<!ENTITY b "<c>"> <!-- ] > -->]>
            <a>1</a>
            <!-- behind -->

            """
        #expect(try self.leaves(text) == ["a=1"])
    }

    @Test func references() throws {
        #expect(
            try self.leaves("<a>&lt;&#65;&#x1F600;&amp;&nope;&#0;&#xD800;& b</a>")
                == ["a=<A😀&&nope;&#0;&#xD800;& b"]
        )
        #expect(try self.leaves("<a><![CDATA[<b>&amp;]]]></a>") == ["a=<b>&amp;]"])
    }

    /// A text that names itself a thousandfold stays as long as it is.
    @Test func entitiesAreNotExpanded() throws {
        let text = "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>"
        #expect(try self.leaves(text) == ["a=&y;"])
    }

    @Test func attributes() throws {
        var found: [[String: String]] = []
        try readXML(Array("<a b='1' c:d = \"&quot;2>\"/>".utf8)) { _, visit in
            if case .opened(let attributes) = visit { found.append(attributes) }
        }
        #expect(found == [["b": "1", "c:d": "\"2>"]])
    }

    @Test(arguments: [
        "", " ", "text", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a/>text", "text<a/>", "<a b></a>",
        "<a b=c/>", "<a b='1' b='2'/>", "<a b='1'c='2'/>", "<a", "<a b='", "<a><!-- </a>",
        "<a><![CDATA[</a>",
        "<!DOCTYPE a [", "<?xml", "<1a/>", "<a b='<'/>", "<a></a", "<a/><![CDATA[x]]>", "< a/>",
    ])
    func whatIsNoXML(text: String) {
        #expect(throws: XMLFault.malformed) { try self.leaves(text) }
    }

    @Test func limits() {
        var limits = XMLLimits()
        limits.depth = 3
        limits.textBytes = 4
        limits.attributes = 1
        limits.nameBytes = 5
        #expect(throws: Never.self) { try self.leaves("<a><b><c>1234</c></b></a>", limits) }
        for text in [
            "<a><b><c><d/></c></b></a>", "<a>12345</a>", "<a>123<b/>45</a>", "<a b='12345'/>",
            "<a b='' c=''/>", "<abcdef/>",
        ] {
            #expect(throws: XMLFault.tooLarge) { try self.leaves(text, limits) }
        }
    }

    @Test func otherEncodings() throws {
        func text(_ bytes: [UInt8]) throws(XMLFault) -> String {
            var found = ""
            try readXML(bytes) { _, visit in if case .closed(let text) = visit { found = text } }
            return found
        }
        let latin =
            Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xE9]
            + Array("</a>".utf8)
        #expect(try text(latin) == "é")
        let wide = Array("<a>é</a>".utf16)
        #expect(
            try text([0xFF, 0xFE] + wide.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }) == "é"
        )
        #expect(
            try text([0xFE, 0xFF] + wide.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }) == "é"
        )
        #expect(try text([0xEF, 0xBB, 0xBF] + Array("<a>é</a>".utf8)) == "é")
        #expect(try text(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)) == "\u{FFFD}")
    }

    /// Texts with bytes changed, taken out and doubled: each ends, in a value or in a fault.
    @Test func brokenTextsEnd() {
        let whole = Array(
            "<?xml version='1.0'?><!DOCTYPE a []><a b='1'><c>&lt;x</c><![CDATA[y]]><!-- z --></a>"
                .utf8
        )
        var state: UInt64 = 42
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var faults = 0
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0...next(4) {
                switch next(3) {
                case 0: bytes[next(bytes.count)] = UInt8(next(256))
                case 1: bytes.remove(at: next(bytes.count))
                default: bytes.insert(bytes[next(bytes.count)], at: next(bytes.count))
                }
            }
            do throws(XMLFault) { try readXML(bytes) { _, _ in } } catch { faults += 1 }
        }
        #expect(faults > 1000)
        #expect(faults < 20_000)
    }
}
