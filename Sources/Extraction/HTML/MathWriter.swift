/// Writes the nodes of a formula as LaTeX.
struct MathWriter {
    let nodes: [MathMarkup.Node]
    private(set) var output: [UInt8] = []

    init(nodes: [MathMarkup.Node]) {
        self.nodes = nodes
    }

    /// Writes a node with what it holds; the reader bounds the depth.
    mutating func write(_ index: Int, depth: Int) {
        guard index >= 0, depth <= MathMarkup.depthLimit + 2 else { return }
        let node = self.nodes[index]
        let parts = self.children(of: node)
        switch node.element {
        case .mi: self.writeIdentifier(node.text)
        case .mn, .mo: self.writeEscaped(node.text)
        case .mtext, .ms: self.writeText(node.text)
        case .mspace: self.output.append(UInt8(ascii: " "))
        case .annotation, .annotationXML, .mphantom, .mprescripts, .none: break
        case .mfrac where parts.count == 2:
            self.command("\\frac")
            for part in parts { self.group(part, depth) }
        case .msqrt:
            self.command("\\sqrt")
            self.braced { $0.writeAll(parts, depth) }
        case .mroot where parts.count == 2:
            self.command("\\sqrt[")
            self.write(parts[1], depth: depth + 1)
            self.append("]")
            self.group(parts[0], depth)
        case .msup where parts.count == 2: self.scripts(parts[0], nil, parts[1], depth)
        case .msub where parts.count == 2: self.scripts(parts[0], parts[1], nil, depth)
        case .msubsup where parts.count == 3, .munderover where parts.count == 3:
            self.scripts(parts[0], parts[1], parts[2], depth)
        case .munder where parts.count == 2: self.scripts(parts[0], parts[1], nil, depth)
        case .mover where parts.count == 2: self.writeOver(parts[0], parts[1], depth)
        case .mtable: self.writeTable(parts, depth)
        case .mfenced: self.writeFenced(parts, depth)
        case .semantics:
            if let first = parts.first { self.write(first, depth: depth + 1) }
        default: self.writeAll(parts, depth)
        }
    }

    private func children(of node: MathMarkup.Node) -> [Int] {
        var parts: [Int] = []
        var child = node.firstChild
        while child >= 0 {
            parts.append(child)
            child = self.nodes[child].next
        }
        return parts
    }

    private mutating func writeAll(_ parts: [Int], _ depth: Int) {
        for part in parts { self.write(part, depth: depth + 1) }
    }

    // MARK: Elements

    private mutating func writeIdentifier(_ text: [UInt8]) {
        if isOneCharacter(text) {
            self.writeEscaped(text)
        } else if functionNames.contains(String(decoding: text, as: UTF8.self)) {
            self.command("\\" + String(decoding: text, as: UTF8.self))
        } else if !text.isEmpty {
            self.command("\\mathrm")
            self.braced { $0.writeEscaped(text) }
        }
    }

    private mutating func writeText(_ text: [UInt8]) {
        guard !text.isEmpty else { return }
        self.command("\\text")
        self.braced { $0.writeEscaped(text) }
    }

    private mutating func scripts(_ base: Int, _ lower: Int?, _ upper: Int?, _ depth: Int) {
        let node = self.nodes[base]
        let isPlain = node.firstChild < 0 || self.nodes[node.firstChild].next < 0
        if isPlain { self.write(base, depth: depth + 1) } else { self.group(base, depth) }
        if let lower { self.script("_", lower, depth) }
        if let upper { self.script("^", upper, depth) }
    }

    private mutating func script(_ mark: String, _ index: Int, _ depth: Int) {
        var inner = MathWriter(nodes: self.nodes)
        inner.write(index, depth: depth + 1)
        guard !inner.output.isEmpty else { return }
        self.append(mark)
        if isOneCharacter(inner.output) {
            self.output += inner.output
        } else {
            self.braced { $0.output += inner.output }
        }
    }

    private mutating func writeOver(_ base: Int, _ over: Int, _ depth: Int) {
        let mark = String(decoding: self.nodes[over].text, as: UTF8.self)
        guard let accent = accents[mark] else {
            self.scripts(base, nil, over, depth)
            return
        }
        self.command(accent)
        self.group(base, depth)
    }

    private mutating func writeTable(_ rows: [Int], _ depth: Int) {
        self.command("\\begin{matrix} ")
        for (number, row) in rows.enumerated() {
            if number > 0 { self.append(" \\\\ ") }
            for (column, cell) in self.children(of: self.nodes[row]).enumerated() {
                if column > 0 { self.append(" & ") }
                self.write(cell, depth: depth + 2)
            }
        }
        self.append(" \\end{matrix}")
    }

    private mutating func writeFenced(_ parts: [Int], _ depth: Int) {
        self.append("(")
        for (number, part) in parts.enumerated() {
            if number > 0 { self.append(",") }
            self.write(part, depth: depth + 1)
        }
        self.append(")")
    }

    // MARK: Output

    private mutating func group(_ index: Int, _ depth: Int) {
        self.braced { $0.write(index, depth: depth + 1) }
    }

    private mutating func braced(_ body: (inout MathWriter) -> Void) {
        self.append("{")
        body(&self)
        self.append("}")
    }

    private mutating func command(_ name: String) { self.output += Array(name.utf8) }

    private mutating func append(_ text: String) { self.output += Array(text.utf8) }

    private mutating func writeEscaped(_ text: [UInt8]) {
        // U+2061 to U+2064 stand for operations that are not seen.
        if text.count == 3, text[0] == 0xE2, text[1] == 0x81, (0xA1...0xA4).contains(text[2]) {
            return
        }
        if let first = text.first, isAlphanumeric(first), self.endsInCommand {
            self.output.append(UInt8(ascii: " "))
        }
        for byte in text {
            if escaped.contains(byte) { self.output.append(UInt8(ascii: "\\")) }
            self.output.append(byte)
        }
    }

    /// Whether a letter written next would become part of a command's name.
    private var endsInCommand: Bool {
        let name = self.output.suffix(16).reversed().prefix { isAlphanumeric($0) }.count
        let before = self.output.count - name - 1
        return name > 0 && before >= 0 && self.output[before] == UInt8(ascii: "\\")
    }
}

private let escaped = Array("{}%#&_$".utf8)
private let functionNames: Set<String> = [
    "sin", "cos", "tan", "cot", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "log", "ln",
    "exp", "lim", "max", "min", "sup", "inf", "det", "dim", "ker", "gcd", "arg", "deg",
]
private let accents: [String: String] = [
    "¯": "\\overline", "‾": "\\overline", "―": "\\overline", "_": "\\overline", "^": "\\hat",
    "ˆ": "\\hat", "~": "\\tilde", "˜": "\\tilde", "→": "\\vec", "⃗": "\\vec", "˙": "\\dot",
    "¨": "\\ddot",
]

private func isOneCharacter(_ text: [UInt8]) -> Bool {
    guard let lead = text.first else { return false }
    return text.count == (lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4)
}
