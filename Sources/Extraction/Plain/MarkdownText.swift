internal import Bytes
internal import Markdown

/// The code between fences, or indented code without its four columns.
func codeText(_ source: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var lines = Array(TextLines(source))
    guard let first = lines.first else { return [] }
    if first.indent < 4, let fence = markdownFence(source, first) {
        lines.removeFirst()
        if let last = lines.last, fence.isClosed(by: last, in: source) { lines.removeLast() }
        return Array(lines.map { source[$0.range] }.joined(separator: [0x0A]))
    }
    return Array(lines.map { source[unindented($0, in: source)] }.joined(separator: [0x0A]))
}

private func unindented(_ line: TextLine, in source: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    var start = line.range.lowerBound
    var column = 0
    while start < line.range.upperBound, column < 4 {
        if source[start] == 0x20 {
            column += 1
        } else if source[start] == 0x09 {
            column = 4
        } else {
            break
        }
        start += 1
    }
    return start..<line.range.upperBound
}

/// A heading without `#` marks or underline.
func headingText(_ source: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var lines = Array(TextLines(source))
    guard let first = lines.first else { return [] }
    if let level = atxLevel(source, first) {
        var content = source[first.contentStart + level..<first.contentEnd]
        let marks = content.reversed().prefix { $0 == 0x23 }.count
        let before = content.dropLast(marks)
        if marks > 0, before.isEmpty || before.last == 0x20 || before.last == 0x09 {
            content = before
        }
        return inlineText(trimmed(Array(content)))
    }
    lines.removeLast()
    let parts = lines.map { Array(source[$0.contentStart..<$0.contentEnd]) }
    return inlineText(Array(parts.joined(separator: [0x20])))
}

/// Cells separated by tabs, rows by line feeds, without the delimiter row.
func tableText(_ source: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var rows: [[UInt8]] = []
    for (index, line) in TextLines(source).enumerated() where index != 1 {
        let cells = tableCells(source[line.contentStart..<line.contentEnd])
        rows.append(Array(cells.map { inlineText(trimmed($0)) }.joined(separator: [0x09])))
    }
    return Array(rows.joined(separator: [0x0A]))
}

private func tableCells(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> [[UInt8]] {
    var cells: [[UInt8]] = [[]]
    var isEscaped = false
    for byte in line {
        if byte == 0x7C, !isEscaped {
            cells.append([])
        } else {
            if byte == 0x7C { cells[cells.count - 1].removeLast() }
            cells[cells.count - 1].append(byte)
        }
        isEscaped = byte == 0x5C && !isEscaped
    }
    if let first = cells.first, trimmed(first).isEmpty { cells.removeFirst() }
    if let last = cells.last, trimmed(last).isEmpty { cells.removeLast() }
    return cells
}

/// Lines joined by blanks.
func paragraphText(_ source: [UInt8]) -> [UInt8] {
    inlineText(
        source.withUnsafeBufferPointer { buffer in
            let lines = TextLines(buffer).filter { !$0.isBlank }
            let parts = lines.map { line -> Slice<UnsafeBufferPointer<UInt8>> in
                var end = line.contentEnd
                // A backslash at the end of a line is a hard break.
                if line.range.upperBound < buffer.count, buffer[end - 1] == 0x5C { end -= 1 }
                return buffer[line.contentStart..<max(end, line.contentStart)]
            }
            return Array(parts.joined(separator: [0x20]))
        }
    )
}

/// The lines of a list or quote without markers; code inside is kept as it is.
func containerText(_ buffer: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var items: [(text: [UInt8], isCode: Bool)] = []
    var fence: MarkdownFence?
    var isOpen = false
    for line in TextLines(buffer) {
        let inner = withoutMarkers(line, in: buffer)
        if let open = fence {
            if open.isClosed(by: inner.line, in: buffer) {
                fence = nil
            } else {
                items.append((Array(buffer[line.range]), true))
            }
            isOpen = false
        } else if inner.line.isBlank {
            isOpen = false
        } else if let opened = markdownFence(buffer, inner.line) {
            fence = opened
            isOpen = false
        } else {
            let text = buffer[inner.line.contentStart..<inner.line.contentEnd]
            if isOpen, !inner.startsItem {
                items[items.count - 1].text.append(0x20)
                items[items.count - 1].text.append(contentsOf: text)
            } else {
                items.append((Array(text), false))
            }
            isOpen = true
        }
    }
    return Array(
        items.map { $0.isCode ? $0.text : inlineText($0.text) }.joined(separator: [0x0A])
    )
}

/// A line behind its quote marks, list markers and task box.
private func withoutMarkers(
    _ line: TextLine,
    in text: UnsafeBufferPointer<UInt8>
) -> (line: TextLine, startsItem: Bool) {
    var result = line
    var startsItem = false
    for _ in 0..<16 {
        guard !result.isBlank else { break }
        if text[result.contentStart] == 0x3E {
            result.contentStart += 1
        } else if !isThematicBreak(text, result), let marker = markdownMarker(text, result) {
            result.contentStart += marker.length
            startsItem = true
        } else {
            break
        }
        while result.contentStart < result.contentEnd, text[result.contentStart] == 0x20 {
            result.contentStart += 1
        }
    }
    if let level = atxLevel(text, result) {
        result.contentStart = min(result.contentStart + level + 1, result.contentEnd)
        startsItem = true
    }
    if startsItem, result.contentEnd - result.contentStart > 4 {
        let box = Array(text[result.contentStart..<result.contentStart + 4])
        if [Array("[ ] ".utf8), Array("[x] ".utf8), Array("[X] ".utf8)].contains(box) {
            result.contentStart += 4
        }
    }
    return (result, startsItem)
}

private func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes[...].drop { $0 == 0x20 || $0 == 0x09 }
    while let last = result.last, last == 0x20 || last == 0x09 { result.removeLast() }
    return Array(result)
}
