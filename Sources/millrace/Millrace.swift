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

            Exit codes: 0 clean, 1 fatal and nothing published, 2 usage or configuration,
            3 published but some documents failed, 4 deletes held for approval, 6 stopped and resumable,
            10 no such state, 11 locked by another process, 12 state from a newer version,
            130 interrupted and resumable.
            """,
        version: "millrace 0.1.0 (segment format 2, manifest schema 3)",
        subcommands: [
            BackfillCommand.self, SyncCommand.self, PlanCommand.self, ResumeCommand.self,
            StatusCommand.self,
            FailuresCommand.self, ApproveDeletesCommand.self, SearchCommand.self,
            EvaluateCommand.self, ExplainCommand.self, VerifyCommand.self, AuditCommand.self,
            DigestCommand.self, CompactCommand.self, DoctorCommand.self, SelftestCommand.self,
            PolicyCommand.self, ScanCommand.self, SchemaCommand.self, StageCommand.self,
            BackupCommand.self, RestoreCommand.self,
            StateCommand.self,
            WorkerCommand.self,
            SelftestRunCommand.self,
        ]
    )
}

/// Parses and runs; returns the exit code.
///
/// Usage errors are 2, not the parser's 64.
func runCommandLine(_ arguments: [String]) -> Int32 {
    do {
        var command = try Millrace.parseAsRoot(arguments)
        try command.run()
        return ExitStatus.clean.rawValue
    } catch let error as ExitStatus {
        return error.rawValue
    } catch let error as OperationError {
        printError(error.description)
        return error.status.rawValue
    } catch {
        let code = Millrace.exitCode(for: error)
        let text = Millrace.fullMessage(for: error)
        if code == .success {
            if !text.isEmpty { print(text) }
            return ExitStatus.clean.rawValue
        }
        printError(text)
        return code == .validationFailure
            ? ExitStatus.configuration.rawValue : ExitStatus.fatal.rawValue
    }
}

/// Writes a message for people to standard error.
func printError(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}
