internal import Bytes
internal import Records

/// Extracts a mailbox in the form of Unix: its messages are documents of their own.
///
/// - Output: the subjects as a list; the metadata `messages` counts them.
/// - Complexity: O(n).
/// - Source: RFC 4155, by ``MailboxForm``.
func extractMailbox(
    _ bytes: [UInt8],
    budget: ChildBudget,
    take: (ChildDocument) -> Bool
) throws(ExtractionError) -> ExtractedContent {
    let ranges = messageRanges(in: bytes)
    var subjects: [String] = []
    let leftOut = budget.handOut(ranges, to: take) { index, range in
        let message = budget.spend(range.count) { MailboxForm.unquoted(bytes[range]) }
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
        MailboxForm.startsMessage(buffer, at: 0)
    }
}

/// The messages without their "From " lines.
private func messageRanges(in bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    bytes.withUnsafeBufferPointer { buffer in
        var start: Int?
        var position = 0
        while position < buffer.count {
            let end = MailboxForm.lineEnd(buffer, from: position)
            if MailboxForm.startsMessage(buffer, at: position),
                MailboxForm.isAfterBlankLine(buffer, position)
            {
                if let start { ranges.append(start..<position) }
                start = end
            }
            position = end
        }
        if let start, start < buffer.count { ranges.append(start..<buffer.count) }
    }
    return ranges
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
