internal import Dataflow
internal import Execution
internal import Foundation
internal import Records
internal import Stages
internal import Telemetry

/// Where the prepare phase runs.
package enum Isolation: Sendable, Hashable {
    /// In child processes of `executable`, started as `millrace worker`.
    case process(executable: String)
    /// In this process: for trying a stage, and for tests.
    case none

    /// The program that is running now.
    package static let currentExecutable = Isolation.process(executable: "/proc/self/exe")
}

/// Runs the prepare phase for one worker block, in a child process unless told otherwise.
///
/// A child that dies or hangs is replaced and its document tried once more; the second time, the
/// document has failed.
final class PrepareWorker {
    private static let attemptLimit = 2

    private let instructions: WorkerInstructions
    private let limits: WorkerLimits
    private let executable: String?
    private var child: ChildProcess?
    private var pipeline: PreparePipeline?

    init(isolation: Isolation, nodes: [PlanNode], wantsSignature: Bool, limits: WorkerLimits) throws
    {
        self.instructions = WorkerInstructions(
            nodes: nodes,
            wantsSignature: wantsSignature,
            limits: limits
        )
        self.limits = limits
        switch isolation {
        case .process(let executable):
            self.executable = executable
        case .none:
            self.executable = nil
            self.pipeline = try PreparePipeline(nodes: nodes, wantsSignature: wantsSignature)
        }
    }

    var processID: Int32? { self.child?.processID }

    func prepare(_ request: PrepareRequest) throws -> PrepareResponse {
        if self.pipeline != nil { return self.prepareHere(request) }
        let message = request.encoded()
        var last = StageFailure(stage: "worker", code: .crashed, message: "")
        for _ in 0..<Self.attemptLimit {
            let child = try self.runningChild()
            do {
                return try PrepareResponse.decode(
                    child.call(message, deadlineSeconds: self.limits.deadlineSeconds)
                )
            } catch {
                last = self.failure(of: child, error)
                self.child = nil
            }
        }
        return PrepareResponse(outcome: .failed(last), counters: StageCounters())
    }

    private func prepareHere(_ request: PrepareRequest) -> PrepareResponse {
        var counters = StageCounters()
        let outcome =
            self.pipeline?.prepare(request.raw, source: request.source, counters: &counters)
            ?? .failed(StageFailure(stage: "worker", code: .internalError, message: "no pipeline"))
        return PrepareResponse(outcome: outcome, counters: counters)
    }

    private func runningChild() throws -> ChildProcess {
        if let child = self.child { return child }
        var attempts = 1
        while true {
            do {
                let child = try self.startChild()
                self.child = child
                return child
            } catch WorkerError.didNotStart where attempts < Self.attemptLimit {
                attempts += 1
            }
        }
    }

    private func startChild() throws -> ChildProcess {
        let child = try ChildProcess(
            executable: self.executable ?? "",
            arguments: ["worker"],
            environment: Self.environment
        )
        do {
            _ = try child.call(self.instructions.encoded(), deadlineSeconds: 60)
        } catch is FrameError {
            throw WorkerError.didNotStart
        }
        return child
    }

    /// What the child needs to start, and nothing that could carry a secret.
    private static var environment: [String: String] {
        var environment = ["SWIFT_BACKTRACE": "enable=no", "MALLOC_ARENA_MAX": "1"]
        for key in ["PATH", "LD_LIBRARY_PATH", "HOME"] {
            environment[key] = ProcessInfo.processInfo.environment[key]
        }
        return environment
    }

    private func failure(of child: ChildProcess, _ error: any Error) -> StageFailure {
        if case FrameError.timedOut? = error as? FrameError {
            _ = child.end(killing: true)
            let seconds = Int(self.limits.deadlineSeconds)
            return StageFailure(
                stage: "worker",
                code: .timedOut,
                message: "no answer after \(seconds) s"
            )
        }
        switch child.end(killing: true) {
        case .signalled(SIGXCPU):
            let seconds = self.limits.processorSecondsPerDocument
            return StageFailure(
                stage: "worker",
                code: .timedOut,
                message: "over \(seconds) s of processor time"
            )
        case .signalled(let signal):
            return StageFailure(
                stage: "worker",
                code: .crashed,
                message: "the worker process ended by signal \(signal)"
            )
        case .exited(let code):
            return StageFailure(
                stage: "worker",
                code: .crashed,
                message: "the worker process ended with status \(code)"
            )
        }
    }
}
