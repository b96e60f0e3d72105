package import Dispatch

/// Does work that may wait, for a disk, a server or a program, on a queue's thread: never on one of the few
/// that all tasks share.
package func waiting<Value: Sendable>(
    on queue: DispatchQueue,
    _ work: @escaping @Sendable () throws(ConnectorError) -> Value
) async throws(ConnectorError) -> Value {
    let result: Result<Value, ConnectorError> = await withCheckedContinuation { continuation in
        queue.async {
            let result: Result<Value, ConnectorError>
            do throws(ConnectorError) {
                result = .success(try work())
            } catch {
                result = .failure(error)
            }
            continuation.resume(returning: result)
        }
    }
    return try result.get()
}
