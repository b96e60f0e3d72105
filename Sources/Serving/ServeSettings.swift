internal import Operations

/// What a server was started with.
struct ServeSettings: Sendable {
    var workspace: SearchableWorkspace
    /// The pipeline file, which may say who ranks hits anew; nil where the server was started without one.
    var pipeline: String?
    var index: String?
    /// Nil for standard input and output.
    var address: ListenAddress?
    var tokens: String?
    var jwtKeys: String?
    var jwtIssuer: String?
    var jwtAudience: String?
    var servesTools: Bool
    /// What callers without tokens see; nil for everything.
    var labels: [String]?
    var limits: RequestLimits
}

/// `HOST:PORT`, as in `127.0.0.1:8080` or `[::1]:8080`.
struct ListenAddress: Hashable, Sendable {
    let host: String
    let port: Int

    /// - Throws: ``OperationError`` `.configuration`.
    init(_ text: String) throws {
        let problem = OperationError(
            .configuration,
            "'\(text)' is no HOST:PORT; write 127.0.0.1:8080, or [::1]:8080"
        )
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            let port = Int(text[text.index(after: colon)...]), 0...65_535 ~= port
        else { throw problem }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw problem
        }
        guard !host.isEmpty else { throw problem }
        self.host = String(host)
        self.port = port
    }

    var isLoopback: Bool { HostGuard.isLoopback(self.host) }

    /// As a URL has it.
    func text(port: Int) -> String {
        self.host.contains(":") ? "[\(self.host)]:\(port)" : "\(self.host):\(port)"
    }
}
