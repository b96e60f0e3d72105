import Foundation
import Glibc
import Search
import Segments

/// Queries per second of processor time, one thread, for `Ops/benchmarks/search/run`: without the start of a
/// process, embedding and texts.
///
/// Opens the index of a workspace, prints a line, and for each line that it is given asks all queries and
/// prints the rate.
@main
struct SearchBenchmark {
    static let usage = "usage: search-benchmark WORKSPACE INDEX vector|bm25|fused QUERIES VECTORS"

    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 5, let mode = SearchQuery.Mode(rawValue: arguments[2]),
            let snapshot = try liveSnapshot(workspace: arguments[0])
        else {
            print(Self.usage)
            exit(2)
        }
        let searcher = try Searcher(
            workspace: arguments[0],
            snapshot: snapshot,
            index: arguments[1]
        )
        let queries = try Self.queries(
            arguments[3],
            vectors: arguments[4],
            dimensions: searcher.index.dimensions,
            mode: mode
        )
        _ = try Self.rate(queries, searcher)
        print("{}")
        fflush(nil)
        while readLine() != nil {
            print("{\"rate\": \(try Self.rate(queries, searcher))}")
            fflush(nil)
        }
    }

    static func rate(_ queries: [SearchQuery], _ searcher: Searcher) throws -> Double {
        let start = Self.processorSeconds()
        for query in queries { _ = try searcher.rankedURIs(query) }
        return Double(queries.count) / (Self.processorSeconds() - start)
    }

    /// - Parameter vectors: Single floats, a query's after the other's.
    static func queries(
        _ path: String,
        vectors: String,
        dimensions: Int,
        mode: SearchQuery.Mode
    ) throws -> [SearchQuery] {
        struct Line: Decodable { let text: String }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: vectors)))
        return bytes.withUnsafeBytes { bytes in
            lines.enumerated().map { number, line in
                let vector = (0..<dimensions).map {
                    bytes.loadUnaligned(
                        fromByteOffset: 4 * (number * dimensions + $0),
                        as: Float.self
                    )
                }
                var query = SearchQuery(text: line.text, vector: vector, mode: mode, k: 10)
                query.isPlain = true
                return query
            }
        }
    }

    static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
