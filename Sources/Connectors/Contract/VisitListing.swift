package import Records

/// What a whole listing came to beside its items.
package struct ListingOutcome: Sendable {
    package var report = ListingReport()
    package var isDelta = false
    /// Documents that a delta names as gone.
    package var deleted: [DocumentID] = []
    /// Where the next delta begins; nil where there is none to come.
    package var checkpoint: ListingCursor?
    /// What ended the listing early, when some of it was there.
    package var failure: ConnectorError?

    package init() {}

    /// False when documents may exist that were not listed.
    package var isComplete: Bool { self.report.isComplete && self.failure == nil }
}

/// Lists a source page by page, each asked for while the one before it is looked at.
///
/// For threads that may wait, never for a task of the cooperative pool.
///
/// - Parameters:
///   - checkpoint: where a listing of changes begins; nil for a complete one.
///   - isEnding: asked while waiting; true gives up with `.stopped`.
/// - Throws: ``ConnectorError`` when not even one page could be had, and `.stopped`; what goes wrong later
///   is in the outcome, since what was listed until then stands.
package func visitListing(
    of connector: any Connector,
    from checkpoint: ListingCursor? = nil,
    isEnding: () -> Bool = { false },
    _ visit: (ListedItem) throws -> Void
) throws(ConnectorError) -> ListingOutcome {
    var outcome = ListingOutcome()
    if let local = connector as? any LocalConnector {
        outcome.report = try local.list(visit)
        return outcome
    }
    var pending: PendingPage? = PendingPage(of: connector, after: checkpoint)
    var isFirst = true
    while let current = pending {
        let page: ListingPage
        do throws(ConnectorError) {
            page = try current.wait(isEnding: isEnding)
        } catch {
            if isFirst || error.code == .stopped { throw error }
            outcome.failure = error
            return outcome
        }
        isFirst = false
        pending = page.next.map { PendingPage(of: connector, after: $0) }
        outcome.isDelta = page.isDelta
        outcome.deleted += page.deleted
        outcome.report.add(page.report)
        outcome.checkpoint = page.checkpoint
        for item in page.items {
            outcome.report.count(item)
            do {
                try visit(item)
            } catch {
                pending?.cancel()
                throw ConnectorError(
                    .stopped,
                    path: item.uri,
                    "the listing was stopped",
                    cause: error
                )
            }
        }
    }
    return outcome
}
