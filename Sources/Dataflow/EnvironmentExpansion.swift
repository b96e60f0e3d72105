/// Replaces `${NAME}` and `${NAME:-default}` in every scalar value below `node`; `$$` is a `$`.
///
/// As in a shell, the default stands in for an unset or an empty variable. Keys are not expanded,
/// and what a variable holds is text: it cannot add keys or lists to the file.
func expandEnvironment(
    in node: inout YAMLNode,
    environment: [String: String],
    findings: inout Findings
) {
    switch node.content {
    case .scalar(var scalar):
        // An argument comes from a shell, which has expanded what it should.
        guard scalar.style != .argument, scalar.text.utf8.contains(UInt8(ascii: "$")) else {
            return
        }
        switch expanded(scalar.text, environment: environment) {
        case .success(let text):
            scalar.isExpanded = true
            scalar.text = text
            node.content = .scalar(scalar)
        case .failure(let problem):
            findings.add(node.place, problem.message)
        }
    case .sequence(var nodes):
        for index in nodes.indices {
            expandEnvironment(in: &nodes[index], environment: environment, findings: &findings)
        }
        node.content = .sequence(nodes)
    case .mapping(var entries):
        for index in entries.indices {
            expandEnvironment(
                in: &entries[index].value,
                environment: environment,
                findings: &findings
            )
        }
        node.content = .mapping(entries)
    }
}

private struct ExpansionProblem: Error {
    let message: String
}

private func expanded(
    _ text: String,
    environment: [String: String]
) -> Result<String, ExpansionProblem> {
    var output = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
        output += rest[..<dollar]
        rest = rest[rest.index(after: dollar)...]
        if rest.hasPrefix("$") {
            output += "$"
            rest = rest.dropFirst()
        } else if rest.hasPrefix("{") {
            guard let end = rest.firstIndex(of: "}") else {
                return .failure(
                    ExpansionProblem(message: "'${' without '}'; write '$$' for a dollar sign")
                )
            }
            let reference = rest[rest.index(after: rest.startIndex)..<end]
            switch value(of: reference, environment: environment) {
            case .success(let value): output += value
            case .failure(let problem): return .failure(problem)
            }
            rest = rest[rest.index(after: end)...]
        } else {
            output += "$"
        }
    }
    return .success(output + rest)
}

private func value(
    of reference: Substring,
    environment: [String: String]
) -> Result<String, ExpansionProblem> {
    let parts = reference.split(separator: ":-", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    guard isVariableName(name) else {
        return .failure(
            ExpansionProblem(
                message: "\(quoted("${\(name)}")) does not name an environment variable; "
                    + "write ${NAME}, ${NAME:-default}, or '$$' for a dollar sign"
            )
        )
    }
    if parts.count == 2 {
        let value = environment[name] ?? ""
        return .success(value.isEmpty ? String(parts[1]) : value)
    }
    guard let value = environment[name] else {
        return .failure(
            ExpansionProblem(
                message: "environment variable '\(name)' is not set; set it, or give a default "
                    + "with ${\(name):-…}"
            )
        )
    }
    return .success(value)
}

private func isVariableName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return name.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            || $0 == 0x5F
    }
}
