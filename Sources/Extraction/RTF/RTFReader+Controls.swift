internal import Bytes

/// What the control words of Rich Text Format do.
extension RTFReader {
    mutating func perform(_ word: String, _ value: Int?, isOptional: Bool) {
        if let destination = Self.destinations[word] {
            return self.begin(destination)
        }
        if let symbol = Self.symbols[word] { return self.append(scalar: symbol) }
        if isOptional, !Self.readableOptions.contains(word) { return self.begin(.skipped) }
        switch word {
        case "par", "sect", "page", "column": self.output.endParagraph(self.role, self.paragraph)
        case "line": self.append(scalar: 0x0A)
        case "tab": self.append(scalar: 0x20)
        case "cell", "nestcell": self.output.endCell(isNested: word == "nestcell")
        case "row": self.output.endRow()
        case "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf":
            self.output.blocks.warn("headers_footers_left_out")
            self.begin(.skipped)
        case "annotation":
            self.output.blocks.warn("comments_left_out")
            self.begin(.skipped)
        case "objdata", "pict":
            if word == "objdata" { self.output.blocks.warn("embedded_parts") }
            self.begin(.skipped)
        default: self.setProperty(word, value)
        }
    }

    private mutating func setProperty(_ word: String, _ value: Int?) {
        switch word {
        case "pard": self.paragraph = ParagraphProperties()
        case "plain":
            self.group.isHidden = false
            self.group.isDeleted = false
            self.group.raise = .none
            self.group.encoding = self.defaultEncoding
        case "intbl": self.paragraph.isInTable = true
        case "s":
            if case .styleSheet = self.group.destination { self.openEntry = value ?? 0 }
            self.paragraph.style = value
        case "outlinelevel": self.setOutlineLevel(value)
        case "ilvl": self.paragraph.listLevel = max(0, min(value ?? 0, 8))
        case "v": self.group.isHidden = value != 0
        case "deleted": self.group.isDeleted = value != 0
        case "super": self.group.raise = value == 0 ? .none : .superscript
        case "sub": self.group.raise = value == 0 ? .none : .subscripted
        case "nosupersub": self.group.raise = .none
        case "up": self.group.raise = (value ?? 6) > 2 ? .superscript : .none
        case "dn": self.group.raise = (value ?? 6) > 2 ? .subscripted : .none
        case "uc": self.group.fallbackCount = max(0, min(value ?? 1, 16))
        case "ansicpg":
            self.defaultEncoding = rtfEncoding(codePage: value ?? 1252)
            self.group.encoding = self.defaultEncoding
        case "mac":
            self.defaultEncoding = rtfEncoding(codePage: 10_000)
            self.group.encoding = self.defaultEncoding
        case "f":
            if case .fontTable = self.group.destination { self.openEntry = value ?? 0 }
            self.group.encoding = value.flatMap { self.fonts[$0] } ?? self.defaultEncoding
        case "fcharset":
            if case .fontTable = self.group.destination, self.fonts.count < 10_000 {
                self.fonts[self.openEntry] = rtfEncoding(characterSet: value ?? 0)
            }
        default: break
        }
    }

    private mutating func setOutlineLevel(_ value: Int?) {
        guard let value, (0...8).contains(value) else { return }
        if case .styleSheet = self.group.destination {
            self.styles[self.openEntry] = .heading(UInt8(min(value + 1, 6)))
        } else {
            self.paragraph.outlineLevel = value
        }
    }

    /// What the paragraph is, by its own level or by its style.
    private var role: WordRole {
        if let level = self.paragraph.outlineLevel { return .heading(UInt8(min(level + 1, 6))) }
        return self.paragraph.style.flatMap { self.styles[$0] } ?? .body
    }

    private static let destinations: [String: Destination] = [
        "fonttbl": .fontTable, "stylesheet": .styleSheet, "footnote": .note, "listtext": .listText,
        "pntext": .listText, "title": .info("title"), "author": .info("author"),
        "subject": .info("description"), "colortbl": .skipped, "fldinst": .skipped,
        "nonshppict": .skipped, "shprslt": .skipped, "sp": .skipped, "operator": .skipped,
        "keywords": .skipped, "company": .skipped, "doccomm": .skipped, "comment": .skipped,
        "creatim": .skipped, "revtim": .skipped, "printim": .skipped, "xe": .skipped,
        "tc": .skipped, "filetbl": .skipped, "ftnsep": .skipped, "ftnsepc": .skipped,
        "aftnsep": .skipped, "aftnsepc": .skipped, "ftncn": .skipped, "category": .skipped,
        "manager": .skipped, "hlinkbase": .skipped, "nesttableprops": .skipped,
        "template": .skipped, "private": .skipped, "pgdsctbl": .skipped, "bkmkstart": .skipped,
        "bkmkend": .skipped, "atnid": .skipped, "atnauthor": .skipped, "upr": .skipped,
    ]

    /// Destinations behind `\*` that hold text of the document.
    private static let readableOptions: Set<String> = [
        "shpinst", "shptxt", "do", "dptxbxtext", "ud", "background", "annotation",
    ]

    private static let symbols: [String: UInt32] = [
        "emdash": 0x2014, "endash": 0x2013, "bullet": 0x2022, "lquote": 0x2018, "rquote": 0x2019,
        "ldblquote": 0x201C, "rdblquote": 0x201D, "emspace": 0x20, "enspace": 0x20, "qmspace": 0x20,
    ]
}

/// The encoding of a Windows code page; that of Western Europe where it is not known.
private func rtfEncoding(codePage: Int) -> WebEncoding {
    let label =
        switch codePage {
        case 874, 1250...1258: "windows-\(codePage)"
        case 932: "shift_jis"
        case 936: "gb18030"
        case 949: "euc-kr"
        case 950: "big5"
        case 866: "ibm866"
        case 10_000: "macintosh"
        case 65_001: "utf-8"
        default: "windows-1252"
        }
    return WebEncoding(label: label) ?? .windows1252
}

/// - Source: RTF 1.9.1, "Font Table", `\fcharset`; nil leaves the document's own code page.
private func rtfEncoding(characterSet: Int) -> WebEncoding? {
    let codePages = [
        77: 10_000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258,
        177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250,
    ]
    return codePages[characterSet].map { rtfEncoding(codePage: $0) }
}
