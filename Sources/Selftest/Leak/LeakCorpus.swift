/// Documents with personal data in every place a parser may bring it from.
struct LeakCorpus {
    /// Where in a document a value stands.
    enum Placement: String, CaseIterable, Sendable {
        case paragraph
        case heading
        case title
        case metadata
        case link
        case alternativeText
        case table
        case code
        case comment
        case brokenFile
    }

    struct Planting: Sendable {
        let value: PlantedData.Value
        let placement: Placement
        let document: String
    }

    private(set) var files: [(name: String, bytes: [UInt8])] = []
    private(set) var plantings: [Planting] = []
    private var planted: PlantedData
    private var random: SeededRandom

    /// - Parameter rounds: every round has each placement once in each format that has it.
    init(seed: UInt64, rounds: Int) {
        self.planted = PlantedData(seed: seed)
        self.random = SeededRandom(seed: seed)
        for round in 0..<rounds {
            for (index, kind) in PlantedData.Kind.allCases.enumerated() {
                // Every placement meets every kind after some rounds.
                let placement = Placement.allCases[
                    (round + index * 3) % Placement.allCases.count
                ]
                for format in SyntheticDocument.Format.allCases {
                    self.add(kind, at: placement, format, number: self.files.count)
                }
            }
        }
    }

    private mutating func add(
        _ kind: PlantedData.Kind,
        at placement: Placement,
        _ format: SyntheticDocument.Format,
        number: Int
    ) {
        let name = "d\(number).\(format.rawValue)"
        let value = self.planted.plant(kind)
        self.plantings.append(Planting(value: value, placement: placement, document: name))
        var document = SyntheticDocument(
            language: self.random.pick([.english, .german, .french, .spanish]),
            number: number,
            sections: 2,
            random: &self.random
        )
        switch placement {
        case .paragraph, .brokenFile: document.sections[1].sentences.append(value.sentence)
        case .heading: document.sections[1].heading = value.sentence
        case .title: document.title = "\(value.sentence) \(number)"
        default: break
        }
        let markup = Self.markup(value, placement, format)
        var bytes = document.bytes(format)
        if placement == .metadata, format == .pdf {
            bytes = Self.pdfWithAuthor(value, title: document.title)
        } else if let markup {
            bytes = Self.insert(markup, into: bytes, format)
        } else if [.link, .alternativeText, .table, .code, .comment, .metadata].contains(placement)
        {
            document.sections[0].sentences.append(value.sentence)
            bytes = document.bytes(format)
        }
        if placement == .brokenFile { bytes = Self.broken(bytes, format) }
        self.files.append((name, bytes))
    }

    private static func markup(
        _ value: PlantedData.Value,
        _ placement: Placement,
        _ format: SyntheticDocument.Format
    ) -> String? {
        switch (format, placement) {
        case (.html, .metadata): "<meta name=\"author\" content=\"\(value.sentence)\">"
        case (.html, .link): "<p>See <a href=\"mailto:\(value.text)\">\(value.sentence)</a></p>"
        case (.html, .alternativeText): "<p><img src=\"x.png\" alt=\"\(value.sentence)\"></p>"
        case (.html, .table):
            "<table><tr><th>Name</th><th>Value</th></tr>"
                + "<tr><td>First</td><td>\(value.sentence)</td></tr></table>"
        case (.html, .code): "<pre><code>value: \(value.sentence)</code></pre>"
        case (.html, .comment): "<!-- \(value.sentence) -->"
        case (.markdown, .metadata): "---\nauthor: \"\(value.sentence)\"\n---\n"
        case (.markdown, .link): "[\(value.sentence)](mailto:\(value.text))\n\n"
        case (.markdown, .alternativeText): "![\(value.sentence)](x.png)\n\n"
        case (.markdown, .table):
            "| name | value |\n|---|---|\n| first | \(value.sentence) |\n\n"
        case (.markdown, .code): "```\n\(value.sentence)\n```\n\n"
        case (.markdown, .comment): "<!-- \(value.sentence) -->\n\n"
        default: nil
        }
    }

    private static func insert(
        _ markup: String,
        into bytes: [UInt8],
        _ format: SyntheticDocument.Format
    ) -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        guard format == .html else { return Array((markup + text).utf8) }
        let isHead = markup.hasPrefix("<meta")
        let anchor = isHead ? "</head>" : "</article>"
        return Array(text.replacing(anchor, with: markup + "\n" + anchor).utf8)
    }

    private static func pdfWithAuthor(_ value: PlantedData.Value, title: String) -> [UInt8] {
        let lines = [HandwrittenPDF.Line(title, size: 18), .init("A page of its own.", size: 10)]
        return HandwrittenPDF(
            lines: lines,
            information: ["Author": value.sentence, "Subject": value.sentence, "Title": title]
        ).bytes()
    }

    /// The value comes first and the damage after it, where an error may quote what stood before.
    private static func broken(_ bytes: [UInt8], _ format: SyntheticDocument.Format) -> [UInt8] {
        switch format {
        case .pdf, .archive: Array(bytes.prefix(bytes.count * 3 / 4))
        case .html, .markdown, .text, .mailbox:
            bytes + [0x00, 0xFF, 0xFE, 0x00] + [UInt8](repeating: 0x80, count: 40)
        }
    }
}
