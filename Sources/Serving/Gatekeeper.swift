internal import Operations
internal import Synchronization

/// Decides who a caller is.
final class Gatekeeper: Sendable {
    private let list: Mutex<AccessList?>
    private let path: String?
    private let keys: BearerKeys?
    private let local: Principal

    /// - Parameters:
    ///   - path: The tokens file; nil where everybody who can connect is `local`.
    ///   - local: A user of this machine.
    init(path: String?, keys: BearerKeys? = nil, local: Principal = .local) throws {
        self.path = path
        self.keys = keys
        self.local = local
        self.list = Mutex(try path.map { try AccessList(path: $0) })
    }

    /// For tests: a list that is in no file.
    init(_ list: AccessList?, keys: BearerKeys? = nil) {
        self.path = nil
        self.keys = keys
        self.local = .local
        self.list = Mutex(list)
    }

    /// Whether callers must say who they are.
    var isClosed: Bool { self.list.withLock { $0 != nil } }

    /// Reads the file again; where it cannot be read, what was known stays.
    ///
    /// - Returns: How many tokens and grants there are now.
    func reload() throws -> (tokens: Int, grants: Int) {
        guard let path = self.path else { return (0, 0) }
        let list = try AccessList(path: path)
        self.list.withLock { $0 = list }
        return (list.tokenCount, list.grantCount)
    }

    /// - Parameter authorization: The header's value; nil for none.
    /// - Returns: nil for who may not enter.
    func principal(authorization: String?) async -> Principal? {
        guard let list = self.list.withLock({ $0 }) else { return self.local }
        guard let token = authorization.flatMap(bearerToken) else { return nil }
        if let principal = list.principal(token: token) { return principal }
        // Three parts between dots: a JWT in its compact form (RFC 7515, section 7.1).
        guard let keys = self.keys, token.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 2,
            let claims = await keys.claims(of: token)
        else { return nil }
        return list.principal(subject: claims.subject, groups: claims.groups)
    }
}

/// The token of `Bearer TOKEN` (RFC 6750, section 2.1); nil for anything else.
func bearerToken(_ value: String) -> String? {
    let parts = value.split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 8_192 else {
        return nil
    }
    return String(parts[1])
}
