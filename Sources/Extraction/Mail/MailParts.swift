internal import Bytes
internal import Records

/// What a message consists of: the parts that are its text, and those that are files of their own.
struct MailParts {
    /// A part of the text.
    struct Body {
        enum Form {
            case plain
            case html
        }

        var form: Form
        var part: MIMEPart
        var contentType: HeaderParameters
    }

    /// A file in the message.
    struct Attachment {
        /// The part's number, such as `2` or `1.3`.
        var section: String
        /// As given; empty where it has none.
        var name: String
        var part: MIMEPart
        var contentType: HeaderParameters
    }

    /// The text, in one form or, where the message gives several forms of it, in each.
    var bodies: [Alternative] = []
    var attachments: [Attachment] = []
    /// Pictures, style sheets and fonts that belong to the text.
    var embeddedCount = 0
    /// Parts that nobody without a key can read.
    var encryptedCount = 0
    /// Parts in more multiparts than any mail program makes.
    var tooDeepCount = 0

    /// One stretch of text in the forms that the sender gave, from the plainest to the richest.
    struct Alternative {
        var plain: [Body] = []
        var html: [Body] = []
    }

    /// Sorts the parts of a message.
    ///
    /// - Source: RFC 2046 §5.1 for the kinds of multiparts, RFC 2387 (related), RFC 1847 (signed and
    ///   encrypted), RFC 8551 (S/MIME); RFC 3501 §6.4.5 for the numbers of parts.
    init(_ message: MIMEMessage) {
        guard let body = message.body else { return }
        if body.kind == .multipart {
            self.add(multipart: body, section: "", depth: 0, parentType: "")
        } else {
            self.add(body, section: "1", depth: 0, parentType: "", isRoot: true)
        }
    }

    private init() {}

    private mutating func add(
        _ part: MIMEPart,
        section: String,
        depth: Int,
        parentType: String,
        isRoot: Bool = false
    ) {
        switch part.kind {
        case .multipart:
            self.add(multipart: part, section: section, depth: depth, parentType: parentType)
        case .message:
            let type = HeaderParameters(part.header("Content-Type") ?? [])
            let name = fileName(part, type)
            self.attachments.append(
                Attachment(section: section, name: name, part: part, contentType: type)
            )
        case .leaf:
            self.add(leaf: part, section: section, parentType: parentType, isRoot: isRoot)
        }
    }

    private mutating func add(
        multipart: MIMEPart,
        section: String,
        depth: Int,
        parentType: String
    ) {
        guard depth < multipartDepthMax else {
            self.tooDeepCount += 1
            return
        }
        let type = HeaderParameters(multipart.header("Content-Type") ?? [])
        let parts = multipart.parts
        func number(_ index: Int) -> String {
            section.isEmpty ? "\(index + 1)" : "\(section).\(index + 1)"
        }
        switch type.value {
        case "multipart/alternative":
            self.add(alternatives: parts, number, depth: depth)
        case "multipart/encrypted":
            self.encryptedCount += 1
        default:
            for (index, part) in parts.enumerated() {
                self.add(
                    part,
                    section: number(index),
                    depth: depth + 1,
                    parentType: type.value
                )
            }
        }
    }

    /// The forms of one text: of each kind the last that is given, because senders put the best last.
    private mutating func add(
        alternatives parts: [MIMEPart],
        _ number: (Int) -> String,
        depth: Int
    ) {
        var merged = Alternative()
        for (index, part) in parts.enumerated() {
            var form = MailParts()
            form.add(
                part,
                section: number(index),
                depth: depth + 1,
                parentType: "multipart/alternative"
            )
            let plain = form.bodies.flatMap { $0.html.isEmpty ? $0.plain : [] }
            let html = form.bodies.flatMap(\.html)
            if !html.isEmpty {
                // A form that mixes both keeps its parts in order.
                merged.html = form.bodies.flatMap { $0.html.isEmpty ? $0.plain : $0.html }
            } else if !plain.isEmpty {
                merged.plain = plain
            }
            self.attachments += form.attachments
            self.embeddedCount += form.embeddedCount
            self.encryptedCount += form.encryptedCount
            self.tooDeepCount += form.tooDeepCount
        }
        if !merged.plain.isEmpty || !merged.html.isEmpty { self.bodies.append(merged) }
    }

    private mutating func add(
        leaf: MIMEPart,
        section: String,
        parentType: String,
        isRoot: Bool
    ) {
        var type = HeaderParameters(leaf.header("Content-Type") ?? [])
        if type.value.isEmpty { type = HeaderParameters("text/plain".utf8) }
        let disposition = HeaderParameters(leaf.header("Content-Disposition") ?? [])
        let name = fileName(leaf, type, disposition)
        if isSignature(type.value) { return }
        if isEncrypted(type) {
            self.encryptedCount += 1
            return
        }
        let isFile = disposition.value == "attachment" || !name.isEmpty && !isRoot
        let form: Body.Form? =
            isFile && !(isRoot && disposition.value != "attachment")
            ? nil : bodyForm(type.value)
        if let form {
            let body = Body(form: form, part: leaf, contentType: type)
            self.bodies.append(
                form == .html ? Alternative(html: [body]) : Alternative(plain: [body])
            )
        } else if parentType == "multipart/related",
            isEmbedded(type.value) || bodyForm(type.value) != nil
        {
            self.embeddedCount += 1
        } else {
            self.attachments.append(
                Attachment(section: section, name: name, part: leaf, contentType: type)
            )
        }
    }
}

/// Mail programs nest four or five.
private let multipartDepthMax = 64

private func bodyForm(_ type: String) -> MailParts.Body.Form? {
    switch type {
    case "text/html", "application/xhtml+xml": .html
    case "text/plain", "text/enriched", "text": .plain
    default: nil
    }
}

private func fileName(
    _ part: MIMEPart,
    _ type: HeaderParameters,
    _ disposition: HeaderParameters? = nil
) -> String {
    let disposition =
        disposition ?? HeaderParameters(part.header("Content-Disposition") ?? [])
    return disposition["filename"] ?? type["name"] ?? ""
}

/// What a text refers to and shows, as opposed to a file that comes with it.
private func isEmbedded(_ type: String) -> Bool {
    type.hasPrefix("image/") || type.hasPrefix("font/")
        || ["text/css", "text/javascript", "application/javascript", "application/x-javascript"]
            .contains(type)
}

/// A signature's own part says nothing to a reader.
private func isSignature(_ type: String) -> Bool {
    [
        "application/pgp-signature", "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    ].contains(type)
}

private func isEncrypted(_ type: HeaderParameters) -> Bool {
    ["application/pkcs7-mime", "application/x-pkcs7-mime"].contains(type.value)
        && type["smime-type"] != "signed-data" && type["smime-type"] != "certs-only"
}
