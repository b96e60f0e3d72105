import CKernels
import Foundation
import Testing

@testable import Embedding

/// NomicBERT and ModernBERT: small random ones, against what `Tests/Golden/embedding/rotary.py` recorded.
@Suite struct RotaryModelTests {
    private struct Vectors: Decodable {
        var lines: [String]
        var vectors: [[Double]]
    }

    private static let names = [
        "m-modernbert", "m-modernbert-biased", "m-nomicbert", "m-nomicbert-makers",
    ]

    /// A copy of the golden folder `name` with a changed configuration.
    private func folder(
        _ name: String,
        in folder: TemporaryFolder,
        edit: (inout [String: Any]) -> Void = { _ in }
    ) throws -> String {
        let path = try Golden.folder(name, in: folder)
        let config = URL(filePath: path + "/config.json")
        var values = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: config)) as? [String: Any]
        )
        edit(&values)
        try JSONSerialization.data(withJSONObject: values).write(to: config)
        return path
    }

    private func inputs(_ name: String) throws -> ([EmbeddingInput], [[Double]]) {
        let golden = try Golden.decode(Vectors.self, name + "/vectors.json")
        return (golden.lines.map { EmbeddingInput(text: $0) }, golden.vectors)
    }

    private func cosine(_ left: [Float], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + Double($1.0) * $1.1 }
    }

    @Test(arguments: names)
    func vectorsEqualThoseOfTheReference(name: String) throws {
        let model = try ModelStore().load(name: self.folder(name, in: TemporaryFolder()))
        let (texts, expected) = try self.inputs(name)
        let outputs = try model.embed(texts)
        for (place, (output, vector)) in zip(outputs, expected).enumerated() {
            #expect(
                self.cosine(output.vector, vector) > 0.999_99,
                "\(name), line \(place), \(output.tokenCount) tokens"
            )
        }
        #expect(outputs.count == expected.count)
        #expect(outputs.contains { $0.tokenCount > 1_200 && !$0.isTruncated })
        #expect(outputs.contains { $0.isTruncated })
        #expect(model.identity.maximumTokens == 1_400)
        #expect(model.identity.queryPrefix == (name == "m-modernbert" ? "search_query: " : ""))
        #expect(model.identity.precision.hasSuffix("cls") == (name == "m-modernbert-biased"))
    }

    @Test(arguments: names, [Precision.fp32, .bf16, .int8])
    func vectorsHaveTheSameBitsAloneInAnyBatchAndOnAnyThread(
        name: String,
        precision: Precision
    ) throws {
        if precision == .bf16, ckernels_bf16_best() == CKERNELS_NONE {
            try Test.cancel("this processor has no bf16")
        }
        let folder = try self.folder(name, in: TemporaryFolder())
        let store = ModelStore()
        let model = try store.load(LocalReference(model: folder, precision: precision))
        let (texts, expected) = try self.inputs(name)
        let together = try model.embed(texts)
        #expect(try model.embed(texts.reversed()) == together.reversed())
        let mismatches = Counter()
        DispatchQueue.concurrentPerform(iterations: texts.count) { turn in
            let place = texts.count - 1 - turn
            if (try? model.embed(texts[place])) != together[place] { mismatches.add() }
        }
        #expect(mismatches.value == 0)
        let least = zip(together, expected).map { self.cosine($0.vector, $1) }.min() ?? 0
        #expect(least > (precision == .fp32 ? 0.999_99 : 0.98), "\(least)")
        #expect(model.identity.precision.hasPrefix(precision == .fp32 ? "f32" : precision.rawValue))
    }

    @Test(arguments: [CKERNELS_V3, CKERNELS_V4, CKERNELS_DOT_256, CKERNELS_DOT_512])
    func everyKernelGivesTheSameVectors(kernel: ckernels_kernel_t) throws {
        let folder = try self.folder("m-modernbert", in: TemporaryFolder())
        let texts = try self.inputs("m-modernbert").0
        func vectors(_ arithmetic: Arithmetic) throws -> [EmbeddingOutput] {
            try EncoderModel(name: "small", folder: folder, arithmetic: arithmetic).embed(texts)
        }
        if ckernels_bf16_runs(kernel) != 0 {
            #expect(try vectors(.bf16(kernel)) == vectors(.bf16(CKERNELS_V3)))
        }
        if ckernels_int8_runs(kernel) != 0 {
            #expect(try vectors(.int8(kernel)) == vectors(.int8(CKERNELS_PORTABLE)))
        }
    }

    /// What transformers writes, and what NomicBERT's makers write of the same model.
    @Test func bothFormsOfAConfigurationMeanTheSameModel() throws {
        let folder = try TemporaryFolder()
        let own = try ModelStore().load(name: self.folder("m-nomicbert", in: folder))
        let other = try ModelStore().load(
            name: self.folder("m-nomicbert", in: TemporaryFolder()) { values in
                values = [
                    "model_type": "nomic_bert", "activation_function": "swiglu", "n_embd": 32,
                    "n_head": 2, "n_inner": 64, "n_layer": 3, "n_positions": 1_536,
                    "layer_norm_epsilon": 1e-12, "mlp_fc1_bias": false, "mlp_fc2_bias": false,
                    "qkv_proj_bias": false, "rotary_emb_base": 1_000, "rotary_emb_fraction": 1.0,
                    "rotary_emb_interleaved": false, "rotary_scaling_factor": NSNull(),
                    "type_vocab_size": 2, "use_rms_norm": false,
                ]
            }
        )
        let texts = try self.inputs("m-nomicbert").0
        #expect(try own.embed(texts) == other.embed(texts))
    }

    @Test(
        arguments: [
            ("m-nomicbert-makers", "prenorm", true, "true"),
            ("m-nomicbert-makers", "parallel_block", true, "true"),
            ("m-nomicbert-makers", "causal", true, "true"),
            ("m-nomicbert-makers", "use_rms_norm", true, "true"),
            ("m-nomicbert-makers", "moe_every_n_layers", 2, "2"),
            ("m-nomicbert-makers", "rotary_scaling_factor", 2, "2"),
            ("m-nomicbert-makers", "rotary_emb_scale_base", 512, "512"),
            ("m-nomicbert-makers", "rotary_emb_fraction", 0.3, "0.3"),
            ("m-nomicbert-makers", "rotary_emb_fraction", 0, "0"),
            ("m-nomicbert-makers", "activation_function", "gelu", "gelu"),
            ("m-nomicbert-makers", "rotary_emb_base", "x", "x"),
            ("m-nomicbert-makers", "activation_function", "gelu_new", "gelu_new"),
            ("m-nomicbert-makers", "num_heads_kv", 1, "1"),
            ("m-nomicbert-makers", "n_positions", 0, "0"),
            ("m-nomicbert-makers", "n_layer", "many", "many"),
            ("m-nomicbert", "hidden_act", "relu", "relu"),
            ("m-nomicbert", "head_dim", 8, "8"),
            ("m-modernbert", "hidden_activation", "gelu_pytorch_tanh", "gelu_pytorch_tanh"),
            ("m-modernbert", "num_attention_heads", 0, "0"),
            ("m-modernbert", "local_attention", 0, "0"),
            ("m-modernbert", "norm_bias", "yes", "yes"),
            ("m-modernbert-biased", "global_attn_every_n_layers", 0, "0"),
            ("m-modernbert-biased", "local_rope_theta", 0.5, "0.5"),
        ] as [(String, String, any Sendable, String)]
    )
    func whatIsNotRunIsNamedWithItsValue(
        name: String,
        key: String,
        value: any Sendable,
        word: String
    ) throws {
        let folder = try self.folder(name, in: TemporaryFolder()) { $0[key] = value }
        let error = #expect(throws: EmbeddingError.self) { try ModelStore().load(name: folder) }
        #expect(error?.code == .unsupportedModel)
        #expect(error?.message.contains("'\(key): \(word)'") == true, "\(error?.message ?? "")")
    }

    @Test func rotationsAndLayersOfAnotherKindAreRefused() throws {
        let rotations = ["full_attention": ["rope_type": "yarn", "rope_theta": 10_000]]
        for (key, value, word) in [
            ("rope_parameters", rotations as Any, "rope_type: yarn"),
            ("layer_types", ["full_attention"], "layer_types"),
            ("layer_types", Array(repeating: "linear_attention", count: 4), "layer_types"),
            ("rope_scaling", ["type": "linear"], "rope_scaling"),
        ] {
            let folder = try self.folder("m-modernbert", in: TemporaryFolder()) { $0[key] = value }
            let error = #expect(throws: EmbeddingError.self) { try ModelStore().load(name: folder) }
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
        }
    }

    /// A bias that is there and ruled out, and one that is wanted and is not there.
    @Test(arguments: [
        ("m-modernbert-biased", "attention_bias", false),
        ("m-modernbert-biased", "mlp_bias", false),
        ("m-modernbert-biased", "norm_bias", false), ("m-modernbert", "attention_bias", true),
        ("m-modernbert", "norm_bias", true), ("m-nomicbert-makers", "qkv_proj_bias", false),
        ("m-nomicbert-makers", "mlp_fc1_bias", false),
    ])
    func biasesThatContradictTheConfigurationAreDamage(
        name: String,
        key: String,
        value: Bool
    ) throws {
        let folder = try self.folder(name, in: TemporaryFolder()) { $0[key] = value }
        let error = #expect(throws: EmbeddingError.self) { try ModelStore().load(name: folder) }
        #expect(error?.code == .damagedModel)
        #expect(error?.message.contains(".bias") == true)
    }

    @Test func noTermsComeOfThem() throws {
        let folder = try self.folder("m-nomicbert", in: TemporaryFolder())
        let error = #expect(throws: EmbeddingError.self) {
            try ExpansionModel(name: "small", folder: folder)
        }
        #expect(error?.message.contains("'model_type: nomic_bert'") == true)
    }

    @Test func theFirstDimensionsAreAVectorToo() throws {
        let folder = try self.folder("m-nomicbert", in: TemporaryFolder())
        let model = try ModelStore().load(LocalReference(model: folder, dimensions: 16))
        let whole = try ModelStore().load(name: folder).embed(EmbeddingInput(text: "a day")).vector
        let cut = try model.embed(EmbeddingInput(text: "a day")).vector
        let length = whole.prefix(16).reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(cut.count == 16)
        #expect(zip(cut, whole).allSatisfy { abs($0 - $1 / length) < 1e-6 })
    }
}

/// What turns queries and keys, what scales and what hides, beside the same written out.
@Suite struct RotaryKernelTests {
    @Test(arguments: [1.0, 1_000, 10_000, 160_000, 1e9])
    func rotationsAreCosinesAndSines(base: Double) {
        let (pairs, positions) = (24, 8_192)
        let shape = EncoderShape.Rotation(width: 2 * pairs, isInterleaved: false)
        let rotations = Rotations(shape, base: base, tokens: positions)
        var greatest = 0.0
        for position in stride(from: 0, to: positions, by: 7) {
            for pair in 0..<pairs {
                let power = pow(base, Double(Float(pair) / Float(pairs)))
                let angle = Double(Float(position) * (1 / Float(power)))
                let place = position * pairs + pair
                greatest = max(
                    greatest,
                    abs(Double(rotations.cosines[place]) - cos(angle)),
                    abs(Double(rotations.sines[place]) - sin(angle))
                )
            }
        }
        #expect(greatest < 6e-8)
    }

    @Test(arguments: [false, true])
    func headsAreTurnedPairByPair(isInterleaved: Bool) {
        var random = SplitMix64(state: 3)
        let (rows, heads, width, pairs) = (5, 3, 16, 6)
        let stride = heads * width + 7
        let values = (0..<rows * stride).map { _ in Float.random(in: -1...1, using: &random) }
        let cosines = (0..<rows * pairs).map { _ in Float.random(in: -1...1, using: &random) }
        let sines = (0..<rows * pairs).map { _ in Float.random(in: -1...1, using: &random) }
        var expected = values
        for row in 0..<rows {
            for head in 0..<heads {
                for pair in 0..<pairs {
                    let start = row * stride + head * width
                    let first = start + (isInterleaved ? 2 * pair : pair)
                    let second = start + (isInterleaved ? 2 * pair + 1 : pairs + pair)
                    let (c, s) = (cosines[row * pairs + pair], sines[row * pairs + pair])
                    expected[first] = values[first] * c - values[second] * s
                    expected[second] = values[second] * c + values[first] * s
                }
            }
        }
        var turned = values
        ckernels_rotate(
            &turned,
            rows,
            stride,
            heads,
            width,
            pairs,
            isInterleaved ? 1 : 0,
            cosines,
            sines
        )
        #expect(turned == expected)
    }

    @Test(arguments: [CKERNELS_GELU, CKERNELS_SILU])
    func gatesScaleWhatTheyLetThrough(activation: ckernels_activation_t) {
        var random = SplitMix64(state: 4)
        let (rows, width) = (7, 48)
        let values = (0..<rows * 2 * width).map { index in
            index < 4 ? [-200, 200, -87, 0][index] : Float.random(in: -9...9, using: &random)
        }
        for stride in [width, width + 16, 2 * width] {
            var gated = values
            gated.withUnsafeMutableBufferPointer {
                ckernels_gate($0.baseAddress, rows, width, activation, $0.baseAddress, stride)
            }
            for row in 0..<rows {
                for column in 0..<width {
                    let value = Double(values[row * 2 * width + column])
                    let factor = Double(values[row * 2 * width + width + column])
                    let active =
                        activation == CKERNELS_SILU
                        ? value / (1 + exp(-value))
                        : value * (1 + erf(value / 2.0.squareRoot())) / 2
                    let difference = abs(Double(gated[row * stride + column]) - active * factor)
                    #expect(difference <= 1e-6 * max(1, abs(value * factor)))
                }
            }
        }
    }

    @Test(arguments: [(0, 3), (5, 3), (5, 100), (40, 2)])
    func whatIsDistantIsHidden(first: Int, reach: Int) {
        let (rows, count, width) = (16, 20, 32)
        var values = [Float](repeating: 1, count: rows * width)
        ckernels_mask_distant(&values, rows, count, width, first, reach)
        for row in 0..<rows {
            for column in 0..<width {
                let isHidden = column < count && abs(column - (first + row)) > reach
                #expect(
                    values[row * width + column] == (isHidden ? -Float.greatestFiniteMagnitude : 1)
                )
            }
        }
    }

    @Test(arguments: [1, 2, 16, 63, 64, 65, 512, 513, 1_400], [nil, 1, 5, 64, 700] as [Int?])
    func everyQueryIsInOneBlockWithAllKeysThatItSees(count: Int, reach: Int?) {
        let blocks = QueryBlock.blocks(of: count, reach: reach)
        #expect(blocks.flatMap { Array($0.queries) } == Array(0..<count))
        for block in blocks {
            #expect(block.queries.count <= QueryBlock.wholeMax)
            for query in block.queries {
                let seen =
                    max(0, query - (reach ?? count))..<min(count, query + (reach ?? count) + 1)
                #expect(
                    block.keys.contains(seen.lowerBound) && block.keys.contains(seen.upperBound - 1)
                )
            }
        }
    }
}
