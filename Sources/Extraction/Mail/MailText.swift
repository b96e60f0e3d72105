internal import Bytes
internal import Records

/// How the lines of a plain text part belong together.
///
/// - Source: RFC 3676.
enum TextFlow {
    /// As they are.
    case fixed
    /// A line that ends with a space goes on in the next.
    case joined
    /// The same, and the space is none.
    case joinedWithoutSpace
}

/// Appends a message's plain text: paragraphs, quoted replies and the signature.
///
/// - Input: valid UTF-8 with LF line ends.
/// - Complexity: O(n).
func appendMailText(_ text: [UInt8], flow: TextFlow, to content: inout ExtractedContent) {
    let lines = quotedLines(text, flow: flow)
    let signature = signatureRange(in: lines)
    let original = originalMessageStart(in: lines)
    var start = 0
    for index in 0...lines.count {
        let isEnd = index == lines.count
        let kind = isEnd ? nil : lines[index].kind(index, signature: signature, original: original)
        let isBreak =
            isEnd || lines[index].isBlank && kind == .paragraph
            || index > start
                && kind != lines[start].kind(start, signature: signature, original: original)
        guard isBreak else { continue }
        appendBlock(
            lines[start..<index],
            kind: start < lines.count
                ? lines[start].kind(start, signature: signature, original: original) : .paragraph,
            to: &content
        )
        start = index
    }
}

/// A line without its quote marks.
struct MailLine {
    /// How many replies ago it was written.
    var depth: Int
    var text: [UInt8]

    var isBlank: Bool { self.text.allSatisfy(\.isASCIISpace) }

    fileprivate func kind(_ index: Int, signature: Range<Int>?, original: Int?) -> Block.Kind {
        if self.depth > 0 { return .quote }
        if let original, index >= original { return .quote }
        return signature?.contains(index) == true ? .signature : .paragraph
    }
}

private func quotedLines(_ text: [UInt8], flow: TextFlow) -> [MailLine] {
    var lines: [MailLine] = []
    var isOpen = false
    text.withUnsafeBufferPointer { buffer in
        for line in TextLines(buffer) {
            var rest = text[line.range]
            if rest.last == .lineFeed { rest = rest.dropLast() }
            let depth = takeQuoteMarks(&rest, flow: flow)
            let isSignatureMark = rest.elementsEqual("-- ".utf8)
            if isOpen, !isSignatureMark, lines.last?.depth == depth {
                lines[lines.count - 1].text += rest
            } else {
                lines.append(MailLine(depth: depth, text: Array(rest)))
            }
            isOpen = flow != .fixed && !isSignatureMark && rest.last == .space
            if isOpen, flow == .joinedWithoutSpace { lines[lines.count - 1].text.removeLast() }
        }
    }
    return lines
}

/// Drops `>` and `> >` from a line's start, and the space that flowed text is stuffed with.
private func takeQuoteMarks(_ line: inout ArraySlice<UInt8>, flow: TextFlow) -> Int {
    var depth = 0
    var rest = line
    while rest.first == .greaterThan {
        depth += 1
        rest = rest.dropFirst()
        if flow == .fixed, rest.first == .space, rest.dropFirst().first == .greaterThan {
            rest = rest.dropFirst()
        }
    }
    // A mailbox writes a line that begins with "From " so; it is no quote.
    if depth == 1, rest.starts(with: "From ".utf8) {
        line = rest
        return 0
    }
    if depth > 0 || flow != .fixed, rest.first == .space { rest = rest.dropFirst() }
    line = rest
    return depth
}

/// The lines from `-- ` to the next quote or the end.
///
/// - Source: RFC 3676 §4.3; programs that strip spaces write `--`, which counts where little follows.
private func signatureRange(in lines: [MailLine]) -> Range<Int>? {
    for (index, line) in lines.enumerated().reversed() where line.depth == 0 {
        let isExact = line.text.elementsEqual("-- ".utf8)
        guard isExact || line.text.elementsEqual("--".utf8) else { continue }
        let end = lines[index...].firstIndex { $0.depth > 0 } ?? lines.count
        if isExact || end - index <= strippedSignatureLineCountMax { return index..<end }
    }
    return nil
}

private let strippedSignatureLineCountMax = 15

/// Where a message begins that the writer answers or sends on, without quote marks.
private func originalMessageStart(in lines: [MailLine]) -> Int? {
    lines.indices.first { index in
        guard lines[index].depth == 0 else { return false }
        if isRuler(lines[index].text),
            let next = lines[(index + 1)...].first(where: { !$0.isBlank }),
            isReplyField(next.text)
        {
            return true
        }
        return isReplyHead(lines[index..<min(index + 6, lines.count)].lazy.map(\.text))
    }
}

/// `-----Original Message-----`, in any language, or a line of underscores.
private func isRuler(_ line: [UInt8]) -> Bool {
    guard let first = line.first(where: { $0 != .space }),
        first == .hyphen || first == .underscore
    else { return false }
    let line = line.filter { $0 != .space }
    guard line.count >= 8 else { return false }
    if line.allSatisfy({ $0 == .underscore }) { return true }
    return line.prefix(4).allSatisfy { $0 == .hyphen }
        && line.suffix(4).allSatisfy { $0 == .hyphen }
        && line.contains { $0 != .hyphen }
}

/// Whether lines are the head that programs put above the message they answer: sender, date, subject.
func isReplyHead(_ lines: some Collection<[UInt8]>) -> Bool {
    guard let first = lines.first, label(of: first).map(senderLabels.contains) == true else {
        return false
    }
    let labels = lines.dropFirst().compactMap { label(of: $0) }
    return labels.contains(where: subjectLabels.contains) && labels.count >= 2
}

private func isReplyField(_ line: [UInt8]) -> Bool {
    label(of: line).map { senderLabels.contains($0) || subjectLabels.contains($0) || $0 == "date" }
        == true
}

/// The word before a line's colon, narrow or wide, in lower case, without emphasis.
private func label(of line: [UInt8]) -> String? {
    let start = line.prefix(32)
    guard let colon = start.firstIndex(of: .colon) else {
        return start.firstRange(of: wideColon).map {
            String(decoding: start[..<$0.lowerBound], as: UTF8.self)
        }
    }
    let word = line[..<colon].filter { $0 != .asterisk && $0 != .space }
    return word.isEmpty ? nil : String(decoding: word, as: UTF8.self).lowercased()
}

/// U+FF1A.
private let wideColon: [UInt8] = [0xEF, 0xBC, 0x9A]

private let senderLabels: Set<String> = [
    "from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "от", "kimden", "feladó",
    "差出人", "发件人", "보낸사람",
]
private let subjectLabels: Set<String> = [
    "subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "ämne", "emne", "aihe",
    "assunto", "temat", "předmět", "тема", "konu", "tárgy", "件名", "主题", "제목",
]

private func appendBlock(
    _ lines: ArraySlice<MailLine>,
    kind: Block.Kind,
    to content: inout ExtractedContent
) {
    let lines = lines.drop(while: \.isBlank)
    guard let last = lines.lastIndex(where: { !$0.isBlank }) else { return }
    var markdown: [UInt8] = []
    var text: [UInt8] = []
    for line in lines[...last] {
        let words = line.text[..<endOfWords(line.text)]
        text += words
        if kind == .quote {
            markdown += repeatElement(.greaterThan, count: max(line.depth, 1))
            if !words.isEmpty { markdown.append(.space) }
        }
        markdown += words
        text.append(.lineFeed)
        markdown.append(.lineFeed)
    }
    content.append(kind: kind, markdown: markdown.dropLast(), text: text.dropLast())
}

/// Behind the last byte that is no blank.
private func endOfWords(_ line: [UInt8]) -> Int {
    line.lastIndex { !$0.isASCIIBlank }.map { $0 + 1 } ?? 0
}

/// HTML of a message with its signature and what it answers as such, where the page's marks do not say so.
func markedQuotes(in page: ExtractedContent) -> ExtractedContent {
    var marked = page
    var kind: Block.Kind?
    for index in marked.blocks.indices {
        let block = marked.blocks[index]
        let text = page.text[page.plainRanges[index]]
        let lines = text.split(separator: .lineFeed, maxSplits: 6, omittingEmptySubsequences: false)
            .prefix(6).map { Array($0) }
        if block.kind == .quote {
            kind = kind == .signature ? nil : kind
            continue
        }
        if kind != .quote, isReplyHead(lines) { kind = .quote }
        if kind == nil, let first = lines.first,
            first.elementsEqual("-- ".utf8) || first.elementsEqual("--".utf8)
        {
            kind = .signature
        }
        // Tables, lists and code stay what they are.
        if let kind, block.kind == .paragraph { marked.blocks[index].kind = kind }
    }
    return marked
}
