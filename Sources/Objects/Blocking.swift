internal import Dispatch
internal import Synchronization

/// Waits for `work` on the calling thread.
///
/// `work` runs on ``WaitedTasks``, so it ends even where every thread that tasks share waits so. Those threads
/// are few all the same: the engine's own are the ones to wait.
package func blocking<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () async throws(Failure) -> Value
) throws(Failure) -> Value {
    let answer = Answer<Value, Failure>()
    let done = DispatchSemaphore(value: 0)
    Task.detached(executorPreference: WaitedTasks.threads) {
        do throws(Failure) {
            answer.set(.success(try await work()))
        } catch {
            answer.set(.failure(error))
        }
        done.signal()
    }
    done.wait()
    return try answer.get().get()
}

private final class Answer<Value: Sendable, Failure: Error>: Sendable {
    private let result = Mutex<Result<Value, Failure>?>(nil)

    func set(_ result: Result<Value, Failure>) { self.result.withLock { $0 = result } }

    func get() -> Result<Value, Failure> {
        guard let result = self.result.withLock({ $0 }) else {
            preconditionFailure("waited for work that did not end")
        }
        return result
    }
}
