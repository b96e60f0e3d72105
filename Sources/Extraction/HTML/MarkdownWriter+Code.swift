import Records

/// Code.
extension MarkdownWriter {
    mutating func writeCode(_ node: HTMLNode, at index: Int) {
        let code = self.collectCode(from: index + 1, to: Int(node.end))
        guard !code.isEmpty else { return }
        let fence = codeFence(around: code)
        var markdown = fence
        markdown.append(contentsOf: self.codeLanguage(of: node))
        markdown.append(0x0A)
        markdown.append(contentsOf: code)
        markdown.append(0x0A)
        markdown.append(contentsOf: fence)
        if self.lists.isEmpty {
            self.appendBlock(.code, markdown, code)
        } else {
            self.writeItem(markdown: markdown, text: code)
        }
    }

    private func collectCode(from start: Int, to end: Int) -> [UInt8] {
        var code: [UInt8] = []
        var cursor = start
        while cursor < end {
            let node = self.arena.nodes[cursor]
            if node.isDropped {
                cursor = Int(node.end)
                continue
            }
            if node.tag == .text {
                let run = self.scanned.runs[Int(node.record)]
                code.append(contentsOf: self.scanned.text[Int(run.start)..<Int(run.end)])
            } else if node.tag.role == .box || node.tag == .p || node.tag == .li || node.tag == .tr,
                let last = code.last, last != 0x0A
            {
                code.append(0x0A)
            }
            cursor += 1
        }
        return trimmedLines(code)
    }

    /// The language named by the element or the two around it.
    private func codeLanguage(of node: HTMLNode) -> [UInt8] {
        var current = node
        for _ in 0..<3 {
            if current.record >= 0, current.tag != .text {
                let range = self.scanned.elements[Int(current.record)].codeLanguage
                if !range.isEmpty { return Self.languageName(self.source[range.range]) }
            }
            guard current.parent > 0 else { break }
            current = self.arena.nodes[Int(current.parent)]
        }
        return []
    }

    private static func languageName(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        let isWord: (UInt8) -> Bool = {
            isAlphanumeric($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x23 || $0 == 0x5F || $0 == 0x2E
        }
        guard name.allSatisfy(isWord) else { return [] }
        let lower = String(decoding: name, as: UTF8.self).lowercased()
        switch lower {
        case "default", "none", "text", "plain", "plaintext", "notranslate", "nohighlight",
            "output":
            return []
        case "python3", "py", "ipython3": return Array("python".utf8)
        default: return Array(lower.utf8)
        }
    }
}

/// Code without blank lines at its ends and blanks at its last.
private func trimmedLines(_ code: [UInt8]) -> [UInt8] {
    var end = code.count
    while end > 0, isHTMLBlank(code[end - 1]) { end -= 1 }
    var start = 0
    var cursor = 0
    while cursor < end, isHTMLBlank(code[cursor]) {
        cursor += 1
        if code[cursor - 1] == 0x0A { start = cursor }
    }
    return Array(code[start..<end])
}
