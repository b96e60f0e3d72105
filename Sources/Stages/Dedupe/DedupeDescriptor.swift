package import Dataflow

/// Dedupe has two halves: every worker makes signatures, and the resolve phase compares them.
let dedupeDescriptor = StageDescriptor(
    name: "dedupe",
    revision: 1,
    summary:
        "Exact and near duplicates by MinHash, verified; a document without a kept twin is kept.",
    phase: .resolve,
    inputs: [.document],
    output: .document,
    parameters: [
        ParameterSpec(
            "threshold",
            .double(0.5...1),
            default: .double(0.8),
            summary: "Jaccard similarity of 5-token shingles from which two documents are twins."
        )
    ]
)

/// The similarity from which a plan's dedupe stage calls two documents duplicates.
package func dedupeThreshold(_ node: PlanNode) -> Double {
    node.parameters.double("threshold", default: 0.8)
}

package let dedupeStageName = dedupeDescriptor.name
