internal import Connectors
internal import Dataflow
internal import Manifests
internal import Records

/// What listing every source came to.
struct Listing: Sendable {
    struct Source: Sendable, Codable {
        /// All but `failure`: a listing that is kept is one that was made.
        private enum CodingKeys: CodingKey {
            case name, listed, isComplete, problem, goneCount, isDelta, checkpoint, skippedLinkCount
            case skippedLinks, skippedSpecialCount, unmatchedCount
        }

        var name: String
        var listed = 0
        /// False when parts of it could not be listed.
        var isComplete = true
        /// Why it is not complete, for people.
        var problem: String?
        /// Why it could not be listed at all.
        var failure: ConnectorError?
        /// Listed documents that were not there any more when they were to be read.
        var goneCount = 0
        /// Whether only what changed was listed.
        var isDelta = false
        /// Where a later listing of changes begins.
        var checkpoint: ListingCursor?
        /// Links that were not followed; the first of them by URI.
        var skippedLinkCount = 0
        var skippedLinks: [String] = []
        /// Sockets, pipes and devices.
        var skippedSpecialCount = 0
        /// Files that the source's patterns leave out.
        var unmatchedCount = 0
        /// Documents that are not taken up and not counted as listed, by why.
        var leftOut: [String: Int] = [:]

        mutating func take(_ outcome: ListingOutcome) {
            let report = outcome.report
            self.skippedLinkCount = report.skippedLinkCount
            self.skippedLinks = report.skippedLinks
            self.skippedSpecialCount = report.skippedSpecialCount
            self.unmatchedCount = report.unmatchedCount
            self.isDelta = outcome.isDelta
            self.checkpoint = outcome.checkpoint
            self.isComplete = outcome.isComplete
            if let failure = outcome.failure {
                self.problem = "could not be listed to its end: \(failure)"
            } else if !report.isComplete {
                self.problem =
                    "could not be listed completely (\(report.problemCount) problems, "
                    + "first: \(report.errors.first.map { "\($0)" } ?? "unknown"))"
            }
        }
    }

    /// By name; sources that left the pipeline are not among them.
    var sources: [String: Source] = [:]
    var unchanged = 0
    /// Known documents that are left out from now on: they go without being held.
    var leftOutKnown: Set<DocumentID> = []
    /// Of these: those that a retention takes out.
    var expiredKnown: Set<DocumentID> = []
    /// Known documents that were not listed, by shard, ascending.
    var unlisted: [[KnownDocuments.Place]] = []

    var listed: Int { self.sources.values.reduce(0) { $0 + $1.listed } }
    var isComplete: Bool { self.sources.values.allSatisfy(\.isComplete) }

    /// - Throws: ``OperationError`` when not one source could be listed: there is nothing to go on with.
    func requireAnySource(of plan: Plan) throws {
        let failed = plan.sources.compactMap { source in
            self.sources[source.name]?.failure.map { (source.name, $0) }
        }
        guard !failed.isEmpty, failed.count == plan.sources.count else { return }
        let isConfiguration = failed.allSatisfy { $0.1.code == .configuration }
        let reasons = failed.map { "source '\($0.0)' cannot be listed: \($0.1)" }
        throw OperationError(
            isConfiguration ? .configuration : .fatal,
            reasons.joined(separator: "; ") + "; nothing was deleted"
        )
    }

    /// Takes listed documents that were gone when they were to be read for unlisted.
    mutating func withdraw(_ gone: [(id: DocumentID, source: String)], known: KnownDocuments) {
        guard !gone.isEmpty else { return }
        var shards: Set<Int> = []
        for (id, source) in gone {
            self.sources[source]?.listed -= 1
            self.sources[source]?.goneCount += 1
            guard let place = known.place(of: id) else { continue }
            self.unlisted[place.shard].append(place)
            self.unlisted[place.shard] += known.children(of: place)
            shards.insert(place.shard)
        }
        for shard in shards {
            self.unlisted[shard] = Set(self.unlisted[shard].map(\.index)).sorted()
                .map { .init(shard: shard, index: $0) }
        }
    }
}
