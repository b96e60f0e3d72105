internal import Formats
internal import Records

/// Reads the main part of a document, or its notes, into blocks.
///
/// What is deleted, moved away, hidden or a fallback is left out; a text box follows the paragraph it
/// is anchored in.
///
/// - Source: ECMA-376 part 1, §17; part 3 for alternate content.
final class WordReader: XMLEvents {
    struct Note: Hashable {
        enum Kind: String {
            case footnote, endnote, comment
        }

        var kind: Kind
        var id: String
    }

    let styles: WordStyles
    var numbering: WordNumbering
    /// Referenced notes, in order.
    var references: [Note] = []
    var notes: [Note: [WordBlock]] = [:]
    var hiddenCount = 0
    var invisibleCount = 0
    /// Parts in other formats that the document embeds.
    var embeddedCount = 0
    /// Comments that are left out, and prompts that a form shows where nothing was filled in.
    var commentCount = 0
    var placeholderCount = 0
    /// Tables of contents, or lines of one, that are left out.
    var contentsCount = 0
    /// Characters of picture fonts that have no letter.
    var symbolCount = 0
    let options: DOCXOptions
    /// What charts and diagrams say, by the relationship that refers to them.
    var figures: [String: [WordBlock]] = [:]
    /// Addresses of links by relationship.
    var addresses: [String: String] = [:]
    var fields: [WordField] = []

    var containers = [WordContainer()]
    var paragraphs: [OpenParagraph] = []
    var tables: [OpenTable] = []
    /// Properties of the runs that are open: a text box is a run's content and has runs.
    var runs: [WordProperties] = []
    private var numbers: [Note: Int] = [:]
    private var openNote: Note?
    /// Whether an alternative was taken, for each open choice between them.
    private var choices: [Bool] = []
    private enum Control {
        case content, tableOfContents, placeholder
    }

    /// The content controls that are open.
    private var controls: [Control] = []
    /// A tick box of a form field that is open, and whether it is set.
    private var tickBox: Bool?
    /// The formula that is open.
    private var formula: WordMath?
    private var formulaDepth = 0
    private var isText = false
    private var isInstruction = false
    private var isInParagraphProperties = false
    private var isInRowProperties = false
    private var isInControlProperties = false
    /// How many elements are open inside of one that is left out, itself included.
    private var skipped = 0

    init(styles: WordStyles, numbering: WordNumbering, options: DOCXOptions) {
        self.styles = styles
        self.numbering = numbering
        self.options = options
    }

    /// The blocks outside of notes.
    var blocks: [WordBlock] { self.containers.first?.blocks ?? [] }

    /// The number that a reference shows, from 1.
    func number(of note: Note) -> Int {
        if let known = self.numbers[note] { return known }
        self.references.append(note)
        self.numbers[note] = self.references.count
        return self.references.count
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.skipped == 0 else { return }
        if self.formula != nil {
            self.formula?.text(bytes)
            return
        }
        if self.isInstruction { self.appendInstruction(bytes) }
        if self.isText { self.append(bytes) }
    }

    func start(_ element: XMLElement) {
        if self.skipped > 0 {
            self.skipped += 1
            return
        }
        switch element.name.vocabulary {
        case .word: self.startWord(element)
        case .math: self.startMath(element)
        case .markupCompatibility: self.startAlternative(element.name.local)
        case .chart where element.name.local == "chart": self.appendFigure(element["id"])
        case .diagram where element.name.local == "relIds": self.appendFigure(element["dm"])
        default: break
        }
    }

    func end(_ name: XMLName) {
        if self.skipped > 0 {
            self.skipped -= 1
            return
        }
        switch name.vocabulary {
        case .word: self.endWord(name.local)
        case .math: self.endMath(name.local)
        case .markupCompatibility where name.local == "AlternateContent": _ = self.choices.popLast()
        default: break
        }
    }

    private func startMath(_ element: XMLElement) {
        if self.formula == nil {
            if element.name.local == "oMath" { self.formula = WordMath() }
            return
        }
        self.formulaDepth += 1
        self.formula?.start(element.name.local, value: element["val"])
    }

    private func endMath(_ local: String) {
        guard let formula = self.formula else { return }
        guard self.formulaDepth == 0 else {
            self.formulaDepth -= 1
            self.formula?.end(local)
            return
        }
        self.formula = nil
        let latex = formula.latex
        guard !latex.isEmpty else { return }
        let marked = [UInt8(ascii: "$")] + latex + [UInt8(ascii: "$")]
        self.append(text: String(decoding: marked, as: UTF8.self))
    }

    private func startWord(_ element: XMLElement) {
        // A formula has its own text; what Word says of it is how it looks, or that it is deleted.
        if self.formula != nil {
            if ["del", "moveFrom"].contains(element.name.local) { self.skipped = 1 }
            return
        }
        switch element.name.local {
        case "t": self.isText = true
        case "r": self.runs.append(WordProperties())
        case "p": self.openParagraph()
        case "pPr": self.isInParagraphProperties = true
        case "trPr": self.isInRowProperties = true
        case "sdtPr": self.isInControlProperties = true
        case "del" where self.isInParagraphProperties: self.joinNextParagraph()
        case "del" where self.isInRowProperties: self.deleteRow()
        case "del", "moveFrom", "rt", "pPrChange", "rPrChange", "tcPrChange", "trPrChange":
            self.skipped = 1
        case "pStyle", "rStyle", "outlineLvl", "numId", "ilvl", "vanish", "rFonts", "vertAlign",
            "position":
            self.takeProperty(element)
        case "tab" where !self.isInParagraphProperties, "ptab": self.append(0x09)
        case "br", "cr": self.appendBreak(element["type"])
        case "noBreakHyphen": self.append(0x2D)
        case "sym": self.appendSymbol(element["char"], font: element["font"])
        case "hyperlink": self.openLink(element["id"].flatMap { self.addresses[$0] })
        case "fldSimple": self.openLink(element["instr"].flatMap(hyperlinkTarget))
        case "fldChar": self.changeField(element["fldCharType"])
        case "instrText": self.isInstruction = true
        case "footnoteReference": self.appendReference(element["id"], .footnote)
        case "endnoteReference": self.appendReference(element["id"], .endnote)
        case "commentReference":
            if self.options.comments == .keep {
                self.appendReference(element["id"], .comment)
            } else {
                self.commentCount += 1
            }
        case "checkBox": self.tickBox = false
        case "checked", "default":
            if self.tickBox != nil { self.tickBox = isOn(element) }
        case "txbxContent": self.containers.append(WordContainer())
        case "tbl", "tr", "tc", "gridSpan", "vMerge": self.startTablePart(element)
        case "footnote", "endnote", "comment": self.startNote(element)
        case "sdt", "docPartGallery", "showingPlcHdr", "sdtContent": self.startControl(element)
        case "altChunk": self.embeddedCount += 1
        default: break
        }
    }

    private func endWord(_ local: String) {
        guard self.formula == nil else { return }
        switch local {
        case "t": self.isText = false
        case "instrText": self.isInstruction = false
        case "hyperlink", "fldSimple": self.closeLink()
        case "r": _ = self.runs.popLast()
        case "p": self.closeParagraph()
        case "pPr": self.isInParagraphProperties = false
        case "trPr": self.isInRowProperties = false
        case "sdtPr": self.isInControlProperties = false
        case "sdt": _ = self.controls.popLast()
        case "txbxContent": self.closeBox()
        case "tc", "tr", "tbl": self.endTablePart(local)
        case "checkBox":
            if let isSet = self.tickBox { self.append(text: isSet ? "☒" : "☐") }
            self.tickBox = nil
        case "footnote", "endnote", "comment":
            guard let note = self.openNote else { return }
            self.notes[note] = self.closeContainer()
            self.openNote = nil
        default: break
        }
    }

    /// The first alternative is the newer markup; what follows it says the same for older readers.
    private func startAlternative(_ local: String) {
        switch local {
        case "AlternateContent": self.choices.append(false)
        case "Choice", "Fallback":
            guard let last = self.choices.indices.last else { return }
            if self.choices[last] { self.skipped = 1 } else { self.choices[last] = true }
        default: break
        }
    }

    /// Separators between text and notes are stored as notes of a type.
    private func startNote(_ element: XMLElement) {
        guard let id = element["id"], element["type"] == nil || element["type"] == "normal",
            self.openNote == nil, let kind = Note.Kind(rawValue: element.name.local)
        else {
            self.skipped = 1
            return
        }
        self.openNote = Note(kind: kind, id: id)
        self.containers.append(WordContainer())
    }

    private func startControl(_ element: XMLElement) {
        switch element.name.local {
        case "sdt": self.controls.append(.content)
        case "docPartGallery":
            if element["val"]?.hasPrefix("Table of Contents") == true {
                self.setControl(.tableOfContents)
            }
        case "showingPlcHdr":
            if isOn(element) { self.setControl(.placeholder) }
        default:
            switch self.controls.last {
            case .placeholder: self.placeholderCount += 1
            case .tableOfContents where self.options.contents == .drop: self.contentsCount += 1
            default: return
            }
            self.skipped = 1
        }
    }

    /// Whether what is read stands in a table of contents that Word keeps up to date.
    var isInContents: Bool { self.controls.contains(.tableOfContents) }

    private func setControl(_ control: Control) {
        if let last = self.controls.indices.last { self.controls[last] = control }
    }

    /// What a chart or diagram says follows the paragraph it stands in, as a text box does.
    private func appendFigure(_ id: String?) {
        guard let blocks = id.flatMap({ self.figures[$0] }),
            let last = self.paragraphs.indices.last
        else { return }
        self.paragraphs[last].boxes += blocks
    }

    private func takeProperty(_ element: XMLElement) {
        guard !self.isInControlProperties else { return }
        if self.isInParagraphProperties {
            self.takeParagraphProperty(element)
        } else if let last = self.runs.indices.last {
            if element.name.local == "rStyle", let id = element["val"] {
                self.runs[last] = self.runs[last].over(self.styles[id])
            } else {
                self.runs[last].take(element)
            }
        }
    }
}
