internal import Bytes
internal import Records

/// What stands on a slide, shape by shape.
struct SlideShape {
    enum Role {
        case title, body, other
        /// Date, footer or number, printed on every slide.
        case running
    }

    struct Paragraph {
        var level = 0
        /// Nil where the shape's kind decides.
        var isItem: Bool?
        var isNumbered = false
        var text: [UInt8] = []
    }

    var role = Role.other
    var isHidden = false
    var paragraphs: [Paragraph] = []
    var rows: [[[UInt8]]] = []
    /// The relationship of a chart or a diagram.
    var figure: String?
}

/// Reads the shapes of a slide or its notes, those of groups in their place.
///
/// - Source: ECMA-376 part 1, §19.3 and §21.1.
final class SlideReader: XMLEvents {
    private(set) var shapes: [SlideShape] = []
    private(set) var isHidden = false
    private var shape: SlideShape?
    private var paragraph = SlideShape.Paragraph()
    private var cell: [UInt8] = []
    private var isInCell = false
    private var isContinued = false
    private var isText = false
    /// Inside of what another program shows in the place of what this one reads.
    private var skippedDepth = 0
    private var hiddenGroups: [Bool] = []
    private var isFieldSkipped = false
    /// How the run stands, and what stands so at the end of the paragraph.
    private var runRaise = WordRaise.none
    private var raised = RaisedText()

    func start(_ element: XMLElement) {
        let name = element.name
        if self.skippedDepth > 0
            || name.vocabulary == .markupCompatibility && name.local == "Fallback"
        {
            self.skippedDepth += 1
            return
        }
        switch name.vocabulary {
        case .presentation: self.startPresentation(element)
        case .drawing: self.startDrawing(element)
        case .chart: if name.local == "chart" { self.shape?.figure = element["id"] }
        case .diagram: if name.local == "relIds" { self.shape?.figure = element["dm"] }
        case .math: if name.local == "t" { self.isText = true }
        default: break
        }
    }

    private func startPresentation(_ element: XMLElement) {
        switch element.name.local {
        case "sld": self.isHidden = element["show"] == "0" || element["show"] == "false"
        case "sp", "cxnSp", "pic", "graphicFrame":
            self.shape = SlideShape()
            self.shape?.isHidden = self.hiddenGroups.contains(true)
        case "grpSp": self.hiddenGroups.append(false)
        case "cNvPr":
            guard element["hidden"] == "1" || element["hidden"] == "true" else { return }
            if self.shape != nil {
                self.shape?.isHidden = true
            } else if let last = self.hiddenGroups.indices.last {
                self.hiddenGroups[last] = true
            }
        case "ph": self.shape?.role = Self.role(ofPlaceholder: element["type"])
        default: break
        }
    }

    private static func role(ofPlaceholder type: String?) -> SlideShape.Role {
        switch type {
        case "title", "ctrTitle": .title
        case "dt", "ftr", "sldNum", "hdr": .running
        case nil, "body", "obj": .body
        default: .other
        }
    }

    private func startDrawing(_ element: XMLElement) {
        switch element.name.local {
        case "p": self.paragraph = SlideShape.Paragraph()
        case "pPr": self.paragraph.level = element["lvl"].flatMap { Int($0) } ?? 0
        case "buNone": self.paragraph.isItem = false
        case "buChar", "buBlip": self.paragraph.isItem = true
        case "buAutoNum":
            self.paragraph.isItem = true
            self.paragraph.isNumbered = true
        case "t": self.isText = !self.isFieldSkipped
        case "r": self.runRaise = .none
        case "rPr": self.runRaise = Self.raise(ofBaseline: element["baseline"])
        case "br":
            self.writeRaised()
            self.paragraph.text.append(.lineFeed)
        case "fld": self.isFieldSkipped = element["type"] == "slidenum"
        case "tr": self.shape?.rows.append([])
        case "tc": self.startCell(element)
        default: break
        }
    }

    /// Thousandths of a per cent above the line, or below it.
    private static func raise(ofBaseline baseline: String?) -> WordRaise {
        let shift = baseline.flatMap { Int($0) } ?? 0
        return shift > 0 ? .superscript : shift < 0 ? .subscripted : .none
    }

    /// Writes the raised text at hand, so that 10⁶ does not become 106.
    private func writeRaised() {
        self.paragraph.text += self.raised.written(after: self.paragraph.text)
        self.raised = RaisedText()
    }

    private func startCell(_ element: XMLElement) {
        self.isInCell = true
        self.cell.removeAll()
        let isOn = { (value: String?) in value == "1" || value == "true" }
        self.isContinued = isOn(element["hMerge"]) || isOn(element["vMerge"])
    }

    func end(_ name: XMLName) {
        guard self.skippedDepth == 0 else {
            self.skippedDepth -= 1
            return
        }
        switch (name.vocabulary, name.local) {
        case (.drawing, "t"), (.math, "t"): self.isText = false
        case (.drawing, "fld"): self.isFieldSkipped = false
        case (.drawing, "p"): self.endParagraph()
        case (.drawing, "tc"): self.endCell()
        case (.presentation, "grpSp"): _ = self.hiddenGroups.popLast()
        case (.presentation, "sp"), (.presentation, "cxnSp"), (.presentation, "pic"),
            (.presentation, "graphicFrame"):
            if let shape = self.shape { self.shapes.append(shape) }
            self.shape = nil
        default: break
        }
    }

    private func endParagraph() {
        self.writeRaised()
        if self.isInCell {
            if !self.cell.isEmpty { self.cell.append(.space) }
            self.cell += self.paragraph.text
        } else {
            self.shape?.paragraphs.append(self.paragraph)
        }
        self.paragraph = SlideShape.Paragraph()
    }

    /// A cell merged into the one before or above it is empty.
    private func endCell() {
        self.isInCell = false
        guard let shape = self.shape, let row = shape.rows.indices.last else { return }
        self.shape?.rows[row].append(self.isContinued ? [] : oneLine(self.cell))
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.isText, self.skippedDepth == 0 else { return }
        // A line that is broken inside of a paragraph may be told by a vertical tab.
        let text = bytes.lazy.map { $0 == 0x0B ? UInt8.lineFeed : $0 }
        if self.runRaise != self.raised.raise { self.writeRaised() }
        if self.runRaise == .none {
            self.paragraph.text.append(contentsOf: text)
        } else {
            self.raised.raise = self.runRaise
            self.raised.text.append(contentsOf: text)
        }
    }
}

/// The order of a presentation's slides.
final class PresentationReader: XMLEvents {
    /// Slides of one presentation.
    private static let slideLimit = 10_000

    private(set) var slides: [String] = []

    func start(_ element: XMLElement) {
        guard element.name == XMLName(vocabulary: .presentation, local: "sldId"),
            self.slides.count < Self.slideLimit, let id = element.relationship
        else { return }
        self.slides.append(id)
    }

    func end(_ name: XMLName) {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}
