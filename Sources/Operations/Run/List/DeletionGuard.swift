internal import Dataflow
internal import Manifests
internal import Records

/// What becomes of the documents that no listing mentions any more.
struct Deletions: Sendable {
    /// By shard, ascending.
    var removed: [[DocumentID]]
    /// Kept and served until someone approves, by shard, ascending.
    var held: [[DocumentID]]
    /// One for each source with held documents, for people.
    var reasons: [String] = []

    var removedCount: Int { self.removed.reduce(0) { $0 + $1.count } }
    var heldCount: Int { self.held.reduce(0) { $0 + $1.count } }
}

/// Decides which unlisted documents are deleted, and which are held.
///
/// An outage of a source looks like a deletion of its documents. So a source that was not listed
/// completely, lists nothing, shrank sharply, or is not in the pipeline any more, deletes nothing that
/// was not approved.
struct DeletionGuard {
    /// So few documents may go whatever their share is: small sources change by large shares.
    static let alwaysAllowed = 20

    let plan: Plan
    let known: KnownDocuments
    let listing: Listing
    /// Deletions that were approved.
    let approved: Set<DocumentID>

    func decide() -> Deletions {
        var deletions = Deletions(
            removed: Array(repeating: [], count: self.known.rows.count),
            held: Array(repeating: [], count: self.known.rows.count)
        )
        var unlisted: [String: [KnownDocuments.Place]] = [:]
        for place in self.listing.unlisted.joined() {
            let row = self.known.row(place)
            if self.approved.contains(row.id) {
                deletions.removed[place.shard].append(row.id)
            } else {
                unlisted[self.known.source(of: row), default: []].append(place)
            }
        }
        for (source, places) in unlisted.sorted(by: { $0.key < $1.key }) {
            let reason = self.reasonToHold(places.count, of: source)
            for place in places {
                let id = self.known.row(place).id
                if reason == nil {
                    deletions.removed[place.shard].append(id)
                } else {
                    deletions.held[place.shard].append(id)
                }
            }
            if let reason { deletions.reasons.append("source '\(source)' \(reason)") }
        }
        for shard in deletions.removed.indices {
            deletions.removed[shard].sort()
            deletions.held[shard].sort()
        }
        return deletions
    }

    /// Why `count` unlisted documents of a source are not deleted; nil when they are.
    private func reasonToHold(_ count: Int, of name: String) -> String? {
        guard let source = self.plan.sources.first(where: { $0.name == name }),
            let listed = self.listing.sources[name]
        else { return "is not in the pipeline any more: \(count) documents held" }
        if !listed.isComplete {
            return "\(listed.problem ?? "was not listed completely"): \(count) documents held"
        }
        if listed.listed == 0 { return "lists no document: \(count) documents held" }
        let share = source.configuration["max_delete"]?.doubleValue ?? 0.1
        // What was known of the source before: what is still listed, and what is not.
        let before = listed.listed + count
        guard count > Self.alwaysAllowed, Double(count) > share * Double(before) else { return nil }
        let percent = Int((100 * Double(count) / Double(before)).rounded())
        return "shrank by \(percent) %, more than max_delete allows: \(count) documents held"
    }
}
