/// Names of files as parts of a URI.
enum URIPath {
    /// `name` as one component of a URI: one to one, readable, and always valid UTF-8.
    ///
    /// `%`, control characters and bytes that are not UTF-8 become `%XX`; all else stays.
    static func append(component name: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        if let text = String(validating: name, as: UTF8.self) {
            for byte in text.utf8 { self.append(byte, to: &output) }
            return
        }
        var index = 0
        while index < name.count {
            let length = scalarLength(name, at: index)
            if length == 0 {
                self.escape(name[index], to: &output)
                index += 1
            } else {
                for byte in name[index..<index + length] { self.append(byte, to: &output) }
                index += length
            }
        }
    }

    /// `bytes` of a path with `/` between components, in the form of a URI.
    static func string(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        bytes.withUnsafeBytes { self.append(component: $0, to: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(_ byte: UInt8, to output: inout [UInt8]) {
        // A terminal obeys control characters, and a URI is printed.
        if byte == UInt8(ascii: "%") || byte < 0x20 || byte == 0x7F {
            self.escape(byte, to: &output)
        } else {
            output.append(byte)
        }
    }

    private static func escape(_ byte: UInt8, to output: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        output.append(UInt8(ascii: "%"))
        output.append(digits[Int(byte >> 4)])
        output.append(digits[Int(byte & 15)])
    }

    /// Bytes of the valid UTF-8 sequence that starts at `index`, or 0.
    ///
    /// - Source: The Unicode Standard 15, table 3-7.
    private static func scalarLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let lead = bytes[index]
        if lead < 0x80 { return 1 }
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: return 0
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        for offset in 2..<max(2, length) where bytes[index + offset] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
