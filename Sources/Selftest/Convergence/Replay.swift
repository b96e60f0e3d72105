internal import Foundation
internal import Operations
internal import Segments
internal import Synchronization
internal import Telemetry

/// Where and how histories are replayed.
struct ReplaySetting: Sendable {
    var shape: PipelineShape
    /// The folder that the replay's own folder is made in.
    var parent: String
    var executable: String?
    /// Leaves the first edit out of what the index is compared with.
    var plantsBug = false
}

/// What an index had to be and was not.
struct HistoryFailure: Sendable {
    enum Kind: String, Sendable {
        case runFailed = "run failed"
        case accounts
        case digest
        case verify
        case search
        case notSettled = "not settled"
        case compacted
    }

    var kind: Kind
    /// Place of the event in the history.
    var event: Int
    var message: String
}

/// Replays `events` in a folder of its own; nil when every comparison held.
///
/// - Throws: ``SelftestError`` when the replay itself cannot go on.
func replay(_ events: [HistoryEvent], _ setting: ReplaySetting) throws -> HistoryFailure? {
    let folder = try WorkFolder(in: setting.parent)
    var replay = try Replay(setting, folder: folder)
    for (index, event) in events.enumerated() {
        guard replay.state.allows(event) else { continue }
        if let (kind, message) = try replay.perform(event) {
            return HistoryFailure(kind: kind, event: index, message: message)
        }
    }
    return nil
}

private struct Replay {
    typealias Finding = (HistoryFailure.Kind, String)

    private(set) var state: CollectionState
    private let setting: ReplaySetting
    private let folder: WorkFolder
    private var source: SourceFolder
    private var bench: Bench
    private var fresh: FreshIndex
    /// The content that the planted bug hides, and the path it hides it at.
    private var hidden: (path: String, before: FileContent, after: FileContent)?

    init(_ setting: ReplaySetting, folder: WorkFolder) throws {
        self.setting = setting
        self.folder = folder
        self.state = CollectionState(shape: setting.shape)
        self.source = try SourceFolder(folder("docs"))
        self.bench = Bench(
            setting.shape,
            source: self.source.root,
            workspace: folder("workspace")
        )
        self.fresh = FreshIndex(folder: folder("fresh"))
    }

    /// - Precondition: the state allows the event.
    mutating func perform(_ event: HistoryEvent) throws -> Finding? {
        switch event {
        case .sync(let workers, let isParanoid):
            guard self.state.undecidable.isEmpty else { return nil }
            self.state.apply(event)
            return try self.sync(workers, isParanoid: isParanoid)
        case .stop(let reading, let workers):
            self.state.apply(event)
            return self.stop(atReading: reading, workers: workers)
        case .limit(let documents, let workers):
            self.state.apply(event)
            return self.cutShort("limited to \(documents) documents", workers) {
                $0.maximumDocuments = documents
            }
        case .kill(let milliseconds, let workers):
            self.state.apply(event)
            return try self.kill(afterMilliseconds: milliseconds, workers: workers)
        case .compact(let workers):
            return try self.compact(workers)
        default:
            try self.change(event)
            return nil
        }
    }

    // MARK: Documents

    private mutating func change(_ event: HistoryEvent) throws {
        let before = self.state.files
        self.state.apply(event)
        self.bench.shape = self.state.shape
        switch event {
        case .add(let file, _, _), .damage(let file, _, _), .mend(let file),
            .editInvisibly(let file):
            try self.write(file)
        case .edit(let file, _, let seed, let inPlace):
            let inPlace = inPlace && before[file]?.isLinked == false
            if inPlace, seed.isMultiple(of: 2), let new = self.state.files[file] {
                // Under the old time: only the time of the file's change tells.
                try self.source.writeQuietly(new.path, new.content.bytes)
            } else {
                try self.write(file, inPlace: inPlace)
            }
            if self.hidden == nil, self.setting.plantsBug, let old = before[file],
                let new = self.state.files[file]
            {
                self.hidden = (new.path, old.content, new.content)
            }
        case .rename(let file, let path):
            if let old = before[file] { try self.source.rename(old.path, to: path) }
        case .exchange(let file, let other):
            guard let one = before[file]?.path, let two = before[other]?.path else { return }
            try self.source.exchange(one, two)
        case .copy(let file, let copy, let path, let isLink):
            if isLink, let old = before[file]?.path {
                try self.source.link(old, as: path)
            } else {
                try self.write(copy)
            }
        case .touch(let file):
            if let path = before[file]?.path { try self.source.touch(path) }
        case .delete(let file):
            if let path = before[file]?.path { try self.source.remove(path) }
        case .configure, .sync, .stop, .limit, .kill, .compact: break
        }
    }

    private mutating func write(_ file: Int, inPlace: Bool = false) throws {
        guard let file = self.state.files[file] else { return }
        try self.source.write(file.path, file.content.bytes, inPlace: inPlace)
    }

    private var expectedFiles: [(path: String, content: FileContent)] {
        self.state.expectedFiles.map { file in
            guard let hidden = self.hidden, hidden.path == file.path,
                hidden.after == file.content
            else { return file }
            return (file.path, hidden.before)
        }
    }

    // MARK: Runs

    private mutating func sync(_ workers: Int, isParanoid: Bool) throws -> Finding? {
        let summary: RunSummary
        do {
            summary = try self.bench.run(.sync, workers: workers) { $0.isParanoid = isParanoid }
        } catch {
            return (.runFailed, "\(error)")
        }
        try self.fresh.bring(to: self.expectedFiles, shape: self.state.shape)
        return try self.compare(summary)
    }

    /// Another run at once has nothing to do.
    private func rest(after summary: RunSummary) throws -> Finding? {
        let again = try self.bench.run(.sync, workers: 1)
        guard again.outcome != .unchanged || again.segmentsWritten > 0 else { return nil }
        return (
            .notSettled,
            "a second sync at once published snapshot \(again.snapshot ?? 0) after "
                + "\(summary.snapshot ?? 0) and wrote \(again.segmentsWritten) segments"
        )
    }

    private func stop(atReading reading: Int, workers: Int) -> Finding? {
        self.cutShort("to be stopped", workers) { options in
            let cancellation = options.cancellation
            options.clock = countingClock(reading: reading) { cancellation.request() }
        }
    }

    /// A run that is told to end before its time; it may come to its end all the same.
    private func cutShort(
        _ manner: String,
        _ workers: Int,
        _ change: (inout RunOptions) -> Void
    ) -> Finding? {
        do {
            try self.bench.run(.sync, workers: workers, change)
            return try self.answers()
        } catch {
            return (.runFailed, "the run that was \(manner): \(error)")
        }
    }

    private func kill(afterMilliseconds milliseconds: Int, workers: Int) throws -> Finding? {
        guard let executable = self.setting.executable else {
            return self.stop(atReading: 2 + milliseconds % 13, workers: workers)
        }
        try self.bench.writePipeline()
        let process = try CommandProcess(
            executable,
            ["sync", self.bench.pipelineFile, "--quiet", "--workers", String(workers)],
            log: self.folder("killed")
        )
        process.end(afterMilliseconds: milliseconds)
        do { return try self.answers() } catch { return (.search, "after the kill: \(error)") }
    }

    /// What is published answers, whatever became of the run after it.
    private func answers() throws -> Finding? {
        guard try liveSnapshot(workspace: self.bench.workspace) != nil else { return nil }
        _ = try self.bench.search("mill river")
        return nil
    }

    /// The canonical form has the same bytes whatever happened before: a segment's name is its hash.
    private func compact(_ workers: Int) throws -> Finding? {
        do {
            let summary = try self.bench.run(.compact, workers: workers)
            guard summary.digest == self.fresh.summary.digest else {
                return (.digest, "compact changed the digest to \(summary.digest ?? "none")")
            }
        } catch {
            return (.runFailed, "compact: \(error)")
        }
        let found = try liveSnapshot(workspace: self.bench.workspace)?.indexes
        let wanted = try self.fresh.indexes
        guard found == wanted else {
            return (
                .compacted,
                "after compact the segments are \(names(found)), a fresh backfill has "
                    + names(wanted)
            )
        }
        return try self.compareWorkspace()
    }

    // MARK: Comparison

    private func compare(_ summary: RunSummary) throws -> Finding? {
        let wanted = self.fresh.summary
        if let finding = self.compareAccounts(summary.accounts, wanted.accounts) {
            return finding
        }
        let isClean = summary.status == .clean || summary.status == .documentsFailed
        guard isClean else { return (.runFailed, "exit code \(summary.exitCode)") }
        guard summary.digest == wanted.digest else {
            return (
                .digest,
                "digest \(summary.digest ?? "none") with \(summary.chunks) chunks, a fresh backfill "
                    + "has \(wanted.digest ?? "none") with \(wanted.chunks)"
            )
        }
        return try self.compareWorkspace() ?? self.rest(after: summary)
    }

    private func compareWorkspace() throws -> Finding? {
        let workspace = self.bench.workspace
        let problems =
            try verify(workspace: workspace).problems + audit(workspace: workspace).problems
        if let first = problems.first { return (.verify, first) }
        return try self.compareAnswers()
    }

    private func compareAccounts(_ found: DocumentAccounts, _ wanted: DocumentAccounts)
        -> Finding?
    {
        var found = found
        guard found.addsUp, found.listed - (found.children ?? 0) == self.state.files.count else {
            return (.accounts, "\(self.state.files.count) files, but the accounts are \(found)")
        }
        found.stale = 0
        // A document whose update failed may stand where its last good version stood.
        let isEqual =
            self.state.hasStaleFiles
            ? found.indexed + found.duplicates == wanted.indexed + wanted.duplicates
            : found == wanted
        guard isEqual else {
            return (.accounts, "accounts are \(found), a fresh backfill has \(wanted)")
        }
        return nil
    }

    private func compareAnswers() throws -> Finding? {
        for query in self.queries {
            let found = try self.bench.search(query).map(Answer.init)
            let wanted = try self.fresh.bench(self.state.shape).search(query).map(Answer.init)
            guard found == wanted else {
                return (
                    .search,
                    "'\(query)' finds \(found), in a fresh backfill it finds \(wanted)"
                )
            }
        }
        return nil
    }

    /// Titles of three documents: made-up words, so that they may be printed.
    private var queries: [String] {
        let numbers = self.state.numbers
        guard let first = numbers.first, let last = numbers.last else { return [] }
        return [first, numbers[numbers.count / 2], last].compactMap { number in
            guard case .document(let document, _)? = self.state.files[number]?.content else {
                return nil
            }
            return document.title
        }
    }
}

/// Segments as `shard/name`, shortened.
private func names(_ indexes: [IndexSnapshot]?) -> String {
    (indexes ?? []).flatMap(\.segments)
        .map { "\($0.shard)/\($0.name.prefix(8))\($0.tombstones == nil ? "" : "-")" }
        .joined(separator: " ")
}

/// A hit without what depends on the moment.
private struct Answer: Hashable, CustomStringConvertible {
    let uri: String
    let start: Int
    let end: Int
    let score: Double
    let snippet: String

    init(_ hit: FoundChunk) {
        self.uri = hit.uri
        self.start = hit.start
        self.end = hit.end
        self.score = hit.score
        self.snippet = hit.snippet
    }

    var description: String { "\(self.uri) \(self.start)..<\(self.end) (\(self.score))" }
}

/// A clock that stands still and calls `action` when it is read for the `reading`th time.
///
/// A run reads its clock at every checkpoint and phase, on the thread that does the work.
func countingClock(reading: Int, _ action: @escaping @Sendable () -> Void) -> WallClock {
    let count = ReadingCount()
    return WallClock {
        if count.increment() == reading { action() }
        return 1_700_000_000_000
    }
}

private final class ReadingCount: Sendable {
    private let value = Mutex(0)

    func increment() -> Int {
        self.value.withLock {
            $0 += 1
            return $0
        }
    }
}
