import Foundation

@testable import Embedding

/// A made-up BERT of a few thousand weights, drawn by seed, in the files of a real one.
struct TinyBERT {
    var vocabulary = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "##a", "##b", "hello", ".",
    ]
    var hidden = 32
    var wide = 64
    var heads = 2
    var layers = 2
    var positions = 16
    var maximumTokens = 12
    private(set) var tensors: [String: (shape: [Int], values: [Float])] = [:]

    init(vocabulary: [String]? = nil, seed: UInt64 = 1) {
        if let vocabulary { self.vocabulary = vocabulary }
        var random = SplitMix64(state: seed)
        func add(_ name: String, _ shape: [Int], around center: Float = 0) {
            let values = (0..<shape.reduce(1, *)).map { _ in
                center + Float.random(in: -0.5...0.5, using: &random)
            }
            self.tensors[name] = (shape, values)
        }
        func addNorm(_ name: String) {
            add(name + ".weight", [self.hidden], around: 1)
            add(name + ".bias", [self.hidden])
        }
        func addLinear(_ name: String, _ inputs: Int, _ outputs: Int) {
            add(name + ".weight", [outputs, inputs])
            add(name + ".bias", [outputs])
        }
        add("embeddings.word_embeddings.weight", [self.vocabulary.count, self.hidden])
        add("embeddings.position_embeddings.weight", [self.positions, self.hidden])
        add("embeddings.token_type_embeddings.weight", [2, self.hidden])
        addNorm("embeddings.LayerNorm")
        for layer in 0..<self.layers {
            let name = "encoder.layer.\(layer)."
            for part in ["query", "key", "value"] {
                addLinear(name + "attention.self." + part, self.hidden, self.hidden)
            }
            addLinear(name + "attention.output.dense", self.hidden, self.hidden)
            addNorm(name + "attention.output.LayerNorm")
            addLinear(name + "intermediate.dense", self.hidden, self.wide)
            addLinear(name + "output.dense", self.wide, self.hidden)
            addNorm(name + "output.LayerNorm")
        }
    }

    /// Writes the model's files to `folder`, which exists.
    func write(to folder: URL, edit: (inout [String: Any]) -> Void = { _ in }) throws {
        var config: [String: Any] = [
            "model_type": "bert", "hidden_act": "gelu", "hidden_size": self.hidden,
            "intermediate_size": self.wide, "layer_norm_eps": 1e-12,
            "max_position_embeddings": self.positions, "num_attention_heads": self.heads,
            "num_hidden_layers": self.layers, "position_embedding_type": "absolute",
        ]
        edit(&config)
        try JSONSerialization.data(withJSONObject: config)
            .write(to: folder.appending(path: "config.json"))
        try JSONSerialization.data(withJSONObject: ["max_seq_length": self.maximumTokens])
            .write(to: folder.appending(path: "sentence_bert_config.json"))
        try Data((self.vocabulary.joined(separator: "\n") + "\n").utf8)
            .write(to: folder.appending(path: "vocab.txt"))
        try SafetensorsWriter.bytes(self.tensors)
            .write(to: folder.appending(path: "model.safetensors"))
    }
}

/// The forward pass as the papers write it, in double precision, one token pair at a time.
extension TinyBERT {
    func vector(of ids: [Int]) -> [Double] {
        var state = ids.enumerated().map { position, id in
            zip(
                self.row("embeddings.word_embeddings.weight", id),
                zip(
                    self.row("embeddings.position_embeddings.weight", position),
                    self.row("embeddings.token_type_embeddings.weight", 0)
                )
            ).map { $0 + $1.0 + $1.1 }
        }
        state = state.map { self.normed($0, "embeddings.LayerNorm") }
        for layer in 0..<self.layers { state = self.layer("encoder.layer.\(layer).", state) }
        let sums = (0..<self.hidden).map { column in state.reduce(0) { $0 + $1[column] } }
        let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return sums.map { $0 / length }
    }

    private func layer(_ name: String, _ state: [[Double]]) -> [[Double]] {
        let queries = state.map { self.linear($0, name + "attention.self.query") }
        let keys = state.map { self.linear($0, name + "attention.self.key") }
        let values = state.map { self.linear($0, name + "attention.self.value") }
        return state.indices.map { row in
            var context: [Double] = []
            for head in 0..<self.heads {
                let columns =
                    head * self.hidden / self.heads..<(head + 1) * self.hidden / self.heads
                let scores = keys.map { key in
                    columns.reduce(0) { $0 + queries[row][$1] * key[$1] }
                        / Double(columns.count).squareRoot()
                }
                let total = scores.reduce(0) { $0 + exp($1) }
                for column in columns {
                    context.append(
                        zip(scores, values).reduce(0) { $0 + exp($1.0) / total * $1.1[column] }
                    )
                }
            }
            let attended = self.linear(context, name + "attention.output.dense")
            let middle = self.normed(
                zip(attended, state[row]).map(+),
                name + "attention.output.LayerNorm"
            )
            let wide = self.linear(middle, name + "intermediate.dense").map {
                $0 * (1 + erf($0 / 2.0.squareRoot())) / 2
            }
            let output = self.linear(wide, name + "output.dense")
            return self.normed(zip(output, middle).map(+), name + "output.LayerNorm")
        }
    }

    private func linear(_ input: [Double], _ name: String) -> [Double] {
        self.row(name + ".bias", 0, width: nil).enumerated().map { output, bias in
            zip(input, self.row(name + ".weight", output)).reduce(bias) { $0 + $1.0 * $1.1 }
        }
    }

    private func normed(_ input: [Double], _ name: String) -> [Double] {
        let mean = input.reduce(0, +) / Double(input.count)
        let variance = input.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(input.count)
        let gain = self.row(name + ".weight", 0, width: nil)
        let shift = self.row(name + ".bias", 0, width: nil)
        return input.indices.map {
            (input[$0] - mean) / (variance + 1e-12).squareRoot() * gain[$0] + shift[$0]
        }
    }

    private func row(_ name: String, _ index: Int, width: Int? = 0) -> [Double] {
        guard let tensor = self.tensors[name] else { return [] }
        let width = width == nil ? tensor.values.count : tensor.shape[1]
        return tensor.values[index * width..<(index + 1) * width].map(Double.init)
    }
}
