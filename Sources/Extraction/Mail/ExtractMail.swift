internal import Bytes
internal import Formats
internal import Records

/// Extracts one message: its best body with quotes and signature told apart; attachments are documents.
///
/// - Input: the message as sent or stored (RFC 5322), or a web page saved as one (RFC 2557).
/// - Output: the subject is the title and no header is in the text. Metadata: `from`, `to`, `cc`, `bcc`,
///   `reply_to`, `author`, `date` and `published` (ISO 8601), `message_id`, `in_reply_to`, `references`,
///   `list_id`, `charset`. A message without text that has attachments lists their names. Warnings:
///   `embedded_parts`, `encrypted_parts`, `parts_too_deep`, `children_left_out`, and those of the body.
/// - Throws: `.encrypted`, `.empty`, `.corrupt`.
/// - Complexity: O(n).
func extractMail(
    _ bytes: [UInt8],
    links: LinkStyle,
    budget: ChildBudget,
    take: (ChildDocument) -> Bool
) throws(ExtractionError) -> ExtractedContent {
    let message = try MIMEMessage(bytes)
    let parts = MailParts(message)
    var content = ExtractedContent()
    let charset = try append(parts.bodies, links: links, to: &content)
    if content.blocks.isEmpty {
        if parts.encryptedCount > 0 {
            throw ExtractionError(
                .encrypted,
                "the message is encrypted (S/MIME or PGP); save it decrypted, or exclude it"
            )
        }
        appendList(of: parts.attachments.map(\.name).filter { !$0.isEmpty }, to: &content)
    }
    guard !content.blocks.isEmpty || !parts.attachments.isEmpty else {
        throw ExtractionError(.empty, "the message has no text and no attachment")
    }
    content.title = message.values(of: "subject").first.map { headerText($0) } ?? ""
    content.metadata = mailMetadata { message.values(of: $0) }
    if let charset { content.metadata["charset"] = charset }
    if let location = message.values(of: "snapshot-content-location").first {
        content.metadata["canonical"] = headerText(location)
    }
    content.warn("embedded_parts", count: parts.embeddedCount)
    content.warn("encrypted_parts", count: parts.encryptedCount)
    content.warn("parts_too_deep", count: parts.tooDeepCount)
    content.warn(
        "children_left_out",
        count: give(parts.attachments, budget: budget, take: take)
    )
    return content
}

/// Hands out the attachments.
///
/// - Returns: how many are left.
private func give(
    _ attachments: [MailParts.Attachment],
    budget: ChildBudget,
    take: (ChildDocument) -> Bool
) -> Int {
    budget.handOut(attachments, to: take) { _, attachment in
        let bytes = attachment.part.content()
        return ChildDocument(
            suffix: "#" + attachment.section + nameStep(attachment.name),
            mediaType: attachment.mediaType,
            bytes: budget.spend(bytes.count) { recoded(bytes, attachment.contentType) }
        )
    }
}

/// A text file whose charset only the message names comes out in UTF-8.
private func recoded(_ bytes: [UInt8], _ type: HeaderParameters) -> [UInt8] {
    guard type.value == "text/plain" || type.value == "text/csv", let charset = type["charset"],
        charset.lowercased() != "utf-8"
    else { return bytes }
    return decodedMailText(bytes, charset: charset).utf8
}

/// `/report.pdf` for a file's name; what would look like a folder, and what no one sees, is taken out.
func nameStep(_ name: String) -> String {
    let bytes = name.utf8.map { $0 == .slash || $0 == .backslash ? UInt8.underscore : $0 }
        .filter { $0 >= 0x20 && $0 != .delete }
    return bytes.isEmpty ? "" : "/" + String(decoding: bytes, as: UTF8.self)
}

extension MailParts.Attachment {
    /// By the name where it tells, because senders call many files `application/octet-stream`.
    fileprivate var mediaType: MediaType {
        if self.part.kind == .message { return .mail }
        let named = MediaType(ofName: self.name.utf8)
        if named != .unknown { return named }
        return self.contentType.value.isEmpty ? .unknown : MediaType(self.contentType.value)
    }
}

/// Appends the message's text in the form that says most.
///
/// - Returns: the charset of the first part; nil where there is none.
private func append(
    _ bodies: [MailParts.Alternative],
    links: LinkStyle,
    to content: inout ExtractedContent
) throws(ExtractionError) -> String? {
    var charset: String?
    for alternative in bodies {
        var plain = ExtractedContent()
        for body in alternative.plain {
            let own = appendPlain(body, to: &plain)
            charset = charset ?? own
        }
        var rich = ExtractedContent()
        for body in alternative.html {
            if body.form == .html {
                appendHTML(body, links: links, to: &rich)
            } else {
                _ = appendPlain(body, to: &rich)
            }
        }
        let best = isBetter(rich, than: plain) ? markedQuotes(in: rich) : plain
        guard !isLocked(best) else {
            throw ExtractionError(
                .encrypted,
                "the message is encrypted (PGP); save it decrypted, or exclude it"
            )
        }
        content.append(contentsOf: best)
    }
    return charset
}

/// Plain text has no layout that hides anything, so HTML wins only where it says more: a table, or twice
/// the text.
func isBetter(_ rich: ExtractedContent, than plain: ExtractedContent) -> Bool {
    func letters(_ content: ExtractedContent) -> Int { content.text.count { $0 > 0x20 } }
    guard !rich.blocks.isEmpty else { return false }
    return plain.blocks.isEmpty || rich.blocks.contains { $0.kind == .table }
        || letters(rich) > 2 * letters(plain)
}

private func isLocked(_ content: ExtractedContent) -> Bool {
    content.text.starts(with: "-----BEGIN PGP MESSAGE-----".utf8)
}

private func appendPlain(_ body: MailParts.Body, to content: inout ExtractedContent) -> String {
    let decoded = decodedMailText(body.part.content(), charset: body.contentType["charset"])
    let isFlowed = body.contentType["format"]?.lowercased() == "flowed"
    appendMailText(
        withUnixLineEnds(decoded.utf8),
        flow: !isFlowed
            ? .fixed
            : body.contentType["delsp"]?.lowercased() == "yes" ? .joinedWithoutSpace : .joined,
        to: &content
    )
    content.warn("charset_guessed", count: decoded.isGuessed ? 1 : 0)
    content.warn("charset_replacements", count: decoded.replaced)
    return decoded.charset
}

private func appendHTML(
    _ body: MailParts.Body,
    links: LinkStyle,
    to content: inout ExtractedContent
) {
    var options = HTMLOptions()
    options.content = .all
    options.links = links
    options.declaredCharset = body.contentType["charset"]
    // A page that shows no text is a picture or a pixel: the other parts speak.
    guard let page = try? extractHTML(body.part.content(), options: options) else { return }
    content.append(contentsOf: page)
}

/// Appends names as a list.
func appendList(of names: [String], to content: inout ExtractedContent) {
    let lines = names.map { "- \($0)" }.joined(separator: "\n")
    content.append(
        kind: .list,
        markdown: Array(lines.utf8),
        text: Array(names.joined(separator: "\n").utf8)
    )
}
