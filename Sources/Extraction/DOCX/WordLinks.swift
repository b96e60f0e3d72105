internal import Formats

/// A link whose text is being read.
struct OpenWordLink {
    var target: [UInt8]
    /// Where its text begins in the paragraph's Markdown.
    var start: Int
}

/// A field: an instruction, and what the program that wrote the file showed for it.
struct WordField {
    var instruction = ""
    var isLink = false
}

/// Links to addresses, as elements and as fields; what leads to a place within the document is text.
extension WordReader {
    func openLink(_ target: String?) {
        self.writeRaised()
        guard let last = self.paragraphs.indices.last else { return }
        let address =
            self.options.links == .urls ? target.flatMap { linkAddress(Array($0.utf8)) } : nil
        let start = self.paragraphs[last].line.markdown.count
        self.paragraphs[last].links.append(OpenWordLink(target: address ?? [], start: start))
    }

    func closeLink() {
        self.writeRaised()
        guard let last = self.paragraphs.indices.last,
            let link = self.paragraphs[last].links.popLast()
        else { return }
        self.paragraphs[last].line.link(from: link.start, to: link.target)
    }

    func changeField(_ type: String?) {
        switch type {
        case "begin":
            if self.fields.count < maximumFields { self.fields.append(WordField()) }
        case "separate":
            guard let last = self.fields.indices.last,
                let target = hyperlinkTarget(self.fields[last].instruction)
            else { return }
            self.fields[last].isLink = true
            self.openLink(target)
        default:
            if self.fields.popLast()?.isLink == true { self.closeLink() }
        }
    }

    func appendInstruction(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let last = self.fields.indices.last,
            self.fields[last].instruction.utf8.count + bytes.count <= maximumInstructionBytes
        else { return }
        self.fields[last].instruction += String(decoding: bytes, as: UTF8.self)
    }
}

private let maximumFields = 64
private let maximumInstructionBytes = 4_096

extension WordLine {
    /// Makes the Markdown from `start` on a link; blanks at its ends stay outside.
    mutating func link(from start: Int, to target: [UInt8]) {
        var first = start
        var end = self.markdown.count
        while first < end, self.markdown[first] <= 0x20 { first += 1 }
        while end > first, self.markdown[end - 1] <= 0x20 { end -= 1 }
        guard !target.isEmpty, first < end else { return }
        self.markdown.insert(contentsOf: "](".utf8 + target + ")".utf8, at: end)
        self.markdown.insert(0x5B, at: first)
    }
}

/// The address in `HYPERLINK "address" \\o "tip"`; nil for other fields and for places (`\\l`).
func hyperlinkTarget(_ instruction: String) -> String? {
    let words = instruction.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].uppercased() == "HYPERLINK" else { return nil }
    let rest = words[1].drop { $0 == " " }
    guard rest.first == "\"" else {
        return rest.first == "\\" ? nil : rest.split(separator: " ").first.map { String($0) }
    }
    return rest.dropFirst().split(separator: "\"", omittingEmptySubsequences: false).first
        .map { String($0) }
}
