/// The key `labels` of a pipeline file: who may see which documents, by their place and metadata.
package enum LabelRuleKeys {
    static let name = "labels"
    /// Where a source's configuration has the rules that concern it; no key of a file is named so.
    package static let ofSource = "labels of the pipeline"
    package static let path = "path"
    package static let metadata = "metadata"
    package static let labels = "labels"
    static let sources = "sources"

    static let parameters = [
        ParameterSpec(
            labels,
            .names,
            summary: "The labels that documents get, beside those that their source gives them."
        ),
        ParameterSpec(
            path,
            .names,
            default: .list([]),
            summary: "Globs of places in the source; without the key all."
        ),
        ParameterSpec(
            sources,
            .names,
            default: .list([]),
            summary: "The sources that the rule is for; without the key all."
        ),
    ]
    static let metadataSummary =
        "Globs of values by the names of metadata, all of which have to match; without the key all."
    static let summary =
        "Rules that give documents access labels. Where there are any, a document that gets no label from "
        + "them or from its source is not taken in."

    static var schema: ConfigValue {
        var properties: [String: ConfigValue] = [:]
        let texts: ConfigValue = .map([
            "anyOf": [
                .map(["type": "string"]),
                .map(["type": "array", "items": .map(["type": "string"])]),
            ]
        ])
        for spec in self.parameters {
            guard case .map(var schema) = texts else { continue }
            schema["description"] = .string(spec.summary)
            properties[spec.name] = .map(schema)
        }
        properties[self.metadata] = .map([
            "description": .string(self.metadataSummary), "type": "object",
            "additionalProperties": texts,
        ])
        return .map([
            "description": .string(self.summary), "type": "array",
            "items": .map([
                "type": "object", "properties": .map(properties),
                "required": .list([.string(self.labels)]), "additionalProperties": false,
            ]),
        ])
    }
}

/// Reads `labels` of a pipeline file.
///
/// - Returns: for each source the rules that concern it, in their order; none where there is none.
func readLabelRules(
    in entries: [YAMLEntry],
    sources: [String],
    findings: inout Findings
) -> [String: ConfigValue] {
    guard let entry = entries.first(where: { $0.key == LabelRuleKeys.name }) else { return [:] }
    guard case .sequence(let nodes) = entry.value.content else {
        findings.add(
            entry.value.place,
            "'\(LabelRuleKeys.name)': expected a list of rules, found "
                + entry.value.found(isSecret: false)
        )
        return [:]
    }
    var rules: [String: [ConfigValue]] = [:]
    for (index, node) in nodes.enumerated() {
        let owner = "rule \(index + 1) of '\(LabelRuleKeys.name)'"
        guard let rule = readLabelRule(node, owner, sources: sources, findings: &findings) else {
            continue
        }
        for source in rule.sources { rules[source, default: []].append(rule.rule) }
    }
    return rules.mapValues { .list($0) }
}

private func readLabelRule(
    _ node: YAMLNode,
    _ owner: String,
    sources: [String],
    findings: inout Findings
) -> (rule: ConfigValue, sources: [String])? {
    guard let entries = node.entries(of: owner, &findings) else { return nil }
    let reader = ParameterReader(owner: owner, directory: "/")
    var values = readConfiguration(
        entries,
        parameters: LabelRuleKeys.parameters,
        reservedKeys: [LabelRuleKeys.metadata],
        reader: reader,
        ownerPlace: node.place,
        findings: &findings
    )
    let named = values.removeValue(forKey: LabelRuleKeys.sources)?.stringListValue ?? []
    for name in named where !sources.contains(name) {
        findings.addUnknown(
            node.place,
            "\(owner) names a source \(quoted(name)) that there is not",
            name: name,
            candidates: sources,
            listedAs: "there are"
        )
    }
    values[LabelRuleKeys.metadata] = .map(
        readLabelMetadata(entries, reader, findings: &findings)
    )
    return (.map(values), named.isEmpty ? sources : named)
}

private func readLabelMetadata(
    _ entries: [YAMLEntry],
    _ reader: ParameterReader,
    findings: inout Findings
) -> [String: ConfigValue] {
    guard let entry = entries.first(where: { $0.key == LabelRuleKeys.metadata }) else { return [:] }
    guard let keys = entry.value.entries else {
        findings.add(
            entry.value.place,
            "key '\(LabelRuleKeys.metadata)' of \(reader.owner): expected globs by names of metadata, found "
                + entry.value.found(isSecret: false)
        )
        return [:]
    }
    var globs: [String: ConfigValue] = [:]
    for key in keys {
        let spec = ParameterSpec(key.key, .names, summary: LabelRuleKeys.metadataSummary)
        globs[key.key] = reader.read(key.value, as: spec, findings: &findings)
    }
    return globs
}
