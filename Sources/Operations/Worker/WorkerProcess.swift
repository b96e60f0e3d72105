internal import Dataflow
internal import Execution
internal import Foundation
internal import Records
internal import Stages
internal import WorkerMessages

/// A worker process that is replaced when a document costs it.
///
/// A child takes one document at a time, so the document that cost it is known at once: no batch has
/// to be halved to find it. The document is tried again in a fresh child, ``attemptLimit`` times in
/// all, because the memory a machine has and the state an earlier document left are not its fault.
/// The same holds for each document in another one: what costs a child is set aside alone, and what the
/// child has told of the others stands.
final class WorkerProcess {
    static let attemptLimit = 3

    /// What became of one document.
    enum Result<Response> {
        case answered(Response, attempts: Int)
        /// It cost a worker each time.
        case lost(StageFailure, attempts: Int)
    }

    private let program: WorkerProgram
    private let limits: WorkerLimits
    private let stop: StopPoint
    private var instructions: WorkerInstructions
    private var child: ChildProcess?
    /// What the latest child said about itself; nil before the first.
    private(set) var report: WorkerReport?

    init(
        _ program: WorkerProgram,
        instructions: WorkerInstructions,
        limits: WorkerLimits,
        stop: StopPoint = .never
    ) {
        self.program = program
        self.instructions = instructions
        self.limits = limits
        self.stop = stop
    }

    var processID: Int32? { self.child?.processID }

    /// Starts a child now, so that what keeps it from starting is known before the first document.
    ///
    /// - Throws: ``OperationError`` `.configuration`.
    func start() throws {
        do {
            _ = try self.runningChild()
        } catch {
            throw OperationError(.configuration, "\(error)")
        }
    }

    /// Starts a child now and has it try what its sandbox forbids.
    func probe() throws -> WorkerReport? {
        self.instructions.wantsProbes = true
        defer { self.instructions.wantsProbes = false }
        self.child = nil
        _ = try self.runningChild()
        return self.report
    }

    /// Has the next document taken by a fresh child.
    func retire() { self.child = nil }

    /// - Parameters:
    ///   - memoryBytes: the most the child may have for the document; nil for its limit.
    ///   - frame: the request, with the processor time that this try may take, and what is known of the
    ///     documents in it.
    ///   - decode: makes a response of the answer and of what was told of the documents in it, in order.
    /// - Throws: ``RunStopped`` where the run is asked to stop before an answer comes.
    func ask<Response>(
        memoryBytes: Int? = nil,
        _ frame: (_ processorSeconds: Int, _ known: KnownChildren) -> Frame,
        decode: (_ answer: Frame, _ children: [[UInt8]]) throws -> Response
    ) throws -> Result<Response> {
        var limits = self.limits
        if let memoryBytes { limits.memoryBytes = min(limits.memoryBytes, memoryBytes) }
        var children = ChildProgress(byteCountMaximum: limits.answerBytesMaximum)
        var attempts = 0
        while true {
            children.beginTry()
            let child = try self.runningChild()
            let loss: WorkerLoss
            do {
                let answer = try child.call(
                    frame(limits.processorSecondsPerDocument, children.known),
                    deadlineSeconds: limits.deadlineSeconds,
                    isCalledOff: self.stop.isReached,
                    answerBytesMaximum: limits.answerBytesMaximum
                ) { (frame) throws(FrameError) in try children.take(frame) }
                return .answered(try decode(answer, children.inOrder), attempts: attempts + 1)
            } catch FrameError.calledOff {
                self.child = nil
                throw RunStopped()
            } catch {
                loss = WorkerLoss(of: child, error: error, limits: limits)
                self.child = nil
            }
            if children.note(loss, attemptLimit: Self.attemptLimit) { continue }
            attempts += 1
            if attempts == Self.attemptLimit || !loss.isWorthAnotherTry {
                return .lost(loss.failure, attempts: attempts)
            }
            // Documents in this one keep all of their time: they would be set aside for want of it.
            if loss.failure.code == .timedOut, !children.hasBegun { limits = limits.afterTimeout }
        }
    }

    private func runningChild() throws -> ChildProcess {
        if let child = self.child { return child }
        var attempts = 1
        while true {
            do {
                let child = try self.startChild()
                self.child = child
                return child
            } catch let error as WorkerError
                where error.cause == .didNotStart && attempts < Self.attemptLimit
            {
                attempts += 1
            }
        }
    }

    private func startChild() throws -> ChildProcess {
        let child = try ChildProcess(
            executable: self.program.path,
            arguments: [],
            environment: self.environment
        )
        let hello = Frame(head: try self.instructions.encoded())
        let greeting: [UInt8]
        do {
            greeting = try child.call(hello, deadlineSeconds: 60, answerBytesMaximum: 1 << 20).head
        } catch {
            throw WorkerError(.didNotStart, self.program)
        }
        guard let version = versionNamed(in: greeting) else {
            throw WorkerError(.isNoWorker, self.program)
        }
        if let difference = version.difference(from: self.instructions.version) {
            throw WorkerError(.otherVersion(difference), self.program)
        }
        guard let report = try? WorkerReport.decode(greeting) else {
            throw WorkerError(.isNoWorker, self.program)
        }
        if let reason = report.refusal { throw WorkerError(.refused(reason), self.program) }
        self.report = report
        return child
    }

    /// What the child needs to start, the secrets that its stages name, and no other.
    private var environment: [String: String] {
        var environment = ["SWIFT_BACKTRACE": "enable=no", "MALLOC_ARENA_MAX": "1"]
        let named = secretVariables(of: self.instructions.nodes)
        let places = [
            "PATH", "LD_LIBRARY_PATH", "HOME", "MILLRACE_MODELS", "XDG_CACHE_HOME",
            "TESSDATA_PREFIX", "XDG_RUNTIME_DIR",
        ]
        for key in places + named {
            environment[key] = ProcessInfo.processInfo.environment[key]
        }
        return environment
    }
}

/// Why no worker could be started.
struct WorkerError: Error, Hashable, CustomStringConvertible {
    enum Cause: Hashable {
        /// It ended, or was silent, before it had named its version.
        case didNotStart
        case isNoWorker
        /// In what way.
        case otherVersion(String)
        case refused(String)
    }

    let cause: Cause
    let program: WorkerProgram

    init(_ cause: Cause, _ program: WorkerProgram) {
        self.cause = cause
        self.program = program
    }

    var description: String {
        let path = self.program.path
        switch self.cause {
        case .didNotStart:
            return "the worker \(path) ended before its first document; 'ldd \(path)' tells a "
                + "library that is missing"
        case .isNoWorker:
            return "\(path) is no worker of millrace. \(WorkerProgram.remedy)"
        case .otherVersion(let difference):
            return "the worker \(path) is of another version: \(difference). "
                + WorkerProgram.remedy
        case .refused(let reason):
            return "the worker \(path) takes no documents: \(reason)"
        }
    }
}
