import Foundation
import Glibc
import Redact

/// Megabytes of text that the redactor reads in a second of processor time, one thread, for
/// `Ops/benchmarks/pii/run --scanner`: structured kinds and secrets, texts in memory, no JSON.
@main
struct RedactBenchmark {
    static let usage = "usage: redact-benchmark TEXTS ROUNDS (JSON lines of {\"text\"})"

    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 2, let rounds = Int(arguments[1]), rounds > 0 else {
            print(Self.usage)
            exit(2)
        }
        let texts = try Self.texts(arguments[0])
        let redactor = try PolicyRedactor(RedactionPolicy())
        // The first round builds the tables; the fastest of the others is the one least disturbed.
        var found = Self.round(texts, redactor).found
        var seconds = Double.infinity
        for _ in 0..<rounds {
            let round = Self.round(texts, redactor)
            found = round.found
            seconds = min(seconds, round.seconds)
        }
        let bytes = texts.reduce(0) { $0 + $1.count }
        print("{\"bytes\": \(bytes), \"found\": \(found), \"seconds\": \(seconds)}")
    }

    static func texts(_ path: String) throws -> [[UInt8]] {
        struct Line: Decodable { let text: String }
        return try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 0x0A).map {
            Array(try JSONDecoder().decode(Line.self, from: Data($0)).text.utf8)
        }
    }

    static func round(
        _ texts: [[UInt8]],
        _ redactor: PolicyRedactor
    ) -> (found: Int, seconds: Double) {
        let start = Self.processorSeconds()
        let found = texts.reduce(0) { $0 + redactor.redact($1).findings.count }
        return (found, Self.processorSeconds() - start)
    }

    static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
