/// A JSON value as it was written: numbers keep their digits.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    /// In the order written; of a key that comes twice the last one counts.
    case object([Member])

    package struct Member: Hashable, Sendable {
        package let key: String
        package let value: JSONValue
    }

    /// Nil for what is not exactly one value.
    init?(_ text: String) { self.init(Array(text.utf8)[...]) }

    /// Nil for what is not exactly one value.
    package init?(_ bytes: ArraySlice<UInt8>) {
        var parser = JSONParser(bytes)
        guard let value = parser.parseWhole() else { return nil }
        self = value
    }

    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// What stands at a path such as `page.body.0`; a key that has the dots in it comes first.
    func at(_ path: String) -> JSONValue? {
        if let value = self[path] { return value }
        if case .array(let values) = self, let index = Int(path) {
            return values.indices.contains(index) ? values[index] : nil
        }
        var end = path.lastIndex(of: ".")
        while let dot = end {
            let head = String(path[..<dot])
            let rest = String(path[path.index(after: dot)...])
            let inner: JSONValue?
            if case .array(let values) = self, let index = Int(head), values.indices.contains(index)
            {
                inner = values[index]
            } else {
                inner = self[head]
            }
            if let found = inner?.at(rest) { return found }
            end = head.lastIndex(of: ".")
        }
        return nil
    }

    /// As text: a string, or what is written; nil for null.
    var text: String? {
        switch self {
        case .null: nil
        case .bool(let value): value ? "true" : "false"
        case .number(let digits): digits
        case .string(let text): text
        case .array, .object: String(decoding: self.written, as: UTF8.self)
        }
    }

    /// A string, or a list of strings; nil for anything else.
    var strings: [String]? {
        switch self {
        case .string(let text): return [text]
        case .array(let values):
            let strings = values.compactMap { value -> String? in
                if case .string(let text) = value { text } else { nil }
            }
            return strings.count == values.count ? strings : nil
        case .null, .bool, .number, .object: return nil
        }
    }

    /// Whether it says yes: not null, false, 0 or empty.
    var isSet: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .number(let digits): Double(digits) != 0
        case .string(let text): !text.isEmpty
        case .array(let values): !values.isEmpty
        case .object(let members): !members.isEmpty
        }
    }

    var int: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }

    /// As JSON, without spaces.
    var written: [UInt8] {
        var output: [UInt8] = []
        self.write(to: &output)
        return output
    }

    private func write(to output: inout [UInt8]) {
        switch self {
        case .null: output += Array("null".utf8)
        case .bool(let value): output += Array((value ? "true" : "false").utf8)
        case .number(let digits): output += Array(digits.utf8)
        case .string(let text): Self.write(text, to: &output)
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                value.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                output += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
