import Embedding
import Glibc
import Storage

/// Tokens per second of processor time, one thread: the tokeniser, the static model, MiniLM.
///
/// The text is every Markdown and HTML file named on the command line, read as it is.
@main
struct EmbeddingBenchmark {
    static let chunkTokens = 200
    static let transformerChunks = 64

    static func main() throws {
        let paths = CommandLine.arguments.dropFirst()
        guard !paths.isEmpty else {
            print("usage: embedding-benchmark FILE …")
            exit(2)
        }
        let texts = try paths.map { try readFile($0, maximumBytes: 1 << 28) }
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
