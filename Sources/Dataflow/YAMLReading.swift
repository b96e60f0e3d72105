internal import Yams

/// Limits on a pipeline file, far above what one needs: the file may come from a web form.
enum PipelineFileLimits {
    static let byteCountMax = 1 << 20
    /// Nodes after aliases are followed, so that nested aliases cannot multiply without end.
    static let nodeCountMax = 100_000
    /// libyaml stops at 1000 by itself, so the composer's recursion is bounded as well.
    static let depthMax = 32
}

/// The tree of a YAML text, each node with its place.
///
/// - Throws: syntax errors, duplicate keys and exceeded limits, each with its place.
func readYAML(_ text: String, file: String) throws(PipelineError) -> YAMLNode {
    let start = Place(file: file, line: 1, column: 1)
    var findings = Findings()
    if text.utf8.count > PipelineFileLimits.byteCountMax {
        findings.add(start, "a pipeline file has at most \(PipelineFileLimits.byteCountMax) bytes")
        throw findings.error
    }
    let root: Node?
    do {
        // No implicit types: Yams follows YAML 1.1, where `no` (Norwegian) is false.
        root = try compose(yaml: text, .basic)
    } catch {
        add(yamlError: error, text: text, file: file, to: &findings)
        throw findings.error
    }
    guard let root else {
        findings.add(start, "the file is empty")
        throw findings.error
    }
    var converter = TreeConverter(file: file)
    let tree = converter.convert(root, depth: 0, fallback: start)
    try converter.findings.throwIfAny()
    return tree
}

private struct TreeConverter {
    let file: String
    var findings = Findings()
    var nodeCount = 0

    init(file: String) { self.file = file }

    mutating func convert(_ node: Node, depth: Int, fallback: Place) -> YAMLNode {
        let place = node.mark.map(self.place) ?? fallback
        self.nodeCount += 1
        guard self.nodeCount <= PipelineFileLimits.nodeCountMax else {
            if self.nodeCount == PipelineFileLimits.nodeCountMax + 1 {
                self.findings.add(place, "more than \(PipelineFileLimits.nodeCountMax) values")
            }
            return YAMLNode(content: .sequence([]), place: place)
        }
        guard depth <= PipelineFileLimits.depthMax else {
            self.findings.add(place, "more than \(PipelineFileLimits.depthMax) levels of nesting")
            return YAMLNode(content: .sequence([]), place: place)
        }
        return YAMLNode(content: self.content(of: node, depth: depth, place: place), place: place)
    }

    private mutating func content(
        of node: Node,
        depth: Int,
        place: Place
    ) -> YAMLNode.Content {
        switch node {
        case .scalar(let scalar): return .scalar(self.scalar(scalar, place: place))
        case .sequence(let sequence):
            var nodes: [YAMLNode] = []
            for element in sequence {
                nodes.append(self.convert(element, depth: depth + 1, fallback: place))
            }
            return .sequence(nodes)
        case .mapping(let mapping):
            var entries: [YAMLEntry] = []
            for (key, value) in mapping {
                let keyPlace = key.mark.map(self.place) ?? place
                guard case .scalar(let name) = key else {
                    self.findings.add(keyPlace, "a key must be a plain name")
                    continue
                }
                let value = self.convert(value, depth: depth + 1, fallback: keyPlace)
                entries.append(YAMLEntry(key: name.string, keyPlace: keyPlace, value: value))
            }
            return .mapping(entries)
        case .alias:
            // `compose` has followed every alias.
            self.findings.add(place, "an alias cannot stand here")
            return .sequence([])
        }
    }

    private mutating func scalar(_ scalar: Node.Scalar, place: Place) -> YAMLScalar {
        let isText = scalar.tag.description == Tag.Name.str.rawValue
        if !isText, scalar.style == .plain, !scalar.tag.description.isEmpty {
            self.findings.add(place, "explicit tags are not supported; write the value alone")
        }
        return YAMLScalar(
            scalar.string,
            style: isText || scalar.style != .plain ? .quoted : .plain
        )
    }

    private func place(_ mark: Mark) -> Place {
        Place(file: self.file, line: mark.line, column: mark.column)
    }
}

private func add(
    yamlError error: any Error,
    text: String,
    file: String,
    to findings: inout Findings
) {
    func place(_ mark: Mark) -> Place { Place(file: file, line: mark.line, column: mark.column) }
    let start = Place(file: file, line: 1, column: 1)
    guard let error = error as? YamlError else {
        findings.add(start, "the file cannot be read as YAML")
        return
    }
    switch error {
    case .scanner(let context, let problem, let mark, _),
        .parser(let context, let problem, let mark, _),
        .composer(let context, let problem, let mark, _):
        let during = context.map { "; \($0.text) from line \($0.mark.line)" } ?? ""
        findings.add(place(mark), "YAML: \(problem)\(during)")
    case .duplicatedKeysInMapping(let duplicates, let context):
        let first = place(context.mark)
        let key = duplicates.first ?? ""
        let second = placeOfRepeat(key, after: first, in: text)
        findings.add(
            second ?? first,
            second == nil
                ? "key \(quoted(key)) is given more than once"
                : "key \(quoted(key)) is already given at line \(first.line)"
        )
    case .reader(let problem, let offset, _, _):
        findings.add(
            offset.map { characterPlace($0, in: text, file: file) } ?? start,
            "YAML: \(problem)"
        )
    default:
        findings.add(start, "the file cannot be read as YAML")
    }
}

/// The second line of a block mapping that starts with `key:` at the column of the first.
private func placeOfRepeat(_ key: String, after first: Place, in text: String) -> Place? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for index in lines.indices.dropFirst(first.line) {
        let indent = lines[index].prefix { $0 == " " }.count
        let content = lines[index].dropFirst(indent)
        if content.isEmpty || content.hasPrefix("#") { continue }
        if indent < first.column - 1 { return nil }
        let names = [key, "'\(key)'", "\"\(key)\""]
        guard indent == first.column - 1,
            names.contains(where: { content.hasPrefix("\($0):") || content.hasPrefix("\($0) ") })
        else { continue }
        return Place(file: first.file, line: index + 1, column: first.column)
    }
    return nil
}

private func characterPlace(_ offset: Int, in text: String, file: String) -> Place {
    var line = 1
    var column = 1
    for character in text.prefix(offset) {
        if character.isNewline {
            line += 1
            column = 1
        } else {
            column += character.unicodeScalars.count
        }
    }
    return Place(file: file, line: line, column: column)
}
