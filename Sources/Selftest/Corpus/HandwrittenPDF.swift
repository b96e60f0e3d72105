/// A PDF of one page, written by hand: uncompressed text in Helvetica and a correct xref table.
///
/// - Source: ISO 32000-1, sections 7.5 and 9.4.
struct HandwrittenPDF {
    struct Line {
        var text: String
        var size: Int
        /// Points of white space above the line.
        var gap: Int

        init(_ text: String, size: Int, gap: Int = 0) {
            self.text = text
            self.size = size
            self.gap = gap
        }
    }

    var lines: [Line]
    /// Document information, such as `Author`.
    var information: [String: String] = [:]
    /// A comment in the file that no reader shows.
    var revision = 0

    func bytes() -> [UInt8] {
        let content = self.content
        let entries = self.information.sorted { $0.key < $1.key }
            .map { Array("/\($0.key) (".utf8) + pdfString($0.value) + Array(") ".utf8) }
        return pdfFile(
            [
                Array("<< /Type /Catalog /Pages 2 0 R >>".utf8),
                Array("<< /Type /Pages /Kids [3 0 R] /Count 1 >>".utf8),
                Array(
                    ("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
                        + "/Resources << /Font << /F1 5 0 R >> >> >>").utf8
                ),
                Array("<< /Length \(content.count) >>\nstream\n".utf8) + content
                    + Array("\nendstream".utf8),
                Array(
                    ("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
                        + "/Encoding /WinAnsiEncoding >>").utf8
                ),
                Array("<< ".utf8) + entries.joined() + Array(">>".utf8),
            ],
            trailer: "/Info 6 0 R",
            comment: "revision \(self.revision)"
        )
    }

    private var content: [UInt8] {
        var result: [UInt8] = []
        var y = 790
        for line in self.lines {
            y -= line.gap + line.size + 2
            result += Array("BT /F1 \(line.size) Tf 60 \(y) Td (".utf8)
            result += pdfString(line.text)
            result += Array(") Tj ET\n".utf8)
        }
        return result
    }
}

/// The file of `objects`, numbered from 1; the first is the catalogue.
func pdfFile(_ objects: [[UInt8]], trailer: String = "", comment: String = "") -> [UInt8] {
    var result = Array("%PDF-1.4\n%\(comment)\n".utf8)
    var offsets: [Int] = []
    for (index, object) in objects.enumerated() {
        offsets.append(result.count)
        result += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
    }
    let start = result.count
    result += Array("xref\n0 \(objects.count + 1)\n0000000000 65535 f \n".utf8)
    for offset in offsets {
        let digits = String(offset)
        let zeros = String(repeating: "0", count: 10 - digits.count)
        result += Array("\(zeros)\(digits) 00000 n \n".utf8)
    }
    result += Array(
        "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R \(trailer) >>\n".utf8
    )
    result += Array("startxref\n\(start)\n%%EOF\n".utf8)
    return result
}

/// Latin-1 bytes with the delimiters of a string escaped; other characters become `?`.
private func pdfString(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    for scalar in text.unicodeScalars {
        let byte = scalar.value < 256 ? UInt8(scalar.value) : UInt8(ascii: "?")
        if byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "\\") {
            result.append(UInt8(ascii: "\\"))
        }
        result.append(byte)
    }
    return result
}
