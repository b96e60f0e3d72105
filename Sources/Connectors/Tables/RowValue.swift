/// A value of a table, with as much of a type as SQLite gives it.
enum RowValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// As bytes of a document; nil for NULL.
    var bytes: [UInt8]? {
        if case .blob(let bytes) = self { return bytes }
        return self.text.map { Array($0.utf8) }
    }

    /// As text; nil for NULL and for bytes that are no UTF-8.
    var text: String? {
        switch self {
        case .null: nil
        case .integer(let value): String(value)
        case .real(let value): value.description
        case .text(let value): value
        case .blob(let bytes): String(validating: bytes, as: UTF8.self)
        }
    }

    /// About what it holds in memory.
    var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .blob(let bytes): bytes.count
        case .null, .integer, .real: 16
        }
    }

    /// Whether it says yes: not NULL, zero, empty, `f` or `false`.
    var isSet: Bool {
        switch self {
        case .null: false
        case .integer(let value): value != 0
        case .real(let value): value != 0
        case .text(let value): !["", "0", "f", "false"].contains(value.lowercased())
        case .blob(let bytes): !bytes.isEmpty
        }
    }

    /// A letter for the type, and the value.
    var coded: [UInt8] {
        switch self {
        case .null: Array("n".utf8)
        case .integer(let value): Array("i\(value)".utf8)
        case .real(let value): Array("r\(value.bitPattern)".utf8)
        case .text(let value): Array("t\(value)".utf8)
        case .blob(let bytes): Array("b".utf8) + bytes
        }
    }

    init?(coded bytes: some Collection<UInt8>) {
        guard let kind = bytes.first else { return nil }
        let rest = Array(bytes.dropFirst())
        let text = String(decoding: rest, as: UTF8.self)
        switch kind {
        case UInt8(ascii: "n"): self = .null
        case UInt8(ascii: "i"):
            guard let value = Int64(text) else { return nil }
            self = .integer(value)
        case UInt8(ascii: "r"):
            guard let value = UInt64(text) else { return nil }
            self = .real(Double(bitPattern: value))
        case UInt8(ascii: "t"): self = .text(text)
        case UInt8(ascii: "b"): self = .blob(rest)
        default: return nil
        }
    }
}
