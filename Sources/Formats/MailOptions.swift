package import Dataflow
internal import Records

/// How mail is read: single messages, mailboxes, and web pages saved as mail.
package struct MailOptions: FormatOptions {
    package let byteLimit: Int
    package let links: LinkStyle
    package let childLimits: ChildLimits?

    private static let byteLimitKey = Formats.byteLimitKey(default: 512 << 20)

    package static let descriptor = extractionStage(
        "extract-mail",
        revision: 2,
        takes: [.mail, .mailbox, .outlookMessage, .savedWebPage],
        keys: [LinkStyle.key.spec, byteLimitKey.spec] + ChildLimits.keys,
        summary: "A message's best body with quotes and signatures; attachments as documents."
    )

    package init(_ parameters: Parameters) {
        self.links = LinkStyle.key.value(in: parameters)
        self.byteLimit = Self.byteLimitKey.value(in: parameters)
        self.childLimits = ChildLimits(parameters)
    }
}
