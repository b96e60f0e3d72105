internal import Connectors
internal import Dataflow
internal import Embedding
internal import Stages

/// Every stage and source kind of this binary.
let pipelineCatalogue = StageCatalogue(
    stages: stageDescriptors,
    sources: sourceKinds.map(\.descriptor)
)

/// The JSON schema of pipeline files (draft 2020-12), for editors.
package func pipelineSchema() -> String { jsonSchema(for: pipelineCatalogue) }
