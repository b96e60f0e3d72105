/// Where messages begin in a mailbox of Unix: by lines such as `From jane Mon Jan  1 00:00:00 2024`.
///
/// - Source: RFC 4155; the quoting of lines that begin with "From " as in the variant mboxrd.
package enum MailboxForm {
    /// So many bytes after the beginning of a line say whether it begins a message.
    package static let lookahead = 4096

    /// Whether the line at `start` begins a message: a "From " line holds a time, and a header field or
    /// nothing follows it.
    ///
    /// - Parameter bytes: from `start` on ``lookahead`` bytes at least, or to the mailbox's end.
    package static func startsMessage(
        _ bytes: UnsafeBufferPointer<UInt8>,
        at start: Int
    ) -> Bool {
        guard bytes[start...].starts(with: "From ".utf8) else { return false }
        let end = self.lineEnd(bytes, from: start)
        let line = bytes[start..<end]
        let hasTime =
            line.count < 512
            && line.indices.dropLast(4).contains { index in
                line[index].isASCIIDigit && line[index + 1] == .colon
                    && line[index + 2].isASCIIDigit
            }
        guard hasTime, end < bytes.count else { return hasTime }
        let next = bytes[end..<min(bytes.count, end + self.headerNameMaximum + 8)]
        return self.isHeaderLine(next) || next.starts(with: ">From ".utf8)
    }

    /// Whether nothing, or an empty line, stands before `position`, which begins a line.
    package static func isAfterBlankLine(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ position: Int
    ) -> Bool {
        guard position > 0 else { return true }
        var index = position - 2
        if index >= 0, bytes[index] == .carriageReturn { index -= 1 }
        return index < 0 || bytes[index] == .lineFeed
    }

    /// Behind the line break, or the end.
    package static func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        (firstIndex(of: .lineFeed, in: bytes, from: start) ?? bytes.count - 1) + 1
    }

    private static let headerNameMaximum = 80

    /// Whether a line is `Name: value`.
    package static func isHeaderLine(_ line: some Collection<UInt8>) -> Bool {
        let name = line.prefix(self.headerNameMaximum)
            .prefix { $0 > 0x20 && $0 < 0x7F && $0 != .colon }
        return !name.isEmpty && line.dropFirst(name.count).first == .colon
    }

    /// A message without the `>` that keeps its lines from looking like the next message.
    package static func unquoted(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
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
}
