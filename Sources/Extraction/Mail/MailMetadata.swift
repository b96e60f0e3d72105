internal import Bytes

/// What a message's header says of it.
///
/// - Parameter values: the fields of a lower-case name, as in the file.
func mailMetadata(_ values: (String) -> [[UInt8]]) -> [String: String] {
    var metadata: [String: String] = [:]
    for (key, field) in mailFields {
        let texts = values(field).map { headerText($0) }.filter { !$0.isEmpty }
        if !texts.isEmpty { metadata[key] = texts.joined(separator: ", ") }
    }
    if let date = values("date").first.flatMap({ mailDate(headerText($0)) }) {
        metadata["date"] = date
        metadata["published"] = date
    }
    if let from = metadata["from"] { metadata["author"] = displayName(of: from) }
    return metadata
}

private let mailFields: [(key: String, field: String)] = [
    ("from", "from"), ("to", "to"), ("cc", "cc"), ("bcc", "bcc"), ("reply_to", "reply-to"),
    ("sender", "sender"), ("message_id", "message-id"), ("in_reply_to", "in-reply-to"),
    ("references", "references"), ("list_id", "list-id"),
]

/// The name before an address in angle brackets, or else the address.
private func displayName(of mailbox: String) -> String {
    guard let open = mailbox.utf8.firstIndex(of: .lessThan) else { return mailbox }
    let name = mailbox[..<open].filter { $0 != "\"" }
    let words = name.split(separator: " ").joined(separator: " ")
    return words.isEmpty ? String(mailbox[open...].dropFirst().prefix { $0 != ">" }) : words
}

/// A date as messages write it, as ISO 8601 with its time and offset.
///
/// - Source: RFC 5322 §3.3 and §4.3, whose zones by letters are those of the United States.
func mailDate(_ text: String) -> String? {
    guard let day = isoDate(text) else { return nil }
    let words = text.split(separator: " ")
    guard let index = words.firstIndex(where: { $0.utf8.contains(.colon) }) else { return day }
    let zone = index + 1 < words.count ? words[index + 1].uppercased() : ""
    let offset = zoneOffsets[zone] ?? (zone.hasPrefix("+") || zone.hasPrefix("-") ? zone : "")
    return isoDate("\(day.prefix(10)) \(words[index]) \(offset)") ?? day
}

private let zoneOffsets = [
    "GMT": "Z", "UT": "Z", "UTC": "Z", "Z": "Z", "EST": "-0500", "EDT": "-0400", "CST": "-0600",
    "CDT": "-0500", "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700",
]
