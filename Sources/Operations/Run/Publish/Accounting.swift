internal import Foundation
internal import Manifests
internal import Synchronization

/// Holds a run to the equation: every listed document and every one taken out of it is indexed, a
/// duplicate, excluded or failed, and every other that is still served is held.
struct Accounting {
    let context: RunContext
    let totals: ShardTotals

    /// Compares what was counted while listing with what the manifests hold, source by source.
    ///
    /// - Throws: ``OperationError`` `.fatal` when a document is not accounted for: it must not be
    ///   published then.
    func check() throws {
        let tally = self.context.tally.withLock { $0 }
        guard let listing = tally.listing else { return }
        let names = Set(listing.sources.keys).union(self.totals.sources.keys)
        for name in names.sorted() {
            // Of the forgotten the manifests hold nothing, so that they cannot count them.
            let listed =
                (listing.sources[name]?.listed ?? 0) - (tally.forgottenContents[name] ?? 0)
            let totals = self.totals.sources[name] ?? SourceTotals()
            guard totals.documents - totals.held == listed + totals.children else {
                throw OperationError(
                    .fatal,
                    "the documents of source '\(name)' do not add up: \(listed) listed, but "
                        + "\(totals.description) in the manifests; nothing was published. Run it "
                        + "again; when it says the same, 'millrace audit' tells which shard is wrong"
                )
            }
        }
    }

    /// Keeps the accounts of the run for `audit`.
    func record() throws {
        let tally = self.context.tally.withLock { $0 }
        guard let listing = tally.listing else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let names = Set(listing.sources.keys).union(self.totals.sources.keys)
        let accounts = try names.sorted().map { name in
            let source = listing.sources[name]
            var held = DocumentAccounts(self.totals.sources[name] ?? SourceTotals())
            let leftOut = source?.leftOut.values.reduce(0, +) ?? 0
            let forgotten = tally.forgottenContents[name] ?? 0
            held.addExcluded(leftOut + forgotten)
            return SourceAccounts(
                source: name,
                isComplete: source?.isComplete ?? false,
                listed: (source?.listed ?? 0) + leftOut + (held.children ?? 0),
                accounts: String(decoding: try encoder.encode(held), as: UTF8.self)
            )
        }
        try self.context.workspace.catalog.setAccounts(accounts, run: self.context.run)
    }
}

extension SourceTotals {
    fileprivate var description: String {
        "\(self.canonical) indexed + \(self.duplicate) duplicate + \(self.excluded) excluded + "
            + "\(self.failed) failed + \(self.held) held"
    }
}
