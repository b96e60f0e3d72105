internal import ArgumentParser
internal import Console
internal import Operations

struct PublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Make a snapshot live that the gate stopped, or give a channel one.",
        usage: """
            millrace publish PIPELINE [--gate]
            millrace publish PIPELINE --force --reason TEXT
            millrace publish PIPELINE [NUMBER] --as CHANNEL
            """,
        discussion: """
            A run whose snapshot fails the gate leaves it as a candidate. Its gate is evaluated again, with \
            the limits and queries that the pipeline file names now; where it passes, the candidate goes \
            live, else exit code 5. With --force it goes live in any case, and the reason stands in the \
            audit log. With --as nothing goes live: 'millrace search --channel CHANNEL' finds the snapshot.
            """
    )

    @Argument(help: "The pipeline file, then the number of a snapshot.")
    var words: [String]

    @Flag(name: .long, help: "Evaluate the gate again; so it is without this, too.")
    var gate = false

    @Flag(name: .long, help: "Publish in spite of the gate.")
    var force = false

    @Option(name: .long, help: "Why, for the audit log; goes with --force.")
    var reason: String?

    @Option(name: .customLong("as"), help: "The channel that is to name the snapshot.")
    var channel: String?

    @Option(
        name: .long,
        help: "How long to wait for another writer of the workspace, as in 5m; else exit code 11."
    )
    var wait: TimeSpan?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...2).contains(self.words.count) else {
            throw ValidationError("name a pipeline file, and the number of a snapshot at most")
        }
        guard self.force == (self.reason != nil) else {
            throw ValidationError("--force and --reason TEXT go together")
        }
        guard !self.force || !self.gate, self.channel == nil || !(self.force || self.gate) else {
            throw ValidationError("--gate, --force and --as exclude each other")
        }
    }

    mutating func run() throws {
        self.output.bootstrap()
        let number = try self.words.dropFirst().first.map { word in
            guard let number = Int(word), number > 0 else {
                throw ValidationError("'\(word)' is not the number of a snapshot")
            }
            return number
        }
        if let channel = self.channel { return try self.mark(channel, number) }
        let report = try publishCandidate(
            PublishRequest(
                pipeline: self.words[0],
                number: number,
                forcedReason: self.reason,
                lockWaitSeconds: self.wait?.seconds ?? 0
            )
        )
        let place = shellWord(self.words[0])
        try printReport(report, JSONForm("publish"), as: self.output) { text(of: report, place) }
        if report.status != .clean { throw report.status }
    }

    private func mark(_ channel: String, _ number: Int?) throws {
        let report = try setChannel(
            channel,
            to: number,
            workspace: try workspacePath(pipeline: self.words[0]),
            lockWaitSeconds: self.wait?.seconds ?? 0
        )
        try printReport(report, JSONForm("channel"), as: self.output) {
            "channel \(channel) is snapshot \(report.snapshot); look at it with: millrace search "
                + "--channel \(channel) \(shellWord(self.words[0])) QUERY"
        }
    }
}

private func text(of report: PublishReport, _ place: String) -> String {
    var lines = report.gate.map { [text(of: $0)] } ?? []
    let size = "\(plural(report.documents, "document")), \(plural(report.chunks, "chunk"))"
    let before = report.from.map { ", before it \($0)" } ?? ""
    if report.isPublished {
        let how = report.forcedReason == nil ? "" : " in spite of the gate"
        lines.append("snapshot \(report.candidate) is live\(how)\(before): \(size)")
    } else {
        lines.append(
            "candidate \(report.candidate) still waits, \(report.from.map { "snapshot \($0)" } ?? "nothing") "
                + "is live; publish it in spite of the gate with: millrace publish \(place) --force "
                + "--reason TEXT"
        )
    }
    return lines.joined(separator: "\n")
}
