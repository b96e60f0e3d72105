/// The keys of `gate`.
enum GateKeys {
    static let name = "gate"
    static let files = [
        ParameterSpec("queries", .path, summary: "JSON lines of queries {\"_id\",\"text\"}."),
        ParameterSpec(
            "judgements",
            .path,
            summary: "Tab-separated query id, document and grade."
        ),
    ]
    static let thresholds = "thresholds"
    static let maximumDrop = "maximum_drop"
}

/// Reads `gate` of a pipeline file; nil where it is missing or wrong, which the findings say.
func readGate(
    in entries: [YAMLEntry],
    directory: String,
    findings: inout Findings
) -> GateSettings? {
    guard let entry = entries.first(where: { $0.key == GateKeys.name }) else { return nil }
    let owner = "'\(GateKeys.name)'"
    guard let keys = entry.value.entries(of: owner, &findings) else { return nil }
    let files = readConfiguration(
        keys,
        parameters: GateKeys.files,
        reservedKeys: [GateKeys.thresholds, GateKeys.maximumDrop],
        reader: ParameterReader(owner: owner, directory: directory),
        ownerPlace: entry.keyPlace,
        findings: &findings
    )
    var settings = GateSettings(
        queries: files["queries"]?.stringValue ?? "",
        judgements: files["judgements"]?.stringValue ?? ""
    )
    let thresholds = readLimits(
        GateKeys.thresholds,
        in: keys,
        for: GateMeasure.allCases.filter { $0.side != nil },
        findings: &findings
    )
    let drops = readLimits(
        GateKeys.maximumDrop,
        in: keys,
        for: GateMeasure.allCases.filter { $0.comparison != nil },
        findings: &findings
    )
    settings.thresholds.merge(thresholds) { $1 }
    settings.maximumDrop.merge(drops) { $1 }
    return settings
}

/// Numbers of at least 0 by the names of measures.
private func readLimits(
    _ key: String,
    in entries: [YAMLEntry],
    for measures: [GateMeasure],
    findings: inout Findings
) -> [GateMeasure: Double] {
    guard let entry = entries.first(where: { $0.key == key }) else { return [:] }
    guard let limits = entry.value.entries else {
        findings.add(
            entry.value.place,
            "key '\(key)' of 'gate': expected a limit for each measure, found "
                + entry.value.found(isSecret: false)
        )
        return [:]
    }
    var result: [GateMeasure: Double] = [:]
    let reader = ParameterReader(owner: "'\(GateKeys.name).\(key)'", directory: "/")
    for limit in limits {
        guard let measure = measures.first(where: { $0.rawValue == limit.key }) else {
            findings.addUnknown(
                limit.keyPlace,
                "unknown measure \(quoted(limit.key)) in '\(GateKeys.name).\(key)'",
                name: limit.key,
                candidates: measures.map(\.rawValue),
                listedAs: "there are"
            )
            continue
        }
        let spec = ParameterSpec(
            limit.key,
            .double(0...GateKeys.limitMax),
            summary: measure.summary
        )
        result[measure] = reader.read(limit.value, as: spec, findings: &findings)?.doubleValue
    }
    return result
}

extension GateKeys {
    /// Above any count.
    static let limitMax = 1e12

    /// The schema of `gate`, for editors.
    static var schema: ConfigValue {
        var properties: [String: ConfigValue] = [:]
        for file in self.files {
            properties[file.name] = .map([
                "type": "string", "minLength": 1, "description": .string(file.summary),
            ])
        }
        properties[self.thresholds] = self.limits(
            "What a snapshot has to reach, or may not exceed, by measure.",
            GateMeasure.allCases.filter { $0.side != nil },
            \.defaultThreshold
        )
        properties[self.maximumDrop] = self.limits(
            "How much worse than the live snapshot it may be, by measure.",
            GateMeasure.allCases.filter { $0.comparison != nil },
            \.defaultMaximumDrop
        )
        return .map([
            "description": "What a snapshot has to pass before it goes live.",
            "type": "object",
            "properties": .map(properties),
            "required": ["judgements", "queries"],
            "additionalProperties": false,
        ])
    }

    private static func limits(
        _ description: String,
        _ measures: [GateMeasure],
        _ defaultValue: (GateMeasure) -> Double?
    ) -> ConfigValue {
        var properties: [String: ConfigValue] = [:]
        for measure in measures {
            var schema: [String: ConfigValue] = [
                "type": "number", "minimum": 0, "description": .string(measure.summary),
            ]
            if let value = defaultValue(measure) { schema["default"] = .double(value) }
            properties[measure.rawValue] = .map(schema)
        }
        return .map([
            "description": .string(description),
            "type": "object",
            "properties": .map(properties),
            "additionalProperties": false,
        ])
    }
}
