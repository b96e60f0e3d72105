import Connectors
import Dataflow
import Foundation
import Records

/// Stage kinds with the names and keys of the real ones, so that the shipped pipelines validate.
let testCatalogue = StageCatalogue(
    stages: [
        extraction(
            "extract-html",
            [.html, .xhtml],
            revision: 3,
            [
                ParameterSpec(
                    "content",
                    .choice(["main", "all"]),
                    default: "main",
                    summary: "What is kept."
                ),
                ParameterSpec(
                    "links",
                    .choice(["text", "urls"]),
                    default: "text",
                    summary: "How links look."
                ),
            ]
        ),
        extraction(
            "extract-pdf",
            [.pdf],
            [
                ParameterSpec(
                    "maximum_pages",
                    .int(1...100_000),
                    default: 5000,
                    summary: "Pages to read."
                )
            ]
        ),
        extraction("extract-markdown", [.markdown], []),
        extraction("extract-text", [.plain], []),
        extraction("extract-epub", [.epub], []),
        extraction("extract-docx", [.docx], []),
        extraction("extract-csv", [.csv], []),
        extraction("extract-json", [.json], []),
        extraction("extract-xml", [.xml], []),
        extraction("extract-subtitles", [.subRip], []),
        extraction("extract-markup", [.org], []),
        extraction("extract-code", [MediaType("text/x-python")], []),
        extraction("extract-xlsx", [.xlsx], []),
        extraction("extract-pptx", [.pptx], []),
        extraction("extract-opendocument", [.odt], []),
        extraction("extract-rtf", [.rtf], []),
        extraction(
            "extract-legacy-office",
            [.doc],
            [ParameterSpec("converter", .string, default: .string(""), summary: "Program.")]
        ),
        extraction("extract-mail", [.mail], []),
        extraction("extract-archive", [.zip], []),
        extraction("extract-image", [MediaType("image/png")], []),
        document("normalise", []),
        document(
            "detect-language",
            [
                ParameterSpec(
                    "minimum_confidence",
                    .double(0...1),
                    default: .double(0.4),
                    summary: "Floor."
                ),
                ParameterSpec("allow", .stringList, default: [], summary: "Languages; all."),
            ]
        ),
        document(
            "redact-pii",
            [
                ParameterSpec(
                    "kinds",
                    .choiceList(piiKinds),
                    default: .list(piiKinds.map(ConfigValue.string)),
                    summary: "What is replaced."
                ),
                ParameterSpec(
                    "minimum_score",
                    .double(0...1),
                    default: .double(0.5),
                    summary: "Floor."
                ),
                ParameterSpec("policy", .path, isOptional: true, summary: "A policy file."),
                ParameterSpec("vault_token", .int(0...9), isOptional: true, summary: "A secret."),
            ]
        ),
        document(
            "dedupe",
            phase: .resolve,
            [
                ParameterSpec(
                    "threshold",
                    .double(0.5...1),
                    default: .double(0.8),
                    summary: "Similarity."
                )
            ]
        ),
        StageDescriptor(
            name: "chunk",
            revision: 1,
            summary: "Cuts text into chunks.",
            phase: .materialise,
            inputs: [.document],
            output: .chunks,
            parameters: [
                ParameterSpec(
                    "maximum_tokens",
                    .int(16...8192),
                    default: 256,
                    summary: "Budget."
                ),
                ParameterSpec(
                    "overlap_tokens",
                    .int(0...Int.max),
                    default: 0,
                    summary: "Repeated."
                ),
                ParameterSpec(
                    "tokenizer",
                    .string,
                    default: "potion-base-8M",
                    summary: "Who counts."
                ),
            ]
        ),
        StageDescriptor(
            name: "embed",
            revision: 1,
            summary: "Turns chunks into vectors.",
            phase: .materialise,
            inputs: [.chunks],
            output: .vectors,
            parameters: [
                ParameterSpec("model", .string, default: "potion-base-8M", summary: "The model."),
                ParameterSpec(
                    "batch_tokens",
                    .int(1...1_000_000),
                    default: 16384,
                    affectsOutput: false,
                    summary: "Tokens a batch."
                ),
            ]
        ),
        StageDescriptor(
            name: "expand",
            revision: 1,
            summary: "Turns chunks into terms.",
            phase: .materialise,
            inputs: [.chunks],
            output: .expansions,
            parameters: []
        ),
        StageDescriptor(
            name: "index",
            revision: 1,
            summary: "Writes segments.",
            phase: .materialise,
            inputs: [.vectors, .chunks, .expansions],
            output: nil,
            parameters: [
                ParameterSpec(
                    "vectors",
                    .choice(["f16", "f32", "none"]),
                    default: "f16",
                    summary: "Kept."
                ),
                ParameterSpec("compact", .bool, default: true, summary: "Whether merged."),
            ]
        ),
    ],
    sources: sourceKinds.map(\.descriptor)
)

private let piiKinds = [
    "EMAIL", "PHONE", "CREDIT_CARD", "IBAN", "IP_ADDRESS", "US_SSN", "MAC_ADDRESS",
    "CRYPTO_WALLET", "SECRET", "NATIONAL_ID", "PASSPORT", "DATE_OF_BIRTH",
]

private func extraction(
    _ name: String,
    _ types: [MediaType],
    revision: Int = 1,
    _ parameters: [ParameterSpec]
) -> StageDescriptor {
    let limit = ParameterSpec(
        "maximum_bytes",
        .int(1...1 << 32),
        default: .int(1 << 26),
        summary: "Size limit."
    )
    return StageDescriptor(
        name: name,
        revision: revision,
        summary: "Reads \(types[0]).",
        phase: .prepare,
        inputs: [.bytes],
        output: .document,
        mediaTypes: types,
        parameters: parameters + [limit]
    )
}

private func document(
    _ name: String,
    phase: Phase = .prepare,
    _ parameters: [ParameterSpec]
) -> StageDescriptor {
    StageDescriptor(
        name: name,
        revision: 1,
        summary: "Works on text: \(name).",
        phase: phase,
        inputs: [.document],
        output: .document,
        parameters: parameters
    )
}

/// The smallest pipeline with every phase; tests replace single lines of it.
let smallPipeline = """
    version: 1
    name: small
    workspace: state
    sources:
      notes: { type: folder, path: notes }
    stages:
      text: { uses: extract-text, from: notes }
      language: { uses: detect-language, from: text }
      dedupe: { uses: dedupe, from: language }
      chunk: { uses: chunk, from: dedupe }
      embed: { uses: embed, from: chunk }
      index: { uses: index, from: embed }
    """

func plan(
    _ text: String,
    environment: [String: String] = [:],
    overrides: [String: String] = [:]
) throws -> Plan {
    try parsePlan(
        text: text,
        file: "p.yml",
        directory: "/repo/Pipelines",
        catalogue: testCatalogue,
        environment: environment,
        overrides: overrides
    )
}

/// The diagnostics of a text that must be refused, printed; empty when it is accepted.
func problems(
    _ text: String,
    environment: [String: String] = [:],
    overrides: [String: String] = [:]
) -> [String] {
    do {
        _ = try plan(text, environment: environment, overrides: overrides)
        return []
    } catch let error as PipelineError {
        return error.diagnostics.map(\.description)
    } catch {
        return ["\(error)"]
    }
}

/// `smallPipeline` with the line of one stage (or other key) replaced, or lines added at its end.
func small(_ line: String, replacing prefix: String? = nil) -> String {
    var lines = smallPipeline.split(separator: "\n").map(String.init)
    if let prefix, let index = lines.firstIndex(where: { $0.hasPrefix(prefix) }) {
        lines[index] = line
    } else {
        lines.append(line)
    }
    return lines.joined(separator: "\n")
}

/// The repository's root, found from this file even when `Tests` is reached by a link.
let repositoryRoot: URL = URL(fileURLWithPath: #filePath)
    .resolvingSymlinksInPath()
    .deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()
