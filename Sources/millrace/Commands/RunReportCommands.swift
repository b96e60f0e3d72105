internal import ArgumentParser
internal import Console
internal import Operations

struct ShowRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "What one run did: counts, stages, redactions, gate, warnings.",
        usage: "millrace runs show PIPELINE [NUMBER]",
        discussion: "Without a number it is the last one that left a summary."
    )

    @Argument(help: "The pipeline file (unless --workspace or --pipeline is given), then a number.")
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let (place, number) = try runNumber(self.words, self.place)
        let report = try showRun(number, workspace: place.workspace)
        try printReport(report, JSONForm("run-status"), as: self.output) {
            guard let summary = report.summary else {
                return "run \(report.run.id), \(report.run.verb): \(report.run.status), no summary"
            }
            return text(of: summary, place: place.commandWords) + "\n" + stageText(summary)
        }
    }
}

struct RunPageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract:
            "The same as a page, with the runs before it: one file that needs nothing beside.",
        usage: "millrace runs report PIPELINE [NUMBER] --html FILE"
    )

    @Argument(help: "The pipeline file (unless --workspace or --pipeline is given), then a number.")
    var words: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Where the page goes; '-' prints it.", valueName: "file")
    )
    var html = "-"

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let (place, number) = try runNumber(self.words, self.place)
        try deliverPage(try runReportPage(workspace: place.workspace, run: number), to: self.html)
    }
}

/// Prints a page, or writes it where it was asked for.
func deliverPage(_ page: String, to path: String) throws {
    if path == "-" { return printLine(page.hasSuffix("\n") ? String(page.dropLast()) : page) }
    let path = absolutePath(path)
    try writePage(page, to: path)
    printError("wrote \(path)")
}

/// The place and the number that the words of a command name.
private func runNumber(
    _ words: [String],
    _ options: WorkspaceOptions
) throws -> (place: WorkspaceOptions.Place, number: Int64?) {
    let place = try options.place(words)
    guard place.words.count <= 1 else { throw ValidationError("unexpected '\(place.words[1])'") }
    let number = try place.words.first.map { word in
        guard let number = Int64(word), number > 0 else {
            throw ValidationError("'\(word)' is not the number of a run")
        }
        return number
    }
    return (place, number)
}

private func stageText(_ summary: RunSummary) -> String {
    let total = summary.stages.reduce(0) { $0 + $1.seconds }
    guard total > 0 else { return "  stages     none did any work" }
    let rows = summary.stages.sorted { $0.seconds > $1.seconds }.map { stage in
        [
            stage.stage, fixed(stage.seconds, decimals: 3),
            fixed(100 * stage.seconds / total, decimals: 1),
            grouped(stage.documents), grouped(stage.failures),
        ]
    }
    return table(
        [["  STAGE", "SECONDS", "%", "DOCUMENTS", "FAILURES"]]
            + rows.map { ["  " + $0[0]] + $0[1...] }
    )
        + "\n  vectors    \(grouped(summary.chunksReused)) there already"
        + (summary.chunksFromCache.map { " (\(grouped($0)) in the machine's cache)" } ?? "") + ", "
        + "\(grouped(summary.chunksEmbedded)) embedded"
}
