internal import Bytes
internal import Records

/// The kind of mail that bytes show by their header; nil for other bytes.
///
/// A text may well begin with a line such as `Note: this`. So what is called plain text or Markdown is a
/// mail only with fields that nobody types, and what is called a mail with any field of mail.
func mailType(_ bytes: [UInt8], declared: MediaType) -> MediaType? {
    let isCalledMail = [.mail, .savedWebPage, .mailbox, .outlookMessage].contains(declared)
    let isCalledText = [.plain, .markdown].contains(declared)
    guard isCalledMail || isCalledText || declared == .unknown else { return nil }
    if startsMailbox(bytes) { return .mailbox }
    let fields = headerFields(bytes)
    let written = fields.intersection(writtenFields).count
    let made = fields.intersection(machineFields).count
    let isMail =
        isCalledMail
        ? written + made > 0
        : isCalledText ? made > 0 && written >= 2 : made > 0 && written > 0 || written >= 3
    guard isMail else { return nil }
    return declared == .savedWebPage ? .savedWebPage : .mail
}

/// Lower-case names of the header fields that bytes begin with; none where they begin otherwise.
private func headerFields(_ bytes: [UInt8]) -> Set<String> {
    var names: Set<String> = []
    let head = bytes.prefix(headByteCount)
    var rest = head.drop { $0.isASCIISpace || [0xEF, 0xBB, 0xBF].contains($0) }
    while true {
        let end = rest.firstIndex(of: .lineFeed) ?? rest.endIndex
        let line = rest[..<end]
        if line.isEmpty || line.elementsEqual([.carriageReturn]) { return names }
        let isContinued = line.first?.isASCIIBlank == true
        if !isContinued {
            guard MailboxForm.isHeaderLine(line) else {
                // The last line may be cut.
                return end == head.endIndex ? names : []
            }
            let name = line.prefix { $0 != .colon }
            names.insert(String(decoding: name, as: UTF8.self).lowercased())
        }
        if end == rest.endIndex { return names }
        rest = rest[(end + 1)...]
    }
}

private let headByteCount = 16 << 10

/// Fields that memos have as well.
private let writtenFields: Set<String> = ["from", "to", "cc", "subject", "date", "sender"]

private let machineFields: Set<String> = [
    "received", "return-path", "delivered-to", "message-id", "mime-version", "reply-to",
    "content-transfer-encoding", "in-reply-to", "references", "dkim-signature", "x-mailer",
    "list-id", "envelope-to", "content-type", "content-disposition", "authentication-results",
    "snapshot-content-location",
]
