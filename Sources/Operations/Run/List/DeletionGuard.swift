internal import Dataflow
internal import Manifests
internal import Records

/// What becomes of the documents that no listing mentions any more.
struct Deletions: Sendable, Codable {
    /// By shard, ascending.
    var removed: [[DocumentID]]
    /// Kept and served until someone approves, by shard, ascending.
    var held: [[DocumentID]]
    /// One for each source with held documents, for people.
    var reasons: [String] = []

    var removedCount: Int { self.removed.reduce(0) { $0 + $1.count } }
    var heldCount: Int { self.held.reduce(0) { $0 + $1.count } }

    fileprivate var sorted: Deletions {
        Deletions(
            removed: self.removed.map { $0.sorted() },
            held: self.held.map { $0.sorted() },
            reasons: self.reasons
        )
    }
}

/// Decides which unlisted documents are deleted, and which are held.
///
/// An outage of a source looks like a deletion of its documents. So a source that was not listed
/// completely, lists nothing, shrank sharply, or is not in the pipeline any more, deletes nothing that
/// was not approved. A move is no loss: a document whose content is listed under another URI is deleted
/// and does not count, unless its source was not listed completely and may still have it.
struct DeletionGuard {
    /// So few documents may go whatever their share is, where the source does not say otherwise.
    static let countByDefault = 20
    /// A source of so few documents may lose them all; a larger one half, where it does not say otherwise.
    static let smallSource = 5

    let plan: Plan
    let known: KnownDocuments
    let listing: Listing
    /// Deletions that were approved.
    let approved: Set<DocumentID>
    /// Those of the given documents whose content is listed under another URI now; asked only when
    /// deletions would be held otherwise.
    let moved: ([KnownDocuments.Place]) throws -> Set<DocumentID>

    func decide() throws -> Deletions {
        var deletions = Deletions(
            removed: Array(repeating: [], count: self.known.rows.count),
            held: Array(repeating: [], count: self.known.rows.count)
        )
        var unlisted: [String: [KnownDocuments.Place]] = [:]
        for place in self.listing.unlisted.joined() where !self.known.row(place).isTakenOut {
            let row = self.known.row(place)
            if self.approved.contains(row.id) {
                deletions.removed[place.shard] += self.withChildren(place)
            } else {
                unlisted[self.known.source(of: row), default: []].append(place)
            }
        }
        guard !unlisted.isEmpty else { return deletions.sorted }
        let known = self.known.countBySource()
        let moved = try self.movedDocuments(unlisted, known: known)
        for (source, places) in unlisted.sorted(by: { $0.key < $1.key }) {
            let mayMove = self.listing.sources[source]?.isComplete ?? true
            func isMoved(_ place: KnownDocuments.Place) -> Bool {
                mayMove && moved.contains(self.known.row(place).id)
            }
            let lost = places.count { !isMoved($0) }
            let reason = self.reasonToHold(lost, of: source, known: known[source] ?? 0)
            for place in places {
                if reason == nil || isMoved(place) {
                    deletions.removed[place.shard] += self.withChildren(place)
                } else {
                    deletions.held[place.shard] += self.withChildren(place)
                }
            }
            if let reason { deletions.reasons.append("source '\(source)' \(reason)") }
        }
        return deletions.sorted
    }

    /// A listed document and what was taken out of it: both go, or both stay.
    private func withChildren(_ place: KnownDocuments.Place) -> [DocumentID] {
        [self.known.row(place).id] + self.known.children(of: place).map { self.known.row($0).id }
    }

    private func movedDocuments(
        _ unlisted: [String: [KnownDocuments.Place]],
        known: [String: Int]
    ) throws -> Set<DocumentID> {
        let doubtful = unlisted.filter { source, places in
            self.reasonToHold(places.count, of: source, known: known[source] ?? 0) != nil
        }
        return doubtful.isEmpty ? [] : try self.moved(doubtful.flatMap(\.value))
    }

    /// Why `count` lost documents of a source are not deleted; nil when they are.
    ///
    /// - Parameter known: how many the source had before, with those that are held.
    private func reasonToHold(_ count: Int, of name: String, known: Int) -> String? {
        guard count > 0 else { return nil }
        guard let source = self.plan.sources.first(where: { $0.name == name }),
            let listed = self.listing.sources[name]
        else { return "is not in the pipeline any more: \(count) documents held" }
        if !listed.isComplete {
            return "\(listed.problem ?? "was not listed completely"): \(count) documents held"
        }
        if listed.listed == 0 { return "lists no document: \(count) documents held" }
        let share = source.configuration["max_delete"]?.doubleValue ?? 0.1
        let allowed = source.configuration["max_delete_count"]?.intValue ?? Self.count(of: known)
        guard count > allowed, Double(count) > share * Double(known) else { return nil }
        let percent = Int((100 * Double(count) / Double(max(known, 1))).rounded())
        return "shrank by \(percent) %, more than max_delete allows, and by more than "
            + "\(allowed) documents (max_delete_count): \(count) documents held"
    }

    /// How many of so many documents may go whatever their share is.
    private static func count(of documents: Int) -> Int {
        documents > self.smallSource ? min(self.countByDefault, documents / 2) : self.countByDefault
    }
}
