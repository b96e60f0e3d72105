/// A pipeline file that needs no model files, with the keys a selftest turns.
struct PipelineShape: Hashable, Sendable {
    var name = "selftest"
    var shards = 3
    var redacts = true
    var redactKinds: [String]?
    var minimumScore = 0.5
    var allowedLanguages: [String] = []
    var threshold: Double? = 0.8
    var near = "facts"
    /// What decides which of several duplicates is kept; nil for the default.
    var prefer: [String]?
    var maximumTokens = 64
    var overlapTokens = 0
    /// `hash` embeds without files; nil makes an index of words alone.
    var model: String? = "hash"
    var vectors = "q10"
    var content = "main"
    var boilerplate = "keep"
    var maximumPages = 5_000
    /// The share of documents that may go in one sync; nil for the default.
    var maximumDelete: Double?
    /// Rules of access labels, as the list that the file has; nil for none.
    var labels: String?

    func yaml(source: String, workspace: String) -> String {
        """
        version: 1
        name: \(self.name)
        workspace: \(workspace)
        shards: \(self.shards)\(self.labelsKey)
        sources:
          docs: { type: folder, path: \(source)\(self.guardKey) }
        stages:
          html: { uses: extract-html, from: docs, content: \(self.content), \
        boilerplate: \(self.boilerplate) }
          pdf: { uses: extract-pdf, from: docs, maximum_pages: \(self.maximumPages) }
          markdown: { uses: extract-markdown, from: docs }
          text: { uses: extract-text, from: docs }
          epub: { uses: extract-epub, from: docs }
          word: { uses: extract-docx, from: docs }
          mail: { uses: extract-mail, from: docs }
          archive: { uses: extract-archive, from: docs }
          normalise: { uses: normalise, from: [html, pdf, markdown, text, epub, word, mail, archive] }

        """
            + (self.textStages + self.chunkStages).map { "  \($0)\n" }.joined()
    }

    private var labelsKey: String { self.labels.map { "\nlabels: \($0)" } ?? "" }
    private var guardKey: String { self.maximumDelete.map { ", max_delete: \($0)" } ?? "" }

    private var textStages: [String] {
        var language = "language: { uses: detect-language, from: normalise"
        if !self.allowedLanguages.isEmpty {
            language += ", allow: [\(self.allowedLanguages.joined(separator: ", "))]"
        }
        var stages = [language + " }"]
        if self.redacts {
            let kinds = self.redactKinds.map { ", kinds: [\($0.joined(separator: ", "))]" } ?? ""
            stages.append(
                "redact: { uses: redact-pii, from: language, "
                    + "minimum_score: \(self.minimumScore)\(kinds) }"
            )
        }
        return stages
    }

    private var chunkStages: [String] {
        var clean = self.redacts ? "redact" : "language"
        var stages: [String] = []
        if let threshold = self.threshold {
            let prefer = self.prefer.map { ", prefer: [\($0.joined(separator: ", "))]" } ?? ""
            stages.append(
                "dedupe: { uses: dedupe, from: \(clean), threshold: \(threshold), "
                    + "near: \(self.near)\(prefer) }"
            )
            clean = "dedupe"
        }
        stages.append(
            "chunk: { uses: chunk, from: \(clean), maximum_tokens: \(self.maximumTokens), "
                + "overlap_tokens: \(self.overlapTokens), tokenizer: words }"
        )
        if let model = self.model {
            stages.append("embed: { uses: embed, from: chunk, model: \(model) }")
            stages.append("index: { uses: index, from: embed, vectors: \(self.vectors) }")
        } else {
            stages.append("index: { uses: index, from: chunk }")
        }
        return stages
    }
}
