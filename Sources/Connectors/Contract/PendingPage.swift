internal import Dispatch
internal import Objects
internal import Synchronization

/// A page that was asked for and that a thread will wait for.
final class PendingPage: Sendable {
    private let result = Mutex<Result<ListingPage, ConnectorError>?>(nil)
    private let done = DispatchSemaphore(value: 0)
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// How long a wait may pass over a request to stop.
    private static let patience: DispatchTimeInterval = .milliseconds(100)

    init(of connector: any Connector, after cursor: ListingCursor?) {
        let task = Task.detached(executorPreference: WaitedTasks.threads) { [self] in
            do throws(ConnectorError) {
                let page = try await connector.page(after: cursor)
                self.result.withLock { $0 = .success(page) }
            } catch {
                self.result.withLock { $0 = .failure(error) }
            }
            self.done.signal()
        }
        self.task.withLock { $0 = task }
    }

    func cancel() { self.task.withLock { $0?.cancel() } }

    /// - Throws: what the connector threw, or `.stopped`.
    func wait(isEnding: () -> Bool) throws(ConnectorError) -> ListingPage {
        while self.done.wait(timeout: .now() + Self.patience) == .timedOut {
            guard isEnding() else { continue }
            self.cancel()
            throw ConnectorError(.stopped, path: "", "the listing was stopped")
        }
        guard let result = self.result.withLock({ $0 }) else {
            throw ConnectorError(.stopped, path: "", "the listing ended without an answer")
        }
        return try result.get()
    }
}
