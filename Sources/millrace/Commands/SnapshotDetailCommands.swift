internal import ArgumentParser
internal import Console
internal import Operations

struct ShowSnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "What is in a snapshot, and where it comes from.",
        usage: "millrace snapshots show PIPELINE NUMBER"
    )

    @Argument(help: "The pipeline file (unless --workspace or --pipeline is given), then a number.")
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let (workspace, numbers) = try snapshotNumbers(self.words, self.place, count: 1)
        let details = try showSnapshot(numbers[0], workspace: workspace)
        try printReport(details, JSONForm("snapshot"), as: self.output) { text(of: details) }
    }
}

struct DiffSnapshotsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Which documents two snapshots differ in.",
        usage: "millrace snapshots diff PIPELINE NUMBER NUMBER"
    )

    @Argument(
        help: "The pipeline file (unless --workspace or --pipeline is given), then two numbers."
    )
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let (workspace, numbers) = try snapshotNumbers(self.words, self.place, count: 2)
        let diff = try diffSnapshots(numbers[0], numbers[1], workspace: workspace)
        try printReport(diff, JSONForm("snapshot-diff"), as: self.output) { text(of: diff) }
    }
}

struct PinSnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Keep a snapshot from being cleaned away.",
        usage: "millrace snapshots pin PIPELINE NUMBER [--reason TEXT]",
        discussion: """
            A run after a change of the redaction policy takes pinned snapshots away all the same: they \
            hold what the new policy takes out.
            """
    )

    @Argument(help: "The pipeline file (unless --workspace or --pipeline is given), then a number.")
    var words: [String] = []

    @Option(name: .long, help: "Why it is kept.")
    var reason = "kept by hand"

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let (workspace, numbers) = try snapshotNumbers(self.words, self.place, count: 1)
        let report = try pinSnapshot(numbers[0], reason: self.reason, workspace: workspace)
        try printReport(report, JSONForm("pin"), as: self.output) {
            "snapshot \(report.snapshot) is kept until 'millrace snapshots unpin'"
        }
    }
}

struct UnpinSnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin",
        abstract: "Let a pinned snapshot be cleaned away again.",
        usage: "millrace snapshots unpin PIPELINE NUMBER"
    )

    @Argument(help: "The pipeline file (unless --workspace or --pipeline is given), then a number.")
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let (workspace, numbers) = try snapshotNumbers(self.words, self.place, count: 1)
        let report = try pinSnapshot(numbers[0], reason: nil, workspace: workspace)
        try printReport(report, JSONForm("pin"), as: self.output) {
            "snapshot \(report.snapshot) is not pinned any more"
        }
    }
}

/// The workspace and the numbers that the words of a command name.
private func snapshotNumbers(
    _ words: [String],
    _ place: WorkspaceOptions,
    count: Int
) throws -> (workspace: String, numbers: [Int]) {
    let (workspace, rest) = try place.resolve(words)
    guard rest.count == count else {
        throw ValidationError(
            "name \(count == 1 ? "the number of a snapshot" : "two snapshots by number")"
        )
    }
    let numbers = try rest.map { word in
        guard let number = Int(word), number > 0 else {
            throw ValidationError("'\(word)' is not the number of a snapshot")
        }
        return number
    }
    return (workspace, numbers)
}

private func text(of details: SnapshotDetails) -> String {
    let item = details.snapshot
    let published = item.createdMilliseconds.map { "\(dayAndMinute($0)) UTC" } ?? "not known"
    var lines = [
        "snapshot \(item.number)\(item.isLive ? ", live" : "")\(item.state == "rejected" ? ", waits" : "")",
        "  made       \(published)\(item.run.map { ", run \($0)" } ?? "")",
        "  digest     \(item.digest)",
        "  holds      \(plural(item.documents, "document")), \(plural(item.chunks, "chunk")), "
            + "\(plural(details.tokens, "token")), \(plural(details.segments, "segment")), "
            + bytesText(item.byteCount),
        "  sources    \(counts(details.sources))",
        "  types      \(counts(details.mediaTypes))",
        "  languages  \(counts(details.languages))",
    ]
    if details.untitled > 0 { lines.append("  untitled   \(plural(details.untitled, "document"))") }
    for (index, model) in details.models.sorted(by: { $0.key < $1.key }) where !model.isEmpty {
        lines.append("  model      \(model) (index \(index))")
    }
    if let reason = details.pinReason { lines.append("  pinned     \(reason)") }
    if !item.channels.isEmpty {
        lines.append("  channels   \(item.channels.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
}

private func text(of diff: SnapshotDiff) -> String {
    let chunks = (diff.chunks < 0 ? "-" : "+") + grouped(Int(diff.chunks.magnitude))
    var lines = [
        "snapshot \(diff.from) to \(diff.to): \(grouped(diff.added)) added, \(grouped(diff.removed)) removed, "
            + "\(grouped(diff.changed)) changed, \(grouped(diff.unchanged)) unchanged; \(chunks) chunks"
    ]
    for (sign, uris, count) in [
        ("+", diff.addedURIs, diff.added), ("-", diff.removedURIs, diff.removed),
        ("~", diff.changedURIs, diff.changed),
    ] {
        lines += uris.map { "  \(sign) \($0)" }
        if count > uris.count { lines.append("  \(sign) … \(grouped(count - uris.count)) more") }
    }
    return lines.joined(separator: "\n")
}
