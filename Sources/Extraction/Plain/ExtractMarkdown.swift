internal import Records

/// Extracts Markdown: front matter becomes metadata, the rest is kept as written.
///
/// - Output: valid UTF-8, not normalised. Comments, thematic breaks and link definitions are left
///   out; the plain text has no marks, link targets or images.
/// - Throws: `.empty` (no text), `.corrupt` (binary content).
/// - Complexity: O(n) for text without pathological emphasis.
package func extractMarkdown(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
    let readable = try readableText(bytes)
    var content = ExtractedContent()
    let start = readFrontMatter(readable.bytes, into: &content)
    readable.bytes.withUnsafeBufferPointer { buffer in
        let text = UnsafeBufferPointer(rebasing: buffer[start...])
        for block in parseMarkdownBlocks(text) {
            add(block, UnsafeBufferPointer(rebasing: text[block.range]), to: &content)
        }
    }
    guard !content.blocks.isEmpty else {
        throw ExtractionError(.empty, "the file holds no text besides marks and front matter")
    }
    if content.title.isEmpty { content.title = firstHeading(content) }
    readable.addWarnings(to: &content)
    return content
}

private func add(
    _ block: Block,
    _ source: UnsafeBufferPointer<UInt8>,
    to content: inout ExtractedContent
) {
    switch block.kind {
    case .code:
        content.append(kind: .code, markdown: source, text: codeText(source))
    case .heading:
        content.append(
            kind: .heading,
            level: block.level,
            markdown: source,
            text: headingText(source)
        )
    case .table:
        content.append(kind: .table, markdown: source, text: tableText(source))
    case .list, .quote:
        let cleaned = withoutComments(source)
        content.append(kind: block.kind, markdown: cleaned, text: containerText(cleaned))
    default:
        let cleaned = withoutDefinitions(withoutComments(source))
        guard !isOnlyBreak(cleaned) else { return }
        let text = block.kind == .footnote ? footnoteText(cleaned) : cleaned
        content.append(kind: block.kind, markdown: cleaned, text: paragraphText(text))
    }
}

private func firstHeading(_ content: ExtractedContent) -> String {
    let headings = zip(content.blocks, content.plainRanges).filter { $0.0.kind == .heading }
    let best = headings.first { $0.0.level == 1 } ?? headings.first
    return best.map { String(decoding: content.text[$0.1], as: UTF8.self) } ?? ""
}

private func isOnlyBreak(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
        var lines = TextLines(buffer)
        guard let line = lines.next(), !line.isBlank else { return true }
        return lines.next() == nil && isThematicBreak(buffer, line)
    }
}

/// Without HTML comments outside code spans; trailing white space of the whole is dropped.
private func withoutComments(_ source: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    var ticks = 0
    while index < source.count {
        let byte = source[index]
        if byte == 0x60 {
            let length = source[index...].prefix { $0 == 0x60 }.count
            if ticks == 0 { ticks = length } else if ticks == length { ticks = 0 }
            result.append(contentsOf: source[index..<index + length])
            index += length
        } else if ticks == 0, source[index...].starts(with: "<!--".utf8) {
            index = commentEnd(source, from: index)
        } else {
            result.append(byte)
            index += 1
        }
    }
    while let last = result.last, last == 0x20 || last == 0x0A || last == 0x09 {
        result.removeLast()
    }
    return Array(result.drop { $0 == 0x0A })
}

private func commentEnd(_ source: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start + 4
    while index + 2 < source.count {
        if source[index] == 0x2D, source[index + 1] == 0x2D, source[index + 2] == 0x3E {
            return index + 3
        }
        index += 1
    }
    return source.count
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
