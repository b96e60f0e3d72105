internal import Bytes

/// Percent-encoding of parts of URLs (RFC 3986, 2.1).
package enum PercentCoding {
    /// Every byte but the unreserved ones as `%XX`; `/` stays where it separates.
    package static func encoded(_ bytes: some Sequence<UInt8>, keepingSlashes: Bool = false)
        -> String
    {
        var output: [UInt8] = []
        for byte in bytes {
            if isUnreserved(byte) || (keepingSlashes && byte == .slash) {
                output.append(byte)
            } else {
                append(byte, to: &output)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    package static func encoded(_ text: String, keepingSlashes: Bool = false) -> String {
        self.encoded(text.utf8, keepingSlashes: keepingSlashes)
    }

    /// The bytes behind `%XX`; a `%` that no two digits follow stays.
    ///
    /// - Parameter plusIsBlank: as in forms and in the keys that S3 lists.
    package static func decoded(_ text: String, plusIsBlank: Bool = false) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.contains(.percentSign) || (plusIsBlank && bytes.contains(.plusSign)) else {
            return bytes
        }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let value = escaped(bytes, at: index) {
                output.append(value)
                index += 3
            } else {
                output.append(plusIsBlank && bytes[index] == .plusSign ? .space : bytes[index])
                index += 1
            }
        }
        return output
    }

    /// The byte that `%XX` at `index` stands for.
    static func escaped(_ bytes: [UInt8], at index: Int) -> UInt8? {
        guard bytes[index] == .percentSign, index + 2 < bytes.count,
            let high = bytes[index + 1].asciiHexadecimalValue,
            let low = bytes[index + 2].asciiHexadecimalValue
        else { return nil }
        return UInt8(high << 4 | low)
    }

    static func append(_ byte: UInt8, to output: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        output += [.percentSign, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte == .hyphen || byte == .fullStop || byte == .underscore
            || byte == .tilde
    }
}
