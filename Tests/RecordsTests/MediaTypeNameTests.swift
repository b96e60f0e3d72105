import Records
import Testing

@Suite struct MediaTypeNameTests {
    static let names: [(name: String, type: MediaType)] = [
        ("a.html", .html), ("a.HTM", .html), ("a.b.pdf", .pdf), ("a.Md", .markdown),
        ("a.markdown", .markdown), ("a.txt", .plain), ("a.xhtml", .xhtml), ("a", .unknown),
        ("a.", .unknown), (".html", .unknown), ("html", .unknown), ("a.exe", .unknown),
        ("a.htmlhtmlhtml", .unknown), ("", .unknown), ("a.gz", .gzip), ("a.tar.gz", .gzip),
        ("a.md.GZ", MediaType("text/markdown+gzip")), ("a.md.gz.gz", .gzip), (".gz", .unknown),
        ("a.tgz", .gzip), ("a.epub", .epub), ("a.docm", .docx),
        ("a.CSV", .csv), ("a.json", .json), ("a.ipynb", .notebook), ("a.rst", .restructuredText),
        ("a.py", MediaType("text/x-python")), ("a.xlsx", .xlsx), ("a.asciidoc", .asciiDoc),
        ("a.csv.gz", MediaType("text/csv+gzip")),
    ]

    @Test(arguments: names) func extensionNamesTheMediaType(name: String, type: MediaType) {
        #expect(MediaType(ofName: Array(name.utf8)) == type)
    }

    @Test func gzippedTypesNameWhatTheyHold() {
        #expect(MediaType.html.gzipped.name == "text/html+gzip")
        #expect(MediaType.html.gzipped.insideGzip == .html)
        #expect(MediaType.unknown.gzipped == .gzip)
        #expect(MediaType.gzip.insideGzip == .unknown)
        #expect(MediaType.html.gzipped.gzipped == .gzip)
        #expect(MediaType.html.insideGzip == nil)
    }
}
