internal import ArgumentParser
internal import Console
internal import Operations

struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search the published snapshot.",
        usage: """
            millrace search PIPELINE QUERY … [--k N] [--mode fused|vector|bm25] [--filter lang=de]
                [--expand-groups]
            millrace search --workspace DIR QUERY …
            millrace search PIPELINE --batch FILE
            """
    )

    @Argument(
        help: "The pipeline file (unless --workspace or --pipeline is given), then the query."
    )
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions

    @Option(name: .long, help: "How many answers.")
    var k = 10

    @Option(name: .long, help: "fused (the default), vector or bm25.")
    var mode: SearchModeName = .fused

    @Option(
        name: .long,
        parsing: .singleValue,
        help: "Keep answers with this property: lang=, source=, type=, uri=PREFIX or meta.KEY=."
    )
    var filter: [String] = []

    @Flag(
        name: .long,
        help: "Show every member of a group of near-duplicates, not only the best."
    )
    var expandGroups = false

    @Option(name: .long, help: "The index to search, where a pipeline has several.")
    var index: String?

    @Option(name: .long, help: "The channel whose snapshot is searched, instead of the live one.")
    var channel: String?

    @Option(
        name: .long,
        help: "A file of JSON lines {\"id\",\"query\"}; prints one JSON line for each."
    )
    var batch: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(self.k) else { throw ValidationError("--k takes 1 to 10000") }
    }

    mutating func run() throws {
        self.output.bootstrap()
        let (workspace, words) = try self.place.resolve(self.words)
        guard words.isEmpty == (self.batch != nil) else {
            throw ValidationError(
                words.isEmpty
                    ? "what to search for? Give a query." : "--batch has its queries in the file"
            )
        }
        var request = SearchRequest(
            workspace: workspace,
            text: words.joined(separator: " "),
            count: self.k
        )
        request.mode = self.mode
        request.filters = self.filter
        request.expandsGroups = self.expandGroups
        request.index = self.index
        request.channel = self.channel
        if let batch = self.batch {
            try searchBatch(request, path: absolutePath(batch)) {
                try printJSON($0, JSONForm("search"))
            }
            return
        }
        let report = try search(request)
        try printReport(report, JSONForm("search"), as: self.output) { text(of: report) }
    }
}

extension SearchModeName: ExpressibleByArgument {}

/// One answer a paragraph: title, place, URI, score, snippet.
private func text(of report: SearchReport) -> String {
    guard !report.hits.isEmpty else { return "no answers" }
    return report.hits.enumerated().map { index, hit in
        var place: [String] = []
        if hit.page > 0 { place.append("p. \(hit.pageLabel ?? String(hit.page))") }
        if let heading = hit.headings.last, heading != hit.title { place.append("§ \(heading)") }
        let title = hit.title.isEmpty ? hit.uri : hit.title
        let head = ([title] + place).joined(separator: " · ")
        return "\(index + 1). \(head)\n   \(hit.uri)  \(hit.language)  score "
            + "\(fixed(hit.score, decimals: 4))\n   \(hit.snippet)"
    }
    .joined(separator: "\n")
}
