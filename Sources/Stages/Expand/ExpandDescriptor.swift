package import Dataflow
package import Embedding

/// The model has its effect through its identity, which is part of every fingerprint, as the count of terms.
let expandDescriptor = StageDescriptor(
    name: "expand",
    revision: 1,
    summary:
        "Terms by which a model says that a chunk should be found: learned sparse search beside words and "
        + "vectors. The index reads from it and from 'embed': from: [embed, expand].",
    phase: .materialise,
    inputs: [.chunks],
    output: .expansions,
    parameters: [
        ParameterSpec(
            "model",
            .nameOrPath,
            default: .string("splade-tiny"),
            summary:
                "splade-tiny, or another masked language model trained so (SPLADE): one that 'millrace "
                + "models add' added, or a folder (./FOLDER). Queries need its tokeniser alone."
        ),
        ParameterSpec(
            "terms",
            .int(ExpansionModel.termLimits),
            default: .int(ExpansionModel.defaultTermLimit),
            affectsOutput: false,
            summary: "So many terms of a chunk are kept, the heaviest first."
        ),
        ParameterSpec(
            "precision",
            .choice(Precision.allCases.map(\.rawValue)),
            default: .string(Precision.auto.rawValue),
            affectsOutput: false,
            summary: "Number format of the model's products, as in 'embed'."
        ),
        ParameterSpec(
            "batch_tokens",
            .int(64...1_048_576),
            default: .int(1024),
            affectsOutput: false,
            summary: "Tokens given to the model at once."
        ),
    ]
)

package let expandStageName = expandDescriptor.name

/// Which expanding model a stage names, and how it is made.
package struct ExpanderChoice: Hashable, Sendable {
    /// A name of the store, or an absolute path of a folder.
    package let model: String
    package let termLimit: Int
    package let precision: Precision

    /// - Parameter node: of an expand stage.
    package init(_ node: PlanNode) {
        let keys = node.parameters
        self.model = keys.string("model", default: "splade-tiny")
        self.termLimit = keys.int("terms", default: ExpansionModel.defaultTermLimit)
        self.precision = Precision(rawValue: keys.string("precision", default: "auto")) ?? .auto
    }
}
