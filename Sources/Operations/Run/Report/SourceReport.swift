/// What listing a source came to beside its documents.
package struct SourceReport: Sendable, Hashable, Codable {
    package var source: String
    package var listed: Int
    /// Files that the source's patterns leave out, in the folders they may match in.
    package var unmatched: Int
    /// Links that were not followed.
    package var skippedLinks: Int
    /// The first of them by URI.
    package var skippedLinkURIs: [String]
    /// Sockets, pipes and devices.
    package var skippedSpecial: Int
    /// Why it was not listed completely, for people; nil when it was.
    package var problem: String?
    /// Listed documents that were not there any more when they were to be read; nil for none.
    package var gone: Int?

    /// More of them tell nothing new.
    private static let linksNamed = 100

    init(_ source: Listing.Source) {
        self.source = source.name
        self.listed = source.listed
        self.unmatched = source.unmatchedCount
        self.skippedLinks = source.skippedLinkCount
        self.skippedLinkURIs = Array(source.skippedLinks.prefix(Self.linksNamed))
        self.skippedSpecial = source.skippedSpecialCount
        self.problem = source.problem
        self.gone = source.goneCount > 0 ? source.goneCount : nil
    }

    /// Why the source may list nothing, for people.
    package var emptinessText: String {
        if let problem { return "source '\(self.source)' \(problem)" }
        let files =
            self.unmatched > 0
            ? "of the \(self.unmatched) files in its folder none matches 'include' and 'exclude'"
            : "there is nothing in it"
        let links = self.skippedLinks > 0 ? ", and \(self.skippedLinks) links are not followed" : ""
        return "source '\(self.source)' lists no document: \(files)\(links)"
    }
}

/// A first run that finds nothing has met a wrong path or pattern: an index of nothing helps no one.
func emptyFirstRun(_ listing: Listing) -> OperationError {
    let reasons = listing.sources.values.sorted { $0.name < $1.name }
        .map { SourceReport($0).emptinessText }
    return OperationError(
        .deletesHeld,
        "no document was found, so nothing was published; \(reasons.joined(separator: "; ")). Check "
            + "'path', 'include' and 'exclude' in the pipeline file"
    )
}
