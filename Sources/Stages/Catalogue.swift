package import Dataflow

/// The descriptors of every stage kind, in the order of the flow.
///
/// A stage kind is added by its folder and one line here.
package let stageDescriptors: [StageDescriptor] =
    extractDescriptors + [
        normaliseDescriptor, languageDescriptor, redactDescriptor, dedupeDescriptor,
        chunkDescriptor, embedDescriptor, indexDescriptor,
    ]

/// A stage asked for by a name this binary does not have, or with a configuration it cannot use.
///
/// Validation refuses both before a stage is made, so this speaks of a plan from elsewhere.
package struct StageConstructionError: Error, Hashable, Sendable, CustomStringConvertible {
    package let stage: String
    package let message: String

    package var description: String { "stage '\(self.stage)': \(self.message)" }
}

/// Makes the extraction stage of a plan node.
func makeContentExtractor(_ node: PlanNode) throws -> any ContentExtractor {
    switch node.uses {
    case ExtractHTML.name: return ExtractHTML(node.parameters)
    case ExtractPDF.name: return ExtractPDF(node.parameters)
    case ExtractEPUB.name: return ExtractEPUB(node.parameters)
    case ExtractDOCX.name: return ExtractDOCX(node.parameters)
    case ExtractMarkdown.name: return ExtractMarkdown(node.parameters)
    case ExtractText.name: return ExtractText(node.parameters)
    default: throw unknown(node)
    }
}

/// Makes the stage of a plan node that reads and changes one document's text.
package func makeDocumentStage(_ node: PlanNode) throws -> any DocumentStage {
    switch node.uses {
    case normaliseDescriptor.name: return NormaliseText()
    case languageDescriptor.name: return try DetectLanguage(node)
    case redactDescriptor.name: return try RedactPII(node)
    default: throw unknown(node)
    }
}

func unknown(_ node: PlanNode) -> StageConstructionError {
    StageConstructionError(stage: node.id, message: "there is no stage kind '\(node.uses)' here")
}
