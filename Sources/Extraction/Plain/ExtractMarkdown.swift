internal import Bytes
package import Formats
internal import Markdown
internal import Records

/// Extracts Markdown: front matter becomes metadata, the rest is kept as written.
///
/// - Output: valid UTF-8 in NFC. Comments, hidden elements, thematic breaks and link
///   definitions are left out; the plain text has no marks, link targets or images.
/// - Throws: `.empty` (no text), `.corrupt` (binary content).
/// - Complexity: O(n log n).
package func extractMarkdown(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
    let readable = try readableText(bytes)
    var content = ExtractedContent()
    let start = readFrontMatter(readable.bytes, into: &content)
    var hiddenCount = 0
    readable.bytes.withUnsafeBufferPointer { buffer in
        let text = UnsafeBufferPointer(rebasing: buffer[start...])
        var markup = HiddenMarkup(text)
        for block in parseMarkdownBlocks(text) {
            add(block, text, &markup, to: &content)
        }
        hiddenCount = markup.count
    }
    guard !content.blocks.isEmpty else {
        throw ExtractionError(.empty, "the file holds no text besides marks and front matter")
    }
    if content.title.isEmpty { content.title = firstHeading(of: content) }
    readable.addWarnings(to: &content)
    content.warn("hidden_content", count: hiddenCount)
    return content
}

private func add(
    _ block: Block,
    _ text: UnsafeBufferPointer<UInt8>,
    _ markup: inout HiddenMarkup,
    to content: inout ExtractedContent
) {
    if block.kind == .code {
        guard !markup.isOpen else { return }
        let source = UnsafeBufferPointer(rebasing: text[block.range])
        return content.append(kind: .code, markdown: source, text: codeText(source))
    }
    markup.visible(block.range).withUnsafeBufferPointer { visible in
        guard !visible.isEmpty else { return }
        addVisible(block, visible, to: &content)
    }
}

private func addVisible(
    _ block: Block,
    _ source: UnsafeBufferPointer<UInt8>,
    to content: inout ExtractedContent
) {
    switch block.kind {
    case .heading:
        let text = headingText(source)
        content.append(kind: .heading, level: block.level, markdown: source, text: text)
    case .table:
        content.append(kind: .table, markdown: source, text: tableText(source))
    case .list, .quote:
        content.append(kind: block.kind, markdown: source, text: containerText(source))
    default:
        let kept = withoutDefinitions(Array(source))
        guard !isOnlyBreak(kept) else { return }
        let text = block.kind == .footnote ? footnoteText(kept) : kept
        content.append(kind: block.kind, markdown: kept, text: paragraphText(text))
    }
}

private func isOnlyBreak(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
        var lines = TextLines(buffer)
        guard let line = lines.next(), !line.isBlank else { return true }
        return lines.next() == nil && isThematicBreak(buffer, line)
    }
}

/// Without lines like `[label]: target "title"`.
private func withoutDefinitions(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.first == 0x5B || bytes.firstRange(of: [0x0A, 0x5B]) != nil else { return bytes }
    var kept: [ArraySlice<UInt8>] = []
    for line in bytes.split(separator: 0x0A) where !isDefinition(line) { kept.append(line) }
    return Array(kept.joined(separator: [0x0A]))
}

private func isDefinition(_ line: ArraySlice<UInt8>) -> Bool {
    let content = line.drop { $0 == 0x20 }
    guard content.first == 0x5B, content.dropFirst().first != 0x5E,
        let close = content.firstIndex(of: 0x5D), close > content.startIndex + 1
    else { return false }
    let rest = content[(close + 1)...]
    guard rest.first == 0x3A else { return false }
    let target = rest.dropFirst().drop { $0 == 0x20 }
    guard !target.isEmpty else { return false }
    let behind = target.drop { $0 != 0x20 }.drop { $0 == 0x20 }
    return behind.isEmpty || [0x22, 0x27, 0x28].contains(behind[behind.startIndex])
}

private func footnoteText(_ bytes: [UInt8]) -> [UInt8] {
    guard let colon = bytes.firstRange(of: [0x5D, 0x3A]) else { return bytes }
    return Array(bytes[colon.upperBound...].drop { $0 == 0x20 })
}

extension MarkdownOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractMarkdown(bytes)
    }
}
