internal import Dataflow
internal import Foundation
internal import Records
internal import Stages

/// The plan nodes a filter runs: from the pipeline file where one is given, else defaults, with the
/// overrides on top.
///
/// - Throws: ``OperationError`` `.configuration` for an unknown key or a wrong value.
func filterNodes(_ request: StageFilterRequest) throws -> [PlanNode] {
    let declared = try request.pipeline.map { try loadPipeline(path: $0).nodes } ?? []
    return try request.name.stageKinds.map { kind in
        guard let descriptor = stageDescriptors.first(where: { $0.name == kind }) else {
            throw OperationError(.configuration, "there is no stage kind '\(kind)'")
        }
        let base = declared.first { $0.uses == kind }
        let keys = Set(descriptor.parameters.map(\.name))
        // Extraction is four stage kinds in one filter: a key goes to the kinds that have it.
        let overrides = request.overrides.filter { pair in
            keys.contains(pair.key) || !isKey(pair.key, ofAny: request.name.stageKinds)
        }
        var configuration: [String: ConfigValue]
        do {
            configuration = try stageConfiguration(
                descriptor: descriptor,
                overrides: overrides,
                directory: FileManager.default.currentDirectoryPath
            )
        } catch {
            throw OperationError(.configuration, "\(error)")
        }
        if let base {
            configuration = base.configuration.merging(configuration) { old, new in new }
            for (key, value) in base.configuration where overrides[key] == nil {
                configuration[key] = value
            }
        }
        return PlanNode(
            id: base?.id ?? kind,
            uses: kind,
            phase: descriptor.phase,
            inputs: [],
            mediaTypes: base?.mediaTypes ?? descriptor.mediaTypes.map(\.name),
            configuration: configuration
        )
    }
}

private func isKey(_ key: String, ofAny kinds: [String]) -> Bool {
    stageDescriptors.contains { descriptor in
        kinds.contains(descriptor.name) && descriptor.parameters.contains { $0.name == key }
    }
}
