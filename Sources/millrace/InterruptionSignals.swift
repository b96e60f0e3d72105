internal import Console
internal import Dispatch
internal import Glibc
internal import Operations

/// SIGINT and SIGTERM ask for a clean stop at the next checkpoint; a second one stops at once.
final class InterruptionSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ cancellation: Cancellation) {
        self.sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(
                signal: number,
                queue: DispatchQueue(label: "millrace.signals")
            )
            source.setEventHandler {
                if cancellation.isRequested { _exit(ExitStatus.interrupted.rawValue) }
                cancellation.request()
                printError("stopping at the next checkpoint; once more to stop at once")
            }
            source.resume()
            return source
        }
    }

    func cancel() {
        for source in self.sources { source.cancel() }
    }
}
