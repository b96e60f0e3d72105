package import Dataflow
package import Text

/// Dedupe has two halves: every worker makes signatures, and the resolve phase compares them.
let dedupeDescriptor = StageDescriptor(
    name: "dedupe",
    revision: 3,
    summary: "Exact and near duplicates by MinHash, verified; what differs in a fact is grouped.",
    phase: .resolve,
    inputs: [.document],
    output: .document,
    parameters: [
        ParameterSpec(
            "threshold",
            .double(0.5...1),
            default: .double(0.8),
            summary:
                "Jaccard similarity of 5-token shingles from which two documents are near-duplicates."
        ),
        ParameterSpec(
            "near",
            .choice(NearPolicy.allCases.map(\.rawValue)),
            default: .string(NearPolicy.facts.rawValue),
            summary: """
                Near-duplicates: facts removes them but groups those whose difference holds a fact, \
                remove and group do one of the two with all, off looks for equal documents only.
                """
        ),
        ParameterSpec(
            "prefer",
            .choiceOrder(Preference.allCases.map(\.rawValue)),
            default: .list(Preference.allCases.map { .string($0.rawValue) }),
            summary:
                "What decides which of several is kept, the weightiest first; the URI decides last."
        ),
        ParameterSpec(
            "across_labels",
            .bool,
            default: .bool(false),
            summary: """
                Compares documents of different access labels: who may not see the one that is kept \
                finds neither it nor its duplicates.
                """
        ),
    ]
)

/// What a plan's dedupe stage calls duplicates, and which it keeps.
package func dedupeRule(_ node: PlanNode) -> DedupeRule {
    let near = node.parameters.string("near", default: NearPolicy.facts.rawValue)
    let prefer = node.parameters.strings("prefer").compactMap(Preference.init(rawValue:))
    return DedupeRule(
        threshold: node.parameters.double("threshold", default: 0.8),
        near: NearPolicy(rawValue: near) ?? .facts,
        prefer: prefer.isEmpty ? Preference.allCases : prefer,
        acrossLabels: node.parameters.bool("across_labels")
    )
}

package let dedupeStageName = dedupeDescriptor.name
