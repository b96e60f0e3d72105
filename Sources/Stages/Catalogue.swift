package import Dataflow
internal import Formats

/// The descriptors of every stage kind, in the order of the flow.
///
/// A stage kind is added by its folder and one line here; a format by its file in `Formats`.
package let stageDescriptors: [StageDescriptor] =
    formats.map { $0.descriptor } + [
        normaliseDescriptor, languageDescriptor, redactDescriptor, dedupeDescriptor,
        chunkDescriptor, embedDescriptor, expandDescriptor, indexDescriptor,
    ] + exportDescriptors

/// A stage asked for by a name this binary does not have, or with a configuration it cannot use.
///
/// Validation refuses both before a stage is made, so this speaks of a plan from elsewhere.
package struct StageConstructionError: Error, Hashable, Sendable, CustomStringConvertible {
    package let stage: String
    package let message: String

    package var description: String { "stage '\(self.stage)': \(self.message)" }

    package static func unknown(_ node: PlanNode) -> StageConstructionError {
        StageConstructionError(
            stage: node.id,
            message: "there is no stage kind '\(node.uses)' here"
        )
    }
}

/// Makes the stage of a plan node that reads and changes one document's text.
package func makeDocumentStage(_ node: PlanNode) throws -> any DocumentStage {
    switch node.uses {
    case normaliseDescriptor.name: return NormaliseText()
    case languageDescriptor.name: return try DetectLanguage(node)
    case redactDescriptor.name: return try RedactPII(node)
    default: throw StageConstructionError.unknown(node)
    }
}
