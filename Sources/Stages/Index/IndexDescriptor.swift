package import Dataflow
package import Segments

let indexDescriptor = StageDescriptor(
    name: "index",
    // Goes up with the analysis of terms too, so that a sync after an upgrade writes the segments anew.
    revision: 3,
    summary:
        "Writes segments: chunks, text, postings, and vectors and expansions where stages that make them "
        + "feed it.",
    phase: .materialise,
    inputs: [.vectors, .chunks, .expansions],
    output: nil,
    parameters: [
        ParameterSpec(
            "vectors",
            .choice(["q10", "f16", "f32", "none"]),
            default: .string("q10"),
            summary: "How vectors are stored: ten bits a dimension, half or single floats."
        )
    ]
)

package let indexStageName = indexDescriptor.name
package let embedStageName = embedDescriptor.name
package let chunkStageName = chunkDescriptor.name

/// How an index stage stores vectors.
package func vectorEncoding(_ node: PlanNode) -> VectorEncoding {
    switch node.parameters.string("vectors", default: "q10") {
    case "f16": .float16
    case "f32": .float32
    case "none": .none
    default: .packed
    }
}

/// The model an embed stage names.
package func embeddingModelName(_ node: PlanNode) -> String {
    node.parameters.string("model", default: "potion-base-8M")
}

/// The model whose tokeniser a chunk stage counts with; nil counts words.
package func chunkTokenizerName(_ node: PlanNode) -> String? {
    let name = node.parameters.string("tokenizer", default: "potion-base-8M")
    return name == "words" ? nil : name
}
