import Records
import Testing

@testable import Extraction

@Suite struct SlideshowTests {
    private static let slides = (1...5).map { number in
        "<li><h2>\n <span class=counter>\(number)/5</span> A market</h2><p>Stalls on the square. \(sentence)</p></li>"
    }.joined()

    private func text(_ body: String) throws -> String {
        let content = try extractHTML(page("<main><article>\(body)</article></main>"))
        return String(decoding: content.text, as: UTF8.self)
    }

    @Test func aSlideshowAmongTheSentencesOfAnArticleIsLeftOutAndCounted() throws {
        let gallery = "<div class=photo-gallery><ul>\(Self.slides)</ul></div>"
        let content = try extractHTML(
            page("<main><article>\(article)\(gallery)\(article)</article></main>")
        )
        #expect(!String(decoding: content.text, as: UTF8.self).contains("Stalls"))
        #expect(content.warnings.contains { $0.code == "byline_removed" && $0.count > 0 })
    }

    @Test(arguments: [
        // The pictures are what the page is about.
        "\(article)<div class=photo-gallery><ul>\(slides)</ul></div>",
        "<div class=photo-gallery><ul>\(slides)</ul></div>\(article)",
        // Nothing calls it a gallery.
        "\(article)<div class=steps><ul>\(slides)</ul></div>\(article)",
    ])
    func whatMayBeTheArticleItselfStays(body: String) throws {
        #expect(try self.text(body).contains("Stalls on the square"))
    }

    @Test(arguments: ["1/2/2020", "1/0", "7/5", "0/5", "1 of 5", "1234/5000", "/5", "1/"])
    func whatDoesNotCountIsNoSlideshow(label: String) throws {
        let rows = (1...4).map { _ in "<p>\(label) Stalls on the square. \(sentence)</p>" }.joined()
        let body = "\(article)<div class=gallery>\(rows)</div>\(article)"
        let (scanned, arena) = scanPage(page("<main>\(body)</main>"))
        let statistics = measure(arena, scanned)
        #expect(slideshows(in: arena, scanned, statistics, root: 0).isEmpty)
    }
}
