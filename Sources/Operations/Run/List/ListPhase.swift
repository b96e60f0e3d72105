internal import Connectors
internal import Dataflow
internal import Manifests
internal import Records

/// A listed document that has to be looked at.
struct PendingDocument: Sendable {
    let item: SourceItem
    let listed: ListedItem
    /// Whether the manifest knew it before.
    let isKnown: Bool
}

/// Lists every source and compares it with what is known.
///
/// A document is unchanged when its version and labels are those of the last attempt and the stages it
/// goes through are the same; its bytes are not read then.
struct ListPhase {
    private let plan: Plan
    private let connectors: [String: any Connector]
    private let known: KnownDocuments
    private let deltas: DeltaListings
    private let fingerprints: PrepareFingerprints
    private let leftOut: LeftOutDocuments
    private let isParanoid: Bool
    private let isEnding: () -> Bool
    private let take: (PendingDocument) -> Void
    private var isListed: [[Bool]]
    private var listing = Listing()
    /// Of the source that is being listed: documents that were not known.
    private var newCount = 0

    /// - Parameter take: called with every document that is new or may have changed.
    init(
        plan: Plan,
        connectors: [String: any Connector],
        known: KnownDocuments,
        deltas: DeltaListings,
        fingerprints: PrepareFingerprints,
        leftOut: LeftOutDocuments,
        isParanoid: Bool,
        isEnding: @escaping () -> Bool,
        take: @escaping (PendingDocument) -> Void
    ) {
        self.plan = plan
        self.connectors = connectors
        self.known = known
        self.deltas = deltas
        self.fingerprints = fingerprints
        self.leftOut = leftOut
        self.isParanoid = isParanoid
        self.isEnding = isEnding
        self.take = take
        self.isListed = known.rows.map { Array(repeating: false, count: $0.count) }
    }

    /// Nil when the run ends before the listing does.
    ///
    /// - Throws: ``OperationError`` when no source can be listed at all; one that can goes on without the
    ///   others, whose documents are held.
    mutating func run() throws -> Listing? {
        for source in self.plan.sources {
            guard !self.isEnding(), try self.list(source) else { return nil }
        }
        try self.listing.requireAnySource(of: self.plan)
        self.listing.unlisted = self.isListed.indices.map { shard in
            self.isListed[shard].indices.filter { !self.isListed(shard, $0) }
                .map { .init(shard: shard, index: $0) }
        }
        return self.listing
    }

    /// Whether a document is listed, or the one that it was taken out of.
    private func isListed(_ shard: Int, _ index: Int) -> Bool {
        guard let parent = self.known.parent(of: .init(shard: shard, index: index)) else {
            return self.isListed[shard][index]
        }
        return self.known.place(of: parent).map { self.isListed[$0.shard][$0.index] } ?? false
    }

    /// False when the run ends.
    private mutating func list(_ source: Plan.Source) throws -> Bool {
        guard let connector = self.connectors[source.name] else {
            throw OperationError(.configuration, "source '\(source.name)' has no connector")
        }
        var result = Listing.Source(name: source.name)
        self.newCount = 0
        do {
            let outcome = try visitListing(
                of: connector,
                from: self.isParanoid ? nil : self.checkpoint(of: source),
                isEnding: self.isEnding
            ) { listed in
                guard !self.isEnding() else { throw Interrupted() }
                if let reason = self.reasonToLeaveOut(listed, of: source) {
                    result.leftOut[reason, default: 0] += 1
                    return
                }
                result.listed += 1
                self.compare(listed, with: source)
            }
            result.take(outcome)
            if outcome.isDelta { result.listed = self.completeDelta(outcome, of: source) }
        } catch {
            if error.code == .stopped { return false }
            result.isComplete = false
            result.failure = error
            result.problem = "cannot be listed: \(error)"
        }
        self.listing.sources[source.name] = result
        return true
    }

    /// Why a listed document is not taken up; one that is known goes.
    private mutating func reasonToLeaveOut(
        _ listed: ListedItem,
        of source: Plan.Source
    ) -> String? {
        guard !self.leftOut.isEmpty,
            let reason = self.leftOut.reason(
                uri: listed.uri,
                source: source.name,
                labels: self.labels(of: listed),
                modificationNanoseconds: listed.modificationNanoseconds ?? 0
            )
        else { return nil }
        if self.known.place(of: listed.id) != nil {
            self.listing.leftOutKnown.insert(listed.id)
            if reason != LeftOutDocuments.forgottenReason {
                self.listing.expiredKnown.insert(listed.id)
            }
        }
        return reason
    }

    /// Those that the listing tells; where it does not, those that the document had when it was read.
    private func labels(of listed: ListedItem) -> [String] {
        guard self.leftOut.asksLabels else { return [] }
        if let labels = listed.labels { return labels }
        return self.known.place(of: listed.id).map {
            self.known.labels(of: self.known.row($0)).split(separator: "\n").map(String.init)
        } ?? []
    }

    /// Where a listing of changes may begin: only what is known in its present form may go unnamed, and not
    /// what is held, since no change tells whether it is there after all.
    private func checkpoint(of source: Plan.Source) -> ListingCursor? {
        guard let checkpoint = self.deltas.checkpoint(of: source) else { return nil }
        for (shard, rows) in self.known.rows.enumerated() {
            for (index, row) in rows.enumerated()
            where !row.isTakenOut && self.known.source(of: row) == source.name {
                guard self.isCurrent(row, source), !self.deltas.held.contains(row.id),
                    self.known.areChildrenCurrent(
                        .init(shard: shard, index: index),
                        source: source.name,
                        fingerprints: self.fingerprints
                    )
                else { return nil }
            }
        }
        return checkpoint
    }

    /// Takes the documents that a delta does not name for listed.
    ///
    /// - Returns: how many documents the source has.
    private mutating func completeDelta(_ outcome: ListingOutcome, of source: Plan.Source) -> Int {
        let deleted = Set(outcome.deleted)
        var count = self.newCount
        for (shard, rows) in self.known.rows.enumerated() {
            for (index, row) in rows.enumerated()
            where !row.isTakenOut && self.known.source(of: row) == source.name {
                if deleted.contains(row.id) || self.listing.leftOutKnown.contains(row.id) {
                    self.isListed[shard][index] = false
                } else if !self.isListed[shard][index] {
                    self.isListed[shard][index] = true
                    self.listing.unchanged += 1
                }
                if self.isListed[shard][index] { count += 1 }
            }
        }
        return count
    }

    private mutating func compare(_ listed: ListedItem, with source: Plan.Source) {
        let place = self.known.place(of: listed.id)
        if let place {
            self.isListed[place.shard][place.index] = true
            if !self.isParanoid, self.isUnchanged(listed, source, self.known.row(place)),
                self.known.areChildrenCurrent(
                    place,
                    source: source.name,
                    fingerprints: self.fingerprints
                )
            {
                self.listing.unchanged += 1
                return
            }
        } else {
            self.newCount += 1
        }
        let item = SourceItem(listed, source: source.name, priority: source.priority)
        self.take(PendingDocument(item: item, listed: listed, isKnown: place != nil))
    }

    private func isUnchanged(
        _ listed: ListedItem,
        _ source: Plan.Source,
        _ row: KnownDocuments.Row
    ) -> Bool {
        listed.version.isKnown && row.version == listed.version && self.isCurrent(row, source)
            && (listed.labels.map { self.known.labels(of: row) == LabelCoding.text($0) } ?? true)
    }

    private func isCurrent(_ row: KnownDocuments.Row, _ source: Plan.Source) -> Bool {
        row.hasContent
            && self.known.priority(of: row) == Int32(clamping: source.priority)
            && self.known.source(of: row) == source.name
            && self.fingerprints.isCurrent(self.known.fingerprint(of: row), source: source.name)
    }
}

extension SourceItem {
    init(_ listed: ListedItem, source: String, priority: Int) {
        self.init(
            id: listed.id,
            uri: listed.uri,
            source: source,
            priority: priority,
            size: listed.size ?? listed.content?.bytes.count ?? 0,
            modificationNanoseconds: listed.modificationNanoseconds ?? 0,
            version: listed.version,
            labels: listed.labels ?? []
        )
    }
}

extension KnownDocuments {
    /// Whether what was taken out of a document would come out the same today, and nobody asked to try
    /// any of it again.
    func areChildrenCurrent(
        _ place: Place,
        source: String,
        fingerprints: PrepareFingerprints
    ) -> Bool {
        self.children(of: place).allSatisfy { child in
            let row = self.row(child)
            return row.hasContent
                && fingerprints.isCurrent(self.fingerprint(of: row), source: source)
        }
    }
}

/// The listing was stopped from inside its visitor.
private struct Interrupted: Error {}
