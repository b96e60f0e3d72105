package import Dataflow
internal import Text

/// A table or model on this machine that a stage's configuration asks for.
///
/// A stage without it would go on and miss what it was asked to find. So a run is refused without it,
/// unless a key of the stage says that it may be absent; then the summary tells.
package struct StageResource: Hashable, Sendable {
    /// The stage's id.
    package let stage: String
    /// What it is, such as `table of names`.
    package let name: String
    /// Where it is, or would be.
    package let path: String
    package let isThere: Bool
    /// Whether the stage's keys let it be absent.
    package let isOptional: Bool
    /// What the stage does without it.
    package let consequence: String
    /// What to type where it is absent.
    package let remedy: String

    /// For a summary or a check of an installation.
    package var absence: String {
        "stage '\(self.stage)': the \(self.name) is not at \(self.path); \(self.consequence); "
            + self.remedy
    }
}

/// The values of the keys that say whether a table or model may be absent.
enum ResourceNeed: String, CaseIterable {
    case required
    case optional

    /// The key's value in a stage's configuration.
    static func of(_ node: PlanNode, _ key: String) -> Self {
        Self(rawValue: node.parameters.string(key, default: "")) ?? .required
    }
}

/// The tables and models that a stage asks for, absent ones too.
///
/// - Precondition: ``readingPolicy(_:for:)`` has read the stage's policy file.
package func stageResources(of node: PlanNode) -> [StageResource] {
    languageResources(of: node) + nameResources(of: node) + pictureResources(of: node)
        + converterResources(of: node)
}

/// - Throws: ``StageConstructionError`` for the first table or model that must be there and is not.
func requireResources(of node: PlanNode) throws(StageConstructionError) {
    for resource in stageResources(of: node) where !resource.isThere && !resource.isOptional {
        throw StageConstructionError(
            stage: node.id,
            message: "the \(resource.name) is not at \(resource.path); \(resource.remedy)"
        )
    }
}
