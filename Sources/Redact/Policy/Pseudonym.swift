import Hashing
import Records

/// A key for pseudonyms: its id is public, its bytes are not.
package struct PseudonymKey: Sendable {
    package let id: String
    private let bytes: [UInt8]

    /// - Precondition: `bytes` is not empty; 32 random bytes are enough.
    package init(id: String, bytes: [UInt8]) {
        precondition(!bytes.isEmpty, "a key has bytes")
        self.id = id
        self.bytes = bytes
    }

    /// HMAC-SHA256 of the kind and the normalised value (RFC 2104).
    ///
    /// The same value has the same digest in every document, however it is spaced.
    ///
    /// - Parameter region: the country of the value's rule or document, such as `gb`; empty for none.
    package func digest(of value: [UInt8], kind: PIIKind, region: String = "") -> [UInt8] {
        authenticationCode(
            of: Array(kind.rawValue.utf8) + [0]
                + normalisedValue(value, kind: kind, region: region),
            key: self.bytes
        )
    }

    /// Tells keys apart without giving anything of them away.
    package var checkValue: String {
        let code = authenticationCode(of: Array("millrace key check".utf8), key: self.bytes)
        return String(code[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }, radix: 16)
    }

    /// `[EMAIL:k1:mzxw6ytboi4a]`: sixty bits of the digest, so that chance meetings are rare among
    /// millions of values.
    func pseudonym(of value: [UInt8], kind: PIIKind, region: String) -> String {
        let symbols = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        let bits = self.digest(of: value, kind: kind, region: region)[..<8].reduce(UInt64(0)) {
            $0 << 8 | UInt64($1)
        }
        let text = (0..<12).map { symbols[Int(bits >> UInt64(59 - 5 * $0) & 31)] }
        return "[\(kind.rawValue):\(self.id):\(String(decoding: text, as: UTF8.self))]"
    }
}
