import Embedding
import Glibc
import Storage

/// Tokens per second of processor time, one thread: the tokeniser, the static model, MiniLM.
///
/// The text is every Markdown and HTML file named on the command line, read as it is. `--encoder` and
/// `--chunks` are for `Ops/benchmarks/embed/run`.
@main
struct EmbeddingBenchmark {
    static let chunkTokens = 200
    static let transformerChunks = 64

    static func main() throws {
        var arguments = CommandLine.arguments.dropFirst()
        let mode = arguments.first.flatMap { ["--encoder", "--chunks"].contains($0) ? $0 : nil }
        if mode != nil { arguments.removeFirst() }
        let precision = mode == "--encoder" ? arguments.popFirst().flatMap(Precision.init) : .auto
        guard let precision, !arguments.isEmpty else {
            print("usage: embedding-benchmark [--chunks | --encoder fp32|bf16|int8] FILE …")
            exit(2)
        }
        let texts = try arguments.map { try readFile($0, maximumBytes: 1 << 28) }
        if let mode {
            let encoder = try EncoderRounds(texts: texts)
            return mode == "--chunks" ? encoder.printChunks() : try encoder.run(precision)
        }
        let store = ModelStore()
        let staticModel = try store.load(name: "potion-base-8M")
        guard let tokenizer = staticModel.tokenizer else { return }
        var tokens = TokenizedText()
        let tokenizing = measure {
            tokens.removeAll()
            for text in texts {
                text.withUnsafeBufferPointer { tokenizer.encode($0, into: &tokens) }
            }
        }
        report("tokenizer", tokens: tokens.count, seconds: tokenizing)
        let chunks = inputs(tokens.ids)
        let embedding = try measure { _ = try staticModel.embed(chunks) }
        report("static_embedding", tokens: tokens.count, seconds: embedding)
        try benchmarkTransformer(store, texts: texts)
    }

    static func benchmarkTransformer(_ store: ModelStore, texts: [[UInt8]]) throws {
        let model = try store.load(name: "all-MiniLM-L6-v2")
        guard let tokenizer = model.tokenizer, let text = texts.max(by: { $0.count < $1.count })
        else { return }
        let chunks = inputs(tokenizer.encode(text).ids).prefix(transformerChunks)
        let tokenCount = chunks.count * chunkTokens
        let seconds = try measure { _ = try model.embed(Array(chunks)) }
        report("minilm_fp32", tokens: tokenCount, seconds: seconds)
    }

    static func inputs(_ ids: [Int32]) -> [EmbeddingInput] {
        stride(from: 0, to: ids.count - chunkTokens, by: chunkTokens).map {
            EmbeddingInput(tokens: ids[$0..<$0 + chunkTokens])
        }
    }

    /// The best of three, in seconds of processor time.
    static func measure(_ body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<3 {
            let start = processorSeconds()
            try body()
            best = min(best, processorSeconds() - start)
        }
        return best
    }

    static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func report(_ name: String, tokens: Int, seconds: Double) {
        let rate = seconds > 0 ? Int(Double(tokens) / seconds) : 0
        print(
            "{\"figure\":\"\(name)\",\"tokens\":\(tokens),\"unit\":\"tokens/CPU-s\",\"value\":\(rate)}"
        )
    }
}
