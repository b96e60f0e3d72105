internal import Objects
internal import Synchronization

/// Gives the pages of a bucket's listing, some of them before they are asked for.
///
/// What it has ahead holds for one process and changes no page: a cursor leads to the same pages in
/// another one.
final class S3Lister: Sendable {
    private let client: S3Client
    private let prefix: String
    private let concurrency: Int
    /// Requests that were sent ahead, by the cursor that they answer.
    private let ahead = Mutex<[S3Cursor: Task<Result<S3Page, RemoteFailure>, Never>]>([:])

    init(_ client: S3Client, prefix: String, concurrency: Int) {
        self.client = client
        self.prefix = prefix
        self.concurrency = concurrency
    }

    deinit {
        self.ahead.withLock { tasks in
            for task in tasks.values { task.cancel() }
        }
    }

    /// The page at `cursor`, or the first one, and where the next one begins.
    func page(
        at cursor: S3Cursor?
    ) async throws(RemoteFailure) -> (page: S3Page, next: S3Cursor?) {
        guard let cursor else { return try await self.firstPage() }
        let page = try await self.answer(to: cursor)
        let next = cursor.next(after: page)
        self.askAhead(of: next)
        return (page, next)
    }

    /// The keys directly below the prefix where the folders there can be listed at the same time; the first
    /// keys of all otherwise.
    private func firstPage() async throws(RemoteFailure) -> (page: S3Page, next: S3Cursor?) {
        let level = S3Cursor.level(token: "")
        let page = try await self.fetch(level)
        if let next = level.next(after: page) {
            self.askAhead(of: next)
            return (page, next)
        }
        if page.next == nil, page.prefixes.isEmpty { return (page, nil) }
        return try await self.page(at: .flat(token: ""))
    }

    private func answer(to cursor: S3Cursor) async throws(RemoteFailure) -> S3Page {
        if let task = self.ahead.withLock({ $0.removeValue(forKey: cursor) }) {
            // What went wrong ahead of time is asked for again, by the one who needs it.
            if case .success(let page) = await task.value { return page }
        }
        return try await self.fetch(cursor)
    }

    private func fetch(_ cursor: S3Cursor) async throws(RemoteFailure) -> S3Page {
        let request = cursor.request(below: self.prefix)
        return try await self.client.list(
            prefix: request.prefix,
            delimiter: request.delimiter,
            token: request.token
        )
    }

    /// Sends for the page at `cursor` and for the first pages of the folders after it.
    private func askAhead(of cursor: S3Cursor?) {
        guard let cursor else { return }
        self.ask(cursor)
        guard case .folder(let index, _, let folders) = cursor else { return }
        for later in (index + 1)..<min(folders.count, index + self.concurrency)
        where index + 1 < folders.count {
            self.ask(.folder(index: later, token: "", folders: folders))
        }
    }

    private func ask(_ cursor: S3Cursor) {
        self.ahead.withLock { tasks in
            guard tasks[cursor] == nil, tasks.count < self.concurrency else { return }
            let (client, prefix) = (self.client, self.prefix)
            tasks[cursor] = Task(executorPreference: WaitedTasks.threads) {
                let request = cursor.request(below: prefix)
                do throws(RemoteFailure) {
                    return .success(
                        try await client.list(
                            prefix: request.prefix,
                            delimiter: request.delimiter,
                            token: request.token
                        )
                    )
                } catch {
                    return .failure(error)
                }
            }
        }
    }
}
