package import Formats
internal import Records

extension MailOptions: Container {
    /// Which of the three forms it is, the bytes tell.
    package func content(
        _ bytes: [UInt8],
        budget: ChildBudget,
        take: (ChildDocument) -> Bool
    ) throws(ExtractionError) -> ExtractedContent {
        if bytes.starts(with: compoundSignature) {
            return try extractOutlookMessage(bytes, links: self.links, budget: budget, take: take)
        }
        if startsMailbox(bytes) {
            return try extractMailbox(bytes, budget: budget, take: take)
        }
        return try extractMail(bytes, links: self.links, budget: budget, take: take)
    }
}
