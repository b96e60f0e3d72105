/// Writes small PDFs for tests: text at given places in the base-14 fonts, several pages.
struct TinyPDF {
    enum Font: String, CaseIterable {
        case regular = "Helvetica"
        case bold = "Helvetica-Bold"
        case fixed = "Courier"
    }

    /// One shown string; `y` is measured from the top of the page.
    struct Text {
        var text: String
        var x: Double
        var y: Double
        var size: Double = 10
        var font: Font = .regular
        /// Counter-clockwise quarter turns.
        var quarterTurns = 0
    }

    var pages: [[Text]] = []
    var information: [String: String] = [:]
    /// Outline titles of depth 1.
    var outline: [String] = []
    /// Pages that show an image besides their text.
    var pagesWithImage: Set<Int> = []
    /// Whether those images cover their pages, under the text, as scans do.
    var imagesFillPages = false

    static let width = 595.0
    static let height = 842.0

    /// The file's bytes, with a correct cross-reference table.
    func bytes() -> [UInt8] {
        var objects: [String] = []
        let pageBase = 10
        let kids = self.pages.indices.map { "\(pageBase + 2 * $0) 0 R" }.joined(separator: " ")
        let outlineBase = pageBase + 2 * self.pages.count
        let outlineEntry = self.outline.isEmpty ? "" : " /Outlines \(outlineBase) 0 R"
        objects.append("<< /Type /Catalog /Pages 2 0 R\(outlineEntry) >>")
        objects.append("<< /Type /Pages /Kids [\(kids)] /Count \(self.pages.count) >>")
        for font in Font.allCases {
            objects.append(
                "<< /Type /Font /Subtype /Type1 /BaseFont /\(font.rawValue) "
                    + "/Encoding /WinAnsiEncoding >>"
            )
        }
        let entries = self.information.sorted { $0.key < $1.key }
            .map { "/\($0.key) (\(escaped($0.value)))" }.joined(separator: " ")
        objects.append("<< \(entries) >>")
        objects.append(
            "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
                + "/BitsPerComponent 8 /Length 1 >>\nstream\n0\nendstream"
        )
        objects.append("<< >>")
        objects.append("<< >>")
        for (index, page) in self.pages.enumerated() {
            let fonts = Font.allCases.indices.map { "/F\($0) \(3 + $0) 0 R" }
            let image =
                self.pagesWithImage.contains(index) ? " /XObject << /I0 7 0 R >>" : ""
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(Self.width) \(Self.height)] "
                    + "/Contents \(pageBase + 2 * index + 1) 0 R "
                    + "/Resources << /Font << \(fonts.joined(separator: " ")) >>\(image) >> >>"
            )
            var content = page.map(shown).joined(separator: "\n")
            if !image.isEmpty, self.imagesFillPages {
                content = "q \(Self.width) 0 0 \(Self.height) 0 0 cm /I0 Do Q\n" + content
            } else if !image.isEmpty {
                content += "\nq 100 0 0 100 50 50 cm /I0 Do Q"
            }
            objects.append(
                "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream"
            )
        }
        if !self.outline.isEmpty { objects += self.outlineObjects(at: outlineBase) }
        return file(objects)
    }

    private func outlineObjects(at base: Int) -> [String] {
        let last = base + self.outline.count
        var result = ["<< /Type /Outlines /First \(base + 1) 0 R /Last \(last) 0 R >>"]
        for (index, title) in self.outline.enumerated() {
            let number = base + 1 + index
            let next = index + 1 < self.outline.count ? " /Next \(number + 1) 0 R" : ""
            let previous = index > 0 ? " /Prev \(number - 1) 0 R" : ""
            result.append(
                "<< /Title (\(escaped(title))) /Parent \(base) 0 R\(next)\(previous) "
                    + "/Dest [10 0 R /Fit] >>"
            )
        }
        return result
    }
}

private func shown(_ text: TinyPDF.Text) -> String {
    let y = TinyPDF.height - text.y
    let index = TinyPDF.Font.allCases.firstIndex(of: text.font) ?? 0
    let matrix =
        switch text.quarterTurns & 3 {
        case 1: "0 1 -1 0"
        case 2: "-1 0 0 -1"
        case 3: "0 -1 1 0"
        default: "1 0 0 1"
        }
    return "BT /F\(index) \(text.size) Tf \(matrix) \(text.x) \(y) Tm (\(escaped(text.text))) Tj ET"
}

private func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("(", with: "\\(").replacing(")", with: "\\)")
}

private func file(_ objects: [String]) -> [UInt8] {
    var result = Array("%PDF-1.4\n".utf8)
    var offsets: [Int] = []
    for (index, object) in objects.enumerated() {
        offsets.append(result.count)
        result += Array("\(index + 1) 0 obj\n\(object)\nendobj\n".utf8)
    }
    let start = result.count
    result += Array("xref\n0 \(objects.count + 1)\n0000000000 65535 f \n".utf8)
    for offset in offsets {
        let digits = String(offset)
        let padded = String(repeating: "0", count: 10 - digits.count) + digits
        result += Array("\(padded) 00000 n \n".utf8)
    }
    result += Array(
        "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R /Info 6 0 R >>\n".utf8
    )
    result += Array("startxref\n\(start)\n%%EOF\n".utf8)
    return result
}

extension TinyPDF {
    /// Lines set below each other, 12 points apart.
    static func lines(
        _ lines: [String],
        x: Double = 72,
        y: Double = 100,
        size: Double = 10,
        font: Font = .regular
    ) -> [Text] {
        lines.enumerated().map { index, line in
            Text(text: line, x: x, y: y + 12 * Double(index), size: size, font: font)
        }
    }
}
