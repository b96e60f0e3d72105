internal import Bytes
internal import Records

/// Extracts a mailbox in the form of Unix: its messages are documents of their own.
///
/// - Output: the subjects as a list; the metadata `messages` counts them.
/// - Complexity: O(n).
/// - Source: RFC 4155; the quoting of lines that begin with "From " as in the variant mboxrd.
func extractMailbox(
    _ bytes: [UInt8],
    budget: ChildBudget,
    take: (ChildDocument) -> Bool
) throws(ExtractionError) -> ExtractedContent {
    let ranges = messageRanges(in: bytes)
    var subjects: [String] = []
    let leftOut = budget.handOut(ranges, to: take) { index, range in
        let message = budget.spend(range.count) { unquotedMessage(bytes[range]) }
        if case .success(let message) = message { subjects.append(subject(of: message)) }
        return ChildDocument(suffix: "#\(index + 1)", mediaType: .mail, bytes: message)
    }
    guard !ranges.isEmpty else { throw ExtractionError(.empty, "the mailbox holds no message") }
    var content = ExtractedContent()
    appendList(of: subjects.filter { !$0.isEmpty }, to: &content)
    content.metadata["messages"] = "\(ranges.count)"
    content.warn("children_left_out", count: leftOut)
    return content
}

/// Whether bytes begin as a mailbox does: with a line such as `From jane Mon Jan  1 00:00:00 2024`.
func startsMailbox(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
        startsMessage(buffer, at: 0)
    }
}

/// The messages without their "From " lines.
private func messageRanges(in bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    bytes.withUnsafeBufferPointer { buffer in
        var start: Int?
        var position = 0
        while position < buffer.count {
            let end = lineEnd(buffer, from: position)
            if startsMessage(buffer, at: position), isAfterBlankLine(buffer, position) {
                if let start { ranges.append(start..<position) }
                start = end
            }
            position = end
        }
        if let start, start < buffer.count { ranges.append(start..<buffer.count) }
    }
    return ranges
}

private func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    (firstIndex(of: .lineFeed, in: bytes, from: start) ?? bytes.count - 1) + 1
}

private func isAfterBlankLine(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
    guard position > 0 else { return true }
    var index = position - 2
    if index >= 0, bytes[index] == .carriageReturn { index -= 1 }
    return index < 0 || bytes[index] == .lineFeed
}

/// A "From " line holds a time, and a header field or nothing follows it.
private func startsMessage(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard bytes[start...].starts(with: "From ".utf8) else { return false }
    let end = lineEnd(bytes, from: start)
    let line = bytes[start..<end]
    let hasTime =
        line.count < 512
        && line.indices.dropLast(4).contains { index in
            line[index].isASCIIDigit && line[index + 1] == .colon && line[index + 2].isASCIIDigit
        }
    guard hasTime, end < bytes.count else { return hasTime }
    let next = bytes[end..<lineEnd(bytes, from: end)]
    return isHeaderLine(next) || next.starts(with: ">From ".utf8)
}

/// Whether a line is `Name: value`.
func isHeaderLine(_ line: some Collection<UInt8>) -> Bool {
    let name = line.prefix(80).prefix { $0 > 0x20 && $0 < 0x7F && $0 != .colon }
    return !name.isEmpty && line.dropFirst(name.count).first == .colon
}

/// A message without the `>` that keeps its lines from looking like the next message.
private func unquotedMessage(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var message: [UInt8] = []
    message.reserveCapacity(bytes.count)
    for line in bytes.split(separator: .lineFeed, omittingEmptySubsequences: false) {
        let marks = line.prefix { $0 == .greaterThan }
        let isQuoted = !marks.isEmpty && line.dropFirst(marks.count).starts(with: "From ".utf8)
        message += isQuoted ? line.dropFirst() : line
        message.append(.lineFeed)
    }
    message.removeLast()
    return message
}

/// The text of a message's first subject field.
private func subject(of message: [UInt8]) -> String {
    var value: [UInt8]?
    for line in message.prefix(256 << 10).split(
        separator: .lineFeed,
        omittingEmptySubsequences: false
    ) {
        if line.isEmpty || line.elementsEqual([.carriageReturn]) { break }
        if let first = line.first, first.isASCIIBlank {
            value? += line
        } else if value != nil {
            break
        } else if line.prefix(8).map(\.asciiLowercased).elementsEqual("subject:".utf8) {
            value = Array(line.dropFirst(8))
        }
    }
    return value.map { headerText($0) } ?? ""
}
