internal import Crypto
internal import Synchronization

/// The key that a day's requests are signed with: made once, for all that share this.
///
/// - Source: AWS, "Signature Version 4 signing process", "Derive a signing key".
package final class SigningKeys: Sendable {
    /// What a key is made of.
    struct Scope: Hashable {
        let secret: String
        let day: String
        let region: String
        let service: String
    }

    private let last = Mutex<(scope: Scope, key: [UInt8])?>(nil)

    package init() {}

    func key(of scope: Scope) -> [UInt8] {
        self.last.withLock { last in
            if let last, last.scope == scope { return last.key }
            let parts = [scope.day, scope.region, scope.service, "aws4_request"]
            let key = parts.reduce(Array("AWS4\(scope.secret)".utf8)) { key, part in
                authenticationCode(of: part, by: key)
            }
            last = (scope, key)
            return key
        }
    }
}

/// HMAC-SHA256.
func authenticationCode(of text: String, by key: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
}
