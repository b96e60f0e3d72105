internal import Crypto
package import Records

/// SHA-256 of `bytes` (FIPS 180-4).
package func sha256(_ bytes: UnsafeRawBufferPointer) -> Records.Digest {
    var hasher = SHA256()
    hasher.update(bufferPointer: bytes)
    return Records.Digest(hasher.finalize())
}

/// SHA-256 of `bytes` (FIPS 180-4).
package func sha256(_ bytes: [UInt8]) -> Records.Digest {
    bytes.withUnsafeBytes { sha256($0) }
}

/// SHA-256 of the UTF-8 form of `text`.
package func sha256(_ text: String) -> Records.Digest {
    sha256(Array(text.utf8))
}

/// HMAC-SHA256 of `message` (RFC 2104, tested by RFC 4231).
package func authenticationCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
}

/// The id of the document at `uri`: the first 16 bytes of SHA-256 of the URI.
package func documentID(uri: String) -> DocumentID {
    let digest = sha256(uri)
    return DocumentID(high: digest.word0, low: digest.word1)
}

/// The id of the document at `uri` inside the listed document `root`.
///
/// - Invariant: it belongs to the shard of `root`, so that all of a file is one transaction's.
package func documentID(uri: String, inside root: DocumentID) -> DocumentID {
    DocumentID(high: root.high, low: sha256(uri).word0)
}

/// SHA-256 over bytes that arrive in pieces.
package struct StreamingSHA256: Sendable {
    private var hasher = SHA256()

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        self.hasher.update(bufferPointer: bytes)
    }

    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { self.hasher.update(bufferPointer: $0) }
    }

    package func finish() -> Records.Digest { Records.Digest(self.hasher.finalize()) }
}

extension Records.Digest {
    fileprivate init(_ value: SHA256.Digest) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        value.withUnsafeBytes { raw in
            words.0 = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
            words.1 = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            words.2 = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            words.3 = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
        }
        self.init(words.0, words.1, words.2, words.3)
    }
}
