internal import Foundation
internal import JWTKit
internal import Operations
internal import Storage

/// The keys that JWTs of callers may be signed with, and what else a JWT must say.
struct BearerKeys: Sendable {
    private let keys: JWTKeyCollection
    private let issuer: String?
    private let audience: String?

    /// Reads a JSON Web Key Set (RFC 7517).
    ///
    /// - Throws: ``OperationError`` `.configuration`; never a key.
    init(path: String, issuer: String?, audience: String?) async throws {
        let bytes: [UInt8]
        do {
            bytes = try readFile(path, maximumBytes: 1 << 20)
        } catch {
            throw OperationError(.configuration, error.message)
        }
        let keys = JWTKeyCollection()
        do {
            try await keys.add(jwksJSON: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw OperationError(
                .configuration,
                "\(path): not a JSON Web Key Set {\"keys\":[…]} with keys of a kind that is known"
            )
        }
        self.keys = keys
        self.issuer = issuer
        self.audience = audience
    }

    /// What a token that is signed and in its time says of its bearer; nil for any other.
    func claims(of token: String) async -> BearerClaims? {
        guard let claims = try? await self.keys.verify(token, as: BearerClaims.self) else {
            return nil
        }
        if let issuer = self.issuer, claims.issuer != issuer { return nil }
        if let audience = self.audience, !claims.audience.contains(audience) { return nil }
        return claims
    }
}

/// The registered claims of RFC 7519 that count here, and the groups of the subject.
struct BearerClaims: JWTPayload {
    let subject: String
    let groups: [String]
    let issuer: String?
    let audience: [String]
    /// A token without an end is refused.
    let expiration: ExpirationClaim
    let notBefore: NotBeforeClaim?

    private enum CodingKeys: String, CodingKey {
        case subject = "sub"
        case groups
        case issuer = "iss"
        case audience = "aud"
        case expiration = "exp"
        case notBefore = "nbf"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.subject = try container.decode(String.self, forKey: .subject)
        self.groups = try container.decodeIfPresent([String].self, forKey: .groups) ?? []
        self.issuer = try container.decodeIfPresent(String.self, forKey: .issuer)
        self.expiration = try container.decode(ExpirationClaim.self, forKey: .expiration)
        self.notBefore = try container.decodeIfPresent(NotBeforeClaim.self, forKey: .notBefore)
        if let one = try? container.decode(String.self, forKey: .audience) {
            self.audience = [one]
        } else {
            self.audience = try container.decodeIfPresent([String].self, forKey: .audience) ?? []
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.subject, forKey: .subject)
        try container.encode(self.groups, forKey: .groups)
        try container.encodeIfPresent(self.issuer, forKey: .issuer)
        try container.encode(self.audience, forKey: .audience)
        try container.encode(self.expiration, forKey: .expiration)
        try container.encodeIfPresent(self.notBefore, forKey: .notBefore)
    }

    func verify(using algorithm: some JWTAlgorithm) async throws {
        try self.expiration.verifyNotExpired()
        try self.notBefore?.verifyNotBefore()
    }
}
