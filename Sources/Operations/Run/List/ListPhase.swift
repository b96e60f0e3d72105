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

/// What listing every source came to.
struct Listing: Sendable {
    struct Source: Sendable {
        var name: String
        var listed = 0
        /// False when parts of it could not be listed.
        var isComplete = true
        /// Why it is not complete, for people.
        var problem: String?
        /// Links that were not followed; the first of them by URI.
        var skippedLinkCount = 0
        var skippedLinks: [String] = []
        /// Sockets, pipes and devices.
        var skippedSpecialCount = 0
        /// Files that the source's patterns leave out.
        var unmatchedCount = 0
        /// Documents that are not taken up and not counted as listed, by why.
        var leftOut: [String: Int] = [:]
    }

    /// By name; sources that left the pipeline are not among them.
    var sources: [String: Source] = [:]
    var unchanged = 0
    /// Known documents that are left out from now on: they go without being held.
    var leftOutKnown: Set<DocumentID> = []
    /// Known documents that were not listed, by shard, ascending.
    var unlisted: [[KnownDocuments.Place]] = []

    var listed: Int { self.sources.values.reduce(0) { $0 + $1.listed } }
}

/// Lists every source and compares it with what is known.
///
/// A document is unchanged when its size, time, inode and version token are those of the last attempt and the
/// stages it goes through are the same; its bytes are not read then.
struct ListPhase {
    private let plan: Plan
    private let connectors: [String: any Connector]
    private let known: KnownDocuments
    private let fingerprints: PrepareFingerprints
    private let leftOut: LeftOutDocuments
    private let isParanoid: Bool
    private let isEnding: () -> Bool
    private let take: (PendingDocument) -> Void
    private var isListed: [[Bool]]
    private var listing = Listing()

    /// - Parameter take: called with every document that is new or may have changed.
    init(
        plan: Plan,
        connectors: [String: any Connector],
        known: KnownDocuments,
        fingerprints: PrepareFingerprints,
        leftOut: LeftOutDocuments,
        isParanoid: Bool,
        isEnding: @escaping () -> Bool,
        take: @escaping (PendingDocument) -> Void
    ) {
        self.plan = plan
        self.connectors = connectors
        self.known = known
        self.fingerprints = fingerprints
        self.leftOut = leftOut
        self.isParanoid = isParanoid
        self.isEnding = isEnding
        self.take = take
        self.isListed = known.rows.map { Array(repeating: false, count: $0.count) }
    }

    /// Nil when the run ends before the listing does.
    ///
    /// - Throws: ``OperationError`` when a source cannot be listed at all.
    mutating func run() throws -> Listing? {
        for source in self.plan.sources {
            guard !self.isEnding(), try self.list(source) else { return nil }
        }
        self.listing.unlisted = self.isListed.indices.map { shard in
            self.isListed[shard].indices.filter { !self.isListed(shard, $0) }
                .map { .init(shard: shard, index: $0) }
        }
        return self.listing
    }

    /// Whether a document is listed, or the one that it was taken out of.
    private func isListed(_ shard: Int, _ index: Int) -> Bool {
        guard let parent = self.known.rows[shard][index].parent else {
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
        let report: ListingReport
        do {
            report = try connector.list { listed in
                guard !self.isEnding() else { throw Interrupted() }
                if let reason = self.reasonToLeaveOut(listed, of: source) {
                    result.leftOut[reason, default: 0] += 1
                    return
                }
                result.listed += 1
                self.compare(listed, with: source)
            }
        } catch {
            if error.cause is Interrupted { return false }
            throw OperationError(
                .fatal,
                "source '\(source.name)' cannot be listed: \(error); nothing was deleted"
            )
        }
        result.skippedLinkCount = report.skippedLinkCount
        result.skippedLinks = report.skippedLinks
        result.skippedSpecialCount = report.skippedSpecialCount
        result.unmatchedCount = report.unmatchedCount
        if !report.isComplete {
            result.isComplete = false
            result.problem =
                "could not be listed completely (\(report.problemCount) problems, "
                + "first: \(report.errors.first.map { "\($0)" } ?? "unknown"))"
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
                modificationNanoseconds: listed.modificationNanoseconds
            )
        else { return nil }
        if self.known.place(of: listed.id) != nil { self.listing.leftOutKnown.insert(listed.id) }
        return reason
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
        }
        let item = SourceItem(
            id: listed.id,
            uri: listed.uri,
            source: source.name,
            priority: source.priority,
            size: listed.size,
            modificationNanoseconds: listed.modificationNanoseconds,
            inode: listed.inode,
            versionToken: listed.versionToken
        )
        self.take(PendingDocument(item: item, listed: listed, isKnown: place != nil))
    }

    private func isUnchanged(
        _ listed: ListedItem,
        _ source: Plan.Source,
        _ row: KnownDocuments.Row
    ) -> Bool {
        row.hasContent && row.size == listed.size
            && row.modificationNanoseconds == listed.modificationNanoseconds
            && row.inode == listed.inode && row.versionToken == listed.versionToken
            && row.priority == Int32(clamping: source.priority)
            && self.known.source(of: row) == source.name
            && self.fingerprints.isCurrent(self.known.fingerprint(of: row), source: source.name)
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
