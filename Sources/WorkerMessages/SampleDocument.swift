package import Records

/// A small document of a type that holds `lines` as its paragraphs; nil for types that take more to
/// write than text.
///
/// - Precondition: the lines are ASCII.
package func sampleDocument(of type: MediaType, lines: [String]) -> [UInt8]? {
    switch type {
    case .html, .xhtml:
        let paragraphs = lines.map { "<p>\($0)</p>" }.joined()
        return Array(
            "<!doctype html><title>Sample</title><main><h1>Sample</h1>\(paragraphs)</main>".utf8
        )
    case .pdf: return Array(samplePDF(lines).utf8)
    case .mail:
        let header = "From: sample@example.org\nMIME-Version: 1.0\nSubject: Sample\n\n"
        return Array((header + lines.joined(separator: "\n\n")).utf8)
    case .markdown, .plain: return Array(lines.joined(separator: "\n\n").utf8)
    default: return nil
    }
}

/// The smallest page with a font that is not embedded; poppler rebuilds the missing table of objects.
private func samplePDF(_ lines: [String]) -> String {
    let shown = lines.map { line in
        let escaped = String(line.flatMap { "()\\".contains($0) ? ["\\", $0] : [$0] })
        return "(\(escaped)) Tj 0 -24 Td"
    }
    let content = "BT /F1 12 Tf 72 720 Td \(shown.joined(separator: " ")) ET"
    return """
        %PDF-1.4
        1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
        2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
        3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R\
        /Resources<</Font<</F1 5 0 R>>>>>> endobj
        4 0 obj <</Length \(content.utf8.count)>> stream
        \(content)
        endstream endobj
        5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
        trailer <</Root 1 0 R>>
        """
}
