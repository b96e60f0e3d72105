import CKernels
import Foundation
import Testing

@testable import Embedding

/// bf16 and int8 as whole models: beside fp32, and the same bits whatever computes them.
@Suite struct PrecisionTests {
    private static let lower: [Precision] =
        ckernels_bf16_best() == CKERNELS_NONE ? [.int8] : [.bf16, .int8]

    private func tiny(_ arithmetic: Arithmetic) throws -> EncoderModel {
        let folder = try TemporaryFolder()
        try TinyBERT().write(to: folder.url)
        return try EncoderModel(name: "tiny", folder: folder.path, arithmetic: arithmetic)
    }

    private func inputs(_ count: Int) -> [EmbeddingInput] {
        var random = SplitMix64(state: 11)
        return (0..<count).map { _ in
            let length = Int.random(in: 0...10, using: &random)
            let ids = (0..<length).map { _ in Int32.random(in: 0..<12, using: &random) }
            return EmbeddingInput(tokens: ids[...])
        }
    }

    private func leastCosine(_ left: [EmbeddingOutput], _ right: [EmbeddingOutput]) -> Double {
        zip(left, right).map { left, right in
            zip(left.vector, right.vector).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }.min() ?? 0
    }

    @Test(arguments: [CKERNELS_V3, CKERNELS_V4, CKERNELS_DOT_512])
    func everyKernelOfBF16GivesTheSameVectors(kernel: ckernels_kernel_t) throws {
        guard ckernels_bf16_runs(kernel) != 0 else {
            try Test.cancel("this processor or program has no bf16 kernel \(kernel.rawValue)")
        }
        let texts = self.inputs(40)
        #expect(
            try self.tiny(.bf16(kernel)).embed(texts)
                == self.tiny(.bf16(CKERNELS_V3)).embed(texts)
        )
    }

    @Test(arguments: [CKERNELS_V3, CKERNELS_DOT_256, CKERNELS_DOT_512])
    func everyKernelOfInt8GivesTheSameVectors(kernel: ckernels_kernel_t) throws {
        guard ckernels_int8_runs(kernel) != 0 else {
            try Test.cancel("this processor or program has no int8 kernel \(kernel.rawValue)")
        }
        let texts = self.inputs(40)
        #expect(
            try self.tiny(.int8(kernel)).embed(texts)
                == self.tiny(.int8(CKERNELS_PORTABLE)).embed(texts)
        )
    }

    @Test(arguments: lower)
    func aPrecisionIsCloseToFP32AndIndependentOfTheBatch(precision: Precision) throws {
        let folder = try TemporaryFolder()
        try TinyBERT().write(to: folder.url)
        let store = ModelStore()
        let model = try store.load(LocalReference(model: folder.path, precision: precision))
        let exact = try store.load(LocalReference(model: folder.path))
        let texts = self.inputs(200)
        let alone = try texts.map { try model.embed($0) }
        #expect(try model.embed(texts) == alone)
        #expect(try model.embed(texts.reversed()) == alone.reversed())
        #expect(self.leastCosine(alone, try exact.embed(texts)) > 0.99)
        #expect(alone != (try exact.embed(texts)))
        #expect(model.identity.precision.hasPrefix(precision.rawValue))
        #expect(model.identity.fingerprintText != exact.identity.fingerprintText)
        #expect(
            try store.load(LocalReference(model: folder.path, precision: .fp32)).identity
                == exact.identity
        )
    }

    @Test(arguments: [Precision.bf16, .int8])
    func aModelWithoutProductsSaysSo(precision: Precision) {
        let error = #expect(throws: EmbeddingError.self) {
            try ModelStore().load(LocalReference(model: "hash", precision: precision))
        }
        #expect(error?.code == .unsupportedModel)
        #expect(error?.message.contains("precision: \(precision.rawValue)") == true)
    }

    /// 500 pieces of this checkout's own text, of sixty tokens or so.
    private func pieces() throws -> [EmbeddingInput] {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let files = FileManager.default.enumerator(atPath: root.appending(path: "Sources").path)
        let paths = (files?.compactMap { $0 as? String } ?? []).sorted()
            .filter { $0.hasSuffix(".swift") || $0.hasSuffix(".md") }
        var words: [Substring] = []
        for path in paths where words.count < 500 * 20 {
            let text = try String(
                contentsOf: root.appending(path: "Sources/" + path),
                encoding: .utf8
            )
            words += text.split(whereSeparator: \.isWhitespace)
        }
        return (0..<500).map {
            EmbeddingInput(text: words[$0 * 20..<$0 * 20 + 20].joined(separator: " "))
        }
    }

    @Test(.enabled(if: ModelFiles.isPresent("all-MiniLM-L6-v2"), "needs Ops/fetch-models"))
    func miniLMIsCloseToFP32OverFiveHundredTextsInAnyBatchAndOnAnyThread() throws {
        let texts = try self.pieces()
        let exact = try ModelStore().load(name: "all-MiniLM-L6-v2").embed(texts)
        for precision in Self.lower {
            let model = try ModelStore().load(
                LocalReference(model: "all-MiniLM-L6-v2", precision: precision)
            )
            let together = try model.embed(texts)
            let mismatches = Counter()
            // One by one from the end, on several threads at once.
            DispatchQueue.concurrentPerform(iterations: texts.count) { turn in
                let place = texts.count - 1 - turn
                if (try? model.embed(texts[place])) != together[place] { mismatches.add() }
            }
            #expect(mismatches.value == 0)
            let least = self.leastCosine(together, exact)
            #expect(least >= (precision == .bf16 ? 0.999 : 0.99), "\(precision.rawValue): \(least)")
        }
    }
}
