internal import Bytes

/// A structured header field: a value and its parameters, such as `text/plain; charset=utf-8`.
struct HeaderParameters {
    /// Lower case, without comments.
    private(set) var value = ""
    /// By lower-case name, decoded.
    private var parameters: [String: String] = [:]

    /// - Parameter field: the field's value as in the file.
    /// - Complexity: O(n log n); parameters past the first 256 are not read.
    /// - Source: RFC 2045 §5.1, RFC 2183, RFC 2231; encoded words in values as mail programs write them.
    init(_ field: some Collection<UInt8>) {
        var pieces: [(name: String, value: [UInt8])] = []
        for part in separated(Array(field)).prefix(parameterCountMax + 1) {
            guard !self.value.isEmpty || !pieces.isEmpty || part.contains(.equalsSign) else {
                self.value = String(decoding: part, as: UTF8.self).lowercased()
                continue
            }
            guard let equals = part.firstIndex(of: .equalsSign) else { continue }
            let name = trimmed(part[..<equals])
            pieces.append(
                (
                    String(decoding: name, as: UTF8.self).lowercased(),
                    unquoted(trimmed(part[(equals + 1)...]))
                )
            )
        }
        self.parameters = joined(pieces)
    }

    subscript(name: String) -> String? { self.parameters[name] }
}

private let parameterCountMax = 256

/// The parts between semicolons outside of quotes, without comments.
private func separated(_ field: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    var isQuoted = false
    var commentDepth = 0
    var index = 0
    while index < field.count {
        let byte = field[index]
        if byte == .backslash, isQuoted || commentDepth > 0, index + 1 < field.count {
            if commentDepth == 0 { parts[parts.count - 1] += [byte, field[index + 1]] }
            index += 2
            continue
        }
        if commentDepth > 0 {
            commentDepth += byte == .leftParenthesis ? 1 : byte == .rightParenthesis ? -1 : 0
        } else if byte == .quotationMark {
            isQuoted.toggle()
            parts[parts.count - 1].append(byte)
        } else if isQuoted {
            parts[parts.count - 1].append(byte)
        } else if byte == .leftParenthesis {
            commentDepth = 1
        } else if byte == .semicolon {
            parts.append([])
        } else {
            parts[parts.count - 1].append(byte)
        }
        index += 1
    }
    return parts.map { Array(trimmed($0[...])) }.filter { !$0.isEmpty }
}

private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let rest = bytes.drop(while: \.isASCIISpace)
    guard let last = rest.lastIndex(where: { !$0.isASCIISpace }) else { return rest.prefix(0) }
    return rest[...last]
}

private func unquoted(_ value: ArraySlice<UInt8>) -> [UInt8] {
    guard value.first == .quotationMark else { return Array(value) }
    var result: [UInt8] = []
    var index = value.startIndex + 1
    while index < value.endIndex, value[index] != .quotationMark {
        // "C:\files\a.pdf" is written without escapes by some: only a quote or a backslash is escaped.
        if value[index] == .backslash, index + 1 < value.endIndex,
            [.quotationMark, .backslash].contains(value[index + 1])
        {
            index += 1
        }
        result.append(value[index])
        index += 1
    }
    return result
}

/// Puts together what RFC 2231 cuts into `name*0`, `name*1*` … and decodes it.
private func joined(_ pieces: [(name: String, value: [UInt8])]) -> [String: String] {
    var sections: [String: [(number: Int, isExtended: Bool, value: [UInt8])]] = [:]
    var result: [String: String] = [:]
    for (name, value) in pieces {
        let fields = name.split(separator: "*", omittingEmptySubsequences: false)
        guard fields.count > 1, let base = fields.first, !base.isEmpty else {
            if result[name] == nil { result[name] = headerText(value) }
            continue
        }
        let number = Int(fields[1]) ?? 0
        let isExtended = fields.count > 2 || fields[1].isEmpty
        sections[String(base), default: []].append((number, isExtended, value))
    }
    for (name, parts) in sections {
        let ordered = parts.sorted { $0.number < $1.number }
        var charset: String?
        var bytes: [UInt8] = []
        for (position, part) in ordered.enumerated() {
            var value = part.value[...]
            if part.isExtended, position == 0, let first = value.firstIndex(of: .apostrophe),
                let second = value[(first + 1)...].firstIndex(of: .apostrophe)
            {
                charset = String(decoding: value[..<first], as: UTF8.self)
                value = value[(second + 1)...]
            }
            bytes += part.isExtended ? percentDecoded(value, escape: .percentSign) : Array(value)
        }
        let text = charset.map { decodedMailText(bytes, charset: $0).utf8 } ?? bytes
        // What is coded wins over the plain form that stands beside it for old programs.
        result[name] = headerText(text)
    }
    return result
}
