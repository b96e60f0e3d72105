internal import Dataflow
internal import Embedding

/// The keys that choose another model have their effect through the model's identity, which is part of
/// every fingerprint: a key more in this list leaves workspaces alone that do not use it.
let embedDescriptor = StageDescriptor(
    name: "embed",
    revision: 1,
    summary: "One vector a chunk, from a model on this machine or a server.",
    phase: .materialise,
    inputs: [.chunks],
    output: .vectors,
    parameters: localKeys + cacheKeys + remoteKeys + budgetKeys
)

private let localKeys: [ParameterSpec] = [
    ParameterSpec(
        "model",
        .nameOrPath,
        default: .string("potion-base-8M"),
        summary:
            "potion-base-8M, all-MiniLM-L6-v2, a model that 'millrace models add' added, a folder "
            + "with one (./FOLDER), or hash (no files, for tests); with 'provider' the server's name "
            + "of its model."
    ),
    ParameterSpec(
        "precision",
        .choice(Precision.allCases.map(\.rawValue)),
        default: .string(Precision.auto.rawValue),
        affectsOutput: false,
        summary:
            "Number format of an encoder's products: auto is fp32, which every machine runs; bf16 wants "
            + "AVX2 and is faster with AVX512-BF16; int8 runs everywhere and is fastest with VNNI, and its "
            + "vectors are a little off: hold it to 'evaluate'. Another format embeds anew."
    ),
    ParameterSpec(
        "query_prefix",
        .string,
        isOptional: true,
        affectsOutput: false,
        summary:
            "Put before each query, for models trained so; without the key what the model's files say."
    ),
    ParameterSpec(
        "passage_prefix",
        .string,
        isOptional: true,
        affectsOutput: false,
        summary: "Put before each chunk, likewise."
    ),
    ParameterSpec(
        "dimensions",
        .int(1...65_536),
        isOptional: true,
        affectsOutput: false,
        summary:
            "The first so many dimensions are kept (Matryoshka); with 'provider' required: how many "
            + "the server gives."
    ),
    ParameterSpec(
        "batch_tokens",
        .int(64...1_048_576),
        default: .int(1024),
        affectsOutput: false,
        summary: "Tokens given to the model at once; to a server 16 times as many."
    ),
]

private let cacheKeys: [ParameterSpec] = [
    ParameterSpec(
        "cache",
        .path,
        isOptional: true,
        affectsOutput: false,
        summary:
            "A folder of this machine where runs of any workspace keep vectors and find them: a text is "
            + "embedded or sent once for each model. Static models, which are as fast as it, have no use for it."
    ),
    ParameterSpec(
        "cache_bytes",
        .int(1 << 20...1 << 50),
        default: .int(cacheBytesByDefault),
        affectsOutput: false,
        summary: "About what its vectors may take; what is too much goes."
    ),
]

private let remoteKeys: [ParameterSpec] = [
    ParameterSpec(
        "provider",
        .choice(RemoteSettings.Provider.allCases.map(\.rawValue)),
        isOptional: true,
        affectsOutput: false,
        summary: "A server that embeds: openai (also vLLM, Ollama, LM Studio, Azure) or tei "
            + "(text-embeddings-inference)."
    ),
    ParameterSpec(
        "endpoint",
        .string,
        isOptional: true,
        affectsOutput: false,
        summary: "Its address, such as https://host/v1. Another one keeps the vectors."
    ),
    ParameterSpec(
        "api_key_env",
        .string,
        isOptional: true,
        affectsOutput: false,
        summary: "The environment variable that holds the server's key."
    ),
    ParameterSpec(
        "api_key_file",
        .path,
        isOptional: true,
        affectsOutput: false,
        summary: "The file that holds the key."
    ),
    ParameterSpec(
        "api_key_command",
        .stringList,
        isOptional: true,
        affectsOutput: false,
        summary: "A program and its arguments that print the key."
    ),
    ParameterSpec(
        "api_key_header",
        .choice(RemoteKey.Header.allCases.map(\.rawValue)),
        default: .string(RemoteKey.Header.bearer.rawValue),
        affectsOutput: false,
        summary: "How the key is sent: bearer, or api-key as Azure wants it."
    ),
    ParameterSpec(
        "send_dimensions",
        .bool,
        default: .bool(true),
        affectsOutput: false,
        summary: "Whether a request names 'dimensions'; some servers refuse the field."
    ),
    ParameterSpec(
        "allow_plain_http",
        .bool,
        default: .bool(false),
        affectsOutput: false,
        summary: "Whether text and key may travel unencrypted to another machine."
    ),
    ParameterSpec(
        "allow_unredacted",
        .bool,
        default: .bool(false),
        affectsOutput: false,
        summary: "Whether text that no redact-pii stage has seen may be sent to another machine."
    ),
    ParameterSpec(
        "batch_items",
        .int(1...2_048),
        isOptional: true,
        affectsOutput: false,
        summary: "Texts of one request; without the key 64, for tei 32."
    ),
    ParameterSpec(
        "concurrency",
        .int(1...256),
        default: .int(8),
        affectsOutput: false,
        summary: "Requests under way at the same time."
    ),
    ParameterSpec(
        "requests_per_minute",
        .int(1...1_000_000),
        isOptional: true,
        affectsOutput: false,
        summary: "A limit of the server that is kept by waiting."
    ),
    ParameterSpec(
        "tokens_per_minute",
        .int(1...1_000_000_000),
        isOptional: true,
        affectsOutput: false,
        summary: "Likewise, in tokens."
    ),
    ParameterSpec(
        "timeout_seconds",
        .int(1...3_600),
        default: .int(60),
        affectsOutput: false,
        summary: "How long one request may take."
    ),
    ParameterSpec(
        "patience_seconds",
        .int(1...86_400),
        default: .int(45),
        affectsOutput: false,
        summary:
            "How long the server may answer nothing before the run stops, to be gone on with; ten "
            + "times as long while it asks for fewer requests."
    ),
]

private let budgetKeys: [ParameterSpec] = [
    ParameterSpec(
        "cost_per_million_tokens",
        .double(0...1_000_000),
        default: .double(0),
        affectsOutput: false,
        summary: "What a million tokens cost, for plans, summaries and the limits of cost."
    ),
    ParameterSpec(
        "maximum_tokens_per_run",
        .int(1...Int.max),
        isOptional: true,
        affectsOutput: false,
        summary:
            "A run stops (exit 6) before it sends more tokens than these; the next one goes on."
    ),
    ParameterSpec(
        "maximum_tokens_per_month",
        .int(1...Int.max),
        isOptional: true,
        affectsOutput: false,
        summary: "The same for all runs of a calendar month (UTC) in this workspace."
    ),
    ParameterSpec(
        "maximum_cost_per_run",
        .double(0...1_000_000_000),
        isOptional: true,
        affectsOutput: false,
        summary: "The same in money; needs cost_per_million_tokens."
    ),
    ParameterSpec(
        "maximum_cost_per_month",
        .double(0...1_000_000_000),
        isOptional: true,
        affectsOutput: false,
        summary: "The same in money for a calendar month; needs cost_per_million_tokens."
    ),
]
