internal import Foundation

/// Which names a server answers to, against pages that make a browser ask it under a name of theirs
/// (DNS rebinding).
struct HostGuard: Sendable {
    /// Whether the server listens for this machine alone; then it answers to no other name.
    let isLoopback: Bool

    private static let loopbackNames: Set<String> = ["localhost", "127.0.0.1", "[::1]", "::1"]

    static func isLoopback(_ host: String) -> Bool {
        Self.loopbackNames.contains(host.lowercased())
    }

    /// Whether a request for `authority`, the value of `Host`, is for this server.
    func admits(authority: String?) -> Bool {
        guard let authority, !authority.isEmpty else { return false }
        return !self.isLoopback || Self.isLoopback(Self.host(of: authority))
    }

    /// Whether a page of `origin` may ask: none may but one of this very server.
    func admits(origin: String?, authority: String?) -> Bool {
        guard let origin else { return true }
        guard let scheme = origin.range(of: "://") else { return false }
        return String(origin[scheme.upperBound...]) == authority
    }

    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") {
            return String(authority.prefix { $0 != "]" }) + "]"
        }
        return String(authority.prefix { $0 != ":" })
    }
}
