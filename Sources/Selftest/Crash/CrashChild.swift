internal import Faults
internal import Foundation
internal import Glibc
package import Operations
internal import Telemetry

/// What a child process of the crash self-test is to do.
struct CrashInstructions: Codable {
    var verb: String
    var pipeline: String
    /// The count that a reshard is to give; of a run, what its pipeline file says, or nil for the file's own.
    var shards: Int?
    /// Armed before the run; nil for a run without a fault.
    var plan: FaultPlan?
    /// Where the child tells how the run ended, if it lives to.
    var resultPath: String
}

/// How the child's run ended.
struct CrashResult: Codable {
    var status: Int32
    /// Of the error; empty without one.
    var message = ""
    var digest: String?
    /// What was noted while a plan was armed.
    var operations: [FaultableOperation] = []
}

/// The hidden verb `selftest-run`: performs one run, with a fault when it is told so.
///
/// - Parameter path: The instructions' file.
/// - Returns: The exit status of the run.
package func serveSelftestRun(instructions path: String) throws -> ExitStatus {
    // A hang becomes a death by a signal that no plan sends.
    alarm(120)
    let instructions = try JSONDecoder().decode(
        CrashInstructions.self,
        from: Data(contentsOf: URL(filePath: path))
    )
    instructions.plan?.arm()
    var result: CrashResult
    do {
        result = try instructions.perform()
    } catch let error as OperationError {
        result = CrashResult(status: error.status.rawValue, message: error.message)
    }
    result.operations = FaultableOperation.noted()
    try JSONEncoder().encode(result).write(to: URL(filePath: instructions.resultPath))
    return ExitStatus(rawValue: result.status) ?? .fatal
}

extension CrashInstructions {
    fileprivate func perform() throws -> CrashResult {
        if self.verb == CrashPhase.reshard.rawValue {
            let workspace = try workspacePath(pipeline: self.pipeline)
            _ = try reshard(to: self.shards ?? 0, workspace: workspace)
            return CrashResult(status: 0, digest: try digest(workspace: workspace).digest)
        }
        var options = RunOptions()
        // One worker and no beat, so that the n-th operation is the same in every run.
        options.workerCount = 1
        options.secondsBetweenBeats = nil
        options.clock = WallClock { 1_700_000_000_000 }
        if let shards = self.shards { options.overrides = ["shards": "\(shards)"] }
        let summary: RunSummary
        if self.verb == CrashPhase.work.rawValue {
            summary = try self.runInItems(options)
        } else if let verb = RunVerb(rawValue: self.verb) {
            summary = try runPipelineFile(verb, path: self.pipeline, options: options)
        } else {
            throw SelftestError("there is no verb '\(self.verb)'")
        }
        return CrashResult(status: summary.exitCode, digest: summary.digest)
    }

    /// In all phases, however small the run is.
    private func runInItems(_ options: RunOptions) throws -> RunSummary {
        var options = options
        options.resolvesInItemsFrom = 1
        while true {
            let plan = try planWork(path: self.pipeline, options: options)
            if let summary = plan.summary { return summary }
            for item in plan.items {
                _ = try doWork(path: self.pipeline, item: item, options: options)
            }
            let progress = try finishWork(path: self.pipeline, options: options)
            if let summary = progress.summary { return summary }
        }
    }
}

/// How a child ended.
struct CrashEnding {
    /// The signal that ended it, or nil.
    var signal: Int32?
    var exitCode: Int32
    /// What it told before; nil when it died.
    var result: CrashResult?
}

/// Runs `instructions` in a child process of `executable` and waits for its end.
func runCrashChild(
    _ instructions: CrashInstructions,
    executable: String,
    instructionsPath: String
) throws -> CrashEnding {
    try? FileManager.default.removeItem(atPath: instructions.resultPath)
    try JSONEncoder().encode(instructions).write(to: URL(filePath: instructionsPath))
    let processID = try spawn(executable, ["selftest-run", instructionsPath])
    var status: Int32 = 0
    while waitpid(processID, &status, 0) < 0, errno == EINTR {}
    let data = try? Data(contentsOf: URL(filePath: instructions.resultPath))
    return CrashEnding(
        signal: status & 0x7F == 0 ? nil : status & 0x7F,
        exitCode: (status >> 8) & 0xFF,
        result: try data.map { try JSONDecoder().decode(CrashResult.self, from: $0) }
    )
}

/// Starts a program whose streams go nowhere.
private func spawn(_ executable: String, _ arguments: [String]) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // A crash is a finding: its backtrace would only take minutes.
    let variables = ["SWIFT_BACKTRACE": "enable=no"].merging(ProcessInfo.processInfo.environment) {
        own,
        _ in own
    }
    var words = ([executable] + arguments).map { strdup($0) } + [nil]
    var environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in words + environment { free(pointer) } }
    var processID: pid_t = 0
    let code = posix_spawn(&processID, executable, &actions, nil, &words, &environment)
    guard code == 0 else {
        throw SelftestError(
            "\(executable) cannot be started: \(String(cString: strerror(code)))"
        )
    }
    return processID
}
