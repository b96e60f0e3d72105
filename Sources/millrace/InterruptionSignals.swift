internal import Console
internal import Dispatch
internal import Glibc
internal import Operations

/// SIGINT, SIGTERM and SIGHUP ask for a clean stop at the next checkpoint; a second one stops at once.
///
/// A hang-up that the program was started to ignore, as by `nohup`, stays ignored.
final class InterruptionSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ cancellation: Cancellation) {
        let numbers = [SIGINT, SIGTERM] + (isIgnored(SIGHUP) ? [] : [SIGHUP])
        self.sources = numbers.map { number in
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

private func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    // C compares handlers as addresses; Swift has no equality of function pointers, which are as wide.
    let ignore = unsafeBitCast(SIG_IGN, to: Int.self)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == ignore
}
