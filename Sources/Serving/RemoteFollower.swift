internal import Dispatch
internal import Logging
internal import Operations

/// Fetches what is published in a workspace on object storage while a server answers from what it has.
///
/// On a queue of its own: the work waits for the network, which a task of the server's pool may not.
// @unchecked: the timer is set when this is made and cancelled when it goes.
final class RemoteFollower: @unchecked Sendable {
    /// Choice: one small request each time.
    private static let seconds = 15

    private let timer: any DispatchSourceTimer

    init(_ workspace: SearchableWorkspace) {
        let log = Logger(label: "serve")
        self.timer = DispatchSource.makeTimerSource(
            queue: DispatchQueue(label: "millrace.remote-follower")
        )
        self.timer.schedule(
            deadline: .now() + .seconds(Self.seconds),
            repeating: .seconds(Self.seconds)
        )
        self.timer.setEventHandler {
            do {
                try workspace.bringUpToDate()
            } catch {
                log.error("what is published is not known", metadata: ["reason": "\(error)"])
            }
        }
        self.timer.resume()
    }

    deinit { self.timer.cancel() }
}
