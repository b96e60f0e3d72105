import Testing

@testable import Objects

@Suite struct WebAddressTests {
    @Test(arguments: [
        ("HTTP://Example.ORG:80", "http://example.org/"),
        ("https://example.org:443/a/../b/./c/", "https://example.org/b/c/"),
        (
            "https://example.org:8443/%7euser/%c3%a9?q=%2f#top",
            "https://example.org:8443/~user/%C3%A9?q=%2F"
        ),
        ("http://user:secret@example.org/", "http://example.org/"),
        ("http://example.org/ü b", "http://example.org/%C3%BC%20b"),
        ("  http://exa\nmple.org/a\t ", "http://example.org/a"),
        ("http://example.org/..", "http://example.org/"),
        ("http://example.org/a/..", "http://example.org/"),
        ("http://example.org/a//b", "http://example.org/a//b"),
        ("http://example.org/%zz%4", "http://example.org/%25zz%254"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://example.org.", "http://example.org/"),
        ("http://example.org?a=b", "http://example.org/?a=b"),
        ("http:\\\\example.org\\a", "http://example.org/a"),
        ("http://example.org/a%2Fb", "http://example.org/a%2Fb"),
    ])
    func canonicalForm(text: String, expected: String) throws {
        let address = try #require(WebAddress(text))
        #expect(address.description == expected)
        // The canonical form is its own.
        #expect(WebAddress(expected) == address)
    }

    @Test(arguments: [
        "", "example.org", "/a", "ftp://example.org/", "javascript:alert(1)", "http:", "http://",
        "http:///a", "http://exa mple.org/", "http://example.org:0/", "http://example.org:99999/",
        "http://example.org:8a/", "http://bücher.example/", "mailto:a@example.org",
        "data:text/html,x",
        "http://a/" + String(repeating: "a", count: 9000),
    ])
    func whatIsNoAddress(text: String) {
        #expect(WebAddress(text) == nil)
    }

    /// The examples of RFC 3986, 5.4.
    @Test(arguments: [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q"), ("", "http://a/b/c/d;p?q"),
        (";x", "http://a/b/c/;x"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
        ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
        ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"),
        ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
        ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"),
        ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
        ("g;x=1/../y", "http://a/b/c/y"),
    ])
    func references(text: String, expected: String) throws {
        let base = try #require(WebAddress("http://a/b/c/d;p?q"))
        #expect(WebAddress(text, relativeTo: base)?.description == expected)
    }

    @Test func percentCoding() {
        #expect(PercentCoding.encoded("a b/ü+~", keepingSlashes: true) == "a%20b/%C3%BC%2B~")
        #expect(PercentCoding.encoded("a/b") == "a%2Fb")
        #expect(PercentCoding.decoded("a+%2B%zz%4", plusIsBlank: true) == Array("a +%zz%4".utf8))
        #expect(PercentCoding.decoded("a+b") == Array("a+b".utf8))
    }
}
