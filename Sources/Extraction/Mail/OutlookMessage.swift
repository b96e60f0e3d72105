internal import Bytes
internal import Formats
internal import Records

/// Extracts a message that Outlook saved: text, header and attachments as of a message in MIME.
///
/// - Throws: `.encrypted`, `.empty`, `.corrupt`, `.limitExceeded`.
/// - Complexity: O(n); a message in it costs a copy of the file.
/// - Source: MS-OXMSG for the names of streams, MS-OXPROPS for the properties.
func extractOutlookMessage(
    _ bytes: [UInt8],
    links: LinkStyle,
    budget: ChildBudget,
    take: (ChildDocument) -> Bool
) throws(ExtractionError) -> ExtractedContent {
    let file = try CompoundFile(bytes)
    let root = OutlookProperties(file, storage: 0, codePage: nil)
    let attachments = root.storages(prefix: "__attach_version1.0_#").map {
        OutlookProperties(file, storage: $0, codePage: root.codePage)
    }
    if root.text(.messageClass)?.lowercased().hasPrefix("ipm.note.smime") == true,
        root.text(.messageClass)?.lowercased().contains("multipartsigned") != true
    {
        throw ExtractionError(
            .encrypted,
            "the message is encrypted (S/MIME); save it decrypted, or exclude it"
        )
    }
    var content = ExtractedContent()
    appendBody(of: root, links: links, to: &content)
    if content.blocks.isEmpty {
        appendList(of: attachments.compactMap(\.attachmentName), to: &content)
    }
    guard !content.blocks.isEmpty || !attachments.isEmpty else {
        throw ExtractionError(.empty, "the message has no text and no attachment")
    }
    content.title = root.text(.subject) ?? ""
    content.metadata = outlookMetadata(root)
    content.warn(
        "children_left_out",
        count: give(attachments, of: file, budget: budget, take: take)
    )
    return content
}

private func appendBody(
    of root: OutlookProperties,
    links: LinkStyle,
    to content: inout ExtractedContent
) {
    var plain = ExtractedContent()
    if let text = root.text(.body) {
        appendMailText(withUnixLineEnds(Array(text.utf8)), flow: .fixed, to: &plain)
    }
    var rich = ExtractedContent()
    var options = HTMLOptions()
    options.content = .all
    options.links = links
    if let html = root.bytes(.html), let page = try? extractHTML(html, options: options) {
        rich = markedQuotes(in: page)
    }
    content.append(contentsOf: isBetter(rich, than: plain) ? rich : plain)
    let isRichOnly = content.blocks.isEmpty && root.bytes(.compressedRichText) != nil
    content.warn("rich_text_body_not_read", count: isRichOnly ? 1 : 0)
}

/// The header as it came over the net where Outlook kept it, and its own properties otherwise.
private func outlookMetadata(_ root: OutlookProperties) -> [String: String] {
    var metadata: [String: String] = [:]
    if let header = root.text(.transportHeader), let message = try? MIMEMessage(Array(header.utf8))
    {
        metadata = mailMetadata { message.values(of: $0) }
    }
    func note(_ key: String, _ value: String?) {
        if metadata[key] == nil, let value, !value.isEmpty { metadata[key] = value }
    }
    let sender = root.text(.senderName) ?? ""
    let address = root.text(.senderSMTPAddress) ?? root.text(.senderAddress) ?? ""
    note("from", address.isEmpty || address == sender ? sender : "\(sender) <\(address)>")
    note("author", sender.isEmpty ? address : sender)
    note("to", root.text(.displayTo))
    note("cc", root.text(.displayCC))
    note("bcc", root.text(.displayBCC))
    note("message_id", root.text(.messageID))
    note("in_reply_to", root.text(.inReplyTo))
    let date = root.time(.submitTime) ?? root.time(.deliveryTime)
    note("date", date)
    note("published", date)
    return metadata
}

private func give(
    _ attachments: [OutlookProperties],
    of file: CompoundFile,
    budget: ChildBudget,
    take: (ChildDocument) -> Bool
) -> Int {
    budget.handOut(attachments, to: take) { index, attachment in
        let name = attachment.attachmentName ?? ""
        let message = attachment.embeddedMessage
        let bytes = message.map { file.rooted(at: $0) } ?? attachment.bytes(.attachmentData) ?? []
        var type = message == nil ? MediaType(ofName: name.utf8) : .outlookMessage
        if type == .unknown, let named = attachment.text(.attachmentMediaType) {
            type = MediaType(named)
        }
        return ChildDocument(
            suffix: "#\(index + 1)" + nameStep(name),
            mediaType: type,
            bytes: budget.spend(bytes.count) { bytes }
        )
    }
}

/// The properties that one storage holds.
struct OutlookProperties {
    /// A property's number (MS-OXPROPS).
    enum Name: Int {
        case messageClass = 0x001A
        case subject = 0x0037
        case submitTime = 0x0039
        case transportHeader = 0x007D
        case senderName = 0x0C1A
        case senderAddress = 0x0C1F
        case displayBCC = 0x0E02
        case displayCC = 0x0E03
        case displayTo = 0x0E04
        case deliveryTime = 0x0E06
        case body = 0x1000
        case compressedRichText = 0x1009
        case html = 0x1013
        case messageID = 0x1035
        case inReplyTo = 0x1042
        case displayName = 0x3001
        case attachmentData = 0x3701
        case attachmentShortName = 0x3704
        case attachmentName = 0x3707
        case attachmentMediaType = 0x370E
        case codePage = 0x3FFD
        case senderSMTPAddress = 0x5D01
    }

    private let file: CompoundFile
    private let members: [String: Int]
    /// Of texts that are not in UTF-16.
    private(set) var codePage: Int?

    init(_ file: CompoundFile, storage: Int, codePage: Int?) {
        self.file = file
        self.members = file.members(of: storage)
        self.codePage = codePage
        if let own = self.fixed(.codePage, type: 0x0003) { self.codePage = Int(own & 0xFFFF_FFFF) }
    }

    /// The storages whose names begin so, by name.
    func storages(prefix: String) -> [Int] {
        self.members.filter { $0.key.hasPrefix(prefix) && self.file.isStorage($0.value) }
            .sorted { $0.key < $1.key }.map(\.value)
    }

    func text(_ name: Name) -> String? {
        if let wide = self.stream(name, type: "001F") {
            let units = stride(from: 0, to: wide.count - 1, by: 2).map {
                UInt16(wide[$0]) | UInt16(wide[$0 + 1]) << 8
            }
            return cleaned(String(decoding: units, as: UTF16.self))
        }
        guard let narrow = self.stream(name, type: "001E") else { return nil }
        let text = decodedMailText(narrow, charset: self.codePage.flatMap { codePages[$0] })
        return cleaned(String(decoding: text.utf8, as: UTF8.self))
    }

    func bytes(_ name: Name) -> [UInt8]? {
        self.stream(name, type: "0102")
            ?? (name == .html ? self.text(name).map { Array($0.utf8) } : nil)
    }

    /// A time as ISO 8601 in UTC.
    func time(_ name: Name) -> String? {
        // 100 ns since 1601 (MS-DTYP §2.3.3).
        self.fixed(name, type: 0x0040).flatMap { isoTime(secondsSince1601: Int($0 / 10_000_000)) }
    }

    var attachmentName: String? {
        [.attachmentName, .attachmentShortName, .displayName].lazy
            .compactMap { (name: Name) in self.text(name) }.first { !$0.isEmpty }
    }

    /// The storage of a message that is attached as such.
    var embeddedMessage: Int? {
        self.members["__substg1.0_3701000D"].flatMap { self.file.isStorage($0) ? $0 : nil }
    }

    private func stream(_ name: Name, type: String) -> [UInt8]? {
        let digits = String(name.rawValue, radix: 16, uppercase: true)
        let number = String(repeating: "0", count: 4 - digits.count) + digits
        return self.members["__substg1.0_\(number)\(type)"].flatMap { try? self.file.stream($0) }
    }

    /// A property of fixed size: 16 bytes a row, behind a head of 32, 24 or 8 bytes.
    private func fixed(_ name: Name, type: Int) -> UInt64? {
        guard
            let rows = self.members["__properties_version1.0"]
                .flatMap({ try? self.file.stream($0) })
        else { return nil }
        // All heads are 0 or 8 bytes over whole rows.
        var start = rows.count % 16
        while start + 16 <= rows.count {
            let row = rows[start..<start + 16]
            let tag = row.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            if tag == name.rawValue << 16 | type {
                return row.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            }
            start += 16
        }
        return nil
    }
}

private func cleaned(_ text: String) -> String {
    String(text.prefix { $0 != "\0" })
}

/// A moment of the Gregorian calendar, as `2031-04-01T08:30:00Z`.
///
/// - Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
func isoTime(secondsSince1601 seconds: Int) -> String? {
    let unix = seconds - 11_644_473_600
    let (days, time) = (unix >= 0 ? unix / 86_400 : (unix - 86_399) / 86_400, unix)
    let second = time - days * 86_400
    let shifted = days + 719_468
    guard shifted >= 0, days < 2_932_896 else { return nil }
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return isoDate(
        "\(year)-\(two(month))-\(two(day))T"
            + "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    )
}

/// Windows code pages by what the charset is called.
private let codePages: [Int: String] = [
    437: "cp437", 850: "cp850", 874: "windows-874", 932: "shift_jis", 936: "gbk", 949: "euc-kr",
    950: "big5", 1250: "windows-1250", 1251: "windows-1251", 1252: "windows-1252",
    1253: "windows-1253", 1254: "windows-1254", 1255: "windows-1255", 1256: "windows-1256",
    1257: "windows-1257", 1258: "windows-1258", 20_127: "us-ascii", 20_866: "koi8-r",
    28_591: "iso-8859-1", 28_592: "iso-8859-2", 28_605: "iso-8859-15", 50_220: "iso-2022-jp",
    51_932: "euc-jp", 54_936: "gb18030", 65_001: "utf-8",
]
