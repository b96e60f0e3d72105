/// The configuration of one stage outside a pipeline: defaults, and `overrides` as given by
/// `--set key=value`.
///
/// - Input: values as text; a list is comma-separated, with or without brackets. Relative paths
///   start from `directory`.
/// - Output: every key of the descriptor; a key that is optional and absent is `.null`.
/// - Throws: ``PipelineError`` with every unknown or missing key and unfit value.
package func stageConfiguration(
    descriptor: StageDescriptor,
    overrides: [String: String],
    directory: String = "/"
) throws(PipelineError) -> [String: ConfigValue] {
    var findings = Findings()
    let entries = overrides.sorted { $0.key < $1.key }.map { key, text in
        let place = Place.override(key)
        let node = YAMLNode(content: .scalar(YAMLScalar(text, style: .argument)), place: place)
        return YAMLEntry(key: key, keyPlace: place, value: node)
    }
    let configuration = readConfiguration(
        entries,
        parameters: descriptor.parameters,
        reservedKeys: [],
        reader: ParameterReader(owner: "stage '\(descriptor.name)'", directory: directory),
        ownerPlace: Place(file: "stage '\(descriptor.name)'", line: 0, column: 0),
        findings: &findings
    )
    try findings.throwIfAny()
    return configuration
}

/// Reads the keys of one stage or source, fills in defaults, and reports the rest.
func readConfiguration(
    _ entries: [YAMLEntry],
    parameters: [ParameterSpec],
    reservedKeys: [String],
    reader: ParameterReader,
    ownerPlace: Place,
    findings: inout Findings
) -> [String: ConfigValue] {
    let names = parameters.map(\.name)
    for entry in entries where !names.contains(entry.key) && !reservedKeys.contains(entry.key) {
        findings.addUnknown(
            entry.keyPlace,
            "unknown key \(quoted(entry.key)) in \(reader.owner)",
            name: entry.key,
            candidates: names + reservedKeys,
            listedAs: "its keys"
        )
    }
    var configuration: [String: ConfigValue] = [:]
    for spec in parameters {
        if let entry = entries.first(where: { $0.key == spec.name }) {
            configuration[spec.name] = reader.read(entry.value, as: spec, findings: &findings)
        } else if let value = spec.defaultValue {
            configuration[spec.name] = value
        } else if spec.isOptional {
            configuration[spec.name] = .null
        } else {
            findings.add(ownerPlace, "\(reader.owner) lacks the required key '\(spec.name)'")
        }
    }
    return configuration
}
