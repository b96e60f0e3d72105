internal import Records

/// What a paragraph is by its style.
enum WordRole: Equatable {
    case body
    case heading(UInt8)
    case title
    case quote
    case code
    case caption
    /// A line of a table of contents or of figures: it repeats headings.
    case contents
}

/// What of a style, or of a paragraph's or run's own properties, concerns its text.
enum WordRaise {
    case none, superscript, subscripted

    /// - Parameter name: of `vertAlign`, in documents and workbooks alike.
    init(_ name: String?) {
        self =
            switch name {
            case "superscript": .superscript
            case "subscript": .subscripted
            default: .none
            }
    }
}

struct WordProperties {
    var role: WordRole?
    /// 0 to 8; 9 is body text.
    var outlineLevel: Int?
    /// 0 takes a paragraph out of its style's list.
    var listID: Int?
    var listLevel: Int?
    /// How deep a style such as "List Bullet 2", whose list has one level, sets its items.
    var listDepth: Int?
    var isHidden: Bool?
    var isFixedPitch: Bool?
    /// Set on what is printed above or below the line.
    var raise: WordRaise?
    /// The style that puts the paragraph into its list.
    var listStyle: String?

    /// These properties, and the other's where they say nothing.
    func over(_ base: WordProperties) -> WordProperties {
        var result = self
        result.role = self.role ?? base.role
        result.outlineLevel = self.outlineLevel ?? base.outlineLevel
        result.listID = self.listID ?? base.listID
        result.listLevel = self.listLevel ?? base.listLevel
        result.listDepth = self.listDepth ?? base.listDepth
        result.isHidden = self.isHidden ?? base.isHidden
        result.isFixedPitch = self.isFixedPitch ?? base.isFixedPitch
        result.raise = self.raise ?? base.raise
        result.listStyle = self.listStyle ?? base.listStyle
        return result
    }

    /// Takes one property element, which paragraphs, runs and styles share.
    mutating func take(_ element: XMLElement) {
        switch element.name.local {
        case "outlineLvl": self.outlineLevel = number(element)
        case "numId": self.listID = number(element)
        case "ilvl": self.listLevel = number(element).map { max(0, min($0, 8)) }
        case "vanish": self.isHidden = isOn(element)
        case "vertAlign":
            self.raise = WordRaise(element["val"])
        case "position":
            // In half points; a small shift sets a word straight.
            guard let shift = number(element), abs(shift) >= 4, self.raise == nil else { return }
            self.raise = shift > 0 ? .superscript : .subscripted
        case "rFonts":
            let font = element["ascii"] ?? element["hAnsi"]
            if let font { self.isFixedPitch = isFixedPitchFont(font) }
        default: break
        }
    }
}

/// The styles of a document, each with what it inherits.
struct WordStyles {
    fileprivate(set) var paragraphDefault = WordProperties()
    fileprivate var resolved: [String: WordProperties] = [:]

    subscript(id: String) -> WordProperties {
        // Without a style sheet the names that English Word uses for its ids are all there is.
        self.resolved[id] ?? WordProperties(role: wordRole(ofName: id))
    }

    init() {}

    init(_ part: [UInt8]) throws(ExtractionError) {
        let reader = WordStyleReader()
        try readXML(part, into: reader)
        for id in reader.styles.keys { self.resolved[id] = reader.resolve(id) }
        if let id = reader.defaultID { self.paragraphDefault = self[id] }
    }
}

private final class WordStyleReader: XMLEvents {
    struct Style {
        var base: String?
        var properties = WordProperties()
    }

    private(set) var styles: [String: Style] = [:]
    private(set) var defaultID: String?
    private var id: String?

    func start(_ element: XMLElement) {
        guard element.name.vocabulary == .word else { return }
        guard let id = self.id else {
            if element.name.local == "style" { self.open(element) }
            return
        }
        switch element.name.local {
        case "name":
            if let name = element["val"] {
                self.styles[id]?.properties.role = wordRole(ofName: name)
                self.styles[id]?.properties.listDepth = listDepth(ofName: name)
            }
        case "basedOn": self.styles[id]?.base = element["val"]
        default:
            self.styles[id]?.properties.take(element)
            if element.name.local == "numId" { self.styles[id]?.properties.listStyle = id }
        }
    }

    func end(_ name: XMLName) {
        if name == XMLName(vocabulary: .word, local: "style") { self.id = nil }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

    private func open(_ element: XMLElement) {
        guard let id = element["styleId"], self.styles.count < 20_000 else { return }
        self.id = id
        self.styles[id] = Style()
        if element["type"] == "paragraph", element["default"].map(isTrue) ?? false {
            self.defaultID = id
        }
    }

    /// A style over those it is based on; a chain that is longer, or goes in a circle, is cut.
    func resolve(_ id: String) -> WordProperties {
        var properties = WordProperties()
        var next: String? = id
        for _ in 0..<32 {
            guard let style = next.flatMap({ self.styles[$0] }) else { break }
            properties = properties.over(style.properties)
            next = style.base
        }
        return properties
    }
}

/// The role of a built-in style by its name, which is English in every language's Word; and of those
/// that other word processors write.
func wordRole(ofName name: String) -> WordRole? {
    let known = name.lowercased().filter { $0 != " " && $0 != "-" && $0 != "_" }
    if known.hasPrefix("heading"), let level = UInt8(known.dropFirst(7)), (1...9).contains(level) {
        return .heading(min(level, 6))
    }
    switch known {
    case "title": return .title
    case "quote", "intensequote", "blocktext", "blockquote", "blockquotation", "quotations":
        return .quote
    case "htmlpreformatted", "sourcecode", "code", "codeblock", "preformattedtext", "preformatted",
        "verbatim", "macrotext", "programlisting", "listing":
        return .code
    case "caption", "imagecaption", "tablecaption", "figurecaption", "illustration": return .caption
    case "tocheading", "tableoffigures", "tableofauthorities", "contentsheading": return .contents
    default:
        let isContents = ["toc", "contents"].contains { prefix in
            known.hasPrefix(prefix) && UInt8(known.dropFirst(prefix.count)) != nil
        }
        return isContents ? .contents : nil
    }
}

private func listDepth(ofName name: String) -> Int? {
    let words = name.lowercased().split(separator: " ")
    guard words.count == 3, words[0] == "list", let number = Int(words[2]) else { return nil }
    return max(0, min(number - 1, 8))
}

func isFixedPitchFont(_ name: String) -> Bool {
    let lower = name.lowercased()
    let parts = [
        "courier", "consol", "menlo", "monaco", "lucida console", "code pro", "fira code",
        "inconsolata", "cascadia", " mono", "terminal",
    ]
    return parts.contains { lower.contains($0) }
}

/// A property that is there is on, unless its value says otherwise.
func isOn(_ element: XMLElement) -> Bool { element["val"].map(isTrue) ?? true }

private func isTrue(_ value: String) -> Bool { !["0", "false", "off"].contains(value) }

private func number(_ element: XMLElement) -> Int? { element["val"].flatMap { Int($0) } }
