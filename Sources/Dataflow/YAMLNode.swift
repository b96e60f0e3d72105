/// A node of a pipeline file with its place; what Yams gives, without its types and its YAML 1.1.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    var content: Content
    var place: Place
}

struct YAMLEntry: Sendable {
    var key: String
    var keyPlace: Place
    var value: YAMLNode
}

/// The text of a scalar; its type is decided by the key it belongs to.
struct YAMLScalar: Sendable {
    enum Style: Sendable {
        case plain
        case quoted
        /// Given on the command line: text, number or comma-separated list, as the key wants.
        case argument
    }

    /// As written, before `${…}`: the only form that diagnostics may show.
    var raw: String
    var text: String
    var style: Style
    var isExpanded = false

    init(_ text: String, style: Style) {
        self.raw = text
        self.text = text
        self.style = style
    }
}

/// What a plain scalar looks like under the core schema of YAML 1.2: `no` is text.
enum ScalarShape: Equatable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case text
}

extension YAMLScalar {
    var shape: ScalarShape {
        if self.style == .quoted { return .text }
        switch self.text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        let isNumeric = self.text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
        guard isNumeric else { return .text }
        if let value = Int(self.text) { return .int(value) }
        if let value = Double(self.text), value.isFinite { return .double(value) }
        return .text
    }
}

extension YAMLNode {
    /// Names the node's type and, unless `isSecret`, its text: for messages of the form
    /// "expected …, found …".
    func found(isSecret: Bool) -> String {
        switch self.content {
        case .mapping: return "a mapping"
        case .sequence: return "a list"
        case .scalar(let scalar):
            if isSecret { return "a value not shown here" }
            if scalar.isExpanded { return "the value of \(quoted(scalar.raw))" }
            switch scalar.shape {
            case .null: return "nothing"
            case .bool, .int, .double: return scalar.text
            case .text: return "the text \(quoted(scalar.raw))"
            }
        }
    }

    var entries: [YAMLEntry]? {
        if case .mapping(let entries) = self.content { entries } else { nil }
    }

    /// The same of what must be a mapping; nil with a finding for anything else.
    func entries(of owner: String, _ findings: inout Findings) -> [YAMLEntry]? {
        if let entries = self.entries { return entries }
        findings.add(
            self.place,
            "\(owner): expected a mapping of keys, found \(self.found(isSecret: false))"
        )
        return nil
    }
}

/// `text` in quotes, cut at 60 characters, control characters replaced: fit for one line.
func quoted(_ text: String) -> String {
    let characterLimit = 60
    var shown = ""
    for scalar in text.unicodeScalars.prefix(characterLimit) {
        let isControl = scalar.properties.generalCategory == .control
        shown.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    return "'\(shown)\(text.unicodeScalars.count > characterLimit ? "…" : "")'"
}
