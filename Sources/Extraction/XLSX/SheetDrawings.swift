internal import Bytes
internal import Records

/// What lies over a sheet's cells: the texts of its boxes, and its charts as tables.
struct SheetDrawings {
    /// Charts and boxes of one sheet.
    private static let limit = 2_000

    private var texts: [[UInt8]] = []
    private var charts: [ExtractedContent] = []

    /// - Parameter sheet: the name of the sheet's part.
    init(of sheet: String, in package: inout OfficePackage) throws(ExtractionError) {
        for (_, name) in try package.relationships(of: sheet).targets("drawing") {
            guard let part = try package.read(name) else { continue }
            let reader = DrawingTextReader()
            try readXML(part, into: reader)
            self.texts += reader.texts.prefix(Self.limit)
            for (_, chart) in try package.relationships(of: name).targets("chart").prefix(
                Self.limit
            ) {
                guard let bytes = try package.read(chart) else { continue }
                self.charts.append(writtenFigure(try figureBlocks(bytes)))
            }
        }
    }

    var isEmpty: Bool { self.texts.isEmpty && self.charts.allSatisfy(\.blocks.isEmpty) }

    func write(to writer: inout BlockWriter) {
        for text in self.texts { writer.paragraph(text) }
        for chart in self.charts { writer.embed(chart) }
    }
}

/// The paragraphs of a drawing's shapes.
///
/// - Source: ECMA-376 part 1, §20.5 and §21.1.
private final class DrawingTextReader: XMLEvents {
    private(set) var texts: [[UInt8]] = []
    private var paragraph: [UInt8] = []
    private var isText = false

    func start(_ element: XMLElement) {
        guard element.name.vocabulary == .drawing else { return }
        switch element.name.local {
        case "t": self.isText = true
        case "br": self.paragraph.append(.lineFeed)
        default: break
        }
    }

    func end(_ name: XMLName) {
        guard name.vocabulary == .drawing else { return }
        switch name.local {
        case "t": self.isText = false
        case "p":
            if self.paragraph.contains(where: { $0 > .space }) { self.texts.append(self.paragraph) }
            self.paragraph.removeAll()
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        if self.isText { self.paragraph.append(contentsOf: bytes) }
    }
}
