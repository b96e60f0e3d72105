import Formats
import Records
import Testing

@testable import Extraction

/// A book of pages.
struct TinyBook {
    var pages: [(name: String, body: String)]
    var metadata = "<dc:title>Mills</dc:title>"
    var manifestExtra = ""
    var spineExtra = ""
    var guide = ""
    var encryption: String?
    var doctype = ""

    init(_ pages: [(String, String)]) { self.pages = pages.map { ($0.0, $0.1) } }

    var zip: TinyZip {
        let items = self.pages.enumerated().map { index, page in
            "<item id='p\(index)' href='\(page.name)' media-type='application/xhtml+xml'/>"
        }
        let spine = self.pages.indices.map { "<itemref idref='p\($0)'/>" }
        var zip = TinyZip([
            ("mimetype", "application/epub+zip"),
            (
                "META-INF/container.xml",
                """
                <container xmlns='urn:oasis:names:tc:opendocument:xmlns:container' version='1.0'>
                <rootfiles><rootfile full-path='OEBPS/book.opf'
                media-type='application/oebps-package+xml'/></rootfiles></container>
                """
            ),
            (
                "OEBPS/book.opf",
                """
                <?xml version='1.0'?>\(self.doctype)
                <package xmlns='http://www.idpf.org/2007/opf' unique-identifier='id' version='3.0'>
                <metadata xmlns:dc='http://purl.org/dc/elements/1.1/'>\(self.metadata)</metadata>
                <manifest>\(items.joined())\(self.manifestExtra)</manifest>
                <spine>\(self.spineExtra)\(spine.joined())</spine>\(self.guide)</package>
                """
            ),
        ])
        zip.parts[0].isStored = true
        for page in self.pages where !page.body.isEmpty {
            let path = page.name.replacing("%20", with: " ")
            zip.parts.append(TinyZip.Part("OEBPS/\(path)", Self.page(page.body)))
        }
        if let encryption {
            zip.parts.append(TinyZip.Part("META-INF/encryption.xml", encryption))
        }
        return zip
    }

    func bytes() -> [UInt8] { self.zip.bytes() }

    static func page(_ body: String) -> String {
        "<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'>"
            + "<head><title>t</title></head><body>\(body)</body></html>"
    }

    static func encryption(of uri: String, by algorithm: String) -> String {
        """
        <encryption xmlns='urn:oasis:names:tc:opendocument:xmlns:container'
        xmlns:enc='http://www.w3.org/2001/04/xmlenc#'><enc:EncryptedData>
        <enc:EncryptionMethod Algorithm='\(algorithm)'/><enc:CipherData>
        <enc:CipherReference URI='\(uri)'/></enc:CipherData></enc:EncryptedData></encryption>
        """
    }
}

@Suite("EPUB extraction")
struct EPUBTests {
    private func code(_ bytes: [UInt8]) -> StageFailure.Code? {
        do throws(ExtractionError) {
            _ = try extractEPUB(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    static let pages = [
        ("two.xhtml", "<h1>First in the spine</h1><p>The wheel turns &#8211; slowly.</p>"),
        ("a%20b.xhtml", "<h1>Second</h1><ul><li>one</li><li>two</li></ul>"),
    ]

    @Test func pagesFollowTheSpine() throws {
        let content = try extractEPUB(TinyBook(Self.pages).bytes())
        #expect(
            String(decoding: content.markdown, as: UTF8.self)
                == "# First in the spine\n\nThe wheel turns – slowly.\n\n# Second\n\n- one\n- two"
        )
        #expect(content.blocks.map(\.kind) == [.heading, .paragraph, .heading, .list])
        #expect(content.title == "Mills")
        for (block, plain) in zip(content.blocks, content.plainRanges) {
            #expect(block.range.upperBound <= content.markdown.count)
            #expect(plain.upperBound <= content.text.count)
        }
        #expect(content.warnings.isEmpty)
    }

    @Test func packageDocumentIsTheMetadata() throws {
        var book = TinyBook(Self.pages)
        book.metadata = """
            <dc:title>On  Mills</dc:title><dc:creator>A. Miller</dc:creator>
            <dc:creator>B. Race</dc:creator><dc:language>de-AT</dc:language><dc:date>2009</dc:date>
            <dc:identifier id='x'>other</dc:identifier><dc:identifier id='id'>urn:isbn:1</dc:identifier>
            <dc:publisher>Press</dc:publisher><dc:rights>CC BY 4.0</dc:rights>
            <dc:description>&lt;p&gt;About &lt;b&gt;mills&lt;/b&gt;.&lt;/p&gt;</dc:description>
            <meta property='dcterms:modified'>2020-01-02T03:04:05Z</meta>
            """
        let content = try extractEPUB(book.bytes())
        #expect(content.title == "On Mills")
        #expect(
            content.metadata == [
                "author": "A. Miller, B. Race", "language": "de-AT", "published": "2009",
                "identifier": "urn:isbn:1", "publisher": "Press", "licence": "CC BY 4.0",
                "description": "About mills.", "modified": "2020-01-02T03:04:05Z",
            ]
        )
    }

    @Test func tablesOfContentsAreLeftOut() throws {
        var book = TinyBook(
            Self.pages + [("toc.xhtml", "<ol><li>old contents</li></ol>")]
        )
        book.manifestExtra =
            "<item id='nav' href='nav.xhtml' media-type='application/xhtml+xml' properties='nav'/>"
        book.spineExtra = "<itemref idref='nav'/>"
        book.guide = "<guide><reference type='toc' href='toc.xhtml#top'/></guide>"
        var zip = book.zip
        zip.parts.append(TinyZip.Part("OEBPS/nav.xhtml", TinyBook.page("<p>new contents</p>")))
        let text = String(decoding: try extractEPUB(zip.bytes()).text, as: UTF8.self)
        #expect(text.contains("Second"))
        #expect(!text.contains("contents"))
    }

    @Test func lostPagesAreCountedAndTheRestIsRead() throws {
        let pages = Self.pages + [("lost.xhtml", ""), ("../../up.xhtml", "")]
        let content = try extractEPUB(TinyBook(pages).bytes())
        #expect(content.blocks.count == 4)
        #expect(content.warnings == [DocumentWarning(code: "missing_parts", count: 1)])
    }

    @Test func protectedBooksAreEncryptedAndMangledFontsAreNot() throws {
        var book = TinyBook(Self.pages)
        let page = "OEBPS/two.xhtml"
        book.encryption = TinyBook.encryption(
            of: page,
            by: "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
        )
        #expect(self.code(book.bytes()) == .encrypted)
        book.encryption = TinyBook.encryption(
            of: "OEBPS/font.otf",
            by: "http://www.idpf.org/2008/embedding"
        )
        #expect(self.code(book.bytes()) == nil)
    }

    @Test func unusableBooksAreRefused() {
        #expect(self.code(TinyBook([]).bytes()) == .empty)
        #expect(self.code(TinyBook([("cover.xhtml", "<img src='a.png'/>")]).bytes()) == .empty)
        #expect(self.code(TinyBook([("lost.xhtml", "")]).bytes()) == .corrupt)
        #expect(self.code(TinyZip([("mimetype", "application/epub+zip")]).bytes()) == .corrupt)
        var bomb = TinyBook(Self.pages)
        bomb.doctype = "<!DOCTYPE package [<!ENTITY a 'b'>]>"
        #expect(self.code(bomb.bytes()) == .limitExceeded)
    }

    @Test func anExternalDocumentTypeIsNotLoaded() throws {
        var book = TinyBook(Self.pages)
        book.doctype = "<!DOCTYPE package PUBLIC '+//x//DTD OEB 1.2//EN' 'file:///etc/passwd'>"
        #expect(try extractEPUB(book.bytes()).title == "Mills")
    }

    @Test func linksKeepTheirAddressesOnDemand() throws {
        let book = TinyBook([
            ("a.xhtml", "<p>See <a href='https://m.example/'>the mill</a>.</p>")
        ])
        let plain = try extractEPUB(book.bytes())
        #expect(String(decoding: plain.markdown, as: UTF8.self) == "See the mill.")
        let linked = try extractEPUB(book.bytes(), links: .urls)
        #expect(
            String(decoding: linked.markdown, as: UTF8.self)
                == "See [the mill](https://m.example/)."
        )
    }

    @Test func notesAreNumberedOnFromPageToPage() throws {
        let page =
            "<p>Text<sup><a href='#fn1' role='doc-noteref'>1</a></sup> of a page.</p>"
            + "<aside id='fn1' role='doc-footnote'>The note.</aside>"
        let content = try extractEPUB(TinyBook([("a.xhtml", page), ("b.xhtml", page)]).bytes())
        #expect(
            String(decoding: content.markdown, as: UTF8.self)
                == "Text[^1] of a page.\n\n[^1]: The note.\n\n"
                + "Text[^2] of a page.\n\n[^2]: The note."
        )
    }

    private static func withContents(_ part: String, _ item: String) -> TinyZip {
        var book = TinyBook([
            ("a.xhtml", "<p>Fill the pump.</p>"), ("b.xhtml", "<h2>Own name</h2><p>Drain it.</p>"),
            ("c.xhtml", "<p>Not listed.</p>"),
        ])
        book.manifestExtra = item
        var zip = book.zip
        zip.parts.append(TinyZip.Part("OEBPS/toc", part))
        return zip
    }

    @Test(
        arguments: [
            (
                "<html xmlns='http://www.w3.org/1999/xhtml' xmlns:epub='http://www.idpf.org/2007/ops'>"
                    + "<body><nav epub:type='landmarks'><a href='a.xhtml'>Start</a></nav>"
                    + "<nav epub:type='toc'><ol><li><a href='a.xhtml#x'>Priming <b>it</b></a></li>"
                    + "<li><a href='b.xhtml'>Draining</a></li></ol></nav></body></html>",
                "<item id='n' href='toc' media-type='application/xhtml+xml' properties='nav'/>"
            ),
            (
                "<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'><navMap><navPoint><navLabel><text>"
                    + "Priming it</text></navLabel><content src='a.xhtml'/><navPoint><navLabel><text>"
                    + "Draining</text></navLabel><content src='b.xhtml'/></navPoint></navPoint>"
                    + "</navMap></ncx>",
                "<item id='n' href='toc' media-type='application/x-dtbncx+xml'/>"
            ),
        ]
    )
    func aChapterWithoutAHeadingIsNamedByTheContents(part: String, item: String) throws {
        let content = try extractEPUB(Self.withContents(part, item).bytes())
        #expect(
            String(decoding: content.markdown, as: UTF8.self)
                == "# Priming it\n\nFill the pump.\n\n## Own name\n\nDrain it.\n\nNot listed."
        )
    }

    @Test func chaptersOfOnePageAreNamedWhereTheyBegin() throws {
        var book = TinyBook([
            (
                "all.xhtml",
                "<p id='a'>Fill the pump.</p><div id=\"b\"><p>Drain it.</p></div><p>End.</p>"
            )
        ])
        book.manifestExtra =
            "<item id='n' href='toc' media-type='application/xhtml+xml' properties='nav'/>"
        var zip = book.zip
        let contents =
            "<nav><a href='all.xhtml#a'>Priming</a><a href='all.xhtml#b'>Draining &lt;it&gt;</a>"
            + "<a href='all.xhtml#none'>Nowhere</a></nav>"
        zip.parts.append(TinyZip.Part("OEBPS/toc", TinyBook.page(contents)))
        let content = try extractEPUB(zip.bytes())
        #expect(
            String(decoding: content.text, as: UTF8.self)
                == "Priming\n\nFill the pump.\n\nDraining <it>\n\nDrain it.\n\nEnd."
        )
        #expect(content.blocks.map(\.kind).filter { $0 == .heading }.count == 2)
    }

    @Test func aNoteThatWaitsForItsMarkIsRead() throws {
        let book = TinyBook([
            (
                "a.xhtml",
                "<p>Use steel<a epub:type='noteref' href='#n2'>2</a> here.</p>"
                    + "<aside epub:type='footnote' id='n2' hidden='hidden'><p>Grade 304.</p></aside>"
            )
        ])
        let text = String(decoding: try extractEPUB(book.bytes()).markdown, as: UTF8.self)
        #expect(text.contains("Grade 304."))
        #expect(!text.contains("steel2"))
    }

    @Test(arguments: ["", "<nav>", "<!DOCTYPE x [<!ENTITY e 'x'>]><nav>&e;</nav>"])
    func contentsThatCannotBeReadNameNothing(part: String) throws {
        let item = "<item id='n' href='toc' media-type='application/xhtml+xml' properties='nav'/>"
        let content = try extractEPUB(Self.withContents(part, item).bytes())
        #expect(content.blocks.count == 4)
    }
}
