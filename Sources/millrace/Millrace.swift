internal import ArgumentParser
internal import Glibc
internal import Operations

/// The command: arguments, printing, progress and exit codes; every decision is in `Operations`.
struct Millrace: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "millrace",
        abstract: "Documents in, a searchable, PII-clean, deduplicated index out.",
        discussion: """
            A pipeline file says what to read and what to do with it; Pipelines/README.md explains its form.
              millrace backfill Pipelines/demo.yml
              millrace search Pipelines/demo.yml "how do I resume a run"

            Exit codes:

            """
                + ExitStatus.allCases.map {
                    "  " + padded(String($0.rawValue), to: 4) + $0.meaning
                }.joined(separator: "\n"),
        version: "millrace 0.1.0 (\(formatVersions))",
        subcommands: [
            BackfillCommand.self, SyncCommand.self, PlanCommand.self, ResumeCommand.self,
            StatusCommand.self,
            FailuresCommand.self, ApproveDeletesCommand.self, SearchCommand.self,
            EvaluateCommand.self, ExplainCommand.self, VerifyCommand.self, AuditCommand.self,
            DigestCommand.self, CompactCommand.self, DoctorCommand.self, SelftestCommand.self,
            PolicyCommand.self, ScanCommand.self, SchemaCommand.self, StageCommand.self,
            BackupCommand.self, RestoreCommand.self,
            StateCommand.self,
            SelftestRunCommand.self,
        ]
    )
}

/// Parses and runs; returns the exit code.
///
/// What was printed has arrived, or the code is not 0.
func runCommandLine(_ arguments: [String]) -> Int32 {
    let code = perform(arguments)
    releaseOutput(isForgotten: code == ExitStatus.clean.rawValue)
    let failure = outputFailure
    // A reader that has seen enough closes its pipe: that is no fault.
    guard failure != 0, failure != EPIPE, code == ExitStatus.clean.rawValue else { return code }
    printFailure(
        "standard output cannot be written: \(String(cString: strerror(failure)))",
        .fatal,
        arguments
    )
    return ExitStatus.fatal.rawValue
}

/// Usage errors are 2, not the parser's 64.
private func perform(_ arguments: [String]) -> Int32 {
    do {
        var command = try Millrace.parseAsRoot(arguments)
        try command.run()
        return ExitStatus.clean.rawValue
    } catch let error as ExitStatus {
        return error.rawValue
    } catch let error as OperationError {
        printFailure(error.description, error.status, arguments)
        return error.status.rawValue
    } catch {
        let code = Millrace.exitCode(for: error)
        let text = Millrace.fullMessage(for: error)
        if code == .success {
            if !text.isEmpty { print(text) }
            return ExitStatus.clean.rawValue
        }
        let status = code == .validationFailure ? ExitStatus.configuration : .fatal
        printFailure(text, status, arguments)
        return status.rawValue
    }
}

/// What ended a command, for people, or with `--json` as one event on a line as progress has them.
private struct FailureEvent: Encodable {
    var event = "error"
    let code: String
    let exit: Int32
    let message: String
}

private func printFailure(_ message: String, _ status: ExitStatus, _ arguments: [String]) {
    let event = FailureEvent(code: status.name, exit: status.rawValue, message: message)
    let isJSON = arguments.prefix { $0 != "--" }.contains("--json")
    printError(isJSON ? (try? jsonLine(event)) ?? message : message)
}

/// Writes a message for people to standard error.
func printError(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}
