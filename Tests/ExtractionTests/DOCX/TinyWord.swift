/// A word-processing file made of the markup of its parts.
struct TinyWord {
    var body = ""
    var styles: String?
    var numbering: String?
    var footnotes: String?
    var endnotes: String?
    var comments: String?
    /// Further parts: the last step of their type, which names the file too, and their markup.
    var others: [(id: String, type: String, markup: String)] = []
    var core: String?
    /// Addresses that links refer to, by identifier.
    var links: [(id: String, address: String)] = []
    var isStrict = false
    var mainName = "word/document.xml"

    init(_ body: String) { self.body = body }

    var namespaces: String {
        let word =
            self.isStrict
            ? "http://purl.oclc.org/ooxml/wordprocessingml/main"
            : "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        return "xmlns:w='\(word)' "
            + "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math' "
            + "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' "
            + "xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart' "
            + "xmlns:dgm='http://schemas.openxmlformats.org/drawingml/2006/diagram' "
            + "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' "
            + "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'"
    }

    var zip: TinyZip {
        let relationships = "http://schemas.openxmlformats.org/package/2006/relationships"
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        var zip = TinyZip([
            (
                "_rels/.rels",
                """
                <Relationships xmlns='\(relationships)'>
                <Relationship Id='1' Type='\(office)/officeDocument' Target='\(self.mainName)'/>
                <Relationship Id='2' Type='x/core-properties' Target='/docProps/core.xml'/>
                </Relationships>
                """
            ),
            (
                self.mainName,
                "<w:document \(self.namespaces)><w:body>\(self.body)</w:body></w:document>"
            ),
        ])
        let parts = [
            ("styles", self.styles), ("numbering", self.numbering), ("footnotes", self.footnotes),
            ("endnotes", self.endnotes), ("comments", self.comments),
        ]
        for (name, markup) in parts {
            guard let markup else { continue }
            zip.parts.append(
                TinyZip.Part(
                    "word/\(name).xml",
                    "<w:\(name) \(self.namespaces)>\(markup)</w:\(name)>"
                )
            )
        }
        if let core {
            zip.parts.append(
                TinyZip.Part(
                    "docProps/core.xml",
                    """
                    <cp:coreProperties xmlns:cp='http://schemas.openxmlformats.org/package/2006/\
                    metadata/core-properties' xmlns:dc='http://purl.org/dc/elements/1.1/' \
                    xmlns:dcterms='http://purl.org/dc/terms/'>\(core)</cp:coreProperties>
                    """
                )
            )
        }
        if !self.links.isEmpty || !self.others.isEmpty {
            var entries = self.links.map {
                "<Relationship Id='\($0.id)' Type='\(office)/hyperlink' Target='\($0.address)' "
                    + "TargetMode='External'/>"
            }
            for other in self.others {
                let name = "\(other.type)-\(other.id).xml"
                entries.append(
                    "<Relationship Id='\(other.id)' Type='\(office)/\(other.type)' Target='\(name)'/>"
                )
                zip.parts.append(TinyZip.Part("word/\(name)", other.markup))
            }
            zip.parts.append(
                TinyZip.Part(
                    "word/_rels/document.xml.rels",
                    "<Relationships xmlns='\(relationships)'>\(entries.joined())</Relationships>"
                )
            )
        }
        return zip
    }

    func bytes() -> [UInt8] { self.zip.bytes() }

    /// A paragraph of one run; `style` is the id of its style.
    static func paragraph(_ text: String, style: String? = nil, list: Int? = nil, level: Int = 0)
        -> String
    {
        var properties = style.map { "<w:pStyle w:val='\($0)'/>" } ?? ""
        if let list {
            properties +=
                "<w:numPr><w:ilvl w:val='\(level)'/><w:numId w:val='\(list)'/></w:numPr>"
        }
        let run = "<w:r><w:t xml:space='preserve'>\(text)</w:t></w:r>"
        return "<w:p><w:pPr>\(properties)</w:pPr>\(run)</w:p>"
    }

    static func table(_ rows: [[String]]) -> String {
        let body = rows.map { row in
            "<w:tr>" + row.map { "<w:tc>\(self.paragraph($0))</w:tc>" }.joined() + "</w:tr>"
        }
        return "<w:tbl>\(body.joined())</w:tbl>"
    }
}
