import Records
import Testing

@Suite struct MediaTypeNameTests {
    static let names: [(name: String, type: MediaType)] = [
        ("a.html", .html), ("a.HTM", .html), ("a.b.pdf", .pdf), ("a.Md", .markdown),
        ("a.markdown", .markdown), ("a.txt", .plain), ("a.xhtml", .xhtml), ("a", .unknown),
        ("a.", .unknown), (".html", .unknown), ("html", .unknown), ("a.exe", .unknown),
        ("a.htmlhtmlhtml", .unknown), ("", .unknown), ("a.gz", .gzip),
        ("a.tar.gz", MediaType("application/x-tar+gzip")),
        ("a.md.GZ", MediaType("text/markdown+gzip")), ("a.md.gz.gz", .gzip), (".gz", .unknown),
        ("a.tgz", .gzip), ("a.epub", .epub), ("a.docm", .docx),
        ("a.CSV", .csv), ("a.json", .json), ("a.ipynb", .notebook), ("a.rst", .restructuredText),
        ("a.py", MediaType("text/x-python")), ("a.xlsx", .xlsx), ("a.asciidoc", .asciiDoc),
        ("a.csv.gz", MediaType("text/csv+gzip")),
        ("a.md.zst", MediaType("text/markdown+zstd")), ("a.tbz2", .bzip2), ("a.eml", .mail),
        ("a.MBOX", .mailbox), ("a.msg", .outlookMessage), ("a.mhtml", .savedWebPage),
        ("a.7z", .sevenZip),
    ]

    @Test(arguments: names) func extensionNamesTheMediaType(name: String, type: MediaType) {
        #expect(MediaType(ofName: Array(name.utf8)) == type)
    }

    static let compressions: [(compression: MediaType, suffix: String)] = [
        (.gzip, "gzip"), (.bzip2, "bzip2"), (.xz, "xz"), (.zstandard, "zstd"),
    ]

    @Test(arguments: compressions)
    func compressedTypesNameWhatTheyHold(compression: MediaType, suffix: String) {
        let page = MediaType.html.compressed(as: compression)
        #expect(page.name == "text/html+\(suffix)")
        #expect(page.insideCompression == .html)
        #expect(MediaType.unknown.compressed(as: compression) == compression)
        #expect(compression.insideCompression == .unknown)
        #expect(page.compressed(as: compression) == compression)
        #expect(MediaType.html.insideCompression == nil)
    }
}
