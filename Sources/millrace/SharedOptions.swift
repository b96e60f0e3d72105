internal import ArgumentParser
internal import Logging
internal import Operations
internal import Telemetry

/// How a command speaks.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON instead of text.")
    var json = false

    @Option(name: .long, help: "How log lines on standard error look: text or json.")
    var logFormat: LogFormat = .text

    @Option(name: .long, help: "The least severe log lines to print: debug, info, warning, error.")
    var logLevel: LogLevel = .error

    func bootstrap() { bootstrapLogging(format: self.logFormat, level: self.logLevel.level) }
}

extension LogFormat: ExpressibleByArgument {}

enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug
    case info
    case warning
    case error

    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}

/// Which workspace a reading command looks at.
struct WorkspaceOptions: ParsableArguments {
    @Option(name: .long, help: "The workspace folder, instead of a pipeline file.")
    var workspace: String?

    @Option(name: .long, help: "The pipeline file, when it is not the first argument.")
    var pipeline: String?

    /// The workspace named by `--workspace`, `--pipeline` or the first of `words`, and the other words.
    func resolve(_ words: [String]) throws -> (workspace: String, words: [String]) {
        if let workspace = self.workspace { return (absolutePath(workspace), words) }
        if let pipeline = self.pipeline { return (try workspacePath(pipeline: pipeline), words) }
        guard let first = words.first else {
            throw ValidationError("name a pipeline file, or a workspace with --workspace DIR")
        }
        return (try workspacePath(pipeline: first), Array(words.dropFirst()))
    }
}

/// What a command takes that reads one workspace and nothing else.
struct ReaderArguments: ParsableArguments {
    @Argument(help: "The pipeline file, unless --workspace or --pipeline is given.")
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func workspace() throws -> String {
        let (workspace, rest) = try self.place.resolve(self.words)
        guard rest.isEmpty else { throw ValidationError("unexpected '\(rest[0])'") }
        return workspace
    }
}

/// What a command that runs a pipeline takes.
struct RunArguments: ParsableArguments {
    @Argument(help: "The pipeline file.")
    var pipeline: String

    @Option(name: .shortAndLong, help: "Worker count; the result does not depend on it.")
    var workers: Int?

    @Option(
        name: .long,
        parsing: .singleValue,
        help: "Override a stage's key, as in --set chunk.maximum_tokens=128. May be repeated."
    )
    var set: [String] = []

    @Flag(name: .long, help: "Read every document again, whatever its size and time say.")
    var paranoid = false

    @Flag(name: .long, help: "Print no progress.")
    var quiet = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let workers = self.workers, !(1...1024).contains(workers) {
            throw ValidationError("--workers takes 1 to 1024")
        }
    }

    func options() throws -> RunOptions {
        var options = RunOptions()
        if let workers = self.workers { options.workerCount = workers }
        options.isParanoid = self.paranoid
        options.overrides = try keyValues(self.set)
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
