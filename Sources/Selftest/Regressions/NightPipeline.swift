/// The pipeline file of a night: two sources with labels and dates, and a gate by its two files alone.
struct NightPipeline {
    var sources = ["desk", "main"]
    /// Of every source; begins with a comma.
    var sourceKeys = ""
    var labels: [String]? = ["{ path: \"hr/**\", labels: [hr] }", "{ labels: [staff] }"]
    var languages: [String] = []
    /// Nil for no redaction.
    var redactKeys: String? = ""
    var dedupes = true
    var chunkKeys = "maximum_tokens: 64"
    var model = "potion-base-8M"
    /// Of the embed stage, after the model; begins with a comma.
    var embedKeys = ""
    var vectors = "f16"
    var gateKeys = ""
    /// Written first, which changes nothing.
    var comment = ""

    private static let formats = ["html", "markdown", "text"]

    func yaml(root: String) -> String {
        let sources = self.sources.joined(separator: ", ")
        var lines = [
            "# \(self.comment)", "version: 1", "name: night", "workspace: \(root)/workspace",
            "shards: 2",
            "gate: { queries: \(root)/queries.jsonl, judgements: \(root)/judgements.tsv\(self.gateKeys) }",
        ]
        if let labels { lines += ["labels:"] + labels.map { "  - \($0)" } }
        lines.append("sources:")
        lines += self.sources.map {
            "  \($0): { type: folder, path: \(root)/docs/\($0)\(self.sourceKeys) }"
        }
        lines.append("stages:")
        lines += Self.formats.map { "  \($0): { uses: extract-\($0), from: [\(sources)] }" }
        lines.append(
            "  normalise: { uses: normalise, from: [\(Self.formats.joined(separator: ", "))] }"
        )
        let allow =
            self.languages.isEmpty
            ? "" : ", allow: [\(self.languages.joined(separator: ", "))]"
        lines.append("  language: { uses: detect-language, from: normalise\(allow) }")
        var clean = "language"
        if let redactKeys {
            lines.append("  redact: { uses: redact-pii, from: language\(redactKeys) }")
            clean = "redact"
        }
        if self.dedupes {
            lines.append("  dedupe: { uses: dedupe, from: \(clean) }")
            clean = "dedupe"
        }
        lines += [
            "  chunk: { uses: chunk, from: \(clean), tokenizer: words, \(self.chunkKeys) }",
            "  embed: { uses: embed, from: chunk, model: \(self.model)\(self.embedKeys) }",
            "  index: { uses: index, from: embed, vectors: \(self.vectors) }",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
