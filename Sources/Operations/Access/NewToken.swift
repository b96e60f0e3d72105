internal import Foundation
internal import Glibc
internal import Hashing
internal import Records

/// A token for a caller of `millrace serve`, and the line by which the server knows it.
package struct NewToken: Sendable, Encodable {
    /// Shown once: the line holds its hash alone.
    package var token: String
    /// One JSON object for the tokens file.
    package var line: String
}

/// Makes a token of 256 random bits.
///
/// - Throws: ``OperationError`` `.configuration` for a name, role or label that no server takes.
package func makeToken(name: String, roles: [String], labels: [String]) throws -> NewToken {
    func isPlain(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
            || "._-@".utf8.contains(byte)
    }
    guard 1...64 ~= name.utf8.count, name.utf8.allSatisfy(isPlain) else {
        throw OperationError(
            .configuration,
            "a token's name has 1 to 64 letters, digits and . _ - @"
        )
    }
    for label in labels
    where label.isEmpty
        || label.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
    {
        throw OperationError(
            .configuration,
            "'\(label)' is no label: empty, or with a control character"
        )
    }
    let text = "mrt_" + (try newSecret())
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = TokenLine(name: name, sha256: sha256(text).hex, roles: roles, labels: labels)
    return NewToken(
        token: text,
        line: String(decoding: try encoder.encode(line), as: UTF8.self)
    )
}

/// 256 random bits as letters, digits, `-` and `_`.
///
/// - Throws: ``OperationError`` `.fatal` where the system has none.
package func newSecret() throws -> String {
    var secret = [UInt8](repeating: 0, count: 32)
    guard getentropy(&secret, secret.count) == 0 else {
        throw OperationError(.fatal, "the system gives no random bytes")
    }
    return Data(secret).base64EncodedString()
        .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        .replacingOccurrences(of: "=", with: "")
}

private struct TokenLine: Encodable {
    let name: String
    let sha256: String
    let roles: [String]
    let labels: [String]
}
