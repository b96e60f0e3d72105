package import Dataflow
package import Embedding

/// The embedder that an embed stage names.
///
/// - Throws: ``StageConstructionError`` for keys that contradict each other.
package func embedderReference(
    _ node: PlanNode
) throws(StageConstructionError) -> EmbedderReference {
    let keys = node.parameters
    func refuse(_ message: String) -> StageConstructionError {
        StageConstructionError(stage: node.id, message: message)
    }
    let dimensions = keys.optionalInt("dimensions")
    guard let name = keys.optionalString("provider"),
        let provider = RemoteSettings.Provider(rawValue: name)
    else {
        if let key = ["endpoint", "api_key_env", "api_key_file"].first(where: {
            keys.optionalString($0) != nil
        }) {
            throw refuse("'\(key)' needs 'provider': openai or tei")
        }
        return .local(
            LocalReference(
                model: embeddingModelName(node),
                precision: Precision(rawValue: keys.string("precision", default: "auto")) ?? .auto,
                queryPrefix: keys.optionalString("query_prefix"),
                passagePrefix: keys.optionalString("passage_prefix"),
                dimensions: dimensions
            )
        )
    }
    guard let endpoint = keys.optionalString("endpoint") else {
        throw refuse("'provider: \(name)' needs 'endpoint', such as https://host/v1")
    }
    guard let dimensions else {
        throw refuse(
            "'provider: \(name)' needs 'dimensions': how many the server's model gives"
        )
    }
    let command = keys.strings("api_key_command")
    let origins = [
        keys.optionalString("api_key_env"), keys.optionalString("api_key_file"), command.first,
    ]
    guard origins.count(where: { $0 != nil }) < 2 else {
        throw refuse("name one of 'api_key_env', 'api_key_file' and 'api_key_command'")
    }
    let settings = RemoteSettings(
        provider: provider,
        endpoint: endpoint,
        model: embeddingModelName(node),
        dimensions: dimensions,
        queryPrefix: keys.optionalString("query_prefix") ?? "",
        passagePrefix: keys.optionalString("passage_prefix") ?? "",
        sendsDimensions: keys.bool("send_dimensions", default: true),
        key: RemoteKey(
            environment: keys.optionalString("api_key_env"),
            file: keys.optionalString("api_key_file"),
            command: command.isEmpty ? nil : command,
            header: RemoteKey.Header(rawValue: keys.string("api_key_header", default: "bearer"))
                ?? .bearer
        ),
        allowsPlainHTTP: keys.bool("allow_plain_http", default: false),
        timeoutSeconds: keys.int("timeout_seconds", default: 60)
    )
    return .remote(settings)
}

/// How much is asked of the server of an embed stage at once.
package func remoteLimits(_ node: PlanNode) -> RemoteLimits {
    let keys = node.parameters
    var limits = RemoteLimits()
    limits.batchItems =
        keys.optionalInt("batch_items")
        ?? (keys.optionalString("provider") == RemoteSettings.Provider.tei.rawValue ? 32 : 64)
    limits.batchTokens = keys.int("batch_tokens", default: 1024) * 16
    limits.concurrency = keys.int("concurrency", default: 8)
    limits.requestsPerMinute = keys.optionalInt("requests_per_minute")
    limits.tokensPerMinute = keys.optionalInt("tokens_per_minute")
    limits.patience = .seconds(keys.int("patience_seconds", default: 45))
    return limits
}

/// What an embed stage may spend; nil is no limit.
package struct SpendLimits: Hashable, Sendable {
    package var costPerMillionTokens: Double
    package var tokensPerRun: Int?
    package var tokensPerMonth: Int?
    package var costPerRun: Double?
    package var costPerMonth: Double?
}

/// - Throws: ``StageConstructionError`` for a limit of cost without a price.
package func spendLimits(_ node: PlanNode) throws(StageConstructionError) -> SpendLimits {
    let keys = node.parameters
    let limits = SpendLimits(
        costPerMillionTokens: keys.double("cost_per_million_tokens", default: 0),
        tokensPerRun: keys.optionalInt("maximum_tokens_per_run"),
        tokensPerMonth: keys.optionalInt("maximum_tokens_per_month"),
        costPerRun: keys.optionalDouble("maximum_cost_per_run"),
        costPerMonth: keys.optionalDouble("maximum_cost_per_month")
    )
    guard limits.costPerMillionTokens > 0 || (limits.costPerRun ?? limits.costPerMonth) == nil
    else {
        throw StageConstructionError(
            stage: node.id,
            message: "'maximum_cost_per_run' and 'maximum_cost_per_month' need "
                + "'cost_per_million_tokens'"
        )
    }
    return limits
}

/// Whether an embed stage may send what no stage has redacted to another machine.
package func allowsUnredacted(_ node: PlanNode) -> Bool {
    node.parameters.bool("allow_unredacted", default: false)
}
