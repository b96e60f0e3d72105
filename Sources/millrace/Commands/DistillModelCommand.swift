internal import ArgumentParser
internal import Console
internal import Operations
internal import Synchronization

struct DistillModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "distill",
        abstract:
            "Make a static model of an encoder: its languages at some hundred times its speed.",
        discussion: """
            Each entry of the vocabulary goes through the encoder once, on all cores; principal components \
            and weights by frequency make a table of the vectors, as in the Model2Vec method. The folder \
            has the encoder's tokeniser, a card, and the digest and licence of what it was made of. \
            Judge it by 'millrace evaluate' before it is published: it reads words, not sentences.
            """
    )

    @Argument(help: "A name that 'millrace models ls' prints, or a folder: ./FOLDER.")
    var model: String

    @Option(name: .long, help: "Numbers of a vector.")
    var dimensions = 256

    @Option(
        name: .long,
        help: "A folder that is not there yet; without it MODEL-static-DIMENSIONS in the store."
    )
    var output: String?

    @Option(name: .long, help: "What the encoder computes in: auto, fp32, bf16 or int8.")
    var precision = "auto"

    @OptionGroup var format: OutputOptions

    mutating func run() throws {
        self.format.bootstrap()
        let shown = Mutex(0)
        let isSilent = self.format.onlyProblems
        let report = try distillModel(
            self.model,
            dimensions: self.dimensions,
            output: self.output,
            precision: self.precision
        ) { entries, total in
            let twentieth = entries * 20 / total
            guard !isSilent,
                shown.withLock({ last in
                    defer { last = max(last, twentieth) }
                    return twentieth > last
                })
            else { return }
            printError("encoded \(grouped(entries)) of \(grouped(total)) entries")
        }
        try printReport(report, JSONForm("model-distilled"), as: self.format) { text(of: report) }
    }
}

private func text(of report: DistillationReport) -> String {
    """
    made \(report.folder) of \(report.teacher) in \(fixed(report.seconds, decimals: 1)) s: \
    \(report.dimensions) dimensions, \(grouped(report.entries)) entries, \
    \(fixed(100 * report.explainedShare, decimals: 1)) % of the variance; \
    name it in a pipeline with 'model: \(report.model)'
    """
}
