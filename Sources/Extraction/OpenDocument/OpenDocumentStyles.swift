internal import Bytes
internal import Records

/// What the styles of an OpenDocument file say of text: what it is, and whether it is shown.
///
/// - Source: OpenDocument 1.3 part 3, chapter 16 and 20.
struct OpenDocumentStyles {
    struct Style {
        var parent: String?
        var displayName: String?
        /// Text, a paragraph, a section, a sheet or a slide that is not shown.
        var isHidden = false
        /// Above or below the line; nil where the style says nothing of it.
        var raise: WordRaise?
    }

    private var styles: [String: Style] = [:]
    /// For each list style, which of its levels are numbered.
    private var numbered: [String: Set<Int>] = [:]

    private static let styleLimit = 50_000

    mutating func add(_ style: Style, name: String, family: String) {
        guard self.styles.count < Self.styleLimit else { return }
        self.styles["\(family)/\(name)"] = style
    }

    mutating func addNumbering(_ name: String, level: Int) {
        guard self.numbered.count < Self.styleLimit else { return }
        self.numbered[name, default: []].insert(level)
    }

    mutating func hide(_ name: String, family: String) {
        self.styles["\(family)/\(name)"]?.isHidden = true
    }

    mutating func raise(_ name: String, family: String, _ raise: WordRaise) {
        self.styles["\(family)/\(name)"]?.raise = raise
    }

    /// Whether text of this style stands above or below the line.
    func raise(ofText name: String?) -> WordRaise {
        guard let name else { return .none }
        return self.chain(name, "text").lazy.compactMap(\.raise).first ?? .none
    }

    func isHidden(_ name: String?, family: String) -> Bool {
        guard let name else { return false }
        return self.chain(name, family).contains(where: \.isHidden)
    }

    /// What a paragraph of this style is, by the name of it or of one it is based on.
    func role(ofParagraph name: String?) -> WordRole {
        guard let name else { return .body }
        if let role = wordRole(ofName: spelledOut(name)) { return role }
        for style in self.chain(name, "paragraph") {
            if let role = style.displayName.flatMap(wordRole(ofName:)) { return role }
            if let role = style.parent.flatMap({ wordRole(ofName: spelledOut($0)) }) { return role }
        }
        return .body
    }

    func isNumbered(_ list: String?, level: Int) -> Bool {
        list.flatMap { self.numbered[$0] }?.contains(level) ?? false
    }

    /// A style and those it is based on; a chain that goes in a circle is cut.
    private func chain(_ name: String, _ family: String) -> [Style] {
        var result: [Style] = []
        var next: String? = name
        while result.count < 16, let style = next.flatMap({ self.styles["\(family)/\($0)"] }) {
            result.append(style)
            next = style.parent
        }
        return result
    }
}

/// `Heading_20_1` as `Heading 1`.
private func spelledOut(_ name: String) -> String {
    name.contains("_20_") ? name.split(separator: "_20_").joined(separator: " ") : name
}

/// `super 58%`, `33% 58%` and `sub`: a small shift sets a word straight.
private func textRaise(_ position: String) -> WordRaise {
    if position.hasPrefix("super") { return .superscript }
    if position.hasPrefix("sub") { return .subscripted }
    let shift = position.split(separator: "%").first.flatMap { Double($0) } ?? 0
    return shift >= 10 ? .superscript : shift <= -5 ? .subscripted : .none
}

/// Collects styles, from a part of their own or from the head of the content.
struct OpenDocumentStyleCollector {
    private(set) var styles = OpenDocumentStyles()
    private var open: (name: String, family: String)?
    private var list: String?

    mutating func start(_ element: XMLElement) {
        switch (element.name.vocabulary, element.name.local) {
        case (.odfStyle, "style"):
            guard let name = element["name"], let family = element["family"] else { return }
            self.open = (name, family)
            let style = OpenDocumentStyles.Style(
                parent: element["parent-style-name"],
                displayName: element["display-name"]
            )
            self.styles.add(style, name: name, family: family)
        case (.odfText, "list-style"): self.list = element["name"]
        case (.odfText, "list-level-style-number"):
            guard let list = self.list, let level = element["level"].flatMap({ Int($0) }) else {
                return
            }
            // A level whose numbers have no format shows none.
            if element["num-format"] != "" { self.styles.addNumbering(list, level: level) }
        case (.odfStyle, let local) where local.hasSuffix("-properties"):
            guard let open = self.open else { return }
            let isHidden =
                element["display"] == "none" || element["display"] == "false"
                || element["visibility"] == "hidden"
            if isHidden { self.styles.hide(open.name, family: open.family) }
            if let position = element["text-position"] {
                self.styles.raise(open.name, family: open.family, textRaise(position))
            }
        default: break
        }
    }
}
