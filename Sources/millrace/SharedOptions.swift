internal import ArgumentParser
internal import Console
internal import Operations

/// Which workspace a reading command looks at.
struct WorkspaceOptions: ParsableArguments {
    /// What the workspace is opened for: of one on object storage, a search needs a part.
    enum Use {
        case anything
        case searching
    }

    @Option(
        name: .long,
        help: "The workspace folder or its address s3://bucket/prefix, instead of a pipeline file."
    )
    var workspace: String?

    @Option(name: .long, help: "The pipeline file, when it is not the first argument.")
    var pipeline: String?

    /// As ``resolve(_:)``, with the pipeline file where one was named.
    func place(_ words: [String], for use: Use = .anything) throws -> Place {
        let (workspace, rest) = try self.resolve(words, for: use)
        let first = self.pipelinePlace(in: words).map { words[$0] }
        let named = self.workspace == nil ? self.pipeline ?? first : self.pipeline
        return Place(workspace: workspace, pipeline: named, words: rest)
    }

    /// What the words of a command name.
    struct Place {
        let workspace: String
        /// Nil when only the workspace was named.
        let pipeline: String?
        /// Those that name neither.
        let words: [String]

        /// The pipeline file that was named, or the one the last run of the workspace used.
        func pipelineFile() throws -> String {
            try self.pipeline ?? recordedPipeline(workspace: self.workspace)
        }

        /// The pipeline file as a command to type names it; a placeholder where none is known.
        var nextPipeline: String {
            (try? self.pipelineFile()).map(shellWord) ?? "PIPELINE"
        }

        /// How a command to type names the place.
        var commandWords: String {
            self.pipeline.map(shellWord) ?? "--workspace \(shellWord(self.workspace))"
        }
    }

    /// The workspace named by `--workspace`, `--pipeline` or the first of `words`, and the other words.
    func resolve(
        _ words: [String],
        for use: Use = .anything
    ) throws -> (workspace: String, words: [String]) {
        if let workspace = self.workspace {
            let path =
                use == .searching
                ? try SearchableWorkspace(workspace).path : try placedWorkspace(workspace)
            return (path, words)
        }
        func path(_ pipeline: String) throws -> String {
            use == .searching
                ? try SearchableWorkspace(pipeline: pipeline).path
                : try workspacePath(pipeline: pipeline)
        }
        if let pipeline = self.pipeline { return (try path(pipeline), words) }
        guard let place = self.pipelinePlace(in: words) else {
            throw ValidationError("name a pipeline file, or a workspace with --workspace DIR")
        }
        var rest = words
        return (try path(rest.remove(at: place)), rest)
    }

    /// The first word, or the first behind numbers: nobody calls a pipeline file `7`.
    private func pipelinePlace(in words: [String]) -> Int? {
        words.firstIndex { Int($0) == nil } ?? words.indices.first
    }
}

/// What a command takes that reads one workspace and nothing else.
struct ReaderArguments: ParsableArguments {
    @Argument(help: "The pipeline file, unless --workspace or --pipeline is given.")
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func workspace(for use: WorkspaceOptions.Use = .anything) throws -> String {
        try self.location(for: use).workspace
    }

    func location(for use: WorkspaceOptions.Use = .anything) throws -> WorkspaceOptions.Place {
        let place = try self.place.place(self.words, for: use)
        guard place.words.isEmpty else {
            throw ValidationError("unexpected '\(place.words[0])'")
        }
        return place
    }
}

/// How a command that runs a pipeline does it.
struct RunTuning: ParsableArguments {
    @Option(name: .shortAndLong, help: "Worker count; the result does not depend on it.")
    var workers: Int?

    @Option(
        name: .long,
        parsing: .singleValue,
        help: "Override a stage's key, as in --set chunk.maximum_tokens=128. May be repeated."
    )
    var set: [String] = []

    @Option(
        name: .long,
        help: "Stop resumably (exit code 6) after so long, as in 90s, 30m or 2h30m."
    )
    var maxTime: TimeSpan?

    @Option(
        name: .long,
        help: "Stop resumably (exit code 6) once so many documents were looked at."
    )
    var maxDocuments: Int?

    @Option(
        name: .long,
        help: "How long to wait for another writer of the workspace, as in 5m; else exit code 11."
    )
    var wait: TimeSpan?

    @Option(
        name: .long,
        help: "What all processes together may hold in memory, as in 512MiB; 1GiB by default."
    )
    var memoryBudget: ByteSize?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Leave the metrics of the run here, for node_exporter's textfile collector: a name in .prom.",
            valueName: "path"
        )
    )
    var metricsFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Post the summary of the run as JSON there, however it ends; 'env:NAME' reads the address.",
            valueName: "url"
        )
    )
    var webhook: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Put the metrics of the run at a Prometheus push gateway, however it ends; 'env:NAME' reads the address.",
            valueName: "url"
        )
    )
    var pushGateway: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Send the trace of the run to an OpenTelemetry collector (OTLP over HTTP), however it ends; 'env:NAME' reads the address.",
            valueName: "url"
        )
    )
    var otlp: String?

    @Flag(name: .long, help: "Print no progress.")
    var quiet = false

    @OptionGroup var output: OutputOptions

    /// Whether nothing is told of a run before it has ended.
    var isSilent: Bool { self.quiet || self.output.onlyProblems }

    func validate() throws {
        if let workers = self.workers, !(1...1024).contains(workers) {
            throw ValidationError("--workers takes 1 to 1024")
        }
        if let count = self.maxDocuments, count < 1 {
            throw ValidationError("--max-documents takes 1 or more")
        }
        let memoryMinimum = 64 << 20
        if let budget = self.memoryBudget, budget.byteCount < memoryMinimum {
            throw ValidationError("--memory-budget takes 64MiB or more")
        }
    }

    func options() throws -> RunOptions {
        var options = RunOptions()
        if let workers = self.workers { options.workerCount = workers }
        options.overrides = try keyValues(self.set)
        options.maximumSeconds = self.maxTime?.seconds
        options.maximumDocuments = self.maxDocuments
        options.lockWaitSeconds = self.wait?.seconds ?? 0
        if let budget = self.memoryBudget { options.memoryBudgetBytes = budget.byteCount }
        return options
    }
}

/// What a command that reads the sources of a pipeline takes.
struct RunArguments: ParsableArguments {
    @Argument(help: "The pipeline file.")
    var pipeline: String

    @Flag(name: .long, help: "Read every document again, whatever its size and time say.")
    var paranoid = false

    @Flag(name: .long, help: "Take over a workspace that belongs to a pipeline of another name.")
    var adopt = false

    @OptionGroup var tuning: RunTuning

    func options() throws -> RunOptions {
        var options = try self.tuning.options()
        options.isParanoid = self.paranoid
        options.isAdopting = self.adopt
        return options
    }
}

/// `key=value` words as a dictionary; a later one wins.
func keyValues(_ words: [String]) throws -> [String: String] {
    var result: [String: String] = [:]
    for word in words {
        guard let split = word.firstIndex(of: "=") else {
            throw ValidationError("'\(word)' is not of the form key=value")
        }
        result[String(word[..<split])] = String(word[word.index(after: split)...])
    }
    return result
}
