internal import Bytes
internal import Connectors
internal import Dataflow
internal import Objects

/// A server that ranks, asked once for a query: who waits for an answer waits for no second try.
///
/// - Source: the APIs of text-embeddings-inference (`/rerank`) and of Cohere (`/v2/rerank`).
final class EndpointReranker: Reranker {
    private let url: String
    private let place: String
    private let form: RerankSettings.Form
    private let settings: RerankSettings
    private let key: Secret?
    private let transport = HTTPTransport()

    init(_ url: String, _ form: RerankSettings.Form, _ settings: RerankSettings) throws {
        do throws(ServiceURLFault) {
            try checkServiceURL(url, allowsPlainHTTP: settings.allowsPlainHTTP)
        } catch {
            throw OperationError(.configuration, "'endpoint' of 'rerank' \(error)")
        }
        self.url = url
        self.place = placeInErrors(of: url)
        self.form = form
        self.settings = settings
        do throws(SecretError) {
            self.key = try settings.keyVariable.map { name throws(SecretError) in
                try SecretOrigin.environment(name).read()
            }
        } catch {
            throw OperationError(.configuration, "key 'api_key_env' of 'rerank': \(error)")
        }
    }

    func scores(
        query: String,
        texts: [String],
        within seconds: Double
    ) throws(RerankFailure) -> [Double] {
        let response = try self.send(self.body(query, texts), within: seconds)
        let value = JSONValue(response[...])
        let (rows, name) =
            switch self.form {
            case .tei: (value, "score")
            case .cohere: (value?["results"], "relevance_score")
            }
        guard case .array(let rows) = rows else {
            throw RerankFailure(message: "\(self.place): the answer is no list of scores")
        }
        var scores = [Double](repeating: .nan, count: texts.count)
        for row in rows {
            guard let index = row["index"]?.number.flatMap({ Int(exactly: $0) }),
                scores.indices.contains(index), let score = row[name]?.number
            else { throw RerankFailure(message: "\(self.place): a row of the answer is no score") }
            scores[index] = score
        }
        return try checkedScores(scores, count: texts.count)
    }

    private func send(_ body: [UInt8], within seconds: Double) throws(RerankFailure) -> [UInt8] {
        var request = HTTPRequest(
            "POST",
            url: self.url,
            headers: [(name: "content-type", value: "application/json")],
            body: body,
            timeout: .seconds(seconds),
            maximumBytes: 4 << 20
        )
        if let key = self.key {
            request.headers.append((name: "authorization", value: "Bearer \(key.value)"))
        }
        let (prepared, transport, place) = (request, self.transport, self.place)
        do throws(RemoteFailure) {
            return try blocking { () async throws(RemoteFailure) -> [UInt8] in
                let response = try await transport.send(prepared)
                if let failure = response.failure(of: place) { throw failure }
                return response.body
            }
        } catch {
            throw RerankFailure(message: error.message)
        }
    }

    private func body(_ query: String, _ texts: [String]) -> [UInt8] {
        let settings = self.settings
        var json = JSONText()
        json.object { json in
            json.key(self.form == .tei ? "texts" : "documents")
            json.array(texts) { $0.string($1) }
            if let model = settings.model {
                json.key("model")
                json.string(model)
            }
            json.key("query")
            json.string(query)
            if self.form == .tei {
                // Models read a few hundred tokens; the server would refuse a longer text.
                json.key("truncate")
                json.boolean(true)
            }
        }
        return json.bytes
    }
}
