internal import Execution
internal import Glibc
internal import Records

/// How one document cost its child process.
struct WorkerLoss {
    let failure: StageFailure
    /// False where a fresh child would only do the same again.
    let isWorthAnotherTry: Bool

    /// Ends the child.
    ///
    /// - Parameter error: what came instead of an answer.
    init(of child: ChildProcess, error: any Error, limits: WorkerLimits) {
        let ending = child.end(killing: true)
        var code = StageFailure.Code.crashed
        var message: String
        var isWorthAnotherTry = true
        switch error {
        case FrameError.timedOut:
            code = .timedOut
            message = "no answer after \(limits.deadlineSeconds) s"
        case FrameError.tooLarge(let byteCount):
            code = .limitExceeded
            message = "an answer of \(byteCount) bytes, limit \(limits.answerBytesMaximum)"
            isWorthAnotherTry = false
        case FrameError.closed, FrameError.io:
            (code, message) = Self.reason(of: ending, limits: limits)
        default:
            message = "the worker's answer cannot be read"
        }
        self.failure = StageFailure(stage: "worker", code: code, message: message)
        self.isWorthAnotherTry = isWorthAnotherTry
    }

    private static func reason(
        of ending: ChildProcess.Ending,
        limits: WorkerLimits
    ) -> (StageFailure.Code, String) {
        switch ending {
        case .exited(WorkerLimits.outOfMemoryStatus):
            let size = limits.memoryBytes >> 20
            return (
                .outOfMemory,
                "needs more than the \(size) MiB a worker may use for it; raise --memory-budget"
            )
        case .signalled(SIGXCPU):
            let seconds = limits.processorSecondsPerDocument
            return (.timedOut, "over \(seconds) s of processor time")
        case .signalled(SIGKILL):
            return (
                .crashed,
                "the worker process was killed, as the system does when memory runs out"
            )
        case .signalled(let signal):
            return (.crashed, "the worker process ended by signal \(signal)")
        case .exited(let status):
            return (.crashed, "the worker process ended with status \(status)")
        }
    }
}
