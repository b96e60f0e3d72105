internal import ArgumentParser
internal import Console
internal import Foundation
internal import Operations
internal import Selftest

/// What every selftest takes.
struct SelftestArguments: ParsableArguments {
    @Option(name: .long, help: "The seed of all that is random; the same seed is the same test.")
    var seed: UInt64 = 1

    @Flag(name: .long, help: "A smaller version.")
    var quick = false

    @Option(
        name: .long,
        help: "Where folders are made and removed again; a memory disk is fastest."
    )
    var directory: String?

    @Flag(name: .long, help: .hidden)
    var plantBug = false

    @OptionGroup var output: OutputOptions

    func options() -> SelftestOptions {
        var options = SelftestOptions()
        options.seed = self.seed
        options.isQuick = self.quick
        if let directory = self.directory { options.folder = absolutePath(directory) }
        options.executable = programBeside("millrace")
        options.plantsBug = self.plantBug
        if !self.output.json { options.progress = { printError("  \($0)") } }
        return options
    }
}

struct ConvergenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convergence",
        abstract: "Random histories of changes, stops and kills end like a fresh backfill."
    )

    @Option(name: .long, help: "How many histories; 200 unless --quick.")
    var histories: Int?

    @Option(name: .long, help: "Syncs in each history; 8 unless --quick.")
    var steps: Int?

    @Option(name: .long, help: "The most workers of one run.")
    var workers = 4

    @Option(name: .long, help: "Histories replayed at once.")
    var lanes: Int?

    @Option(name: .long, help: "The embedding model; 'hash' needs no files.")
    var model = "hash"

    @OptionGroup var arguments: SelftestArguments

    mutating func run() throws {
        var convergence = ConvergenceOptions(isQuick: self.arguments.quick)
        if let histories = self.histories { convergence.histories = histories }
        if let steps = self.steps { convergence.steps = steps }
        if let lanes = self.lanes { convergence.lanes = lanes }
        convergence.workers = self.workers
        convergence.model = self.model
        try self.arguments.conclude { try selftestConvergence($0, convergence) }
    }

    func validate() throws {
        let counts = [self.histories, self.steps, self.workers, self.lanes].compactMap(\.self)
        guard counts.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("--histories, --steps, --workers and --lanes count from 1")
        }
    }
}

struct VanishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vanish",
        abstract: "Sources that go missing, shrink or run empty delete nothing by themselves."
    )

    @OptionGroup var arguments: SelftestArguments

    mutating func run() throws { try self.arguments.conclude(selftestVanish) }
}

struct HostileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hostile",
        abstract: "Documents made to crash, stall or bloat cost themselves and no other."
    )

    @OptionGroup var arguments: SelftestArguments

    mutating func run() throws { try self.arguments.conclude(selftestHostile) }
}

struct CheapChangesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cheap-changes",
        abstract: "What every kind of change costs, beside the least it can cost."
    )

    @OptionGroup var arguments: SelftestArguments

    mutating func run() throws { try self.arguments.conclude(selftestCheapChanges) }
}

struct LeakCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leak",
        abstract: "Planted personal data is in no byte of workspace, logs or temporary files."
    )

    @OptionGroup var arguments: SelftestArguments

    mutating func run() throws { try self.arguments.conclude(selftestLeak) }
}

struct RegressionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "regressions",
        abstract: "The gate stops twenty kinds of bad nights, and none of fifty harmless ones."
    )

    @OptionGroup var arguments: SelftestArguments

    mutating func run() throws { try self.arguments.conclude(selftestRegressions) }
}

struct AllCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all",
        abstract: "Every selftest, one after the other."
    )

    @OptionGroup var arguments: SelftestArguments

    mutating func run() throws {
        self.arguments.output.bootstrap()
        let options = self.arguments.options()
        let convergence = ConvergenceOptions(isQuick: options.isQuick)
        let selftests: [() throws -> SelftestReport] = [
            { try selftestConvergence(options, convergence) },
            { try selftestCrash(options, CrashOptions()) }, { try selftestVanish(options) },
            { try selftestHostile(options) },
            { try selftestCheapChanges(options) }, { try selftestLeak(options) },
            { try selftestRegressions(options) },
        ]
        try SelftestCommands.conclude(try selftests.map { try $0() }, self.arguments)
    }
}

extension SelftestArguments {
    func conclude(_ selftest: (SelftestOptions) throws -> SelftestReport) throws {
        self.output.bootstrap()
        try SelftestCommands.conclude([try selftest(self.options())], self)
    }
}

/// Prints what was found, and a closing line each.
func conclude(_ reports: [SelftestReport], _ arguments: SelftestArguments) throws {
    if arguments.output.json {
        try printJSON(reports, each: JSONForm("selftest"))
    } else {
        for report in reports {
            for detail in report.details { printLine(detail) }
            for failure in report.failures { printLine(failure) }
            printLine(closingLine(report))
        }
    }
    if !reports.allSatisfy(\.isSound) { throw ExitStatus.fatal }
}

/// `ok      convergence: 200 histories, seed 7, 184 s`.
private func closingLine(_ report: SelftestReport) -> String {
    let verdict = report.isSound ? "ok" : "FAILED"
    return "\(verdict) \(report.name): \(grouped(report.caseCount)) \(report.caseName), "
        + "seed \(report.seed), \(fixed(report.seconds, decimals: 1)) s"
}
