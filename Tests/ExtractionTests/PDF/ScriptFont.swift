/// An embedded font of a few glyphs, as PDF objects from number 6 on: glyph `n` is at index `n - 1`.
struct ScriptFont {
    enum Class: Int {
        case base = 1
        case ligature = 2
        case mark = 3
    }

    struct Glyph {
        /// The character whose plain form it is, or 0.
        var character: UInt32 = 0
        var type = Class.base
        var advance = 500
        /// What the file's ToUnicode map says; nil for nothing.
        var mapped: String?
    }

    var glyphs: [Glyph]

    /// A page that shows lines of glyphs, each line below the one before it.
    func page(_ lines: [[Int]]) -> [UInt8] {
        let shown = lines.enumerated().map { index, line in
            let codes = line.map { hexadecimal($0, digits: 4) }.joined()
            return "BT /S 10 Tf 20 \(160 - 12 * index) Td <\(codes)> Tj ET"
        }
        return contentPage(
            shown.joined(separator: "\n"),
            fonts: "/S 6 0 R",
            objects: self.objects
        )
    }

    private var objects: [String] {
        let widths = self.glyphs.map { String($0.advance) }.joined(separator: " ")
        let file = self.file.map { hexadecimal(Int($0), digits: 2) }.joined()
        return [
            "<< /Type /Font /Subtype /Type0 /BaseFont /Mill /Encoding /Identity-H "
                + "/DescendantFonts [7 0 R] /ToUnicode 10 0 R >>",
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Mill /CIDToGIDMap /Identity "
                + "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                + "/FontDescriptor 8 0 R /DW 500 /W [1 [\(widths)]] >>",
            "<< /Type /FontDescriptor /FontName /Mill /Flags 4 /FontBBox [0 0 1000 1000] "
                + "/ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 "
                + "/FontFile2 9 0 R >>",
            "<< /Length \(file.utf8.count + 1) /Filter /ASCIIHexDecode >>\nstream\n\(file)>\nendstream",
            "<< /Length \(self.map.utf8.count) >>\nstream\n\(self.map)\nendstream",
        ]
    }

    private var map: String {
        let entries = self.glyphs.enumerated().compactMap { index, glyph in
            glyph.mapped.map { text in
                let units = text.utf16.map { hexadecimal(Int($0), digits: 4) }.joined()
                return "<\(hexadecimal(index + 1, digits: 4))> <\(units)>"
            }
        }
        return "/CIDInit /ProcSet findresource begin begincmap /CMapName /M def "
            + "1 begincodespacerange <0000> <ffff> endcodespacerange "
            + "\(entries.count) beginbfchar\n\(entries.joined(separator: "\n"))\nendbfchar endcmap"
    }

    /// A TrueType file without outlines.
    private var file: [UInt8] {
        let count = self.glyphs.count + 1
        let known = self.glyphs.enumerated().filter { $0.element.character != 0 }
            .sorted { $0.element.character < $1.element.character }
        var characters = words(0, 1, 3, 10) + long(12) + words(12, 0)
        characters += long(16 + 12 * known.count) + long(0) + long(known.count)
        for (index, glyph) in known {
            characters += long(Int(glyph.character)) + long(Int(glyph.character)) + long(index + 1)
        }
        let types = self.glyphs.map(\.type.rawValue)
        let tables: [(String, [UInt8])] = [
            (
                "GDEF",
                words(1, 0, 12, 0, 0, 0) + words(1, 1, types.count) + types.flatMap { words($0) }
            ),
            ("cmap", characters),
            ("hhea", Array(repeating: 0, count: 34) + words(count)),
            ("hmtx", words(0, 0) + self.glyphs.flatMap { words($0.advance, 0) }),
        ]
        var head = long(0x0001_0000) + words(tables.count, 0, 0, 0)
        var body: [UInt8] = []
        for (tag, bytes) in tables {
            let start = 12 + 16 * tables.count + body.count
            head += Array(tag.utf8) + long(0) + long(start) + long(bytes.count)
            body += bytes
        }
        return head + body
    }
}

private func words(_ values: Int...) -> [UInt8] {
    values.flatMap { [UInt8($0 >> 8 & 0xFF), UInt8($0 & 0xFF)] }
}

private func long(_ value: Int) -> [UInt8] { words(value >> 16, value & 0xFFFF) }

private func hexadecimal(_ value: Int, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
