internal import HTTPTypes

/// Everything that can be asked for.
enum Route: String, Sendable, CaseIterable {
    case search = "/v1/search"
    case chunk = "/v1/chunks/{id}"
    case document = "/v1/documents/{id}"
    case snapshots = "/v1/snapshots"
    case health = "/healthz"
    case readiness = "/readyz"
    case metrics = "/metrics"
    case openAPI = "/openapi.json"
    case tools = "/mcp"

    var method: HTTPRequest.Method {
        switch self {
        case .search, .tools: .post
        default: .get
        }
    }

    /// What a caller must be allowed to do; nil where anybody may ask.
    var role: Role? {
        switch self {
        case .search, .chunk, .document, .snapshots, .tools: .reader
        case .metrics: .metrics
        case .health, .readiness, .openAPI: nil
        }
    }

    /// The route of a path as it was sent, and the id in it.
    ///
    /// Nothing is decoded: no id holds a character that would need it, so there is no second way to write a path.
    static func match(_ path: Substring) -> (route: Route, id: String?)? {
        for route in Self.allCases {
            guard let brace = route.rawValue.firstIndex(of: "{") else {
                if path == route.rawValue { return (route, nil) }
                continue
            }
            let prefix = route.rawValue[..<brace]
            guard path.hasPrefix(prefix) else { continue }
            let id = path.dropFirst(prefix.count)
            guard 1...128 ~= id.utf8.count, id.utf8.allSatisfy(isIDByte) else { return nil }
            return (route, String(id))
        }
        return nil
    }

    private static func isIDByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
            || (0x41...0x46).contains(byte) || byte == 0x2D
    }
}
