/// A formula of an office document, collected from its XML and written as LaTeX.
///
/// - Source: ECMA-376 part 1, §22.1 (Office Math Markup).
struct WordMath {
    private struct Element {
        var name: String
        var text: [UInt8] = []
        var children: [Int] = []
        /// Values of the elements in its `…Pr` part: signs, types and switches.
        var properties: [String: String] = [:]
    }

    /// A choice: more is no formula.
    private static let elementLimit = 20_000
    private static let textByteLimit = 64 << 10

    private var elements = [Element(name: "oMath")]
    private var open = [0]
    /// Elements that are open inside of a `…Pr` part, itself included.
    private var propertyDepth = 0
    private var textByteCount = 0

    mutating func start(_ name: String, value: String?) {
        if self.propertyDepth > 0 || name.hasSuffix("Pr") {
            self.propertyDepth += 1
            if self.propertyDepth > 1, let last = self.open.last {
                self.elements[last].properties[name] = value ?? "1"
            }
            return
        }
        guard self.elements.count < Self.elementLimit, let parent = self.open.last else {
            self.open.append(0)
            return
        }
        self.elements.append(Element(name: name))
        self.elements[parent].children.append(self.elements.count - 1)
        self.open.append(self.elements.count - 1)
    }

    mutating func end(_ name: String) {
        if self.propertyDepth > 0 {
            self.propertyDepth -= 1
        } else if self.open.count > 1 {
            self.open.removeLast()
        }
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.propertyDepth == 0, let last = self.open.last,
            self.elements[last].name == "t",
            self.textByteCount + bytes.count <= Self.textByteLimit
        else { return }
        self.textByteCount += bytes.count
        self.elements[last].text += bytes
    }

    /// The formula in LaTeX, or nothing.
    var latex: [UInt8] {
        var converter = Converter(elements: self.elements)
        let root = converter.row(self.elements[0].children, depth: 0)
        var writer = MathWriter(nodes: converter.nodes)
        writer.write(root, depth: 0)
        return writer.output
    }

    /// Makes the nodes that MathML has for the same formula.
    private struct Converter {
        let elements: [Element]
        var nodes: [MathMarkup.Node] = []

        init(elements: [Element]) { self.elements = elements }

        mutating func leaf(_ kind: MathMarkup.Element, _ text: [UInt8]) -> Int {
            self.nodes.append(MathMarkup.Node(element: kind, text: text))
            return self.nodes.count - 1
        }

        mutating func node(_ kind: MathMarkup.Element, _ children: [Int]) -> Int {
            for (child, next) in zip(children, children.dropFirst()) {
                self.nodes[child].next = next
            }
            self.nodes.append(MathMarkup.Node(element: kind))
            if let first = children.first { self.nodes[self.nodes.count - 1].firstChild = first }
            return self.nodes.count - 1
        }

        mutating func row(_ children: [Int], depth: Int) -> Int {
            let parts = children.map { self.convert($0, depth: depth + 1) }
            return parts.count == 1 ? parts[0] : self.node(.mrow, parts)
        }

        /// The part of an element that `name` names, such as a numerator.
        private mutating func part(_ name: String, of element: Element, depth: Int) -> Int {
            let found = element.children.first { self.elements[$0].name == name }
            return self.row(found.map { self.elements[$0].children } ?? [], depth: depth)
        }

        private func has(_ name: String, in element: Element) -> Bool {
            element.children.contains {
                self.elements[$0].name == name && !self.elements[$0].children.isEmpty
            }
        }

        mutating func convert(_ index: Int, depth: Int) -> Int {
            let element = self.elements[index]
            guard depth < MathMarkup.depthLimit else { return self.node(.mrow, []) }
            func sign(_ name: String, _ usual: String) -> [UInt8] {
                Array((element.properties[name] ?? usual).utf8)
            }
            switch element.name {
            case "t": return self.leaf(.mo, element.text)
            case "r" where element.properties["nor"] != nil:
                return self.leaf(.mtext, element.children.flatMap { self.elements[$0].text })
            case "fName": return self.functionName(element, depth)
            case "f":
                let parts = [
                    self.part("num", of: element, depth: depth),
                    self.part("den", of: element, depth: depth),
                ]
                guard element.properties["type"] == "lin" else { return self.node(.mfrac, parts) }
                let slash = self.leaf(.mo, [UInt8(ascii: "/")])
                return self.node(.mrow, [parts[0], slash, parts[1]])
            case "sSup":
                return self.scripts(element, .msup, ["e", "sup"], depth)
            case "sSub":
                return self.scripts(element, .msub, ["e", "sub"], depth)
            case "sSubSup":
                return self.scripts(element, .msubsup, ["e", "sub", "sup"], depth)
            case "sPre":
                let empty = self.node(.mrow, [])
                let lower = self.part("sub", of: element, depth: depth)
                let upper = self.part("sup", of: element, depth: depth)
                let before = self.node(.msubsup, [empty, lower, upper])
                return self.node(.mrow, [before, self.part("e", of: element, depth: depth)])
            case "limLow": return self.scripts(element, .munder, ["e", "lim"], depth)
            case "limUpp": return self.scripts(element, .munderover, ["e", "", "lim"], depth)
            case "rad":
                let base = self.part("e", of: element, depth: depth)
                guard self.has("deg", in: element) else { return self.node(.msqrt, [base]) }
                return self.node(.mroot, [base, self.part("deg", of: element, depth: depth)])
            case "d": return self.delimited(element, depth)
            case "nary":
                let base = self.leaf(.mo, sign("chr", "∫"))
                let lower = self.part("sub", of: element, depth: depth)
                let upper = self.part("sup", of: element, depth: depth)
                let scripts = self.node(.msubsup, [base, lower, upper])
                return self.node(.mrow, [scripts, self.part("e", of: element, depth: depth)])
            case "acc":
                let base = self.part("e", of: element, depth: depth)
                return self.node(.mover, [base, self.leaf(.mo, sign("chr", "^"))])
            case "bar":
                let base = self.part("e", of: element, depth: depth)
                guard element.properties["pos"] == "top" else { return base }
                return self.node(.mover, [base, self.leaf(.mo, Array("¯".utf8))])
            case "m", "eqArr": return self.matrix(element, depth)
            case "phant" where element.properties["show"] == "0": return self.node(.mrow, [])
            default: return self.row(element.children, depth: depth)
            }
        }

        private mutating func scripts(
            _ element: Element,
            _ kind: MathMarkup.Element,
            _ names: [String],
            _ depth: Int
        ) -> Int {
            let parts = names.map { self.part($0, of: element, depth: depth) }
            return self.node(kind, parts)
        }

        /// `sin` and its like; their runs are letters that stand upright.
        private mutating func functionName(_ element: Element, _ depth: Int) -> Int {
            guard element.children.count == 1,
                case let run = self.elements[element.children[0]], run.name == "r"
            else { return self.row(element.children, depth: depth) }
            return self.leaf(.mi, run.children.flatMap { self.elements[$0].text })
        }

        private mutating func delimited(_ element: Element, _ depth: Int) -> Int {
            func sign(_ name: String, _ usual: String) -> [UInt8] {
                Array((element.properties[name] ?? usual).utf8)
            }
            var parts = [self.leaf(.mo, sign("begChr", "("))]
            for (number, child) in element.children.enumerated() {
                if number > 0 { parts.append(self.leaf(.mo, sign("sepChr", "|"))) }
                parts.append(self.row(self.elements[child].children, depth: depth))
            }
            parts.append(self.leaf(.mo, sign("endChr", ")")))
            return self.node(.mrow, parts)
        }

        private mutating func matrix(_ element: Element, _ depth: Int) -> Int {
            let rows = element.children.map { child -> Int in
                let row = self.elements[child]
                let cells = row.name == "mr" ? row.children : [child]
                let parts = cells.map { cell -> Int in
                    let inner = self.row(self.elements[cell].children, depth: depth + 1)
                    return self.node(.mtd, [inner])
                }
                return self.node(.mtr, parts)
            }
            return self.node(.mtable, rows)
        }
    }
}
