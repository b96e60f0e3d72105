internal import Bytes

/// The rows of a table and their cells, as they are written.
struct LaTeXCells {
    private(set) var rows: [[[UInt8]]] = [[[]]]

    private static let rules = [
        "hline", "toprule", "midrule", "bottomrule", "endhead", "endfirsthead", "endfoot",
        "endlastfoot", "cline", "cmidrule",
    ]

    init(_ body: [UInt8]) {
        var index = 0
        var depth = 0
        while index < body.count {
            let byte = body[index]
            if byte == .backslash, index + 1 < body.count {
                index = self.takeCommand(body, at: index, isNested: depth > 0)
                continue
            }
            if byte == .leftBrace { depth += 1 }
            if byte == .rightBrace { depth -= 1 }
            if byte == .ampersand, depth <= 0 {
                self.rows[self.rows.count - 1].append([])
            } else {
                self.append(CollectionOfOne(byte))
            }
            index += 1
        }
    }

    /// Takes a line's end, a rule, or a command as it is; gives the index behind it.
    private mutating func takeCommand(_ body: [UInt8], at index: Int, isNested: Bool) -> Int {
        if body[index + 1] == .backslash, !isNested {
            self.rows.append([[]])
            return index + 2
        }
        let name = body[(index + 1)...].prefix(while: \.isASCIILetter)
        guard !name.isEmpty else {
            self.append(body[index...(index + 1)])
            return index + 2
        }
        let end = index + 1 + name.count
        if name.elementsEqual("tabularnewline".utf8) {
            self.rows.append([[]])
            return end
        }
        guard Self.rules.contains(String(decoding: name, as: UTF8.self)) else {
            self.append(body[index..<end])
            return end
        }
        let isRange = end < body.count && "({".utf8.contains(body[end])
        let close = isRange ? body[end...].prefix(64).firstIndex(of: .rightBrace) : nil
        return close.map { $0 + 1 } ?? end
    }

    private mutating func append(_ bytes: some Collection<UInt8>) {
        let row = self.rows.count - 1
        self.rows[row][self.rows[row].count - 1].append(contentsOf: bytes)
    }
}
