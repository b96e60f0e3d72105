/// Small Office files, part by part.
enum TinyOffice {
    static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    static let sheetNames =
        "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='\(office)'"
    static let slideNames =
        "xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main' "
        + "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' xmlns:r='\(office)' "
        + "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"

    /// - Parameter targets: identifier, last step of the type, and target of each.
    static func relationships(_ targets: [(String, String, String)]) -> String {
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
            + targets.map {
                "<Relationship Id='\($0.0)' Type='\(office)/\($0.1)' Target='\($0.2)'/>"
            }.joined()
            + "</Relationships>"
    }

    /// A workbook of these sheets: a name, a state, and the rows' markup.
    static func workbook(
        _ sheets: [(name: String, state: String, data: String)],
        strings: String = "",
        styles: String = "",
        properties: String = ""
    ) -> TinyZip {
        var parts = [
            ("_rels/.rels", relationships([("r", "officeDocument", "xl/workbook.xml")])),
            (
                "xl/workbook.xml",
                "<workbook \(sheetNames)>\(properties)<sheets>"
                    + sheets.enumerated().map {
                        "<sheet name='\($1.name)' sheetId='\($0 + 9)' state='\($1.state)' r:id='s\($0)'/>"
                    }.joined() + "</sheets></workbook>"
            ),
            (
                "xl/_rels/workbook.xml.rels",
                relationships(
                    sheets.indices.map { ("s\($0)", "worksheet", "worksheets/\($0).xml") } + [
                        ("t", "sharedStrings", "sharedStrings.xml"), ("u", "styles", "styles.xml"),
                    ]
                )
            ),
            ("xl/sharedStrings.xml", "<sst \(sheetNames)>\(strings)</sst>"),
            ("xl/styles.xml", "<styleSheet \(sheetNames)>\(styles)</styleSheet>"),
        ]
        for (index, sheet) in sheets.enumerated() {
            parts.append(
                (
                    "xl/worksheets/\(index).xml",
                    "<worksheet \(sheetNames)><sheetData>\(sheet.data)</sheetData></worksheet>"
                )
            )
        }
        return TinyZip(parts)
    }

    /// A presentation of these slides: attributes and shapes, and the notes where there are some.
    static func presentation(_ slides: [(attributes: String, shapes: String, notes: String)])
        -> TinyZip
    {
        var parts = [
            ("_rels/.rels", relationships([("r", "officeDocument", "ppt/presentation.xml")])),
            (
                "ppt/presentation.xml",
                "<p:presentation \(slideNames)><p:sldIdLst>"
                    + slides.indices.map { "<p:sldId id='\(256 + $0)' r:id='s\($0)'/>" }.joined()
                    + "</p:sldIdLst></p:presentation>"
            ),
            (
                "ppt/_rels/presentation.xml.rels",
                relationships(slides.indices.map { ("s\($0)", "slide", "slides/\($0).xml") })
            ),
        ]
        for (index, slide) in slides.enumerated() {
            let tree = "<p:cSld><p:spTree>\(slide.shapes)</p:spTree></p:cSld>"
            parts.append(
                (
                    "ppt/slides/\(index).xml",
                    "<p:sld \(slideNames) \(slide.attributes)>\(tree)</p:sld>"
                )
            )
            guard !slide.notes.isEmpty else { continue }
            parts.append(
                (
                    "ppt/slides/_rels/\(index).xml.rels",
                    relationships([("n", "notesSlide", "../notes/\(index).xml")])
                )
            )
            let notes = "<p:cSld><p:spTree>\(slide.notes)</p:spTree></p:cSld>"
            parts.append(("ppt/notes/\(index).xml", "<p:notes \(slideNames)>\(notes)</p:notes>"))
        }
        return TinyZip(parts)
    }

    static func shape(_ lines: [String], placeholder: String? = nil, hidden: Bool = false) -> String
    {
        let mark = placeholder.map { "<p:nvPr><p:ph type='\($0)'/></p:nvPr>" } ?? ""
        let name = "<p:cNvPr id='1' name='x'\(hidden ? " hidden='1'" : "")/>"
        let text = lines.map { "<a:p>\($0)</a:p>" }.joined()
        return "<p:sp><p:nvSpPr>\(name)\(mark)</p:nvSpPr><p:txBody>\(text)</p:txBody></p:sp>"
    }

    static func run(_ text: String) -> String { "<a:r><a:t>\(text)</a:t></a:r>" }

    static let odfNames = ["office", "text", "table", "draw:drawing", "style", "presentation"].map {
        name in
        let parts = name.split(separator: ":")
        return
            "xmlns:\(parts[0])='urn:oasis:names:tc:opendocument:xmlns:\(parts[parts.count - 1]):1.0'"
    }.joined(separator: " ")

    static func openDocument(_ body: String, styles: String = "", kind: String = "text") -> TinyZip
    {
        TinyZip([
            ("mimetype", "application/vnd.oasis.opendocument.\(kind)"),
            (
                "content.xml",
                "<office:document-content \(odfNames)><office:automatic-styles>\(styles)</office:automatic-styles>"
                    + "<office:body><office:\(kind)>\(body)</office:\(kind)></office:body></office:document-content>"
            ),
        ])
    }
}
