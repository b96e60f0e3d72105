import Records
import Testing

@Suite struct MediaTypeNameTests {
    static let names: [(name: String, type: MediaType)] = [
        ("a.html", .html), ("a.HTM", .html), ("a.b.pdf", .pdf), ("a.Md", .markdown),
        ("a.markdown", .markdown), ("a.txt", .plain), ("a.xhtml", .xhtml), ("a", .unknown),
        ("a.", .unknown), (".html", .unknown), ("html", .unknown), ("a.exe", .unknown),
        ("a.htmlhtmlhtml", .unknown), ("", .unknown),
    ]

    @Test(arguments: names) func extensionNamesTheMediaType(name: String, type: MediaType) {
        #expect(MediaType(ofName: Array(name.utf8)) == type)
    }
}
