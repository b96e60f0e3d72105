/// Reads one value as the kind its key asks for.
///
/// The message of a failure says which key, what is expected and what was found, without the
/// value where it may be secret.
struct ParameterReader {
    /// Whose key it is: `stage 'chunk'`.
    let owner: String
    /// What relative paths start from.
    let directory: String

    func read(
        _ node: YAMLNode,
        as spec: ParameterSpec,
        findings: inout Findings
    ) -> ConfigValue? {
        let subject = "key '\(spec.name)' of \(self.owner)"
        let expectation = Expectation(
            subject: subject,
            kind: spec.kind,
            isSecret: isSecretKey(spec.name)
        )
        switch spec.kind {
        case .names where listElements(of: node) == nil:
            let element = self.readScalar(node, expectation.element, findings: &findings)
            return element.map { .list([$0]) }
        case .stringList, .choiceList, .choiceOrder, .names, .command:
            return self.readList(node, expectation, findings: &findings)
        default:
            return self.readScalar(node, expectation, findings: &findings)
        }
    }

    private func readList(
        _ node: YAMLNode,
        _ expectation: Expectation,
        findings: inout Findings
    ) -> ConfigValue? {
        guard let elements = listElements(of: node) else {
            findings.add(node.place, expectation.message(for: node))
            return nil
        }
        let element = expectation.element
        var values: [ConfigValue] = []
        var isWhole = true
        for node in elements {
            if let value = self.readScalar(node, element, findings: &findings) {
                if !expectation.mayRepeat, values.contains(value) {
                    findings.add(
                        node.place,
                        "\(expectation.subject): an entry is given more than once"
                    )
                }
                values.append(value)
            } else {
                isWhole = false
            }
        }
        if case .choiceList(let choices) = expectation.kind {
            // A set: the order of the file must not reach a fingerprint.
            values = choices.map(ConfigValue.string).filter(values.contains)
        }
        return isWhole ? .list(values) : nil
    }

    private func readScalar(
        _ node: YAMLNode,
        _ expectation: Expectation,
        findings: inout Findings
    ) -> ConfigValue? {
        guard case .scalar(let scalar) = node.content,
            let value = self.value(of: scalar, kind: expectation.kind)
        else {
            findings.add(
                node.place,
                expectation.message(for: node),
                suggestion: expectation.suggestion(for: node)
            )
            return nil
        }
        if case .path = expectation.kind, case .string(let path) = value {
            guard isUsablePath(path) else {
                findings.add(node.place, "\(expectation.subject): the path is empty")
                return nil
            }
            return .string(absolutePath(path, relativeTo: self.directory))
        }
        if case .nameOrPath = expectation.kind, case .string(let text) = value,
            isWrittenAsPath(text)
        {
            return .string(absolutePath(text, relativeTo: self.directory))
        }
        return value
    }

    private func value(of scalar: YAMLScalar, kind: ParameterSpec.Kind) -> ConfigValue? {
        switch (kind, scalar.shape) {
        case (.bool, .bool(let value)): return .bool(value)
        case (.int(let range), .int(let value)) where range.contains(value): return .int(value)
        case (.double(let range), .int(let value)) where range.contains(Double(value)):
            return .double(Double(value))
        case (.double(let range), .double(let value)) where range.contains(value):
            return .double(value)
        case (.string, _), (.stringList, _), (.names, _), (.command, _), (.path, _),
            (.nameOrPath, _):
            return scalar.stringValue
        case (.choice(let choices), _), (.choiceList(let choices), _),
            (.choiceOrder(let choices), _):
            return choices.contains(scalar.text) ? .string(scalar.text) : nil
        default: return nil
        }
    }
}

extension YAMLScalar {
    /// Nil for a bare `5` or `true`, which are not text; a variable's value and an argument are.
    fileprivate var stringValue: ConfigValue? {
        if self.shape != .text, self.style == .plain, !self.isExpanded { return nil }
        return .string(self.text)
    }
}

/// What a key wants, in words.
private struct Expectation {
    let subject: String
    let kind: ParameterSpec.Kind
    let isSecret: Bool

    /// The same for one entry of a list.
    var element: Expectation {
        switch self.kind {
        case .choiceList(let choices), .choiceOrder(let choices):
            Expectation(subject: self.subject, kind: .choice(choices), isSecret: self.isSecret)
        default: Expectation(subject: self.subject, kind: .string, isSecret: self.isSecret)
        }
    }

    var mayRepeat: Bool { if case .command = self.kind { true } else { false } }

    func message(for node: YAMLNode) -> String {
        let found = node.found(isSecret: self.isSecret)
        return "\(self.subject): expected \(self.kind.expected), found \(found)"
    }

    func suggestion(for node: YAMLNode) -> String? {
        guard !self.isSecret, case .scalar(let scalar) = node.content, !scalar.isExpanded else {
            return nil
        }
        switch self.kind {
        case .choice(let choices), .choiceList(let choices), .choiceOrder(let choices):
            return nearestName(to: scalar.text, in: choices)
        case .bool:
            switch scalar.text.lowercased() {
            case "yes", "on", "1": return "true"
            case "no", "off", "0": return "false"
            default: return nil
            }
        default: return nil
        }
    }
}

extension ParameterSpec.Kind {
    /// In the form "an integer from 16 to 8192".
    var expected: String {
        switch self {
        case .bool: "true or false"
        case .int(let range):
            range.upperBound == Int.max
                ? "an integer of at least \(range.lowerBound)"
                : "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .double(let range):
            "a number from \(jsonNumber(range.lowerBound)) to \(jsonNumber(range.upperBound))"
        case .string: "text"
        case .choice(let choices): "one of \(choices.joined(separator: ", "))"
        case .stringList: "a list of texts"
        case .names: "a text or a list of texts"
        case .command: "a list of a program and its arguments"
        case .choiceList(let choices), .choiceOrder(let choices):
            "a list of \(choices.joined(separator: ", "))"
        case .path: "a path"
        case .nameOrPath: "a name or a path"
        }
    }
}

/// The entries of a list; an argument is cut at commas, with or without brackets around it.
func listElements(of node: YAMLNode) -> [YAMLNode]? {
    switch node.content {
    case .sequence(let nodes): return nodes
    case .scalar(let scalar) where scalar.style == .argument:
        var text = Substring(scalar.text)
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        let parts = splitOutsideBraces(text)
        if parts.count == 1, parts.first?.isEmpty ?? true { return [] }
        return parts.map {
            YAMLNode(content: .scalar(YAMLScalar($0, style: .argument)), place: node.place)
        }
    default: return nil
    }
}

/// Cuts at commas, but not at those of a glob such as `*.{md,txt}`; trims spaces.
private func splitOutsideBraces(_ text: Substring) -> [String] {
    var parts: [String] = [""]
    var depth = 0
    for scalar in text.unicodeScalars {
        if scalar == "{" { depth += 1 }
        if scalar == "}" { depth = max(0, depth - 1) }
        if scalar == ",", depth == 0 {
            parts.append("")
        } else {
            parts[parts.count - 1].unicodeScalars.append(scalar)
        }
    }
    return parts.map { part in
        let start = part.drop { $0 == " " }
        return String(start.prefix(start.count - start.reversed().prefix { $0 == " " }.count))
    }
}

/// Whether a name is meant as a path: that of a folder beside the pipeline file takes a `./`.
package func isWrittenAsPath(_ text: String) -> Bool {
    text.utf8.first == UInt8(ascii: "/") || text.hasPrefix("./") || text.hasPrefix("../")
}

func isUsablePath(_ path: String) -> Bool { !path.isEmpty && !path.utf8.contains(0) }

/// Whether values under `key` are never shown.
func isSecretKey(_ key: String) -> Bool {
    let words = ["secret", "password", "passphrase", "token", "api_key", "apikey"]
    let name = key.lowercased()
    return words.contains { name == $0 || name.hasSuffix("_\($0)") || name.hasSuffix("-\($0)") }
}
