internal import ArgumentParser
internal import Console
internal import Operations

struct KPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kpi",
        abstract: "The figures that are asked for, each with what it rests on.",
        discussion: """
            Leaks in all that is stored, recall of the last gate, vectors that were there already, time since \
            the sources were last taken up, cost of a document, share of changes that failed. What was not \
            measured says so.
            """
    )

    @Argument(help: "The pipeline file.")
    var pipeline: String

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let report = try keyFigures(pipeline: self.pipeline)
        try printReport(report, JSONForm("kpi"), as: self.output) { text(of: report) }
    }
}

private func text(of report: KeyFigures) -> String {
    let rows = report.figures.map { figure in
        [figure.name, figure.value.map { number($0) } ?? "-", figure.unit, figure.evidence]
    }
    return "pipeline '\(report.pipeline)', \(report.time)\n"
        + table([["FIGURE", "VALUE", "UNIT", "EVIDENCE"]] + rows)
}

private func number(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return grouped(whole) }
    return fixed(value, decimals: 4)
}
