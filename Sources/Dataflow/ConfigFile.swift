/// A YAML file that is no pipeline, such as a redaction policy: its value, and where each part of it is.
package struct ConfigFile: Sendable {
    package let value: ConfigValue
    private let tree: YAMLNode

    fileprivate init(_ tree: YAMLNode) {
        self.value = tree.value
        self.tree = tree
    }

    /// A diagnostic at the part of the file that `path` leads to: keys and places of lists from the top.
    ///
    /// - Output: where the path leads nowhere, the place of the last part that is there.
    package func diagnostic(at path: [String], _ message: String) -> Diagnostic {
        var node = self.tree
        var place = node.place
        for step in path {
            guard let next = node.part(step) else { break }
            (node, place) = next
        }
        return Diagnostic(
            file: place.file,
            line: place.line,
            column: place.column,
            message: message
        )
    }

    /// As ``diagnostic(at:_:)`` for a `name` that is not one of `candidates`: with the nearest, or with
    /// all of them.
    package func diagnostic(
        at path: [String],
        _ message: String,
        name: String,
        candidates: [String],
        listedAs noun: String
    ) -> Diagnostic {
        var diagnostic = self.diagnostic(at: path, message)
        diagnostic.suggestion = nearestName(to: name, in: candidates)
        if diagnostic.suggestion == nil {
            diagnostic.message += "; \(noun): \(candidates.sorted().joined(separator: ", "))"
        }
        return diagnostic
    }
}

/// Reads the YAML file at `path`, within the limits of a pipeline file.
///
/// - Throws: ``PipelineError`` for a file that cannot be read or is no YAML, with the place.
package func readConfigFile(path: String) throws(PipelineError) -> ConfigFile {
    ConfigFile(try readYAML(try readTextFile(path), file: path))
}

extension YAMLNode {
    /// What a key or a place of a list leads to.
    fileprivate func part(_ step: String) -> (node: YAMLNode, place: Place)? {
        switch self.content {
        case .mapping(let entries):
            entries.first { $0.key == step }.map { ($0.value, $0.keyPlace) }
        case .sequence(let nodes):
            Int(step).flatMap { nodes.indices.contains($0) ? (nodes[$0], nodes[$0].place) : nil }
        case .scalar: nil
        }
    }

    /// The node as plain scalars look under the core schema of YAML 1.2.
    fileprivate var value: ConfigValue {
        switch self.content {
        case .scalar(let scalar):
            switch scalar.shape {
            case .null: .null
            case .bool(let value): .bool(value)
            case .int(let value): .int(value)
            case .double(let value): .double(value)
            case .text: .string(scalar.text)
            }
        case .sequence(let nodes): .list(nodes.map(\.value))
        case .mapping(let entries):
            .map(Dictionary(entries.map { ($0.key, $0.value.value) }) { first, _ in first })
        }
    }
}
