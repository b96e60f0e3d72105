internal import Objects

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
        do throws(ServiceURLFault) {
            try checkServiceURL(path, allowsPlainHTTP: self.allowsPlainHTTP)
        } catch {
            throw EmbeddingError(.invalidSettings, "'endpoint' \(error)")
        }
        let tail = self.provider == .openai ? "/embeddings" : "/embed"
        if !path.hasSuffix(tail) { path += tail }
        return parts.count > 1 ? "\(path)?\(parts[1])" : path
    }

    /// Whether texts stay on this machine.
    package var isLocal: Bool {
        guard let scheme = self.endpoint.firstRange(of: "://") else { return false }
        return isLoopback(
            authority: self.endpoint[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        )
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
