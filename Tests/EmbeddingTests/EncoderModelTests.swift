import Foundation
import Testing

@testable import Embedding

@Suite("Transformer model")
struct EncoderModelTests {
    private func model(_ tiny: TinyBERT, in folder: TemporaryFolder) throws -> EncoderModel {
        try tiny.write(to: folder.url)
        return try EncoderModel(name: "tiny", folder: folder.path)
    }

    private func cosine(_ left: [Float], _ right: [Double]) -> Double {
        let products = zip(left, right).reduce(0) { $0 + Double($1.0) * $1.1 }
        let lengths = left.reduce(0) { $0 + Double($1) * Double($1) }
        return products / (lengths * right.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }

    @Test(arguments: [[], [5], [5, 6, 7], [10, 11, 5, 8, 9, 10, 11, 5, 1, 6]] as [[Int32]])
    func vectorsEqualTheSlowForwardPass(tokens: [Int32]) throws {
        let tiny = TinyBERT()
        let model = try self.model(tiny, in: TemporaryFolder())
        let output = try model.embed(EmbeddingInput(tokens: tokens[...]))
        let expected = tiny.vector(of: [2] + tokens.map(Int.init) + [3])
        #expect(output.vector.count == 32)
        #expect(output.tokenCount == tokens.count)
        #expect(zip(output.vector, expected).allSatisfy { abs(Double($0) - $1) < 2e-6 })
    }

    @Test func textIsTokenisedAndPlacedBetweenItsSpecialTokens() throws {
        let model = try self.model(TinyBERT(), in: TemporaryFolder())
        let fromText = try model.embed(EmbeddingInput(text: "Hello ab."))
        #expect(fromText == (try model.embed(EmbeddingInput(tokens: [10, 5, 9, 11]))))
        #expect(fromText.isZero == false)
    }

    @Test func prefixesStandBeforeTheTextsOfTheirRole() throws {
        let folder = try TemporaryFolder()
        try TinyBERT().write(to: folder.url)
        let model = try EncoderModel(
            name: "tiny",
            folder: folder.path,
            queryPrefix: "hello ",
            passagePrefix: "b. "
        )
        let query = try model.embed(EmbeddingInput(tokens: [5], role: .query))
        #expect(query == (try model.embed(EmbeddingInput(text: "a", role: .query))))
        #expect(
            query.vector
                == (try self.model(TinyBERT(), in: TemporaryFolder())
                .embed(EmbeddingInput(tokens: [10, 5]))).vector
        )
        #expect(query.vector != (try model.embed(EmbeddingInput(text: "a"))).vector)
    }

    @Test(arguments: [9, 10, 11, 40])
    func tokensPastTheLimitAreCutAndReported(count: Int) throws {
        let model = try self.model(TinyBERT(), in: TemporaryFolder())
        let tokens = [Int32](repeating: 5, count: count)
        let output = try model.embed(EmbeddingInput(tokens: tokens[...]))
        #expect(output.isTruncated == (count > 10))
        #expect(output.tokenCount == min(count, 10))
        #expect(
            output.vector == (try model.embed(EmbeddingInput(tokens: tokens.prefix(10)))).vector
        )
    }

    @Test(arguments: [-1, 12, Int32.max])
    func strayTokenIdsAreRefused(id: Int32) throws {
        let model = try self.model(TinyBERT(), in: TemporaryFolder())
        #expect {
            try model.embed([EmbeddingInput(tokens: [5, id])])
        } throws: { ($0 as? EmbeddingError)?.code == .invalidInput }
    }

    @Test func vectorsHaveTheSameBitsAloneInAnyBatchAndOnAnyThread() throws {
        let model = try self.model(TinyBERT(), in: TemporaryFolder())
        try self.expectBatchInvariance(of: model, tokenLimit: 10, vocabulary: 12, count: 60)
    }

    @Test(
        .enabled(if: ModelFiles.isPresent("all-MiniLM-L6-v2"), "needs Ops/fetch-models")
    )
    func miniLMVectorsHaveTheSameBitsAloneInAnyBatchAndOnAnyThread() throws {
        let model = try EncoderModel(
            name: "all-MiniLM-L6-v2",
            folder: ModelFiles.folder("all-MiniLM-L6-v2")
        )
        try self.expectBatchInvariance(of: model, tokenLimit: 120, vocabulary: 30_522, count: 12)
    }

    private func expectBatchInvariance(
        of model: EncoderModel,
        tokenLimit: Int,
        vocabulary: Int32,
        count: Int
    ) throws {
        var random = SplitMix64(state: 5)
        let inputs = (0..<count).map { index in
            let length = index % 3 == 0 ? index / 3 : Int.random(in: 1...tokenLimit, using: &random)
            let ids = (0..<length).map { _ in Int32.random(in: 0..<vocabulary, using: &random) }
            return EmbeddingInput(tokens: ids[...])
        }
        let alone = try inputs.map { try model.embed($0) }
        #expect(try model.embed(inputs) == alone)
        #expect(try model.embed(inputs.reversed()) == alone.reversed())
        let mismatches = Counter()
        DispatchQueue.concurrentPerform(iterations: 4) { iteration in
            let part = inputs[(iteration * 2)...].prefix(4)
            let found = try? model.embed(Array(part))
            if found != Array(alone[(iteration * 2)...].prefix(4)) { mismatches.add() }
        }
        #expect(mismatches.value == 0)
    }

    @Test(
        .enabled(
            if: SharedData.isPresent && ModelFiles.isPresent("all-MiniLM-L6-v2"),
            "needs Ops/fetch-models and shared/data/embed"
        )
    )
    func miniLMVectorsEqualTheReferences() throws {
        let model = try ModelStore().load(name: "all-MiniLM-L6-v2")
        let file = try SharedData.decode(
            ReferenceFile.self,
            from: "reference-all-MiniLM-L6-v2.json"
        )
        let outputs = try model.embed(file.rows.map { EmbeddingInput(text: $0.text) })
        for (index, (row, output)) in zip(file.rows, outputs).enumerated() {
            let cosine = self.cosine(output.vector, row.vector.map(Double.init))
            #expect(cosine >= 0.999_999, "row \(index)")
            #expect(output.isTruncated == ((row.fullTokenCount ?? 0) > 256), "row \(index)")
            #expect(output.tokenCount == row.tokenIds.count - 2, "row \(index)")
        }
    }

    @Test(
        arguments: [
            ("hidden_size", 48), ("hidden_size", 40), ("hidden_size", 0),
            ("num_attention_heads", 5),
            ("intermediate_size", 65), ("num_hidden_layers", 3), ("max_position_embeddings", 2),
            ("max_position_embeddings", 10), ("hidden_act", "relu"),
            ("position_embedding_type", "relative_key"),
        ] as [(String, any Sendable)]
    )
    func unsupportedOrContradictingShapesAreRefused(key: String, value: any Sendable) throws {
        let folder = try TemporaryFolder()
        try TinyBERT().write(to: folder.url) { $0[key] = value }
        #expect(throws: EmbeddingError.self) {
            try EncoderModel(name: "tiny", folder: folder.path)
        }
    }

    /// Every tensor is a copy then, which must outlive what reads it.
    @Test func weightsInHalfPrecisionGiveTheVectorsOfTheirValues() throws {
        let (folder, half) = (try TemporaryFolder(), try TemporaryFolder())
        let tiny = TinyBERT()
        try tiny.write(to: folder.url)
        try tiny.write(to: half.url)
        let cut = tiny.tensors.mapValues { tensor in
            let values = tensor.values.map { Float(bitPattern: $0.bitPattern & 0xFFFF_0000) }
            return (shape: tensor.shape, values: values)
        }
        try SafetensorsWriter.bytes(cut).write(to: folder.url.appending(path: "model.safetensors"))
        try SafetensorsWriter.bytes(cut, isBFloat16: true)
            .write(to: half.url.appending(path: "model.safetensors"))
        let whole = try EncoderModel(name: "tiny", folder: folder.path)
        let halved = try EncoderModel(name: "tiny", folder: half.path)
        for ids in [[5], [5, 6, 7], [10, 11, 5, 8, 9]] as [[Int32]] {
            let input = EmbeddingInput(tokens: ids[...])
            #expect(try whole.embed(input) == halved.embed(input))
        }
        // Vectors of such weights that were made before are others.
        #expect(whole.identity.revision == 1)
        #expect(halved.identity.revision == 2)
    }

    @Test func weightsThatAreNoNumbersAreReported() throws {
        let folder = try TemporaryFolder()
        try TinyBERT().write(to: folder.url)
        let path = folder.url.appending(path: "model.safetensors")
        var bytes = try Data(contentsOf: path)
        for index in bytes.count - 8_192..<bytes.count { bytes[index] = 0xFF }
        try bytes.write(to: path)
        let model = try EncoderModel(name: "tiny", folder: folder.path)
        #expect {
            try model.embed([EmbeddingInput(tokens: [5])])
        } throws: { ($0 as? EmbeddingError)?.code == .notFinite }
    }
}
