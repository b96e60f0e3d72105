internal import Bytes

/// Reads the front matter (`---` YAML or `+++` TOML lines) and returns where the text starts.
///
/// `key: value` lines, `[a, b]` and `- item` lists, names of authors below their key and folded
/// values of several lines are understood; all else is skipped. An opening line without a closing one
/// within the limits is text.
func readFrontMatter(_ bytes: [UInt8], into content: inout ExtractedContent) -> Int {
    guard let end = frontMatterEnd(bytes) else { return 0 }
    let isTOML = bytes[0] == 0x2B
    var key = ""
    var isFolded = false
    for line in bytes[..<end.matter].split(separator: 0x0A).dropFirst() {
        let text = String(decoding: line, as: UTF8.self)
        let isIndented = text.hasPrefix(" ") || text.hasPrefix("\t")
        // What follows belongs to a table of its own.
        if isTOML, text.hasPrefix("[") { break }
        if isFolded, isIndented {
            fold(key, blanksTrimmed(text[...]), in: &content)
        } else if let item = listItem(text) {
            set(key, item, appending: true, in: &content)
        } else if isIndented {
            guard let name = nameValue(blanksTrimmed(text[...])) else { continue }
            set(key, name, appending: true, in: &content)
        } else if let mark = text.firstIndex(of: isTOML ? "=" : ":") {
            key = blanksTrimmed(text[..<mark]).lowercased()
            let own = blanksTrimmed(text[text.index(after: mark)...])
            isFolded = !isTOML && ["|", ">", "|-", ">-", "|+", ">+"].contains(own)
            if !isFolded { set(key, value(own[...]), appending: false, in: &content) }
        }
    }
    return end.text
}

/// Adds a line to a value of several lines.
private func fold(_ key: String, _ line: String, in content: inout ExtractedContent) {
    guard !line.isEmpty else { return }
    if key == "title" {
        content.title += content.title.isEmpty ? line : " " + line
    } else if let name = metadataName(key) {
        content.metadata[name] = content.metadata[name].map { $0 + " " + line } ?? line
    }
}

/// `name: A. Miller`, as below `author:`.
private func nameValue(_ text: String) -> String? {
    guard text.lowercased().hasPrefix("name:") else { return nil }
    return unquoted(blanksTrimmed(text.dropFirst(5)))
}

private let maximumFrontMatterBytes = 64 << 10

/// - Returns: where the closing line starts and where the line behind it does.
private func frontMatterEnd(_ bytes: [UInt8]) -> (matter: Int, text: Int)? {
    let isYAML = bytes.starts(with: "---".utf8)
    guard isYAML || bytes.starts(with: "+++".utf8) else { return nil }
    var closings: [[UInt8]] = [Array(bytes[0..<3])]
    if isYAML { closings.append(Array("...".utf8)) }
    return bytes.withUnsafeBufferPointer { buffer in
        let head = UnsafeBufferPointer(rebasing: buffer.prefix(maximumFrontMatterBytes))
        var lines = TextLines(head)
        guard let first = lines.next(), first.contentEnd == 3 else { return nil }
        var isFirst = true
        for line in IteratorSequence(lines) {
            // `---`, blank line: a thematic break at the top of a text.
            if isFirst, line.isBlank { return nil }
            isFirst = false
            let content = head[line.range.lowerBound..<line.contentEnd]
            if closings.contains(where: { content.elementsEqual($0) }) {
                return (line.range.lowerBound, min(line.range.upperBound + 1, buffer.count))
            }
        }
        return nil
    }
}

private func set(
    _ key: String,
    _ value: String,
    appending: Bool,
    in content: inout ExtractedContent
) {
    guard !value.isEmpty else { return }
    if key == "title" {
        if !appending { content.title = value }
        return
    }
    guard let name = metadataName(key) else { return }
    let isDate = name == "published" || name == "modified"
    if isDate {
        if let date = isoDate(value) { content.metadata[name] = date }
    } else if appending || name == "author", let before = content.metadata[name] {
        content.metadata[name] = before + ", " + value
    } else {
        content.metadata[name] = value
    }
}

private func metadataName(_ key: String) -> String? {
    switch key {
    case "author", "authors", "by": "author"
    case "date", "published", "pubdate", "publishdate", "created": "published"
    case "modified", "updated", "lastmod", "last_modified_at": "modified"
    case "description", "summary", "excerpt", "abstract": "description"
    case "lang", "language", "locale": "language"
    case "canonical", "canonical_url", "canonicalurl": "canonical"
    case "license", "licence": "licence"
    default: nil
    }
}

private func listItem(_ line: String) -> String? {
    let text = blanksTrimmed(line[...])
    guard text.hasPrefix("- ") else { return nil }
    let item = blanksTrimmed(text.dropFirst(2))
    return nameValue(item) ?? unquoted(item)
}

private func value(_ text: Substring) -> String {
    let trimmed = blanksTrimmed(text)
    if trimmed.hasPrefix("["), trimmed.hasSuffix("]") {
        return trimmed.dropFirst().dropLast().split(separator: ",")
            .map { unquoted(blanksTrimmed($0)) }.joined(separator: ", ")
    }
    return unquoted(trimmed)
}

private func unquoted(_ text: String) -> String {
    guard let first = text.first, first == "\"" || first == "'" else {
        // A comment needs a blank before it.
        guard let comment = text.firstRange(of: " #") else { return text }
        return blanksTrimmed(text[..<comment.lowerBound])
    }
    guard text.count >= 2, text.last == first else { return text }
    let inner = String(text.dropFirst().dropLast())
    return first == "'"
        ? inner.replacing("''", with: "'") : inner.replacing("\\\"", with: "\"")
}

private func blanksTrimmed(_ text: Substring) -> String {
    var result = text.drop { $0 == " " || $0 == "\t" }
    while let last = result.last, last == " " || last == "\t" { result.removeLast() }
    return String(result)
}
