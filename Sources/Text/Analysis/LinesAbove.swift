/// Replaces `joined` by a chunk's text behind the lines that stand above it, so that a word of a title finds what
/// it is about: what the chunk's terms and their places are made of.
///
/// A title or heading that the text has itself is not among them.
package func joinLines(
    title: String,
    headings: [String],
    above text: ArraySlice<UInt8>,
    into joined: inout [UInt8]
) {
    joined.removeAll(keepingCapacity: true)
    let above = headings.contains(title) ? headings : [title] + headings
    for line in above where !line.isEmpty && !contains(text, Array(line.utf8)) {
        joined.append(contentsOf: line.utf8)
        joined.append(0x0A)
    }
    joined.append(contentsOf: text)
}

private func contains(_ text: ArraySlice<UInt8>, _ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    var rest = text
    while let start = rest.firstIndex(of: first), rest.endIndex - start >= part.count {
        if rest[start...].starts(with: part) { return true }
        rest = rest[(start + 1)...]
    }
    return false
}
