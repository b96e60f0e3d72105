/// How long what a workspace holds is kept: the key `retention` of a pipeline file.
package struct RetentionSettings: Hashable, Sendable {
    package static let keepSnapshotsDefault = 2
    package static let keepSnapshotsRange = 0...1_000
    package static let daysRange = 1...36_500

    /// Published snapshots before the live one that are kept to go back to.
    package var keepSnapshots = Self.keepSnapshotsDefault
    /// Those that were published within so many days are kept, too; nil for none beside.
    package var keepDays: Int?
    /// By source, after how many days since its last change a document is taken out.
    package var sourceDays: [String: Int] = [:]
    /// The same by access label, and of every document; of several that hold for one, the shortest does.
    package var labelDays: [String: Int] = [:]
    package var days: Int?

    package init() {}
}

/// The keys of `retention`.
enum RetentionKeys {
    static let name = "retention"
    static let snapshots = [
        ParameterSpec(
            "keep_snapshots",
            .int(RetentionSettings.keepSnapshotsRange),
            default: .int(RetentionSettings.keepSnapshotsDefault),
            summary: "Published snapshots before the live one that are kept to go back to."
        ),
        ParameterSpec(
            "keep_days",
            .int(RetentionSettings.daysRange),
            isOptional: true,
            summary: "Snapshots published within so many days are kept, too."
        ),
        ParameterSpec(
            "days",
            .int(RetentionSettings.daysRange),
            isOptional: true,
            summary:
                "After how many days since its last change any document is taken out, with all that was made of it."
        ),
    ]
    static let sources = "sources"
    static let labels = "labels"
    static let labelsSummary =
        "The same by access label; of several that hold for one, the shortest does."
    static let sourcesSummary =
        "By source, after how many days since its last change a document is taken out, with all that was made of it."

    static var schema: ConfigValue {
        let days: ConfigValue = .map([
            "type": "integer", "minimum": .int(RetentionSettings.daysRange.lowerBound),
            "maximum": .int(RetentionSettings.daysRange.upperBound),
        ])
        var properties: [String: ConfigValue] = [:]
        for spec in self.snapshots {
            guard case .int(let range) = spec.kind else { continue }
            var schema: [String: ConfigValue] = [
                "type": "integer", "minimum": .int(range.lowerBound),
                "maximum": .int(range.upperBound), "description": .string(spec.summary),
            ]
            if let value = spec.defaultValue { schema["default"] = value }
            properties[spec.name] = .map(schema)
        }
        properties[self.sources] = .map([
            "description": .string(self.sourcesSummary), "type": "object",
            "patternProperties": .map([pipelineNamePattern: days]), "additionalProperties": false,
        ])
        properties[self.labels] = .map([
            "description": .string(self.labelsSummary), "type": "object",
            "additionalProperties": days,
        ])
        return .map([
            "description": "How long snapshots and documents are kept.",
            "type": "object",
            "properties": .map(properties),
            "additionalProperties": false,
        ])
    }
}

/// Reads `retention` of a pipeline file; the defaults where it is missing.
func readRetention(
    in entries: [YAMLEntry],
    sources: [String],
    findings: inout Findings
) -> RetentionSettings {
    var settings = RetentionSettings()
    guard let entry = entries.first(where: { $0.key == RetentionKeys.name }) else {
        return settings
    }
    let reader = ParameterReader(owner: "'\(RetentionKeys.name)'", directory: "/")
    guard let keys = entry.value.entries(of: reader.owner, &findings) else { return settings }
    let values = readConfiguration(
        keys,
        parameters: RetentionKeys.snapshots,
        reservedKeys: [RetentionKeys.sources, RetentionKeys.labels],
        reader: reader,
        ownerPlace: entry.keyPlace,
        findings: &findings
    )
    settings.keepSnapshots = values["keep_snapshots"]?.intValue ?? settings.keepSnapshots
    settings.keepDays = values["keep_days"]?.intValue
    settings.days = values["days"]?.intValue
    settings.sourceDays = readDays(
        RetentionKeys.sources,
        in: keys,
        reader,
        summary: RetentionKeys.sourcesSummary,
        findings: &findings
    ) { day, findings in
        guard !sources.contains(day.key) else { return true }
        findings.addUnknown(
            day.keyPlace,
            "\(reader.owner) names a source \(quoted(day.key)) that there is not",
            name: day.key,
            candidates: sources,
            listedAs: "there are"
        )
        return false
    }
    settings.labelDays = readDays(
        RetentionKeys.labels,
        in: keys,
        reader,
        summary: RetentionKeys.labelsSummary,
        findings: &findings
    ) { _, _ in true }
    return settings
}

/// Days by name, of those that `isKnown` takes.
private func readDays(
    _ key: String,
    in keys: [YAMLEntry],
    _ reader: ParameterReader,
    summary: String,
    findings: inout Findings,
    isKnown: (YAMLEntry, inout Findings) -> Bool
) -> [String: Int] {
    guard let entry = keys.first(where: { $0.key == key }) else { return [:] }
    guard let days = entry.value.entries else {
        findings.add(
            entry.value.place,
            "key '\(key)' of \(reader.owner): expected days for each name, found "
                + entry.value.found(isSecret: false)
        )
        return [:]
    }
    var result: [String: Int] = [:]
    for day in days where isKnown(day, &findings) {
        let spec = ParameterSpec(
            day.key,
            .int(RetentionSettings.daysRange),
            summary: summary
        )
        result[day.key] = reader.read(day.value, as: spec, findings: &findings)?.intValue
    }
    return result
}
