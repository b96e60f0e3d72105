/// Who ranks the best hits of a search anew: the key `rerank` of a pipeline file.
package struct RerankSettings: Hashable, Sendable {
    package enum Ranker: Hashable, Sendable {
        /// A program: a JSON line `{"query","texts"}` in, a JSON line `{"scores"}` out, as often as asked.
        case command([String])
        /// The URL that is posted to, in one of two forms.
        case endpoint(String, Form)
    }

    /// How an endpoint is asked.
    package enum Form: String, Hashable, Sendable, CaseIterable {
        /// `{"query","texts"}` → `[{"index","score"}]`: text-embeddings-inference.
        case tei
        /// `{"model","query","documents"}` → `{"results": [{"index","relevance_score"}]}`: Cohere, Jina, vLLM.
        case cohere
    }

    static let candidatesByDefault = 50
    static let secondsByDefault = 5.0

    package var ranker: Ranker
    package var model: String?
    /// The environment variable with the key of the endpoint.
    package var keyVariable: String?
    /// Whether texts may travel unencrypted to another machine.
    package var allowsPlainHTTP: Bool
    /// How many of the best hits are ranked anew.
    package var candidateCount: Int
    /// The time that one query may take for it.
    package var seconds: Double
}

/// The keys of `rerank`.
enum RerankKeys {
    static let name = "rerank"
    static let all = [
        ParameterSpec(
            "command",
            .command,
            isOptional: true,
            summary:
                "A program that reads {\"query\",\"texts\"} and writes {\"scores\"}, a JSON line each."
        ),
        ParameterSpec(
            "endpoint",
            .string,
            isOptional: true,
            summary: "The URL of a server that ranks, such as http://127.0.0.1:8080/rerank."
        ),
        ParameterSpec(
            "form",
            .choice(RerankSettings.Form.allCases.map(\.rawValue)),
            default: .string(RerankSettings.Form.tei.rawValue),
            summary: "How the endpoint is asked: as text-embeddings-inference is, or as Cohere."
        ),
        ParameterSpec(
            "model",
            .string,
            isOptional: true,
            summary: "The model the endpoint is asked for."
        ),
        ParameterSpec(
            "api_key_env",
            .string,
            isOptional: true,
            summary: "The environment variable with the key of the endpoint."
        ),
        ParameterSpec(
            "allow_plain_http",
            .bool,
            default: .bool(false),
            summary: "Whether texts and key may travel unencrypted to another machine."
        ),
        ParameterSpec(
            "candidates",
            .int(1...1000),
            default: .int(RerankSettings.candidatesByDefault),
            summary: "How many of the best hits are ranked anew."
        ),
        ParameterSpec(
            "seconds",
            .double(0.01...600),
            default: .double(RerankSettings.secondsByDefault),
            summary: "The time one query may take for it; then the hits keep their places."
        ),
    ]
}

/// Reads `rerank` of a pipeline file; nil where it is missing or wrong, which the findings say.
func readRerank(
    in entries: [YAMLEntry],
    directory: String,
    findings: inout Findings
) -> RerankSettings? {
    guard let entry = entries.first(where: { $0.key == RerankKeys.name }) else { return nil }
    let owner = "'\(RerankKeys.name)'"
    guard let keys = entry.value.entries(of: owner, &findings) else { return nil }
    let values = Parameters(
        readConfiguration(
            keys,
            parameters: RerankKeys.all,
            reservedKeys: [],
            reader: ParameterReader(owner: owner, directory: directory),
            ownerPlace: entry.keyPlace,
            findings: &findings
        )
    )
    let ranker: RerankSettings.Ranker
    let command = values.strings("command")
    switch values.text("endpoint") {
    case nil where !command.isEmpty: ranker = .command(command)
    case let endpoint? where command.isEmpty:
        let form = values.text("form").flatMap(RerankSettings.Form.init)
        ranker = .endpoint(endpoint, form ?? .tei)
    default:
        findings.add(entry.keyPlace, "\(owner): give one of the keys 'command' and 'endpoint'")
        return nil
    }
    return RerankSettings(
        ranker: ranker,
        model: values.text("model"),
        keyVariable: values.text("api_key_env"),
        allowsPlainHTTP: values.bool("allow_plain_http"),
        candidateCount: values.int("candidates", default: RerankSettings.candidatesByDefault),
        seconds: values.double("seconds", default: RerankSettings.secondsByDefault)
    )
}
