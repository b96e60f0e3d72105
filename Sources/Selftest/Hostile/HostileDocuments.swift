internal import Storage

/// A document made to hurt: to crash, stall or bloat what reads it.
struct HostileDocument: Sendable {
    let name: String
    let bytes: [UInt8]
}

/// Every hostile document, markup and text first.
///
/// - Parameter scale: divides how large they are; 1 is full size.
func hostileDocuments(scale: Int) -> [HostileDocument] {
    hostilePages(scale) + hostileMarkdown(scale) + hostileTexts(scale) + hostilePDFs(scale)
}

private func hostilePages(_ scale: Int) -> [HostileDocument] {
    let many = 1_000_000 / scale
    let deep = 100_000 / scale
    func page(_ name: String, _ body: String, head: String = "") -> HostileDocument {
        HostileDocument(
            name: "\(name).html",
            bytes: Array(
                "<!doctype html><html><head><title>\(name)</title>\(head)</head><body>\(body)"
                    .utf8
            )
        )
    }
    func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
    return [
        page("deep-blocks", times("<div>", deep) + "x"),
        page("deep-lists", times("<ul><li>", deep / 2) + "x"),
        page("deep-tables", times("<table><tr><td>", deep / 20) + "x"),
        page("deep-quotes", times("<blockquote>", deep / 2) + "x"),
        page("many-tags", times("<b>x</b>", many)),
        page("many-open-tags", times("<i>", many) + "x"),
        page("many-attributes", "<p \(times("a=b ", many / 4))>x</p>"),
        page("different-attributes", "<p \((0..<many / 20).map { "a\($0)=b " }.joined())>x</p>"),
        page("large-attribute", "<p title=\"\(times("a", many * 5))\">x</p>"),
        page("large-comment", "<!--" + times("- ", many * 2)),
        page("large-script", "<script>" + times("if (a < b) {", many / 4)),
        page("many-references", times("&amp;&#x41;&nosuch;", many / 8)),
        page("huge-references", times("&#99999999999999999999;", many / 16)),
        page("wide-table", "<table><tr>" + times("<td colspan=99999>x", many / 50)),
        page("long-table", "<table>" + times("<tr><td>x<td>y", many / 20)),
        page("many-headings", times("<h1>x</h1><h6>y</h6>", many / 40)),
        page("base-of-links", times("<a href='x'>x</a>", many / 20), head: "<base href='//'>"),
        entityBomb("entity-bomb.html"), entityBomb("entity-bomb.xhtml"),
    ]
}

/// Ten entities, each ten times the one before: 10¹⁰ characters for a parser that expands them.
private func entityBomb(_ name: String) -> HostileDocument {
    let entities = (1...10).map { level in
        "<!ENTITY e\(level) \"\(String(repeating: "&e\(level - 1);", count: 10))\">"
    }
    let text =
        "<?xml version=\"1.0\"?><!DOCTYPE html [<!ENTITY e0 \"ha\">\(entities.joined())"
        + "<!ENTITY file SYSTEM \"file:///etc/passwd\">]>"
        + "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>&e10; &file;</p></body></html>"
    return HostileDocument(name: name, bytes: Array(text.utf8))
}

private func hostileMarkdown(_ scale: Int) -> [HostileDocument] {
    let many = 400_000 / scale
    func document(_ name: String, _ unit: String, _ count: Int) -> HostileDocument {
        HostileDocument(
            name: "\(name).md",
            bytes: Array("# \(name)\n\n\(String(repeating: unit, count: count))\n".utf8)
        )
    }
    return [
        document("open-brackets", "[", many), document("open-images", "![](", many / 4),
        document("asterisks", "*a_", many), document("backticks", "`a``", many),
        document("nested-quotes", "> ", many), document("nested-list", "- ", many),
        document("pipes", "|", many), document("pipe-rows", "|a|b|\n|-|-|\n", many / 8),
        document("hashes", "#", many), document("escapes", "\\", many),
        document("open-fences", "```\n~~~\n", many / 8), document("open-tags", "<a", many),
        HostileDocument(
            name: "front-matter.md",
            bytes: Array(("---\n" + String(repeating: "a: &a [*a]\n", count: many / 8)).utf8)
        ),
    ]
}

private func hostileTexts(_ scale: Int) -> [HostileDocument] {
    let size = 10_000_000 / scale
    func text(_ name: String, _ bytes: [UInt8]) -> HostileDocument {
        HostileDocument(name: "\(name).txt", bytes: bytes)
    }
    func times(_ text: String, upTo count: Int) -> [UInt8] {
        Array(String(repeating: text, count: max(1, count / text.utf8.count)).utf8)
    }
    return [
        text("one-line", times("word ", upTo: size)),
        text("one-word", times("a", upTo: size / 4)),
        text("digits", times("1234567890 ", upTo: size / 4)),
        text("at-signs", times("a@", upTo: size / 4)),
        text("almost-secrets", times("ghp_sk-eyJ", upTo: size / 4)),
        text("almost-keys", times("-----BEGIN PRIVATE KEY-----\n", upTo: size / 4)),
        text("line-ends", times("\n", upTo: size / 4)),
        text("combining", Array("a".utf8) + times("\u{301}", upTo: size / 8)),
        text("overrides", times("\u{202E}abc\u{2066}", upTo: size / 8)),
        text("controls", (0..<4_000).map { UInt8($0 % 31 + 1) } + Array(" and a text".utf8)),
        text("invalid", Array("A text. ".utf8) + (0..<size / 20).map { UInt8(0x80 + $0 % 0x80) }),
        text("zeros", [UInt8](repeating: 0, count: size / 4)),
        text("half-utf16", [0xFF, 0xFE] + (0..<20_001).map { UInt8($0 % 251) }),
        text("surrogates", [0xFF, 0xFE] + (0..<10_000).flatMap { _ in [UInt8(0x00), 0xD8] }),
        HostileDocument(name: "unknown.bin", bytes: (0..<4_000).map { UInt8($0 * 7 % 256) }),
        HostileDocument(name: "empty.html", bytes: []),
        HostileDocument(name: "image.pdf", bytes: [0x89, 0x50, 0x4E, 0x47] + times("a", upTo: 99)),
    ]
}
