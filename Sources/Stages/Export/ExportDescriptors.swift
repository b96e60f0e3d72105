internal import Dataflow

/// The keys of the stages that bring what is published to another system.
package enum ExportKeys {
    package static let index = "index"
    package static let output = "output"
    package static let vectors = "vectors"
    package static let table = "table"
    package static let dsn = "dsn"
    package static let dsnVariable = "dsn_env"
    package static let url = "url"
    package static let collection = "collection"
    package static let name = "name"
    package static let keyVariable = "key_env"
}

/// The kinds of such stages, as words after `uses:`; the rest of each word is a verb's: `millrace export …`.
package enum ExportKind: String, Sendable, CaseIterable {
    case lines = "export-jsonl"
    case arrays = "export-npy"
    case parquet = "export-parquet"
    case postgres = "export-pgvector"
    case qdrant = "export-qdrant"
    case openSearch = "export-opensearch"
}

let exportDescriptors = ExportKind.allCases.map { kind in
    StageDescriptor(
        name: kind.rawValue,
        revision: 1,
        summary: kind.summary + " Sent once a run has published: the difference alone.",
        phase: .export,
        inputs: [.vectors, .chunks],
        output: nil,
        parameters: kind.keys + [
            ParameterSpec(
                ExportKeys.index,
                .string,
                isOptional: true,
                summary: "The index stage to export, where several read from the same stage."
            )
        ]
    )
}

extension ExportKind {
    fileprivate var summary: String {
        switch self {
        case .lines: "One JSON object a chunk, in a file."
        case .arrays: "vectors.npy and chunks.jsonl, row by row the same, in a folder."
        case .parquet: "A Parquet file; needs python3 with pyarrow."
        case .postgres: "A table of PostgreSQL, with pgvector's type where the server has it."
        case .qdrant: "A collection of Qdrant."
        case .openSearch: "An index of OpenSearch or Elasticsearch."
        }
    }

    fileprivate var keys: [ParameterSpec] {
        switch self {
        case .lines:
            [
                ParameterSpec(ExportKeys.output, .path, summary: "The file."),
                ParameterSpec(
                    ExportKeys.vectors,
                    .bool,
                    default: .bool(false),
                    summary: "With each chunk's vector, as embedding."
                ),
            ]
        case .arrays: [ParameterSpec(ExportKeys.output, .path, summary: "The folder.")]
        case .parquet: [ParameterSpec(ExportKeys.output, .path, summary: "The file.")]
        case .postgres:
            [
                ParameterSpec(
                    ExportKeys.table,
                    .string,
                    summary: "NAME or SCHEMA.NAME; made where it is not there."
                ),
                ParameterSpec(
                    ExportKeys.dsn,
                    .string,
                    isOptional: true,
                    summary:
                        "The connection string, without a password; what it lacks is PGHOST's, PGUSER's …"
                ),
                variable(ExportKeys.dsnVariable, "that holds the connection string."),
            ]
        case .qdrant:
            [
                ParameterSpec(
                    ExportKeys.url,
                    .string,
                    summary: "The server, as in http://localhost:6333."
                ),
                ParameterSpec(
                    ExportKeys.collection,
                    .string,
                    summary: "The collection; made where it is not there."
                ),
                variable(ExportKeys.keyVariable, "that holds the API key."),
            ]
        case .openSearch:
            [
                ParameterSpec(
                    ExportKeys.url,
                    .string,
                    summary: "The server, as in https://localhost:9200."
                ),
                ParameterSpec(
                    ExportKeys.name,
                    .string,
                    summary: "The index of the server; made where it is not there."
                ),
                variable(ExportKeys.keyVariable, "that holds the header Authorization."),
            ]
        }
    }
}

private func variable(_ name: String, _ rest: String) -> ParameterSpec {
    ParameterSpec(name, .string, isOptional: true, summary: "The environment variable " + rest)
}
