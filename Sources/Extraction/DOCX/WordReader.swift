internal import Records

/// Reads the main part of a document, or its notes, into blocks.
///
/// What is deleted, moved away, hidden or a fallback is left out; a text box follows the paragraph it
/// is anchored in.
///
/// - Source: ECMA-376 part 1, §17; part 3 for alternate content.
final class WordReader: XMLEvents {
    struct Note: Hashable {
        var isEndnote: Bool
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
    /// Whether links keep their addresses, and the addresses by relationship.
    let keepsLinks: Bool
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
    /// Whether it is a table of contents, for each open content control.
    private var controls: [Bool] = []
    private var isText = false
    private var isInstruction = false
    private var isInParagraphProperties = false
    private var isInRowProperties = false
    private var isInControlProperties = false
    /// How many elements are open inside of one that is left out, itself included.
    private var skipped = 0

    init(styles: WordStyles, numbering: WordNumbering, keepsLinks: Bool) {
        self.styles = styles
        self.numbering = numbering
        self.keepsLinks = keepsLinks
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
        case .math where element.name.local == "t": self.isText = true
        case .markupCompatibility: self.startAlternative(element.name.local)
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
        case .math where name.local == "t": self.isText = false
        case .markupCompatibility where name.local == "AlternateContent": _ = self.choices.popLast()
        default: break
        }
    }

    private func startWord(_ element: XMLElement) {
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
        case "pStyle", "rStyle", "outlineLvl", "numId", "ilvl", "vanish", "rFonts":
            self.takeProperty(element)
        case "tab" where !self.isInParagraphProperties, "ptab": self.append(0x09)
        case "br", "cr": self.appendBreak(element["type"])
        case "noBreakHyphen": self.append(0x2D)
        case "sym": self.appendSymbol(element["char"])
        case "hyperlink": self.openLink(element["id"].flatMap { self.addresses[$0] })
        case "fldSimple": self.openLink(element["instr"].flatMap(hyperlinkTarget))
        case "fldChar": self.changeField(element["fldCharType"])
        case "instrText": self.isInstruction = true
        case "footnoteReference": self.appendReference(element["id"], isEndnote: false)
        case "endnoteReference": self.appendReference(element["id"], isEndnote: true)
        case "txbxContent": self.containers.append(WordContainer())
        case "tbl", "tr", "tc", "gridSpan", "vMerge": self.startTablePart(element)
        case "footnote", "endnote": self.startNote(element)
        case "sdt", "docPartGallery", "sdtContent": self.startControl(element)
        case "altChunk": self.embeddedCount += 1
        default: break
        }
    }

    private func endWord(_ local: String) {
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
        case "footnote", "endnote":
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
            self.openNote == nil
        else {
            self.skipped = 1
            return
        }
        self.openNote = Note(isEndnote: element.name.local == "endnote", id: id)
        self.containers.append(WordContainer())
    }

    private func startControl(_ element: XMLElement) {
        switch element.name.local {
        case "sdt": self.controls.append(false)
        case "docPartGallery":
            let gallery = element["val"] ?? ""
            if let last = self.controls.indices.last {
                self.controls[last] = gallery.hasPrefix("Table of Contents")
            }
        default:
            if self.controls.last == true { self.skipped = 1 }
        }
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
