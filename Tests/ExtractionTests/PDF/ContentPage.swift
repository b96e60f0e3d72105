/// A page of 300 by 200 points with this content; objects 1 to 4 are the catalog, the page tree, the
/// page and a font called `F`, 5 is the content, `objects` follow; `fonts` names further fonts.
func contentPage(
    _ content: String,
    resources: String = "",
    fonts: String = "",
    pageEntries: String = "",
    catalogEntries: String = "",
    objects: [String] = []
) -> [UInt8] {
    let all =
        [
            "<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R] "
                + "/D << /OFF [6 0 R] >> >> \(catalogEntries) >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 5 0 R "
                + "/Resources << /Font << /F 4 0 R \(fonts) >> \(resources) >> \(pageEntries) >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream",
        ] + objects
    var file = "%PDF-1.7\n"
    var offsets: [Int] = []
    for (index, object) in all.enumerated() {
        offsets.append(file.utf8.count)
        file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
    }
    let start = file.utf8.count
    file += "xref\n0 \(all.count + 1)\n0000000000 65535 f \n"
    for offset in offsets {
        let digits = String(offset)
        file += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
    }
    file += "trailer\n<< /Size \(all.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
    return Array(file.utf8)
}
