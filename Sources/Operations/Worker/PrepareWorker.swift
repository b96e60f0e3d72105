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
/// A child takes one document at a time, so the document that cost it is known at once: no batch has
/// to be halved to find it. The document is tried again in a fresh child, ``attemptLimit`` times in
/// all, because the memory a machine has and the state an earlier document left are not its fault;
/// then it is quarantined.
final class PrepareWorker {
    static let attemptLimit = 3

    private let limits: WorkerLimits
    private let executable: String?
    private var instructions: WorkerInstructions
    private var child: ChildProcess?
    private var pipeline: PreparePipeline?
    /// What the latest child said about itself; nil before the first and without isolation.
    private(set) var report: WorkerReport?

    init(
        isolation: Isolation,
        nodes: [PlanNode],
        wantsSignature: Bool,
        limits: WorkerLimits,
        isSandboxed: Bool = true
    ) throws {
        self.instructions = WorkerInstructions(
            nodes: nodes,
            wantsSignature: wantsSignature,
            limits: limits,
            isSandboxed: isSandboxed
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

    /// Starts a child now and has it try what its sandbox forbids; nil without isolation.
    func probe() throws -> WorkerReport? {
        guard self.pipeline == nil else { return nil }
        self.instructions.wantsProbes = true
        defer { self.instructions.wantsProbes = false }
        self.child = nil
        _ = try self.runningChild()
        return self.report
    }

    func prepare(_ request: PrepareRequest) throws -> PrepareResponse {
        if self.pipeline != nil { return self.prepareHere(request) }
        var limits = self.limits
        if let bytes = request.memoryBytes { limits.memoryBytes = min(limits.memoryBytes, bytes) }
        var attempts = 0
        while true {
            attempts += 1
            let child = try self.runningChild()
            let loss: WorkerLoss
            do {
                var response = try self.ask(child, request, limits)
                response.attempts = attempts
                if response.isSpent { self.child = nil }
                return response
            } catch {
                loss = WorkerLoss(of: child, error: error, limits: limits)
                self.child = nil
            }
            if attempts == Self.attemptLimit || !loss.isWorthAnotherTry {
                return PrepareResponse(
                    outcome: .failed(loss.failure),
                    counters: StageCounters(),
                    attempts: attempts,
                    isQuarantined: true
                )
            }
            if loss.failure.code == .timedOut { limits = limits.afterTimeout }
        }
    }

    private func ask(
        _ child: ChildProcess,
        _ request: PrepareRequest,
        _ limits: WorkerLimits
    ) throws -> PrepareResponse {
        let answer = try child.call(
            request.frame(processorSeconds: limits.processorSecondsPerDocument),
            deadlineSeconds: limits.deadlineSeconds,
            answerBytesMaximum: limits.answerBytesMaximum
        )
        let response = try PrepareResponse.decode(answer.head)
        if case .prepared(let document) = response.outcome, document.id != request.raw.id {
            throw WorkerAnswerError()
        }
        return response
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
            environment: self.environment
        )
        do {
            let hello = Frame(head: try self.instructions.encoded())
            let answer = try child.call(hello, deadlineSeconds: 60, answerBytesMaximum: 1 << 20)
            self.report = try WorkerReport.decode(answer.head)
        } catch is FrameError {
            throw WorkerError.didNotStart
        }
        return child
    }

    /// What the child needs to start, the secrets that its stages name, and no other.
    private var environment: [String: String] {
        var environment = ["SWIFT_BACKTRACE": "enable=no", "MALLOC_ARENA_MAX": "1"]
        let named = secretVariables(of: self.instructions.nodes)
        let places = ["PATH", "LD_LIBRARY_PATH", "HOME", "MILLRACE_MODELS", "XDG_CACHE_HOME"]
        for key in places + named {
            environment[key] = ProcessInfo.processInfo.environment[key]
        }
        return environment
    }
}
