internal import Foundation
internal import Objects

/// A server that takes and gives JSON over HTTP, asked again where it is busy.
///
/// Every request that is sent here may be sent twice: rows are named by their ids.
final class JSONService: Sendable {
    let place: String
    private let base: String
    private let headers: [(name: String, value: Secret)]
    private let transport = HTTPTransport()
    private let budget = RetryBudget()

    /// - Throws: ``ExportError`` `.badTarget` for what is no `http` or `https` URL.
    init(url: String, headers: [(name: String, value: Secret)]) throws {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), parts.host?.isEmpty == false,
            parts.query == nil, parts.fragment == nil, parts.user == nil, parts.password == nil
        else {
            throw ExportError(
                .badTarget,
                "the URL must be http://HOST:PORT or https://HOST, without user, query or fragment; "
                    + "a key goes into the variable that --key-env names"
            )
        }
        var base = url
        while base.hasSuffix("/") { base.removeLast() }
        self.base = base
        self.headers = headers
        self.place = placeInErrors(of: base)
    }

    struct Reply {
        let status: Int
        let body: [UInt8]

        var object: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(self.body))) as? [String: Any] ?? [:]
        }
    }

    /// - Parameter accepted: Statuses from 400 on that are answers here, such as 404.
    /// - Throws: ``ExportError`` `.refused`.
    func send(
        _ method: String,
        _ path: String,
        body: [UInt8]? = nil,
        contentType: String = "application/json",
        accepting accepted: Set<Int> = []
    ) throws -> Reply {
        var request = HTTPRequest(
            method,
            url: self.base + path,
            headers: self.headers.map { (name: $0.name, value: $0.value.value) },
            body: body,
            timeout: .seconds(120)
        )
        if body != nil { request.headers.append((name: "content-type", value: contentType)) }
        let (prepared, transport, budget, place) = (
            request, self.transport, self.budget, self.place
        )
        do {
            let response = try blocking { () async throws(RemoteFailure) -> HTTPResponse in
                try await retrying(budget: budget) {
                    () async throws(RemoteFailure) -> HTTPResponse in
                    let response = try await transport.send(prepared)
                    if let failure = response.failure(of: place),
                        !accepted.contains(response.status)
                    {
                        throw failure
                    }
                    return response
                }
            }
            return Reply(status: response.status, body: response.body)
        } catch {
            throw ExportError(.refused, "\(error.message) to \(method) \(path)")
        }
    }
}

/// The bytes of a JSON value of plain lists, objects, texts and numbers, keys sorted.
func jsonObjectBytes(_ value: [String: Any]) throws -> [UInt8] {
    [UInt8](try JSONSerialization.data(withJSONObject: value, options: .sortedKeys))
}

/// Whether `name` can be a collection or an index of every server: small letters, digits, `_` and `-`.
func isServerName(_ name: String) -> Bool {
    let isPlain = name.utf8.allSatisfy {
        0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x5F || $0 == 0x2D
    }
    return 1...100 ~= name.utf8.count && isPlain && name.first != "-" && name.first != "_"
}
