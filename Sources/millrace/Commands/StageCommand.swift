internal import ArgumentParser
internal import Operations

struct StageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stage",
        abstract: "Run one stage as a filter: JSON lines in, JSON lines out.",
        discussion: """
            millrace stage extract  {"id","path"}            → title, text, markdown, metadata, blocks, warnings
            millrace stage language {"id","text"}            → language, confidence, alternatives, spans
            millrace stage redact   {"id","text"}            → text, spans (offsets in code points of the input)
            millrace stage dedupe   {"id","text","title"?} …          → kept, canonical, similarity, group (at end of input)
            millrace stage chunk    {"id","markdown"|"text"} → chunks (offsets in UTF-8 bytes of the input)
            millrace stage embed    {"id","text"}            → vector, tokens, truncated

            Block offsets of extract are UTF-8 bytes of its "text". A line that fails gives
            {"id","error":{"code","message"}} and the rest goes on.
            """
    )

    @Argument(help: "extract, normalise, language, redact, dedupe, chunk or embed.")
    var name: StageFilterName

    @Option(name: .long, help: "Take the stage's configuration from this pipeline file.")
    var pipeline: String?

    @Option(
        name: .long,
        parsing: .singleValue,
        help: "Set one key of the stage, as in --set maximum_tokens=128. May be repeated."
    )
    var set: [String] = []

    mutating func run() throws {
        try runStageFilter(
            StageFilterRequest(
                name: self.name,
                pipeline: self.pipeline,
                overrides: try keyValues(self.set)
            ),
            input: 0,
            output: 1
        )
    }
}

extension StageFilterName: ExpressibleByArgument {}
