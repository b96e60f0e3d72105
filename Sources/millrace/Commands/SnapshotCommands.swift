internal import ArgumentParser
internal import Console
internal import Operations

struct SnapshotsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshots",
        abstract: "The snapshots that are kept: what was published, and when.",
        subcommands: [
            ListSnapshotsCommand.self, ShowSnapshotCommand.self, DiffSnapshotsCommand.self,
            PinSnapshotCommand.self, UnpinSnapshotCommand.self,
        ],
        defaultSubcommand: ListSnapshotsCommand.self
    )
}

struct ListSnapshotsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List them, the newest first."
    )

    @OptionGroup var reader: ReaderArguments

    mutating func run() throws {
        self.reader.output.bootstrap()
        let place = try self.reader.location()
        let list = try listSnapshots(workspace: place.workspace)
        try printReport(list, JSONForm("snapshots"), as: self.reader.output) {
            text(of: list, place: place.commandWords)
        }
    }
}

struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Make an earlier snapshot the published one again, at once.",
        usage: "millrace rollback PIPELINE [NUMBER]",
        discussion: """
            Without a number it is the newest before the live one. Nothing but what is served changes: \
            the next run that publishes does so from the manifests, with the documents of then.
            """
    )

    @Argument(help: "The pipeline file (unless --workspace or --pipeline is given), then a number.")
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions

    @Option(
        name: .long,
        help: "How long to wait for another writer of the workspace, as in 5m; else exit code 11."
    )
    var wait: TimeSpan?

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let place = try self.place.place(self.words)
        guard place.words.count <= 1 else {
            throw ValidationError("unexpected '\(place.words[1])'")
        }
        let number = try place.words.first.map { word in
            guard let number = Int(word), number > 0 else {
                throw ValidationError("'\(word)' is not the number of a snapshot")
            }
            return number
        }
        let report = try rollback(
            workspace: place.workspace,
            to: number,
            lockWaitSeconds: self.wait?.seconds ?? 0
        )
        try printReport(report, JSONForm("rollback"), as: self.output) {
            let isLive = report.from == report.to
            let from = isLive ? " already" : report.from.map { ", before it \($0)" } ?? ""
            return "snapshot \(report.to) is live\(from): \(plural(report.documents, "document")), "
                + plural(report.chunks, "chunk")
        }
    }
}

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "The runs of a workspace, and how each ended.",
        subcommands: [ListRunsCommand.self, ShowRunCommand.self, RunPageCommand.self],
        defaultSubcommand: ListRunsCommand.self
    )
}

struct ListRunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List them, the newest first.",
        discussion: "'millrace runs show PIPELINE N' tells what one of them did."
    )

    @OptionGroup var reader: ReaderArguments

    @Option(name: .long, help: "How many.")
    var limit = 20

    func validate() throws {
        guard self.limit > 0 else { throw ValidationError("--limit counts from 1") }
    }

    mutating func run() throws {
        self.reader.output.bootstrap()
        let list = try listRuns(workspace: try self.reader.workspace(), limit: self.limit)
        try printReport(list, JSONForm("runs"), as: self.reader.output) { text(of: list) }
    }
}

private func text(of list: SnapshotList, place: String) -> String {
    guard !list.snapshots.isEmpty else { return "nothing is published yet" }
    let heads = ["", "NUMBER", "PUBLISHED", "RUN", "DOCUMENTS", "CHUNKS", "SIZE", "DIGEST"]
    let rows = list.snapshots.map { item in
        [
            marks(of: item), String(item.number),
            item.createdMilliseconds.map(dayAndMinute) ?? "-",
            item.run.map { String($0) } ?? "-",
            grouped(item.documents), grouped(item.chunks), bytesText(item.byteCount),
            String(item.digest.prefix(12)),
        ]
    }
    return table([heads] + rows) + "\nTimes are UTC. Go back to one with: "
        + "millrace rollback \(place) NUMBER"
}

private func text(of list: RunList) -> String {
    guard !list.runs.isEmpty else { return "no run yet" }
    let heads = ["RUN", "VERB", "STATUS", "PHASE", "EXIT", "STARTED", "SECONDS", "PIPELINE"]
    let rows = list.runs.map { run in
        [
            String(run.id), run.verb, run.status, run.phase, run.exitCode.map { String($0) } ?? "-",
            dayAndMinute(run.startedMilliseconds),
            run.finishedMilliseconds.map {
                fixed(Double($0 - run.startedMilliseconds) / 1000, decimals: 1)
            } ?? "-",
            run.pipeline,
        ]
    }
    return table([heads] + rows) + "\nTimes are UTC."
}

/// `live`, `waits` for a candidate that the gate stopped, `pinned`, and channels.
private func marks(of item: SnapshotList.Item) -> String {
    var marks = item.isLive ? ["live"] : []
    if item.state == "rejected" { marks.append("waits") }
    if item.isPinned { marks.append("pinned") }
    return (marks + item.channels).joined(separator: " ")
}

/// Says what a rollback leaves to the next run.
func rolledBackLine(from newest: Int) -> String {
    "rolled back from snapshot \(newest): the manifests hold its documents, and the next run that "
        + "publishes serves them again"
}
