internal import Crypto

/// A key that signs, and what is made of it.
///
/// - Source: Ed25519, RFC 8032.
package struct SigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// A new one, from the system's source of randomness.
    package static func new() -> SigningKey { SigningKey(key: Curve25519.Signing.PrivateKey()) }

    private init(key: Curve25519.Signing.PrivateKey) { self.key = key }

    /// Nil unless these are the 32 bytes of a key.
    package init?(bytes: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else {
            return nil
        }
        self.key = key
    }

    package var bytes: [UInt8] { Array(self.key.rawRepresentation) }

    /// 32 bytes.
    package var publicKey: [UInt8] { Array(self.key.publicKey.rawRepresentation) }

    /// 64 bytes; two signatures of the same bytes may differ, and both hold.
    package func signature(of bytes: [UInt8]) throws -> [UInt8] {
        Array(try self.key.signature(for: bytes))
    }

    /// Another key for another use, so that none is used for two things.
    package func derivedKey(for use: String) -> [UInt8] {
        authenticationCode(of: Array(use.utf8), key: self.bytes)
    }
}

/// Whether `signature` is one of `bytes` by the holder of `publicKey`.
package func isSignature(_ signature: [UInt8], of bytes: [UInt8], by publicKey: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
        return false
    }
    return key.isValidSignature(signature, for: bytes)
}
