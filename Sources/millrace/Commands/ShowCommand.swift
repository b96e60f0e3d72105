internal import ArgumentParser
internal import Console
internal import Operations

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print one chunk of the published snapshot with its document.",
        usage: """
            millrace show CHUNK_ID PIPELINE
            millrace show CHUNK_ID --workspace DIR
            """
    )

    @Argument(help: "The chunk's id, chunk_id of 'search --json'.")
    var chunk: String

    @OptionGroup var reader: ReaderArguments

    @Option(name: .long, help: "The index to look in, where a pipeline has several.")
    var index: String?

    mutating func run() throws {
        self.reader.output.bootstrap()
        let shown = try showChunk(
            self.chunk,
            workspace: try self.reader.workspace(for: .searching),
            index: self.index
        )
        try printReport(shown, JSONForm("chunk"), as: self.reader.output) { text(of: shown) }
    }
}

/// What is known of the chunk, then its text.
private func text(of shown: ShownChunk) -> String {
    let (chunk, document) = (shown.chunk, shown.document)
    let page = chunk.page > 0 ? ", page \(chunk.pageLabel ?? String(chunk.page))" : ""
    var lines = [
        document.title.isEmpty ? document.uri : document.title,
        "  document  \(document.uri)",
        "  chunk     \(chunk.ordinal + 1) of \(document.chunkCount), "
            + "bytes \(chunk.start) to \(chunk.end)\(page)",
        "  language  \(chunk.language)",
        "  snapshot  \(chunk.snapshot)",
    ]
    if !chunk.headings.isEmpty {
        lines.append("  headings  \(chunk.headings.joined(separator: " > "))")
    }
    return (lines + ["", chunk.text]).joined(separator: "\n")
}
