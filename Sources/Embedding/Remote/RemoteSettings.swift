/// Which server embeds, how it is spoken to, and which of its models is meant.
///
/// A value without secrets: an index keeps it beside its vectors, so that a search asks the same
/// server without the pipeline file.
package struct RemoteSettings: Hashable, Sendable, Codable {
    package enum Provider: String, Sendable, Codable, CaseIterable {
        /// `POST ENDPOINT/embeddings` as OpenAI, vLLM, Ollama, LM Studio and Azure speak it.
        case openai
        /// `POST ENDPOINT/embed` of text-embeddings-inference.
        case tei
    }

    package var provider: Provider
    /// Up to the path that `/embeddings` or `/embed` is added to; a query stays where it is.
    package var endpoint: String
    /// The server's name of the model.
    package var model: String
    package var dimensions: Int
    package var queryPrefix: String
    package var passagePrefix: String
    /// Whether a request names the dimensions it wants; some servers refuse the field.
    package var sendsDimensions: Bool
    package var key: RemoteKey
    /// Whether text and key may travel unencrypted to another machine.
    package var allowsPlainHTTP: Bool
    package var timeoutSeconds: Int

    package init(
        provider: Provider,
        endpoint: String,
        model: String,
        dimensions: Int,
        queryPrefix: String = "",
        passagePrefix: String = "",
        sendsDimensions: Bool = true,
        key: RemoteKey = .none,
        allowsPlainHTTP: Bool = false,
        timeoutSeconds: Int = 60
    ) {
        self.provider = provider
        self.endpoint = endpoint
        self.model = model
        self.dimensions = dimensions
        self.queryPrefix = queryPrefix
        self.passagePrefix = passagePrefix
        self.sendsDimensions = sendsDimensions
        self.key = key
        self.allowsPlainHTTP = allowsPlainHTTP
        self.timeoutSeconds = timeoutSeconds
    }

    /// What decides a vector.
    ///
    /// The place of the server is left out: one that moves keeps its vectors.
    var identity: ModelIdentity {
        ModelIdentity(
            name: "\(self.provider.rawValue):\(self.model)",
            sha256: "",
            tokenizer: "remote",
            dimensions: self.dimensions,
            queryPrefix: self.queryPrefix,
            passagePrefix: self.passagePrefix,
            precision: "as the server answers",
            maximumTokens: Int(Int32.max),
            revision: 1
        )
    }

    /// The URL that texts are sent to.
    ///
    /// - Throws: ``EmbeddingError`` `.invalidSettings` for what is no URL, and for text that would
    ///   travel unencrypted to another machine.
    func url() throws(EmbeddingError) -> String {
        let parts = self.endpoint.split(
            separator: "?",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        var path = String(parts.first ?? "")
        while path.hasSuffix("/") { path.removeLast() }
        guard let scheme = path.firstRange(of: "://"), path[scheme.upperBound...].first != nil,
            !path.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
        else {
            throw EmbeddingError(
                .invalidSettings,
                "'endpoint' is no URL; it looks like https://host/v1"
            )
        }
        let authority = path[scheme.upperBound...].prefix { $0 != "/" }
        guard !authority.contains("@") else {
            throw EmbeddingError(
                .invalidSettings,
                "'endpoint' holds a user or password; use 'api_key_env' or 'api_key_file'"
            )
        }
        switch path[..<scheme.lowerBound].lowercased() {
        case "https": break
        case "http" where isLoopback(authority) || self.allowsPlainHTTP: break
        case "http":
            throw EmbeddingError(
                .invalidSettings,
                "'endpoint' would send text and key unencrypted to another machine; use https, or set "
                    + "'allow_plain_http: true'"
            )
        default:
            throw EmbeddingError(.invalidSettings, "'endpoint' must begin with https:// or http://")
        }
        let tail = self.provider == .openai ? "/embeddings" : "/embed"
        if !path.hasSuffix(tail) { path += tail }
        return parts.count > 1 ? "\(path)?\(parts[1])" : path
    }

    /// Whether texts stay on this machine.
    package var isLocal: Bool {
        guard let scheme = self.endpoint.firstRange(of: "://") else { return false }
        return isLoopback(self.endpoint[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" })
    }
}

/// Where the server's key is read from, and the header it goes into.
package struct RemoteKey: Hashable, Sendable, Codable {
    package enum Header: String, Sendable, Codable, CaseIterable {
        /// `Authorization: Bearer KEY`
        case bearer
        /// `api-key: KEY`, as Azure wants it.
        case apiKey = "api-key"
    }

    package var environment: String?
    package var file: String?
    /// A program and its arguments.
    ///
    /// An index does not keep it: a search must not run what a file says.
    package var command: [String]?
    package var header: Header

    package init(
        environment: String? = nil,
        file: String? = nil,
        command: [String]? = nil,
        header: Header = .bearer
    ) {
        self.environment = environment
        self.file = file
        self.command = command
        self.header = header
    }

    package static let none = RemoteKey()

    /// The variable that a search reads the key from where the pipeline took it elsewhere.
    package static let fallbackVariable = "MILLRACE_EMBEDDING_KEY"

    /// What an index keeps: the name of the variable, no path and no program.
    package var forIndex: RemoteKey {
        let isElsewhere = self.file != nil || self.command != nil
        return RemoteKey(
            environment: isElsewhere ? Self.fallbackVariable : self.environment,
            header: self.header
        )
    }
}

/// `localhost`, `127.0.0.0/8` or `[::1]`, with or without a port.
private func isLoopback(_ authority: Substring) -> Bool {
    var host = authority
    if host.hasPrefix("[") {
        return host.dropFirst().prefix { $0 != "]" } == "::1"
    }
    host = host.prefix { $0 != ":" }
    if host.lowercased() == "localhost" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers.allSatisfy { $0 != nil } && numbers[0] == 127
}
