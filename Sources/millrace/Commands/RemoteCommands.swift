internal import ArgumentParser
internal import Console
internal import Operations
internal import Telemetry

struct PushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Send a workspace to object storage, differences only.",
        usage: """
            millrace push PIPELINE s3://BUCKET/PREFIX
            millrace push --workspace DIR s3://BUCKET/PREFIX
            """,
        discussion: """
            What is there is in force as a whole or not at all: the object LIVE moves last, by a conditional \
            write. Where another writer has pushed since this workspace was pushed or pulled, nothing is \
            pushed: two states are never merged. A push that was killed is begun again by the same command.

            Credentials and region are those of the AWS tools: environment, ~/.aws, web identity, instance. \
            AWS_ENDPOINT_URL names a server other than Amazon's. Private in the bucket is what is private in \
            the workspace, the key of erasures among it: let only those read it who may read the workspace.
            """
    )

    @Argument(
        help: "The pipeline file (unless --workspace or --pipeline is given), then the address."
    )
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions

    @Flag(name: .long, help: "Send every object again: mends those that are damaged or missing.")
    var all = false

    @Option(name: .long, help: "How long to wait for a run that is at work, as in 5m.")
    var wait: TimeSpan?

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let (workspace, rest) = try self.place.resolve(self.words)
        guard let address = rest.first, rest.count == 1 else {
            throw ValidationError("name one address, as in s3://bucket/prefix")
        }
        let store = try RemoteStore(address)
        var options = PushOptions()
        options.sendsAll = self.all
        options.lockWaitSeconds = self.wait?.seconds ?? 0
        let report = try withProgress(self.output) {
            try push(workspace: workspace, to: store, options: options, progress: $0)
        }
        try printReport(report, JSONForm("push"), as: self.output) { text(of: report) }
    }
}

struct PullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch a workspace from object storage, differences only.",
        usage: """
            millrace pull s3://BUCKET/PREFIX PIPELINE
            millrace pull s3://BUCKET/PREFIX --workspace DIR
            """,
        discussion: """
            The workspace may be new, or one that came from there and has nothing that was never pushed. \
            Everything is fetched and held to its hash beside it and takes its place in one step: an object \
            that is missing or damaged, and a pull that is killed, change nothing.
            """
    )

    @Argument(
        help: "The address, then the pipeline file unless --workspace or --pipeline is given."
    )
    var words: [String]

    @OptionGroup var place: WorkspaceOptions

    @Flag(name: .long, help: "Replace the workspace even if it has what was never pushed.")
    var discard = false

    @Option(name: .long, help: "How long to wait for a run that is at work, as in 5m.")
    var wait: TimeSpan?

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let store = try RemoteStore(self.words[0])
        let (workspace, rest) = try self.place.resolve(Array(self.words.dropFirst()))
        guard rest.isEmpty else { throw ValidationError("unexpected '\(rest[0])'") }
        var options = PullOptions()
        options.discards = self.discard
        options.lockWaitSeconds = self.wait?.seconds ?? 0
        let report = try withProgress(self.output) {
            try pull(from: store, to: workspace, options: options, progress: $0)
        }
        try printReport(report, JSONForm("pull"), as: self.output) { text(of: report) }
    }

    func validate() throws {
        guard !self.words.isEmpty else {
            throw ValidationError("name the address, as in s3://bucket/prefix")
        }
    }
}

struct CollectGarbageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove what no workspace in object storage needs any more.",
        discussion: """
            millrace gc s3://BUCKET/PREFIX --grace 7d

            What is in force stays, and so does what was in force or was sent within the grace time. Run it \
            from one place, as a cron job does, beside any number of pushes and pulls.
            """
    )

    @Argument(help: "The address.")
    var address: String

    @Option(name: .long, help: "How long what nothing names is left alone, as in 24h; 1h or more.")
    var grace: TimeSpan?

    @Flag(name: .long, help: "Count what would go, and remove nothing.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    private static let graceSeconds = 86_400.0

    mutating func run() throws {
        self.output.bootstrap()
        let store = try RemoteStore(self.address)
        let (grace, isDryRun) = (self.grace?.seconds ?? Self.graceSeconds, self.dryRun)
        let report = try withProgress(self.output) {
            try collectRemoteGarbage(
                of: store,
                graceSeconds: grace,
                isDryRun: isDryRun,
                progress: $0
            )
        }
        try printReport(report, JSONForm("gc"), as: self.output) {
            let verb = report.isDryRun ? "would go  " : "removed   "
            return """
                \(verb) \(plural(report.objectsRemoved, "object")) and \
                \(plural(report.generationsRemoved, "generation")), \(bytesText(report.bytesRemoved))
                kept       \(plural(report.objectsKept, "object")) of \
                \(plural(report.generationsKept, "generation")); generation \(report.number) is in force
                """
        }
    }
}

private func text(of report: PushReport) -> String {
    let state = state(report.snapshot, files: report.files, bytes: report.byteCount)
    let sent =
        "\(plural(report.objectsSent, "object")), \(bytesText(report.bytesSent)) before compression"
    guard !report.wasUpToDate else {
        let mended = report.objectsSent > 0 ? "; sent again \(sent)" : ""
        return "up to date \(report.remote): generation \(report.number), \(state)\(mended)"
    }
    return """
        pushed     \(report.remote): generation \(report.number), \(state)
        sent       \(sent)
        pull       millrace pull \(report.remote) PIPELINE
        """
}

private func text(of report: PullReport) -> String {
    let state = state(report.snapshot, files: report.files, bytes: report.byteCount)
    guard !report.wasUpToDate else {
        return "up to date \(report.workspace): generation \(report.number), \(state)"
    }
    let dropped = report.hasDiscarded ? "\ndropped    what was never pushed from here" : ""
    return """
        pulled     \(report.workspace): generation \(report.number), \(state), every hash right
        received   \(bytesText(report.bytesReceived)) before compression\(dropped)
        """
}

private func state(_ snapshot: Int?, files: Int, bytes: Int) -> String {
    let snapshot = snapshot.map { "snapshot \($0)" } ?? "no snapshot yet"
    return "\(snapshot), \(plural(files, "file")), \(bytesText(bytes))"
}
