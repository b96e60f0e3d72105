import Embedding
import Glibc

/// One precision of MiniLM, measured whenever a line comes in, so that rounds of several programs can
/// take turns.
struct EncoderRounds {
    static let model = "all-MiniLM-L6-v2"

    private let chunks: [EmbeddingInput]
    private let ids: [[Int32]]

    init(texts: [[UInt8]]) throws {
        let tokenizer = try ModelStore().load(name: Self.model).tokenizer
        let size = EmbeddingBenchmark.chunkTokens
        let all = texts.flatMap { tokenizer?.encode($0).ids ?? [] }
        self.ids = stride(from: 0, to: all.count - size, by: size).prefix(500)
            .map { Array(all[$0..<$0 + size]) }
        self.chunks = self.ids.map { EmbeddingInput(tokens: $0[...]) }
    }

    /// JSON of the chunks that rounds embed, without special tokens.
    func printChunks() {
        print(self.ids.prefix(EmbeddingBenchmark.transformerChunks).map(\.description))
    }

    func run(_ precision: Precision) throws {
        let model = try ModelStore().load(LocalReference(model: Self.model, precision: precision))
        let exact = try ModelStore().load(name: Self.model).embed(self.chunks)
        let least = zip(try model.embed(self.chunks), exact).map { left, right in
            zip(left.vector, right.vector).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }.min()
        self.say("{\"least_cosine\": \(least ?? 0), \"chunks\": \(self.chunks.count)}")
        let round = Array(self.chunks.prefix(EmbeddingBenchmark.transformerChunks))
        while readLine() != nil {
            let start = EmbeddingBenchmark.processorSeconds()
            // Special tokens are read too, as those of the others are.
            let tokens = try model.embed(round).reduce(0) { $0 + $1.tokenCount + 2 }
            let seconds = EmbeddingBenchmark.processorSeconds() - start
            self.say("{\"tokens_per_cpu_second\": \(Double(tokens) / seconds)}")
        }
    }

    private func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}
