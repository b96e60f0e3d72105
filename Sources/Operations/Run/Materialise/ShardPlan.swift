internal import Dataflow
internal import Manifests
internal import Records
internal import Segments

/// How the segments of one shard become what they should be: which to keep, and what to write.
struct ShardPlan {
    enum Documents: Hashable {
        /// Every canonical document of the shard.
        case all
        /// These, ascending.
        case some([DocumentID])

        var isEmpty: Bool { self == .some([]) }
    }

    /// What one index keeps, and the documents of its one new segment.
    struct Index {
        let branch: MaterialisePlan.IndexBranch
        var kept: [LiveSegment]
        var written: Documents
    }

    var indexes: [Index] = []

    /// Indexes that take the same documents are written in one pass, in the order of the plan.
    var passes: [(documents: Documents, indexes: Set<String>)] {
        var passes: [(documents: Documents, indexes: Set<String>)] = []
        for index in self.indexes where !index.written.isEmpty {
            if let place = passes.firstIndex(where: { $0.documents == index.written }) {
                passes[place].indexes.insert(index.branch.node.id)
            } else {
                passes.append((index.written, [index.branch.node.id]))
            }
        }
        return passes
    }
}

/// Makes a ``ShardPlan``: a small new segment and tombstones for what changed, merged with what is
/// about as small; or everything anew where the index is made otherwise than before, or damaged.
struct ShardPlanner {
    let manifest: ShardManifest
    /// Where the shard's segments lie.
    let folder: String
    let plan: MaterialisePlan
    /// How much of what is written may be taken on trust.
    let trust: SegmentTrust
    /// Whether the canonical form is wanted: one segment, as a backfill writes it.
    let isCompacting: Bool

    /// Whether nothing has to be done.
    func isUpToDate() throws -> Bool {
        guard try !self.manifest.hasUnindexed() else { return false }
        let written = try self.manifest.writtenIndexes()
        guard written.count == self.plan.indexes.count else { return false }
        return self.plan.indexes.allSatisfy { branch in
            guard let index = written[branch.node.id] else { return false }
            return self.isSound(index, branch) && (!self.isCompacting || self.isCanonical(index))
        }
    }

    /// About how many documents ``make()`` is going to write, for the progress.
    func expectedCount() throws -> Int {
        let written = try self.manifest.writtenIndexes()
        let isAppending =
            !self.isCompacting
            && self.plan.indexes.allSatisfy {
                written[$0.node.id]?.fingerprint == $0.fingerprint
            }
        return isAppending
            ? try self.manifest.unindexedCount() : try self.manifest.canonicalCount()
    }

    /// The documents that ``make()`` is going to write and whose chunks may have no vector yet;
    /// touches nothing.
    ///
    /// What it merges beside them has been written before.
    func pendingDocuments() throws -> ShardPlan.Documents {
        let written = try self.manifest.writtenIndexes()
        let isAppending =
            !self.isCompacting
            && self.plan.indexes.allSatisfy {
                written[$0.node.id]?.fingerprint == $0.fingerprint
            }
        guard isAppending else { return .all }
        return .some(try self.manifest.canonical(among: self.manifest.unindexed()))
    }

    /// - Output: what is to be done; the tombstones it names are durable.
    func make() throws -> ShardPlan {
        let written = try self.manifest.writtenIndexes()
        let changed = try self.manifest.unindexed()
        let served = try self.manifest.canonical(among: changed)
        let hasDocuments = try !self.manifest.canonicalDocuments(after: nil, maximumCount: 1)
            .isEmpty
        var result = ShardPlan()
        for branch in self.plan.indexes {
            if let index = written[branch.node.id], self.isSound(index, branch),
                !self.isCompacting || (changed.isEmpty && self.isCanonical(index))
            {
                result.indexes.append(
                    try self.append(to: index, branch, changed: changed, served: served)
                )
            } else {
                result.indexes.append(
                    .init(branch: branch, kept: [], written: hasDocuments ? .all : .some([]))
                )
            }
        }
        return result
    }

    private func append(
        to index: WrittenIndex,
        _ branch: MaterialisePlan.IndexBranch,
        changed: [DocumentID],
        served: [DocumentID]
    ) throws -> ShardPlan.Index {
        let segments = try index.segments.map {
            try bury(changed, in: $0, folder: self.folder)
        }
        let merged = Set(segmentsToMerge(segments, adding: served.count))
        var documents = served
        for place in merged.sorted() {
            documents += try liveDocumentIDs(of: segments[place], folder: self.folder)
        }
        return ShardPlan.Index(
            branch: branch,
            kept: segments.indices.filter { !merged.contains($0) }.map { segments[$0] },
            written: .some(documents.sorted())
        )
    }

    private func isSound(_ index: WrittenIndex, _ branch: MaterialisePlan.IndexBranch) -> Bool {
        index.fingerprint == branch.fingerprint
            && index.segments.allSatisfy { self.trust.isSound($0, folder: self.folder) }
    }

    /// One segment, all of it live and of today's format: what a backfill of the same documents writes.
    private func isCanonical(_ index: WrittenIndex) -> Bool {
        index.segments.isEmpty
            || index.segments.count == 1 && index.segments[0].tombstones == nil
                && isOfWrittenFormat(index.segments[0], folder: self.folder)
    }
}

/// How a segment is looked at before it is built upon.
enum SegmentTrust {
    /// It is there, with the size and header that were recorded.
    case header
    /// Every checksum.
    case nothing

    func isSound(_ segment: LiveSegment, folder: String) -> Bool {
        switch self {
        case .header: isPresent(segment, folder: folder)
        case .nothing:
            isPresent(segment, folder: folder)
                && (try? verify(segment, folder: folder)) != nil
        }
    }
}
