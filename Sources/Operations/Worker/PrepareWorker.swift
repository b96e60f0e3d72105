internal import Dataflow
internal import Execution
internal import Hashing
internal import Records
internal import Stages
internal import Telemetry
package import WorkerMessages

/// Where the prepare phase runs.
package enum Isolation: Sendable {
    /// In child processes of a program; nil for the one that is found (``WorkerProgram/find()``).
    case process(WorkerProgram?)
    /// In this process and without limits: for tests.
    case unconfined(MakePreparer)

    package static let standard = Isolation.process(nil)

    /// - Throws: ``OperationError`` `.configuration` where there is no worker program.
    func requireProgram() throws {
        if case .process(nil) = self { _ = try WorkerProgram.find() }
    }
}

/// Runs the prepare phase for one worker block.
///
/// A document that costs its process each time is quarantined.
final class PrepareWorker {
    private enum Place {
        case process(WorkerProcess)
        case here(any Preparer)
    }

    private let limits: WorkerLimits
    private var place: Place

    init(
        isolation: Isolation,
        nodes: [PlanNode],
        wantsSignature: Bool,
        limits: WorkerLimits,
        isSandboxed: Bool = true,
        stop: StopPoint = .never
    ) throws {
        self.limits = limits
        switch isolation {
        case .process(let program):
            let instructions = WorkerInstructions(
                version: .ofThisProgram,
                task: .prepare,
                nodes: nodes,
                wantsSignature: wantsSignature,
                limits: limits,
                isSandboxed: isSandboxed
            )
            let process = WorkerProcess(
                try program ?? WorkerProgram.find(),
                instructions: instructions,
                limits: limits,
                stop: stop
            )
            self.place = .process(process)
        case .unconfined(let makePreparer):
            self.place = .here(try makePreparer(nodes, wantsSignature))
        }
    }

    private var process: WorkerProcess? {
        if case .process(let process) = self.place { return process }
        return nil
    }

    var processID: Int32? { self.process?.processID }

    /// Starts a child now and has it try what its sandbox forbids; nil without isolation.
    func probe() throws -> WorkerReport? { try self.process?.probe() }

    func prepare(_ request: PrepareRequest) throws -> PrepareResponse {
        switch self.place {
        case .process(let process): return try self.prepare(request, in: process)
        case .here(var preparer):
            var counters = StageCounters()
            let file = preparer.prepare(
                request.raw,
                source: request.source,
                counters: &counters
            )
            self.place = .here(preparer)
            return PrepareResponse(
                outcome: file.outcome,
                children: file.children,
                counters: counters
            )
        }
    }

    private func prepare(
        _ request: PrepareRequest,
        in process: WorkerProcess
    ) throws -> PrepareResponse {
        let result = try process.ask(memoryBytes: request.memoryBytes) {
            request.frame(processorSeconds: $0, known: $1)
        } decode: { answer, children in
            var response = try PrepareResponse.decode(answer.head)
            if response.children != nil {
                response.children = try children.map { bytes in
                    var reader = ByteReader(bytes)
                    let child = try PreparedChild(from: &reader)
                    guard reader.isAtEnd else { throw WorkerAnswerError() }
                    return child
                }
            }
            guard response.isAbout(request.raw) else { throw WorkerAnswerError() }
            return response
        }
        switch result {
        case .answered(var response, let attempts):
            response.attempts = attempts
            if response.isSpent { process.retire() }
            return response
        case .lost(let failure, let attempts):
            return PrepareResponse(
                outcome: .failed(failure),
                counters: StageCounters(),
                attempts: attempts,
                isQuarantined: true
            )
        }
    }
}

extension PrepareResponse {
    /// Whether all documents of the answer are the one that was asked for, and in it.
    fileprivate func isAbout(_ raw: RawDocument) -> Bool {
        if case .prepared(let document) = self.outcome, document.id != raw.id { return false }
        return (self.children ?? []).allSatisfy { child in
            guard case .prepared(let document) = child.outcome else { return true }
            return document.id == documentID(uri: raw.uri + child.suffix, inside: raw.id)
        }
    }
}
