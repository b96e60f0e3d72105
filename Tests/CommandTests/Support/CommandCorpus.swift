import Foundation
import Testing

/// Documents and a pipeline file that needs no model, for the command.
final class CommandCorpus {
    let folder: TemporaryFolder

    init(documents count: Int = 0, words: Int = 60) throws {
        self.folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: self.folder("docs"),
            withIntermediateDirectories: true
        )
        for number in 0..<count {
            try self.write("d\(number).md", Self.text(number, words: words))
        }
        try self.folder.write("pipeline.yml", Self.yaml)
    }

    var pipeline: String { self.folder("pipeline.yml") }
    var workspace: String { self.folder("workspace") }

    func write(_ name: String, _ text: String) throws {
        try self.folder.write("docs/\(name)", text)
    }

    static let yaml = """
        version: 1
        name: command
        workspace: ${WORKSPACE:-workspace}
        shards: 3
        sources:
          docs: { type: folder, path: docs }
        stages:
          html: { uses: extract-html, from: docs }
          pdf: { uses: extract-pdf, from: docs }
          markdown: { uses: extract-markdown, from: docs }
          text: { uses: extract-text, from: docs }
          normalise: { uses: normalise, from: [html, pdf, markdown, text] }
          language: { uses: detect-language, from: normalise }
          redact: { uses: redact-pii, from: language }
          dedupe: { uses: dedupe, from: redact }
          chunk: { uses: chunk, from: dedupe, maximum_tokens: 64, tokenizer: words }
          embed: { uses: embed, from: chunk, model: hash }
          index: { uses: index, from: embed }

        """

    static func text(_ number: Int, words count: Int) -> String {
        let stems = ["mill", "wheel", "stone", "flour", "brook", "gear", "grain", "sack", "weir"]
        var state = UInt64(number &* 2_654_435_761 &+ 1)
        let words = (0..<count).map { _ -> String in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return stems[Int(state >> 33) % stems.count] + String((state >> 40) % 97)
        }
        return "# Document \(number)\n\n\(words.joined(separator: " ")).\n"
    }

    func command(_ verb: String, _ arguments: [String] = []) throws -> Command.Result {
        try Command.run([verb, self.pipeline] + arguments)
    }

    func backfill(_ arguments: [String] = [], workspace: String? = nil) throws -> RunningCommand {
        try Command.start(
            ["backfill", self.pipeline, "--json", "--quiet"] + arguments,
            environment: workspace.map { ["WORKSPACE": self.folder($0)] } ?? [:]
        )
    }

    /// The digest of a run that nothing disturbs.
    func undisturbedDigest() throws -> String {
        let summary = try self.backfill(workspace: "undisturbed").wait().json()
        return try #require(summary["digest"] as? String)
    }
}
