internal import ArgumentParser
internal import Console
internal import Operations

struct ReshardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reshard",
        abstract: "Give a workspace another count of shards.",
        usage: """
            millrace reshard N PIPELINE
            millrace reshard N --workspace DIR
            """,
        discussion: """
            A workspace keeps the count that it was made with, and a pipeline that says another one in \
            'shards:' is refused. This spreads its documents over N shards with all that is known of them: \
            the next sync extracts and embeds nothing for it, writes the segments anew and publishes the same \
            digest. Until then searches and earlier snapshots are served from the segments of before. A \
            command that is killed leaves the old shards or the new ones; type it again.
            """
    )

    @Argument(help: "The count of shards, then the pipeline file.")
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
        guard let index = self.words.firstIndex(where: { Int($0) != nil }),
            let count = Int(self.words[index])
        else {
            throw ValidationError("name the count of shards, as in 'millrace reshard 8 PIPELINE'")
        }
        var words = self.words
        words.remove(at: index)
        let place = try self.place.place(words)
        guard place.words.isEmpty else { throw ValidationError("unexpected '\(place.words[0])'") }
        let report = try withProgress(self.output) {
            try reshard(
                to: count,
                workspace: place.workspace,
                lockWaitSeconds: self.wait?.seconds ?? 0,
                progress: $0
            )
        }
        if self.output.json { return try printJSON(report, JSONForm("reshard")) }
        guard report.shardsBefore != report.shards else {
            printLine(
                "unchanged  \(report.workspace) has \(plural(report.shards, "shard")) already"
            )
            return
        }
        printLine(
            "resharded  \(report.workspace): \(plural(report.documents, "document")) from "
                + "\(plural(report.shardsBefore, "shard")) to \(report.shards)"
        )
        printLine(
            "next       set 'shards: \(report.shards)' in \(place.nextPipeline), then "
                + "millrace sync \(place.nextPipeline)"
        )
    }
}
