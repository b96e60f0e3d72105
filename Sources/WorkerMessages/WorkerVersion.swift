internal import Dataflow
internal import Stages

/// What a worker must have in common with the program that starts it.
///
/// Their messages, and what their stages make of a document: a stage of another revision would write
/// other text under this program's fingerprints.
package struct WorkerVersion: Codable, Hashable, Sendable {
    /// Raised when a message changes.
    package static let messages = 9

    package var messages = Self.messages
    /// The revision of each stage kind.
    package var stages: [String: Int]

    package init(stages: [String: Int]) { self.stages = stages }

    package static let ofThisProgram = WorkerVersion(
        stages: Dictionary(uniqueKeysWithValues: stageDescriptors.map { ($0.name, $0.revision) })
    )

    /// In what way `other` differs; nil where both are the same.
    package func difference(from other: WorkerVersion) -> String? {
        if self.messages != other.messages {
            return "it speaks version \(self.messages) of the messages, "
                + "this program \(other.messages)"
        }
        let names = Set(self.stages.keys).union(other.stages.keys)
        guard let name = names.filter({ self.stages[$0] != other.stages[$0] }).min() else {
            return nil
        }
        func text(_ revision: Int?) -> String { revision.map { "\($0)" } ?? "missing" }
        return "its revision of stage \(name) is \(text(self.stages[name])), "
            + "this program's \(text(other.stages[name]))"
    }
}
