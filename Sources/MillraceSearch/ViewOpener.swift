internal import Embedding
internal import Foundation
internal import Segments
internal import Storage
internal import Synchronization

/// Opens snapshots of one workspace, beside a writer that publishes and cleans up meanwhile.
final class ViewOpener: Sendable {
    private let workspace: String
    private let options: SearchIndex.Options
    private let queue: WorkQueue
    private let leases: LeaseKeeper
    /// The last one that was loaded: most snapshots have the model of the one before.
    private let embedder = Mutex<QueryEmbedder?>(nil)
    private let expander = Mutex<QueryExpander?>(nil)

    private static let attemptLimit = 5

    init(workspace: String, options: SearchIndex.Options) {
        self.workspace = WorkspaceLayout(root: workspace).root
        self.options = options
        self.queue = WorkQueue(
            width: max(1, options.concurrency ?? ProcessInfo.processInfo.activeProcessorCount),
            waitingMax: max(1, options.waitingMax)
        )
        self.leases = LeaseKeeper(workspace: self.workspace)
    }

    func renewLeases() { self.leases.renew() }

    /// The published snapshot, with all its files open.
    func openLive() async throws(SearchFailure) -> IndexView {
        guard let view = try await self.openLive(unless: nil) else {
            throw SearchFailure(.nothingPublished, "nothing is published in \(self.workspace)")
        }
        return view
    }

    /// The published snapshot; nil where it is the one of this number.
    func openLive(unless number: Int?) async throws(SearchFailure) -> IndexView? {
        do {
            return try await self.queue.run { try self.openLiveNow(unless: number) }
        } catch {
            throw SearchFailure(error)
        }
    }

    /// The snapshot of this number; nil where it was cleaned up.
    func open(_ number: Int) async throws(SearchFailure) -> IndexView? {
        do {
            return try await self.queue.run {
                let isLive = try liveSnapshotNumber(workspace: self.workspace) == number
                return try self.openNow(number, isLive: isLive)
            }
        } catch {
            throw SearchFailure(error)
        }
    }

    func snapshots() throws(SearchFailure) -> [SnapshotSummary] {
        try translating {
            let live = try liveSnapshotNumber(workspace: self.workspace)
            return try snapshotNumbers(workspace: self.workspace).reversed().compactMap { number in
                do {
                    let snapshot = try Segments.snapshot(number: number, workspace: self.workspace)
                    return SnapshotSummary(snapshot, isLive: number == live)
                } catch let error as StorageError where error.code == .notFound {
                    return nil
                }
            }
        }
    }

    private func openLiveNow(unless number: Int?) throws -> IndexView? {
        for _ in 0..<Self.attemptLimit {
            guard let live = try liveSnapshotNumber(workspace: self.workspace) else {
                throw SearchFailure(
                    .nothingPublished,
                    "nothing is published in \(self.workspace) yet; run 'millrace backfill PIPELINE'"
                )
            }
            if live == number { return nil }
            if let view = try self.openNow(live, isLive: true) { return view }
            // A writer published and cleaned up between the two reads: begin anew.
        }
        throw SearchFailure(
            .unreadable,
            "\(self.workspace): the files of the published snapshot are not there; "
                + "'millrace sync PIPELINE' publishes again"
        )
    }

    /// Leaves a lease, then opens and maps every file: what is mapped stays readable, lease or not; where a file
    /// went before it was open, the answer is nil.
    private func openNow(_ number: Int, isLive: Bool) throws -> IndexView? {
        let hold = self.leases.hold(number)
        do {
            let snapshot = try Segments.snapshot(number: number, workspace: self.workspace)
            let index = try self.index(of: snapshot)
            return try IndexView(
                snapshot,
                index: index,
                isLive: isLive,
                workspace: self.workspace,
                embedder: index.dimensions > 0 ? self.loadEmbedder(index) : nil,
                expander: index.expander.map { try self.loadExpander($0, of: index) },
                queue: self.queue,
                hold: hold
            )
        } catch let error as StorageError where error.code == .notFound {
            return nil
        }
    }

    private func index(of snapshot: Snapshot) throws -> IndexSnapshot {
        let wanted = self.options.index
        if let index = snapshot.indexes.first(where: { wanted == nil || $0.name == wanted }) {
            return index
        }
        let names = snapshot.indexes.map(\.name).joined(separator: ", ")
        throw SearchFailure(
            .noSuchIndex,
            "snapshot \(snapshot.number) has no index '\(wanted ?? "")'; it has: \(names)"
        )
    }

    private func loadEmbedder(_ index: IndexSnapshot) throws -> QueryEmbedder {
        if let loaded = self.embedder.withLock({ $0 }), loaded.fingerprint == index.modelFingerprint
        {
            return loaded
        }
        let loaded = try QueryEmbedder(of: index, modelsRoot: self.options.modelsFolder)
        self.embedder.withLock { $0 = loaded }
        return loaded
    }

    /// - Throws: ``SearchFailure`` `.modelUnavailable` when the tokeniser here is not the index's.
    private func loadExpander(_ json: String, of index: IndexSnapshot) throws -> QueryExpander {
        guard let reference = ExpanderReference(json: json) else {
            throw SearchFailure(
                .modelUnavailable,
                "index '\(index.name)' does not say which model expanded it; run the pipeline again"
            )
        }
        if let loaded = self.expander.withLock({ $0 }), loaded.reference == reference {
            return loaded
        }
        let store = self.options.modelsFolder.map { ModelStore(root: $0) } ?? ModelStore()
        let loaded = try store.queryExpander(reference.model)
        guard loaded.reference == reference else {
            throw SearchFailure(
                .modelUnavailable,
                "index '\(index.name)' was expanded by another '\(reference.model)' than the one here; run the "
                    + "pipeline again, or put the model back"
            )
        }
        self.expander.withLock { $0 = loaded }
        return loaded
    }
}
