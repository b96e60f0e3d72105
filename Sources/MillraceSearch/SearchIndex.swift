internal import Segments
internal import Storage
internal import Synchronization

/// A published index of a workspace, open for as long as a program runs.
///
/// Opening needs read permission and nothing else: no database, no lock, no writer at work. Any number of
/// tasks may ask at once. A new snapshot is noticed by itself; a question keeps the snapshot it began with.
///
/// ```swift
/// let index = try await SearchIndex.open(workspace: "/data/handbook")
/// for hit in try await index.search(SearchRequest("resume a run", count: 3)).hits {
///     print(hit.score, hit.uri, hit.snippet)
/// }
/// ```
public final class SearchIndex: Sendable {
    /// How an index is opened and kept.
    public struct Options: Sendable {
        /// The index's name; nil for the first, which is mostly the only one.
        public var index: String?
        /// The folder of embedding models; nil for `$MILLRACE_MODELS` or the user's cache.
        public var modelsFolder: String?
        /// How often to look for a new snapshot; nil to look only when ``SearchIndex/refresh()`` is called.
        public var refreshInterval: Duration?
        /// How many questions are answered at once, while the others wait; nil for one a processor.
        public var concurrency: Int?
        /// How many may wait; a further one is refused as busy.
        public var waitingMax: Int

        public init(
            index: String? = nil,
            modelsFolder: String? = nil,
            refreshInterval: Duration? = .seconds(1),
            concurrency: Int? = nil,
            waitingMax: Int = 1_000
        ) {
            self.index = index
            self.modelsFolder = modelsFolder
            self.refreshInterval = refreshInterval
            self.concurrency = concurrency
            self.waitingMax = waitingMax
        }
    }

    private struct State {
        /// Nil once closed.
        var current: IndexView?
        var isRefreshing = false
        var failure: SearchFailure?
        var watcher: Task<Void, Never>?
    }

    private let opener: ViewOpener
    private let state: Mutex<State>

    /// Opens the published snapshot of the workspace at `workspace`.
    ///
    /// - Throws: `.nothingPublished`, `.noSuchIndex`, `.modelUnavailable`, `.otherVersion`, `.damaged`,
    ///   `.unreadable`.
    public static func open(
        workspace: String,
        options: Options = Options()
    ) async throws(SearchFailure) -> SearchIndex {
        let opener = ViewOpener(workspace: workspace, options: options)
        let index = SearchIndex(opener, try await opener.openLive())
        if let interval = options.refreshInterval { index.watch(every: interval) }
        return index
    }

    private init(_ opener: ViewOpener, _ view: IndexView) {
        self.opener = opener
        self.state = Mutex(State(current: view))
    }

    deinit { self.state.withLock { $0.watcher?.cancel() } }

    /// The snapshot that questions are asked of now.
    ///
    /// - Throws: `.closed`.
    public func current() throws(SearchFailure) -> IndexView {
        guard let view = self.state.withLock({ $0.current }) else {
            throw SearchFailure(.closed, "the index was closed")
        }
        return view
    }

    /// A view of an earlier snapshot, for a second page of the first page's answer.
    ///
    /// - Returns: nil where it was cleaned up.
    public func view(ofSnapshot number: Int) async throws(SearchFailure) -> IndexView? {
        let view = try self.current()
        return view.snapshot.number == number ? view : try await self.opener.open(number)
    }

    /// The best chunks of the current snapshot for a question, best first.
    ///
    /// - Parameter patience: How long it may wait for its turn; nil for as long as it takes.
    public func search(
        _ request: SearchRequest,
        patience: Duration? = nil
    ) async throws(SearchFailure) -> SearchAnswer {
        try await self.current().search(request, patience: patience)
    }

    /// The chunk of this id with its text; nil where the current snapshot has none that may be seen.
    public func chunk(
        _ id: String,
        access: Access = .everything
    ) async throws(SearchFailure) -> SearchHit? {
        try await self.current().chunk(id, access: access)
    }

    /// The document of this id; nil where the current snapshot has none that may be seen.
    public func document(
        _ id: String,
        access: Access = .everything
    ) async throws(SearchFailure) -> IndexedDocument? {
        try await self.current().document(id, access: access)
    }

    /// The snapshots that are there, newest first.
    public func snapshots() throws(SearchFailure) -> [SnapshotSummary] {
        try self.opener.snapshots()
    }

    /// Takes up the published snapshot if it is another one.
    ///
    /// - Returns: Whether it was. False too while another task is at it.
    /// - Throws: as ``open(workspace:options:)``; the index goes on with the snapshot it had.
    @discardableResult
    public func refresh() async throws(SearchFailure) -> Bool {
        let view = try self.current()
        let isFirst = self.state.withLock { state in
            defer { state.isRefreshing = true }
            return !state.isRefreshing
        }
        guard isFirst else { return false }
        do {
            let next = try await self.opener.openLive(unless: view.snapshot.number)
            self.state.withLock { state in
                state.isRefreshing = false
                state.failure = nil
                if let next, state.current != nil { state.current = next }
            }
            return next != nil
        } catch {
            self.state.withLock { state in
                state.isRefreshing = false
                state.failure = error
            }
            throw error
        }
    }

    /// Why the last look for a new snapshot failed; nil when it did not.
    public var refreshFailure: SearchFailure? { self.state.withLock { $0.failure } }

    /// Looks no more for snapshots, and lets go of the current one when its last question is answered.
    public func close() {
        self.state.withLock { state in
            state.watcher?.cancel()
            state.watcher = nil
            state.current = nil
        }
    }

    private func watch(every interval: Duration) {
        let opener = self.opener
        let watcher = Task.detached { [weak self] in
            let renewal = Duration.milliseconds(ReaderLease.lifetimeMilliseconds / 6)
            let clock = ContinuousClock()
            var renewed = clock.now
            while (try? await clock.sleep(for: interval)) != nil {
                guard let self else { return }
                _ = try? await self.refresh()
                if clock.now - renewed >= renewal {
                    opener.renewLeases()
                    renewed = clock.now
                }
            }
        }
        self.state.withLock { $0.watcher = watcher }
    }
}
