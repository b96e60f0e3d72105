/// JSON text of `value` with sorted keys and no spaces: equal values give equal bytes.
package func canonicalJSON(_ value: ConfigValue) -> String {
    var text = ""
    appendJSON(value, to: &text, indent: nil)
    return text
}

extension [String: ConfigValue] {
    /// Equal configurations give equal texts.
    package var canonicalText: String { canonicalJSON(.map(self)) }
}

/// JSON text of `value` with sorted keys, two spaces a level, ending in a newline.
func prettyJSON(_ value: ConfigValue) -> String {
    var text = ""
    appendJSON(value, to: &text, indent: 0)
    return text + "\n"
}

/// The shortest text that reads back as `value`, integers without a fraction.
///
/// - Precondition: `value` is finite; JSON has no other numbers.
func jsonNumber(_ value: Double) -> String {
    precondition(value.isFinite)
    // Above 2^53 not every integer is a double, so the shortest form may differ from the exact one.
    if value.rounded() == value, abs(value) < 0x1p53 { return String(Int(value)) }
    return value.description
}

private func appendJSON(_ value: ConfigValue, to text: inout String, indent: Int?) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .double(let value): text += jsonNumber(value)
    case .string(let value): appendJSON(value, to: &text)
    case .list(let values):
        appendJSON(values, open: "[", close: "]", to: &text, indent: indent) {
            appendJSON($0, to: &$1, indent: $2)
        }
    case .map(let values):
        let members = values.sorted { $0.key < $1.key }
        appendJSON(members, open: "{", close: "}", to: &text, indent: indent) {
            appendJSON($0.key, to: &$1)
            $1 += $2 == nil ? ":" : ": "
            appendJSON($0.value, to: &$1, indent: $2)
        }
    }
}

private func appendJSON<Element>(
    _ elements: [Element],
    open: String,
    close: String,
    to text: inout String,
    indent: Int?,
    element append: (Element, inout String, Int?) -> Void
) {
    func newline(_ indent: Int?) -> String {
        indent.map { "\n" + String(repeating: " ", count: $0) } ?? ""
    }
    let inner = indent.map { $0 + 2 }
    text += open
    for (index, element) in elements.enumerated() {
        text += (index > 0 ? "," : "") + newline(inner)
        append(element, &text, inner)
    }
    text += elements.isEmpty ? close : newline(indent) + close
}

private func appendJSON(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\t": text += "\\t"
        case "\r": text += "\\r"
        case "\0"..."\u{1F}":
            let hex = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        default: text.unicodeScalars.append(scalar)
        }
    }
    text += "\""
}
