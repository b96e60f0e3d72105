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
    ]
    static let sources = "sources"
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
        reservedKeys: [RetentionKeys.sources],
        reader: reader,
        ownerPlace: entry.keyPlace,
        findings: &findings
    )
    settings.keepSnapshots = values["keep_snapshots"]?.intValue ?? settings.keepSnapshots
    settings.keepDays = values["keep_days"]?.intValue
    guard let entry = keys.first(where: { $0.key == RetentionKeys.sources }) else {
        return settings
    }
    guard let days = entry.value.entries else {
        findings.add(
            entry.value.place,
            "key '\(RetentionKeys.sources)' of \(reader.owner): expected days for each source, found "
                + entry.value.found(isSecret: false)
        )
        return settings
    }
    for day in days {
        guard sources.contains(day.key) else {
            findings.addUnknown(
                day.keyPlace,
                "\(reader.owner) names a source \(quoted(day.key)) that there is not",
                name: day.key,
                candidates: sources,
                listedAs: "there are"
            )
            continue
        }
        let spec = ParameterSpec(
            day.key,
            .int(RetentionSettings.daysRange),
            summary: RetentionKeys.sourcesSummary
        )
        settings.sourceDays[day.key] =
            reader.read(day.value, as: spec, findings: &findings)?.intValue
    }
    return settings
}
