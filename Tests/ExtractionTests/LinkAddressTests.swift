import Testing

@testable import Extraction

@Suite struct LinkAddressTests {
    @Test(arguments: [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("/a(b)|<c>", "/a%28b%29%7C%3Cc%3E"), ("javascripts/x.js", "javascripts/x.js"),
    ])
    func whatWouldEndTheLinkIsEscaped(target: String, written: String) {
        #expect(
            linkAddress(Array(target.utf8)).map { String(decoding: $0, as: UTF8.self) } == written
        )
    }

    @Test(arguments: [
        "", "#part", "javascript:alert(1)", " JavaScript:alert(1)", "java\tscript:alert(1)",
        "java script:alert(1)",
    ])
    func whatLeadsNowhereOrRunsCodeIsNoAddress(target: String) {
        #expect(linkAddress(Array(target.utf8)) == nil)
    }
}
