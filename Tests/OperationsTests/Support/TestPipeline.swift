/// A pipeline file that needs no model: counts words, embeds by hash.
struct TestPipeline {
    var name = "test"
    var shards = 4
    /// What a source is instead of a folder, as lines, by its name.
    var forms: [String: [String]] = [:]
    /// More keys of the file, as lines.
    var rootLines: [String] = []
    /// More keys of every source, as lines.
    var sourceKeys: [String] = []
    var priorities = ["docs": 0]
    var maximumBytes = 1 << 20
    var pdf = true
    /// All the formats beside: books, Office files, and text that has structure of its own.
    var packed = false
    /// Mail and archives.
    var containers = false
    var boilerplate = "keep"
    var redactKinds: [String]?
    /// The path of a policy file.
    var policy: String?
    /// The environment variable with the policy's key.
    var keyVariable: String?
    var threshold: Double? = 0.8
    /// More keys of the dedupe stage, each after a comma.
    var dedupeKeys = ""
    var maximumTokens = 64
    var detectsLanguage = true
    var allowedLanguages: [String] = []
    /// What stands after the chunk stage.
    var tail = [
        "embed: { uses: embed, from: chunk, model: hash }",
        "index: { uses: index, from: embed }",
    ]

    /// - Parameter folders: the folder of each source.
    func yaml(folders: [String: String], workspace: String) -> String {
        let names = folders.keys.sorted()
        let from = "[" + names.joined(separator: ", ") + "]"
        var lines = [
            "version: 1", "name: \(self.name)", "workspace: \(workspace)", "shards: \(self.shards)",
        ]
        lines += self.rootLines
        lines.append("sources:")
        for name in names {
            lines.append("  \(name):")
            if let form = self.forms[name] {
                lines += form.map { "    " + $0 }
                continue
            }
            lines.append("    type: folder")
            lines.append("    path: \(folders[name] ?? "")")
            lines.append("    priority: \(self.priorities[name] ?? 0)")
            lines.append("    maximum_bytes: \(self.maximumBytes)")
            lines += self.sourceKeys.map { "    " + $0 }
        }
        lines.append("stages:")
        lines += self.stages(from: from).map { "  " + $0 }
        return lines.joined(separator: "\n") + "\n"
    }

    private func stages(from: String) -> [String] {
        let kinds = self.redactKinds.map { ", kinds: [\($0.joined(separator: ", "))]" } ?? ""
        let allow =
            self.allowedLanguages.isEmpty
            ? "" : ", allow: [\(self.allowedLanguages.joined(separator: ", "))]"
        var extracts = ["html", "markdown", "text"]
        if self.pdf { extracts.append("pdf") }
        if self.packed {
            extracts += [
                "epub", "docx", "csv", "json", "xml", "subtitles", "markup", "code", "xlsx", "pptx",
                "opendocument", "rtf",
            ]
        }
        if self.containers { extracts += ["mail", "archive"] }
        var stages = extracts.map { "\($0): { uses: extract-\($0), from: \(from) }" }
        if self.boilerplate != "keep" {
            stages[0] =
                "html: { uses: extract-html, from: \(from), boilerplate: \(self.boilerplate) }"
        }
        stages.append("normalise: { uses: normalise, from: [\(extracts.joined(separator: ", "))] }")
        var last = "normalise"
        if self.detectsLanguage {
            stages.append("language: { uses: detect-language, from: normalise\(allow) }")
            last = "language"
        }
        let policy =
            (self.policy.map { ", policy: \($0)" } ?? "")
            + (self.keyVariable.map { ", key_env: \($0)" } ?? "")
        stages.append("redact: { uses: redact-pii, from: \(last)\(kinds)\(policy) }")
        var clean = "redact"
        if let threshold = self.threshold {
            stages.append(
                "dedupe: { uses: dedupe, from: redact, threshold: \(threshold)\(self.dedupeKeys) }"
            )
            clean = "dedupe"
        }
        stages.append(
            "chunk: { uses: chunk, from: \(clean), maximum_tokens: \(self.maximumTokens), "
                + "tokenizer: words }"
        )
        return stages + self.tail
    }
}
