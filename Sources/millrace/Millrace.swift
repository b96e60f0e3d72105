internal import ArgumentParser
internal import Console
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
            FailuresCommand.self, ApproveDeletesCommand.self, SearchCommand.self, ShowCommand.self,
            SnapshotsCommand.self, RollbackCommand.self, PublishCommand.self, RunsCommand.self,
            ForgetCommand.self, KPICommand.self, DatasheetCommand.self,
            EvaluateCommand.self, ExplainCommand.self, VerifyCommand.self, AuditCommand.self,
            DigestCommand.self, CompactCommand.self, ReshardCommand.self, DoctorCommand.self,
            SelftestCommand.self,
            PolicyCommand.self, ScanCommand.self, SchemaCommand.self, StageCommand.self,
            BackupCommand.self, RestoreCommand.self, PushCommand.self, PullCommand.self,
            CollectGarbageCommand.self,
            StateCommand.self, WorkCommand.self, ServeCommand.self, TokenCommand.self,
            ExportCommand.self, ModelsCommand.self,
        ]
    )
}
